// Turns a development account into a wallet that announces itself in a page by EIP-6963 and asks nobody.
import type { BrowserContext } from "playwright-core";
import { type Address, type Hex, type LocalAccount, type TransactionSerializable, hexToBigInt, keccak256 } from "viem";

/** How the wallet behaves; a test may change it at any moment. */
export type WalletBehavior = {
  chainId: number;
  isConnected: boolean;
  isRejecting: boolean;
  /** Whom the person has chosen in the wallet; the account of the setup unless told otherwise. */
  account: LocalAccount;
  /** Calls that are still answered by a node that is one block behind. */
  lag: number;
  /** Calls that are so answered after each transaction. */
  lagAfterSending: number;
  /** True when the person cancels in the wallet whatever was sent. */
  isCancelling: boolean;
  /** Transactions that were sent and are in no block, by hash. */
  readonly pending: Map<string, unknown>;
  /** What was signed, in order. */
  readonly signed: string[];
};

/** What a wallet needs. */
export type WalletSetup = { readonly account: LocalAccount; readonly rpc: string; readonly chainId: number };

type Asked = { readonly method: string; readonly params?: readonly unknown[] };
type Answered = { readonly result: unknown } | { readonly error: unknown };

const REJECTED = { code: 4001, message: "User rejected the request." };

/** Puts the wallet into every page of a context. */
export async function addWallet(context: BrowserContext, setup: WalletSetup): Promise<WalletBehavior> {
  const behavior: WalletBehavior = {
    ...{ chainId: setup.chainId, account: setup.account, lag: 0, lagAfterSending: 0 },
    ...{ isConnected: false, isRejecting: false, isCancelling: false, pending: new Map(), signed: [] },
  };
  await context.exposeFunction("askTestWallet", (asked: Asked) => answer(asked, setup, behavior));
  // The test runner's compiler keeps names by a helper that a page does not have.
  await context.addInitScript({ content: "globalThis.__name = (named) => named;" });
  await context.addInitScript(announce);
  return behavior;
}

/** Runs in the page. */
function announce(): void {
  type Listener = (value: unknown) => void;
  type Bridge = { askTestWallet: (asked: unknown) => Promise<{ result?: unknown; error?: { message: string } }> };
  const listeners = new Map<string, Set<Listener>>();
  const tell = (name: string, value: unknown): void => {
    for (const listener of listeners.get(name) ?? []) listener(value);
  };
  const provider = {
    request: async (asked: { method: string; params?: unknown }): Promise<unknown> => {
      const { result, error } = await (globalThis as unknown as Bridge).askTestWallet(asked);
      if (error !== undefined) throw Object.assign(new Error(error.message), error);
      if (asked.method === "wallet_switchEthereumChain") {
        tell("chainChanged", (asked.params as { chainId: string }[])[0]?.chainId);
      }
      return result;
    },
    on: (name: string, listener: Listener): void => {
      listeners.set(name, (listeners.get(name) ?? new Set()).add(listener));
    },
    removeListener: (name: string, listener: Listener): void => {
      listeners.get(name)?.delete(listener);
    },
  };
  const info = {
    uuid: "9a5f7c1e-5b0a-4c8e-9d55-0d7f6f3b7a10",
    name: "Test Wallet",
    icon: "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>",
    rdns: "example.test.wallet",
  };
  const page = globalThis as unknown as {
    dispatchEvent: (event: unknown) => void;
    addEventListener: (name: string, listener: () => void) => void;
    CustomEvent: new (name: string, init: unknown) => unknown;
  };
  const say = (): void => {
    page.dispatchEvent(new page.CustomEvent("eip6963:announceProvider", { detail: Object.freeze({ info, provider }) }));
  };
  page.addEventListener("eip6963:requestProvider", say);
  say();
}

async function answer(asked: Asked, setup: WalletSetup, behavior: WalletBehavior): Promise<Answered> {
  const { method, params = [] } = asked;
  const own = OWN[method];
  if (own !== undefined) return own(params, setup, behavior);
  return forwarded(setup.rpc, method, params);
}

type Own = (params: readonly unknown[], setup: WalletSetup, behavior: WalletBehavior) => Answered | Promise<Answered>;

