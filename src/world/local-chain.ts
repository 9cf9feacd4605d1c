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
} from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { hardhat } from "viem/chains";

import { OutOfRangeError } from "../core/errors.ts";
import { type UnixSeconds, unixSeconds } from "../core/units.ts";
import { takeOverClock } from "./chain-clock.ts";

/** {gas} EIP-7825: no transaction may use more; every transaction of the world is sent with this limit. */
export const TRANSACTION_GAS_CAP = 16_777_216n;

/** {wei} The price a unit of gas that the world's own transactions offer. */
const GAS_PRICE = 10n ** 10n;

/** The mnemonic that every development chain knows. Its keys are public: never use them elsewhere. */
export const DEV_MNEMONIC = "test test test test test test test test test test test junk";

/** Who acts on the chain, in the order of the mnemonic's accounts. */
export const ACCOUNT_NAMES = [
  "deployer",
  "owner",
  "keeper",
  "guardian",
  "signer",
  "arbitrageur",
  "maker",
  "alice",
  "bob",
  "carol",
  "dave",
  "stranger",
] as const;

export type AccountName = (typeof ACCOUNT_NAMES)[number];

/** A wallet whose key is known here, so that nothing is signed by the node. */
export type LocalWallet = WalletClient<CustomTransport, Chain, HDAccount>;

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
  readonly send: (from: Address, to: Address | undefined, data: Hex, value?: bigint) => Promise<Hex>;
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

export type LocalChainOptions = {
  /** Time of the first block. */
  readonly initialDate: UnixSeconds;
};

/**
 * A new chain of its own, with the gas cap of hardhat.config.ts, every account holding 10,000 ether.
 *
 * Its clock does not follow the wall: each block is one second after the one before unless a time was set, so that
 * equal calls give equal blocks. Hardhat is loaded here and not at import, because loading it takes a second.
 */
export async function openLocalChain(options: LocalChainOptions): Promise<LocalChain> {
  const { network, hooks } = await loadHardhat();
  const connection = await network.create({
    network: "hardhat",
    override: { initialDate: new Date(options.initialDate * 1000), chainId: hardhat.id },
  });
  const releaseClock = takeOverClock(hooks, connection);
  const { provider } = connection;
  const clock = clockOf(provider);
  await clock.setNextBlockTime(unixSeconds(options.initialDate + 1));
  const transport = custom(provider, { retryCount: 0 });
  const accounts = byName((_, index) => mnemonicToAccount(DEV_MNEMONIC, { addressIndex: index }));
  const servers: JsonRpcServer[] = [];

  return {
    provider,
    connection,
    publicClient: createPublicClient({ chain: hardhat, transport, pollingInterval: 10, cacheTime: 0 }),
    accounts,
    wallets: byName((name) =>
      createWalletClient({ account: accounts[name], chain: hardhat, transport, pollingInterval: 10, cacheTime: 0 }),
    ),
    ...clock,
    ...sendersOf(provider),
    setBalance: async (account, wei) => {
      await provider.request({ method: "hardhat_setBalance", params: [account, numberToHex(wei)] });
    },
    snapshot: () => provider.request({ method: "evm_snapshot", params: [] }) as Promise<Hex>,
    revert: async (snapshot) => {
      await provider.request({ method: "evm_revert", params: [snapshot] });
    },
    serve: async (port) => {
      // The server that Hardhat creates asks for a new connection: it is given this one.
      const handlers = { newConnection: () => Promise.resolve(connection as NetworkConnection<never>) };
      hooks.registerHandlers("network", handlers);
      try {
        const server = await network.createServer("hardhat", "127.0.0.1", port);
        const address = await server.listen();
        servers.push(server);
        return `http://${address.address}:${address.port}`;
      } finally {
        hooks.unregisterHandlers("network", handlers);
      }
    },
    close: async () => {
      await Promise.all(servers.map((server) => server.close()));
      releaseClock();
      await connection.close();
    },
  };
}

/** Hardhat's environment: inside its own commands theirs, elsewhere one made from this checkout's configuration. */
async function loadHardhat(): Promise<Pick<HardhatRuntimeEnvironment, "network" | "hooks">> {
  try {
    return await import("hardhat");
  } catch {
    // Hardhat looks for its configuration from the working directory upwards, and the command may run anywhere.
    const { createHardhatRuntimeEnvironment, importUserConfig } = await import("hardhat/hre");
    const config = fileURLToPath(new URL("../../hardhat.config.ts", import.meta.url));
    return createHardhatRuntimeEnvironment(await importUserConfig(config), { config }, dirname(config));
  }
}

function byName<Value>(make: (name: AccountName, index: number) => Value): Record<AccountName, Value> {
  return Object.fromEntries(ACCOUNT_NAMES.map((name, index) => [name, make(name, index)])) as Record<
    AccountName,
    Value
  >;
}

function clockOf(provider: EthereumProvider): Pick<LocalChain, "now" | "setNextBlockTime" | "advanceTo" | "mine"> {
  const now = async (): Promise<UnixSeconds> => {
    const block = await provider.request({ method: "eth_getBlockByNumber", params: ["latest", false] });
    return unixSeconds(Number(block.timestamp));
  };
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

function sendersOf(provider: EthereumProvider): Pick<LocalChain, "send" | "deploy"> {
  const send = (from: Address, to: Address | undefined, data: Hex, value = 0n): Promise<Hex> =>
    provider.request({
      method: "eth_sendTransaction",
      params: [
        {
          from,
          ...(to === undefined ? {} : { to }),
          data,
          value: numberToHex(value),
          gas: numberToHex(TRANSACTION_GAS_CAP),
          gasPrice: numberToHex(GAS_PRICE),
        },
      ],
    });
  return {
    send,
    deploy: async (from, initCode) => {
      const hash = await send(from, undefined, initCode);
      const receipt = await provider.request({ method: "eth_getTransactionReceipt", params: [hash] });
      return receipt.contractAddress as Address;
    },
  };
}
