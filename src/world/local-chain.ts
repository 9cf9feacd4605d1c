// Opens Hardhat's in-process chain at a chosen date and turns it into named accounts, viem clients and a clock of its own.
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { JsonRpcServer, NetworkConnection } from "hardhat/types/network";
import type { EthereumProvider } from "hardhat/types/providers";
import {
  type Address,
  type Chain,
  type CustomTransport,
  type HDAccount,
  type Hex,
  type PublicClient,
  type WalletClient,
  createPublicClient,
  createWalletClient,
  custom,
  numberToHex,
  zeroAddress,
} from "viem";
import { hardhat } from "viem/chains";

import { OutOfRangeError } from "../core/errors.ts";
import { type UnixSeconds, unixSeconds } from "../core/units.ts";
import { MULTICALL3 } from "../execute/read-many.ts";
import { multicall3Code } from "./artifacts.ts";
import { takeOverClock } from "./chain-clock.ts";
import { ACCOUNT_NAMES, type AccountName, devAccount } from "./dev-accounts.ts";

/** {gas} EIP-7825: no transaction may use more; every transaction of the world is sent with this limit. */
export const TRANSACTION_GAS_CAP = 16_777_216n;

/** {wei} The price a unit of gas that the world's own transactions offer. */
export const GAS_PRICE = 10n ** 10n;

/** A wallet whose key is known here, so that nothing is signed by the node. */
type LocalWallet = WalletClient<CustomTransport, Chain, HDAccount>;

/** What a transaction does. Without `to` it creates a contract. */
type Call = { readonly to?: Address; readonly data: Hex; readonly value?: bigint }; // value {wei}

type Environment = Pick<HardhatRuntimeEnvironment, "network" | "hooks">;

export type LocalChain = {
  readonly provider: EthereumProvider;
  /** Hardhat's own connection, for tests that need the plugins' helpers on it. */
  readonly connection: NetworkConnection;
  readonly publicClient: PublicClient<CustomTransport, Chain>;
  /** Key included: `accounts.signer.signTypedData(...)` works without the chain. */
  readonly accounts: Readonly<Record<AccountName, HDAccount>>;
  readonly wallets: Readonly<Record<AccountName, LocalWallet>>;
  /** Time of the newest block. */
  readonly now: () => Promise<UnixSeconds>;
  /** The next block, whoever causes it, has this time. */
  readonly setNextBlockTime: (time: UnixSeconds) => Promise<void>;
  /** Mines one empty block at `time`, which must lie after {@link LocalChain.now}. */
  readonly advanceTo: (time: UnixSeconds) => Promise<void>;
  /** Mines `count` blocks, a second apart. */
  readonly mine: (count?: number) => Promise<void>;
  /** Sends from an account that the node knows, at the gas cap; gives back the hash. Throws when it reverts. */
  readonly send: (from: Address, call: Call) => Promise<Hex>;
  /** Creates a contract; gives back its address. */
  readonly deploy: (from: Address, initCode: Hex) => Promise<Address>;
  readonly setBalance: (account: Address, wei: bigint) => Promise<void>;
  readonly snapshot: () => Promise<Hex>;
  /** Back to a snapshot, which is used up by it. */
  readonly revert: (snapshot: Hex) => Promise<void>;
  /** Real JSON-RPC over HTTP and WebSocket on 127.0.0.1; port 0 picks a free one. Gives back the URL. */
  readonly serve: (port: number) => Promise<string>;
  /** Ends the server and the chain. */
  readonly close: () => Promise<void>;
};

type LocalChainOptions = {
  /** Time of the first block. */
  readonly initialDate: UnixSeconds;
};

/**
 * A new chain of its own, with the gas cap of hardhat.config.ts, every account holding 10,000 ether.
 *
 * Its clock does not follow the wall: each block is one second after the one before unless a time was set, so that
 * equal calls give equal blocks. Hardhat is loaded here and not at import, because loading it takes half a second.
 */