/** What the wallet does itself; everything else goes to its node. */
const OWN: Readonly<Record<string, Own>> = {
  eth_accounts: (_, _setup, { isConnected, account }) => ({ result: isConnected ? [account.address] : [] }),
  eth_requestAccounts: (_, _setup, behavior) => {
    Object.assign(behavior, { isConnected: true });
    return { result: [behavior.account.address] };
  },
  wallet_requestPermissions: (_, { account }, behavior) => {
    Object.assign(behavior, { isConnected: true });
    return { result: [{ parentCapability: "eth_accounts", caveats: [{ value: [account.address] }] }] };
  },
  wallet_revokePermissions: () => ({ result: null }),
  eth_chainId: (_, _setup, { chainId }) => ({ result: `0x${chainId.toString(16)}` }),
  wallet_switchEthereumChain: ([wanted], _setup, behavior) => {
    Object.assign(behavior, { chainId: Number((wanted as { chainId: string }).chainId) });
    return { result: null };
  },
  eth_getTransactionByHash: ([hash], { rpc }, { pending }) =>
    pending.has(hash as string)
      ? { result: pending.get(hash as string) }
      : forwarded(rpc, "eth_getTransactionByHash", [hash]),
  eth_call: ([call, block, ...rest], { rpc }, behavior) => {
    if (behavior.lag === 0) return forwarded(rpc, "eth_call", [call, block, ...rest]);
    Object.assign(behavior, { lag: behavior.lag - 1 });
    return behind(rpc, call);
  },
  eth_sendTransaction: ([wanted], setup, behavior) =>
    behavior.isRejecting ? { error: REJECTED } : sent(wanted as Wanted, setup, behavior),
  eth_signTypedData_v4: ([, text], setup, behavior) =>
    behavior.isRejecting ? { error: REJECTED } : signed(text as string, setup, behavior),
};

type Wanted = { readonly to: Address; readonly data?: Hex; readonly gas?: Hex; readonly value?: Hex };

async function sent(wanted: Wanted, setup: WalletSetup, behavior: WalletBehavior): Promise<Answered> {
  const { account, rpc, chainId } = setup;
  const call = { from: account.address, to: wanted.to, data: wanted.data ?? "0x" };
  const nonce = await asked(rpc, "eth_getTransactionCount", [account.address, "pending"]);
  const gas = wanted.gas ?? (await asked(rpc, "eth_estimateGas", [call]));
  const gasPrice = await asked(rpc, "eth_gasPrice", []);
  const transaction: TransactionSerializable = {
    ...{ chainId, to: wanted.to, data: wanted.data ?? "0x", type: "legacy" },
    nonce: Number(nonce),
    gas: hexToBigInt(gas),
    gasPrice: 2n * hexToBigInt(gasPrice),
  };
  behavior.signed.push("transaction");
  Object.assign(behavior, { lag: behavior.lagAfterSending });
  const raw = await account.signTransaction(transaction);
  if (!behavior.isCancelling) return forwarded(rpc, "eth_sendRawTransaction", [raw]);
  const hash = keccak256(raw);
  const [from, to] = [call.from.toLowerCase(), call.to.toLowerCase()]; // as nodes write them
  const seen = { from, to, input: call.data, hash, nonce, gas, gasPrice, value: "0x0", type: "0x0" };
  behavior.pending.set(hash, { ...seen, blockHash: null, blockNumber: null, transactionIndex: null });
  const nothing = await account.signTransaction({ ...transaction, to: account.address, data: "0x", gas: 21_000n });
  await forwarded(rpc, "eth_sendRawTransaction", [nothing]);
  return { result: hash };
}

/** As a node answers that has not seen the last block. */
async function behind(rpc: string, call: unknown): Promise<Answered> {
  const last = hexToBigInt(await asked(rpc, "eth_blockNumber", []));
  return forwarded(rpc, "eth_call", [call, `0x${(last - 1n).toString(16)}`]);
}

async function signed(text: string, { account }: WalletSetup, behavior: WalletBehavior): Promise<Answered> {
  const data = JSON.parse(text) as Parameters<LocalAccount["signTypedData"]>[0];
  behavior.signed.push("typed data");
  return { result: await account.signTypedData(data) };
}

async function asked(rpc: string, method: string, params: readonly unknown[]): Promise<Hex> {
  const answer = await forwarded(rpc, method, params);
  if ("error" in answer) throw new TypeError(JSON.stringify(answer.error));
  return answer.result as Hex;
}

async function forwarded(rpc: string, method: string, params: readonly unknown[]): Promise<Answered> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  const response = await fetch(rpc, { method: "POST", headers: { "content-type": "application/json" }, body });
  return (await response.json()) as Answered;
}
