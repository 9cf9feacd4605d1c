// Turns the outline of a rehearsal's chain and a way to ask its node into senders that do nothing twice.
import {
  type Chain,
  type HDAccount,
  type Hex,
  type PublicClient,
  type Transport,
  type TransactionReceipt,
  TransactionReceiptNotFoundError,
  createPublicClient,
  createWalletClient,
  encodeFunctionData,
  isAddressEqual,
  keccak256,
} from "viem";
import { z } from "zod";

import { type UnixSeconds, unixSeconds } from "../../core/units.ts";
import { chainOf } from "../../execute/chain.ts";
import { chainError } from "../../execute/errors.ts";
import { type Call, type Sender, TRANSACTION_GAS_CAP, TransactionFailedError } from "../../execute/send.ts";
import { ACCOUNT_NAMES, type AccountName, devAccount } from "../dev-accounts.ts";
import { GAS_PRICE, type LocalChain } from "../local-chain.ts";
import { type MarketMove, moveMarket } from "../market-move.ts";
import type { MovingSite } from "../site.ts";
import type { Book } from "./book.ts";
import type { Outline } from "./outline.ts";

/** A rehearsal's chain, as the process that plays on it sees it. */
export type Attached = {
  readonly outline: Outline;
  readonly book: Book;
  readonly client: PublicClient<Transport, Chain>;
  readonly accounts: LocalChain["accounts"];
  /** Who sends what the chain's own state keeps from being done twice. */
  readonly sender: (name: AccountName) => Sender;
  /** Who sends each action of a scope once, whatever is asked: what is found on the chain is not sent again. */
  readonly senderOnce: (name: AccountName, scope: string) => Sender;
  /** Where the market's own transactions are sent, each of a scope once. */
  readonly siteOnce: (scope: string) => MovingSite;
  /** The next block has this time, unless the chain is there already. */
  readonly setNextBlockTime: (time: UnixSeconds) => Promise<void>;
  /** Mines an empty block at this time, unless the chain is there already. */
  readonly advanceTo: (time: UnixSeconds) => Promise<void>;
};

const POLL_MS = 20;

/** Of what is sent once: the signed transaction is noted before it is sent. */
const sentSchema = z.strictObject({ hash: z.custom<Hex>(), raw: z.custom<Hex>() });

type Once = {
  readonly key: string;
  readonly action: string;
  readonly sign: () => Promise<Hex>;
  readonly before?: () => Promise<void>;
};

/** A node's chain with a book of what was sent to it. */
export function attach(transport: Transport, outline: Outline, book: Book): Attached {
  const chain = chainOf(outline.network.chainId);
  const shared = { chain, transport, pollingInterval: POLL_MS, cacheTime: 0 };
  const client = createPublicClient(shared);
  const accounts = Object.fromEntries(ACCOUNT_NAMES.map((name) => [name, devAccount(name)])) as LocalChain["accounts"];
  const walletOf = (account: HDAccount) => createWalletClient({ account, ...shared });
  const clock = clockOf(client);
  const sendOnce = async ({ key, action, sign, before }: Once): Promise<TransactionReceipt> => {
    const known = book.read(`sent:${key}`);
    const sent = known === undefined ? undefined : sentSchema.parse(JSON.parse(known));
    const found = sent === undefined ? undefined : await receiptOf(client, sent.hash);
    if (found !== undefined) return successOf(action, found);
    const raw = sent?.raw ?? (await sign());
    // The same bytes, nonce included, are sent after a restart: the chain takes them once.
    if (sent === undefined) book.write(`sent:${key}`, JSON.stringify({ hash: keccak256(raw), raw }));
    await before?.();
    try {
      const hash = await client.sendRawTransaction({ serializedTransaction: raw });
      return successOf(action, await client.waitForTransactionReceipt({ hash }));
    } catch (error) {
      // What a dead process sent can arrive at the same moment: the node then refuses the second of two equal ones.
      const arrived = await receiptOf(client, keccak256(raw));
      if (arrived === undefined) throw error;
      return successOf(action, arrived);
    }
  };
  return {
    ...{ outline, book, client, accounts, ...clock },
    sender: (name) => ({ client, wallet: walletOf(accounts[name]) }),
    senderOnce: (name, scope) => {
      const wallet = walletOf(accounts[name]);
      const run = async (_task: string, call: Call): Promise<TransactionReceipt> => {
        const sign = async (): Promise<Hex> => {
          const { address: to, gas } = call;
          const request = { to, data: encodeFunctionData(call), ...(gas === undefined ? {} : { gas }) };
          return wallet.signTransaction(await wallet.prepareTransactionRequest(request));
        };
        try {
          return await sendOnce({ key: `${scope}: ${call.action}`, action: call.action, sign });
        } catch (error) {
          throw chainError(call.action, error);
        }
      };
      return { client, wallet, transactor: { run } };
    },
    siteOnce: (scope) => siteOf({ outline, client, accounts, clock, walletOf, sendOnce }, scope),
  };
}