export async function openLocalChain(options: LocalChainOptions): Promise<LocalChain> {
  const environment = await loadHardhat();
  const connection = await environment.network.create({
    network: "hardhat",
    override: { initialDate: new Date(options.initialDate * 1000), chainId: hardhat.id },
  });
  const releaseClock = takeOverClock(environment.hooks, connection);
  const { provider } = connection;
  // As on public chains: what reads a fund bundles its reads by it.
  await provider.request({ method: "hardhat_setCode", params: [MULTICALL3, multicall3Code()] });
  const shared = {
    chain: hardhat,
    transport: custom(provider, { retryCount: 0 }),
    pollingInterval: 10,
    cacheTime: 0,
  };
  const publicClient = createPublicClient(shared);
  const accounts = byName(devAccount);
  const clock = clockOf(provider, publicClient);
  await clock.setNextBlockTime(unixSeconds(options.initialDate + 1));
  const servers = serversOf(environment, connection);

  return {
    provider,
    connection,
    publicClient,
    accounts,
    wallets: byName((name) => createWalletClient({ account: accounts[name], ...shared })),
    ...clock,
    ...sendersOf(provider, publicClient),
    ...statesOf(provider),
    serve: servers.serve,
    close: async () => {
      await servers.close();
      releaseClock();
      await connection.close();
    },
  };
}

/** Hardhat's environment: inside its own commands theirs, elsewhere one made from this checkout's configuration. */
async function loadHardhat(): Promise<Environment> {
  try {
    return await import("hardhat");
  } catch {
    // Hardhat looks for its configuration from the working directory upwards, and the command may run anywhere.
    const { createHardhatRuntimeEnvironment, importUserConfig } = await import("hardhat/hre");
    const config = fileURLToPath(new URL("../../hardhat.config.ts", import.meta.url));
    return createHardhatRuntimeEnvironment(await importUserConfig(config), { config }, dirname(config));
  }
}

function byName<Value>(make: (name: AccountName) => Value): Record<AccountName, Value> {
  return Object.fromEntries(ACCOUNT_NAMES.map((name) => [name, make(name)])) as Record<AccountName, Value>;
}

function clockOf(
  provider: EthereumProvider,
  publicClient: LocalChain["publicClient"],
): Pick<LocalChain, "now" | "setNextBlockTime" | "advanceTo" | "mine"> {
  const now = async (): Promise<UnixSeconds> => unixSeconds(Number((await publicClient.getBlock()).timestamp));
  const setNextBlockTime = async (time: UnixSeconds): Promise<void> => {
    const present = await now();
    if (time <= present) throw new OutOfRangeError("time of the next block", time, `after ${present}`);
    await provider.request({ method: "evm_setNextBlockTimestamp", params: [time] });
  };
  return {
    now,
    setNextBlockTime,
    advanceTo: async (time) => {
      await setNextBlockTime(time);
      await provider.request({ method: "evm_mine", params: [] });
    },
    mine: async (count = 1) => {
      for (let block = 0; block < count; block++) await provider.request({ method: "evm_mine", params: [] });
    },
  };
}

function sendersOf(
  provider: EthereumProvider,
  publicClient: LocalChain["publicClient"],
): Pick<LocalChain, "send" | "deploy"> {
  const send = async (from: Address, call: Call): Promise<Hex> => {
    const transaction = {
      from,
      ...call,
      value: numberToHex(call.value ?? 0n),
      gas: numberToHex(TRANSACTION_GAS_CAP),
      gasPrice: numberToHex(GAS_PRICE),
    };
    return (await provider.request({ method: "eth_sendTransaction", params: [transaction] })) as Hex;
  };
  return {
    send,
    deploy: async (from, initCode) => {
      const hash = await send(from, { data: initCode });
      const { contractAddress } = await publicClient.getTransactionReceipt({ hash });
      return contractAddress ?? zeroAddress;
    },
  };
}

function statesOf(provider: EthereumProvider): Pick<LocalChain, "setBalance" | "snapshot" | "revert"> {
  return {
    setBalance: async (account, wei) => {
      await provider.request({ method: "hardhat_setBalance", params: [account, numberToHex(wei)] });
    },
    snapshot: async () => (await provider.request({ method: "evm_snapshot", params: [] })) as Hex,
    revert: async (snapshot) => {
      await provider.request({ method: "evm_revert", params: [snapshot] });
    },
  };
}

function serversOf(
  { network, hooks }: Environment,
  connection: NetworkConnection,
): Pick<LocalChain, "serve" | "close"> {
  const servers: JsonRpcServer[] = [];
  // The server that Hardhat creates asks for a new connection: it is given this one.
  const handlers = { newConnection: () => Promise.resolve(connection as NetworkConnection<never>) };
  return {
    serve: async (port) => {
      hooks.registerHandlers("network", handlers);
      try {
        const server = await network.createServer("hardhat", "127.0.0.1", port);
        servers.push(server);
        const { address, port: chosen } = await server.listen();
        return `http://${address}:${chosen}`;
      } finally {
        hooks.unregisterHandlers("network", handlers);
      }
    },
    close: async () => {
      await Promise.all(servers.map((server) => server.close()));
    },
  };
}
