// Turns the log of tokens into what an account got from some places, and what it has sent since.
import { type Address, type PublicClient, parseEventLogs } from "viem";

import { TRANSFER, type TransferEnds, readLogs } from "../logs.ts";

/** Which transfers count. */
export type TransferQuery = {
  readonly tokens: readonly Address[];
  readonly account: Address;
  readonly fromBlock: bigint;
  readonly toBlock: bigint;
};

/** {tok} by token, in lower case. */
export type Amounts = ReadonlyMap<string, bigint>;

/** What came, and in which block the first of it. */
export type Receipts = { readonly amounts: Amounts; readonly firstBlock: bigint | undefined };

/** Addresses that a node lets one question name. */
const NAMED_AT_ONCE = 500;

/** What came to the account from some places. */
export async function receivedFrom(
  client: PublicClient,
  query: TransferQuery,
  from: readonly Address[],
): Promise<Receipts> {
  const bundles = Array.from({ length: Math.ceil(from.length / NAMED_AT_ONCE) }, (_, i) =>
    from.slice(i * NAMED_AT_ONCE, (i + 1) * NAMED_AT_ONCE),
  );
  const found = await Promise.all(
    bundles.map((bundle) => transfers(client, query, { from: bundle, to: query.account })),
  );
  const blocks = found.flat().map(({ block }) => block);
  const firstBlock = blocks.length === 0 ? undefined : blocks.reduce((one, other) => (one < other ? one : other));
  return { amounts: sumsOf(found.flat()), firstBlock };
}

/** What the account has sent anywhere. */
export async function sentBy(client: PublicClient, query: TransferQuery): Promise<Amounts> {
  return sumsOf(await transfers(client, query, { from: query.account }));
}

type Transfer = { readonly token: Address; readonly value: bigint; readonly block: bigint };

async function transfers(
  client: PublicClient,
  { tokens, fromBlock, toBlock }: TransferQuery,
  ends: TransferEnds,
): Promise<Transfer[]> {
  const logs = await readLogs(client, { address: tokens, fromBlock, toBlock, transfers: ends });
  return parseEventLogs({ abi: [TRANSFER], logs, strict: true }).map(({ address, args: { value }, blockNumber }) => {
    return { token: address, value, block: blockNumber };
  });
}

function sumsOf(found: readonly Transfer[]): Amounts {
  const sums = new Map<string, bigint>();
  for (const { token, value } of found) {
    const key = token.toLowerCase();
    sums.set(key, (sums.get(key) ?? 0n) + value);
  }
  return sums;
}