type SiteParts = Pick<Attached, "outline" | "client" | "accounts"> & {
  readonly clock: ReturnType<typeof clockOf>;
  readonly walletOf: (account: HDAccount) => ReturnType<typeof createWalletClient<Transport, Chain, HDAccount>>;
  readonly sendOnce: (once: Once) => Promise<TransactionReceipt>;
};

/** The market's transactions of a scope have the same order in every process, so that numbers tell them apart. */
function siteOf({ outline, accounts, clock, walletOf, sendOnce }: SiteParts, scope: string): MovingSite {
  let count = 0;
  let due: UnixSeconds | undefined;
  return {
    ...outline.place,
    chain: {
      accounts,
      now: clock.now,
      // Set right before something is sent: nothing is when that is found on the chain.
      setNextBlockTime: (time) => {
        due = time;
        return Promise.resolve();
      },
      advanceTo: clock.advanceTo,
      send: async (from, { to, data, value = 0n }) => {
        const account = Object.values(accounts).find(({ address }) => isAddressEqual(address, from));
        if (account === undefined) throw new TypeError("the market's senders are the chain's accounts");
        const wallet = walletOf(account);
        const fixed = { gas: TRANSACTION_GAS_CAP, gasPrice: GAS_PRICE, type: "legacy" } as const;
        const key = `${scope} #${++count}`;
        const sign = async (): Promise<Hex> => {
          const request = { ...(to === undefined ? {} : { to }), data, value, ...fixed };
          return wallet.signTransaction(await wallet.prepareTransactionRequest(request));
        };
        const at = due;
        due = undefined;
        const before = at === undefined ? {} : { before: () => clock.setNextBlockTime(at) };
        return (await sendOnce({ key, action: `move the market (${scope})`, sign, ...before })).transactionHash;
      },
    },
  };
}

/** Moves the market as far as it is not moved yet. Prices that are left out stay as they are. */
export async function moveOnce(attached: Attached, scope: string, move: Omit<MarketMove, "from">): Promise<void> {
  const site = attached.siteOnce(scope);
  const from = await attached.book.once(`begun:${scope}`, async () => String(await site.chain.now()));
  await moveMarket(site, attached.outline.states, { ...move, from: unixSeconds(Number(from)) });
}

function clockOf(client: PublicClient<Transport, Chain>) {
  const request = client.request as (asked: { method: string; params: readonly unknown[] }) => Promise<unknown>;
  const now = async (): Promise<UnixSeconds> => unixSeconds(Number((await client.getBlock()).timestamp));
  const setNextBlockTime = async (time: UnixSeconds): Promise<void> => {
    if ((await now()) < time) await request({ method: "evm_setNextBlockTimestamp", params: [time] });
  };
  const advanceTo = async (time: UnixSeconds): Promise<void> => {
    if ((await now()) >= time) return;
    await request({ method: "evm_setNextBlockTimestamp", params: [time] });
    await request({ method: "evm_mine", params: [] });
  };
  return { now, setNextBlockTime, advanceTo };
}

async function receiptOf(client: PublicClient, hash: Hex): Promise<TransactionReceipt | undefined> {
  try {
    return await client.getTransactionReceipt({ hash });
  } catch (error) {
    if (error instanceof TransactionReceiptNotFoundError) return undefined;
    throw error;
  }
}

function successOf(action: string, receipt: TransactionReceipt): TransactionReceipt {
  if (receipt.status !== "success") throw new TransactionFailedError(action, receipt);
  return receipt;
}
