// Turns a range of blocks into the logs that contracts wrote in it, in ranges and at a pace that its node accepts.
import { type AbiEvent, type Address, type GetLogsReturnType, type PublicClient, parseAbiItem } from "viem";
import { getLogs } from "viem/actions";

import { refusalOf } from "./log-refusals.ts";
import { LogSpan } from "./log-span.ts";
import { paceOf } from "./pace.ts";

/** Logs of one contract or of some, all of their events or some. */
export type LogQuery = {
  readonly address: Address | readonly Address[];
  readonly fromBlock: bigint;
  readonly toBlock: bigint;
  /** Only these; all when left out. */
  readonly events?: readonly AbiEvent[];
  /** Only transfers between these. */
  readonly transfers?: TransferEnds;
};

/** Who sends and who receives; anybody where one is left out. */
export type TransferEnds = { readonly from?: Address | Address[]; readonly to?: Address };

/** A transfer of an ERC-20 token. */
export const TRANSFER = parseAbiItem("event Transfer(address indexed from, address indexed to, uint256 value)");

/** Ranges that are asked for at once, while those before them are on their way. */
const AHEAD = 4;

/** What each node has shown to answer: it is not found out anew for each question. */
const spans = new WeakMap<PublicClient, LogSpan>();

/** The logs in the order of the chain. */
export async function readLogs(client: PublicClient, query: LogQuery): Promise<GetLogsReturnType> {
  const logs: GetLogsReturnType = [];
  for await (const page of logPages(client, query)) for (const log of page) logs.push(log);
  return logs;
}

/**
 * The logs in the order of the chain, some a page, for a reader that may have seen enough before the end. Ranges are
 * as large as the node takes them; after the first answer several are asked for at once.
 */
export async function* logPages(client: PublicClient, query: LogQuery): AsyncGenerator<GetLogsReturnType> {
  const span = spanOf(client);
  const coming: Promise<GetLogsReturnType>[] = [];
  let { fromBlock } = query;
  let ahead = 1;
  while (fromBlock <= query.toBlock || coming.length > 0) {
    while (coming.length < ahead && fromBlock <= query.toBlock) {
      const toBlock = endOf(fromBlock, span.size, query.toBlock);
      const page = readRange(client, { ...query, fromBlock, toBlock });
      page.catch(() => undefined); // thrown when its turn comes, if anybody still reads then
      coming.push(page);
      fromBlock = toBlock + 1n;
    }
    yield (await coming.shift()) ?? [];
    ahead = AHEAD;
  }
}

/**
 * One question to the node.
 *
 * @throws What {@link refusalOf} understands, if the node refuses the range.
 */
export async function askForLogs(client: PublicClient, query: LogQuery): Promise<GetLogsReturnType> {
  return paceOf(client).ask(async () => {
    try {
      return await askOnce(withoutRetries(client), query);
    } catch (error) {
      // viem would ask again for a range that is too large, and does so where the line broke.
      if (refusalOf(error) !== undefined) throw error;
      return await askOnce(client, query);
    }
  });
}

async function askOnce(client: PublicClient, query: LogQuery): Promise<GetLogsReturnType> {
  const { address, events, transfers, fromBlock, toBlock } = query;
  const range = { address: typeof address === "string" ? address : [...address], fromBlock, toBlock };
  if (transfers !== undefined) {
    const logs = await getLogs(client, { ...range, event: TRANSFER, args: transfers });
    return logs;
  }
  return getLogs(client, events === undefined ? range : { ...range, events });
}

/** {s} Times of blocks by their number, each asked for once, some at once. */
export async function readBlockTimes(
  client: PublicClient,
  blocks: readonly bigint[],
): Promise<ReadonlyMap<bigint, number>> {
  const pace = paceOf(client);
  const distinct = [...new Set(blocks)];
  const found = await Promise.all(
    distinct.map((blockNumber) => pace.ask(() => client.getBlock({ blockNumber, includeTransactions: false }))),
  );
  return new Map(found.map(({ number, timestamp }) => [number, Number(timestamp)]));
}

/** A log that is in a block; many nodes tell the block's time with it. */
type PlacedLog = { readonly blockNumber: bigint; readonly blockTimestamp?: bigint | null | undefined };

/** {s} Times of the logs' blocks by their number; the node is asked for those that it did not tell with the logs. */
export async function readLogTimes(
  client: PublicClient,
  logs: readonly PlacedLog[],
): Promise<ReadonlyMap<bigint, number>> {
  const told = new Map<bigint, number>();
  for (const { blockNumber, blockTimestamp } of logs) {
    if (typeof blockTimestamp === "bigint") told.set(blockNumber, Number(blockTimestamp));
  }
  const untold = logs.map(({ blockNumber }) => blockNumber).filter((block) => !told.has(block));
  return new Map([...told, ...(await readBlockTimes(client, untold))]);
}

/** All of a range, in as many questions as the node needs. */
async function readRange(client: PublicClient, query: LogQuery): Promise<GetLogsReturnType> {
  const span = spanOf(client);
  const logs: GetLogsReturnType = [];
  let { fromBlock } = query;
  let size = Number(query.toBlock - fromBlock) + 1;
  while (fromBlock <= query.toBlock) {
    const toBlock = endOf(fromBlock, size, query.toBlock);
    const blocks = Number(toBlock - fromBlock) + 1;
    try {
      for (const log of await askForLogs(client, { ...query, fromBlock, toBlock })) logs.push(log);
      span.answered(blocks);
      fromBlock = toBlock + 1n;
    } catch (error) {
      if (!span.missed(error, blocks)) throw error;
    }
    size = span.size;
  }
  return logs;
}

function endOf(from: bigint, size: number, last: bigint): bigint {
  const end = from + BigInt(size) - 1n;
  return end < last ? end : last;
}

function spanOf(client: PublicClient): LogSpan {
  const known = spans.get(client) ?? new LogSpan();
  spans.set(client, known);
  return known;
}

/** The client, of which each question is one request. */
function withoutRetries(client: PublicClient): PublicClient {
  const request = ((asked: never) => client.request(asked, { retryCount: 0 })) as PublicClient["request"];
  return { ...client, request };
}
