// Turns a range of blocks into the logs that one contract wrote in it, in ranges that nodes accept.
import type { AbiEvent, Address, GetLogsReturnType, PublicClient } from "viem";

/** Logs of one contract, all of its events or some. */
export type LogQuery = {
  readonly address: Address;
  readonly fromBlock: bigint;
  readonly toBlock: bigint;
  /** Only these; all when left out. */
  readonly events?: readonly AbiEvent[];
  /** Blocks asked for at once; at least 1. */
  readonly span?: bigint;
};

/** What most public nodes answer in one call. */
const DEFAULT_SPAN = 10_000n;

/** The logs in the order of the chain. */
export async function readLogs(client: PublicClient, query: LogQuery): Promise<GetLogsReturnType> {
  const logs: GetLogsReturnType = [];
  for await (const page of logPages(client, query)) logs.push(...page);
  return logs;
}

/** The logs in the order of the chain, one call a page, for a reader that may have seen enough before the end. */
export async function* logPages(client: PublicClient, query: LogQuery): AsyncGenerator<GetLogsReturnType> {
  const { address, fromBlock, toBlock, events, span = DEFAULT_SPAN } = query;
  for (let from = fromBlock; from <= toBlock; from += span) {
    const to = from + span - 1n < toBlock ? from + span - 1n : toBlock;
    const range = { address, fromBlock: from, toBlock: to };
    const part = events === undefined ? client.getLogs(range) : client.getLogs({ ...range, events });
    yield await part;
  }
}

/** {s} Times of blocks by their number, each asked for once. */
export async function readBlockTimes(
  client: PublicClient,
  blocks: readonly bigint[],
): Promise<ReadonlyMap<bigint, number>> {
  const distinct = [...new Set(blocks)];
  const found = await Promise.all(distinct.map((blockNumber) => client.getBlock({ blockNumber })));
  return new Map(found.map(({ number, timestamp }) => [number, Number(timestamp)]));
}
