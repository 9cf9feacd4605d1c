// Turns the log of tokens into what an account got from some places, and what it has sent since.
import { type Address, type Hash, type PublicClient, parseEventLogs } from "viem";

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

/** A transfer of some of a token, and the transaction that made it. */
export type Transfer = {
  readonly token: Address;
  readonly value: bigint; // {tok}
  readonly block: bigint;
  readonly transaction: Hash;
};

/** Addresses that a node lets one question name. */
const NAMED_AT_ONCE = 500;

/** What came to the account from some places, in the order of the chain while they are 500 at most. */
export async function receivedFrom(
  client: PublicClient,
  query: TransferQuery,
  from: readonly Address[],
): Promise<readonly Transfer[]> {
  const bundles = Array.from({ length: Math.ceil(from.length / NAMED_AT_ONCE) }, (_, i) =>
    from.slice(i * NAMED_AT_ONCE, (i + 1) * NAMED_AT_ONCE),
  );
  const found = await Promise.all(
    bundles.map((bundle) => transfers(client, query, { from: bundle, to: query.account })),
  );
  return found.flat();
}

/** What the account has sent anywhere. */
export async function sentBy(client: PublicClient, query: TransferQuery): Promise<readonly Transfer[]> {
  return transfers(client, query, { from: query.account });
}

/** What transfers come to. */
export function sumsOf(found: readonly Pick<Transfer, "token" | "value">[]): Amounts {
  const sums = new Map<string, bigint>();
  for (const { token, value } of found) {
    const key = token.toLowerCase();
    sums.set(key, (sums.get(key) ?? 0n) + value);
  }
  return sums;
}

async function transfers(
  client: PublicClient,
  { tokens, fromBlock, toBlock }: TransferQuery,
  ends: TransferEnds,
): Promise<readonly Transfer[]> {
  const found = await readLogs(client, { address: tokens, fromBlock, toBlock, transfers: ends });
  const logs = parseEventLogs({ abi: [TRANSFER], logs: found, strict: true });
  return logs.map(({ address, args: { value }, blockNumber, transactionHash }) => {
    return { token: address, value, block: blockNumber, transaction: transactionHash };
  });
}
