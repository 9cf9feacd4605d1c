// Turns a range of blocks on a node into lines of the ledger with their heads checked, and transfers of shares.
import { type Hex, type Log, type PublicClient, toEventSelector } from "viem";

import { AppError } from "../../core/errors.ts";
import { unixSeconds } from "../../core/units.ts";
import { askForLogs, readLogTimes } from "../../execute/logs.ts";
import { type LedgerPlace, headAfterBy } from "../../record/head.ts";
import { type LedgerLine, isLine, lineOf } from "../../record/lines.ts";
import type { Page, SeenBlock, ShareTransfer } from "./append.ts";
import { fastKeccak } from "./fast-keccak.ts";

/** Blocks from `from` to `to`, both included; the log of all that comes before ends as `after` says. */
export type PageQuery = {
  readonly place: LedgerPlace;
  readonly from: number;
  readonly to: SeenBlock;
  readonly after: { readonly sequence: number; readonly head: Hex };
};

/** The lines that a node gives do not follow on those before them. */
export class HeadBrokenError extends AppError {
  readonly code = "HEAD_BROKEN";
  readonly kind = "chain";
  override readonly retryable = true;
  readonly sequence: number;

  constructor(sequence: number, found: string) {
    super(`Expected line ${sequence} of the ledger to follow on the one before, found ${found}. Ask another node.`);
    this.sequence = sequence;
  }
}

/** A node gives logs of a block, and another block when it is asked for that one. */
export class BlockTimeMissingError extends AppError {
  readonly code = "BLOCK_TIME_MISSING";
  readonly kind = "chain";
  override readonly retryable = true;

  constructor(block: bigint) {
    super(`Expected the time of block ${block}, found that of another. Ask again, or another node.`);
  }
}

const TRANSFER = toEventSelector("Transfer(address,address,uint256)");
const ZERO_TOPIC = `0x${"00".repeat(32)}`;
const headAfter = headAfterBy(fastKeccak);

type VaultLog = Log<bigint, number, false>;

/**
 * Reads one page.
 *
 * @throws HeadBrokenError when a head is not that of its line and the head before; what the node says when it refuses
 *   the range.
 */
export async function readPage(client: PublicClient, { place, from, to, after }: PageQuery): Promise<Page> {
  const range = { address: place.vault, fromBlock: BigInt(from), toBlock: BigInt(to.number) };
  const logs = (await askForLogs(client, range)) as readonly VaultLog[];
  const wanted = logs.filter((log) => isLine(log) || isTransfer(log));
  const blocks = await blocksOf(client, wanted, to);
  const timeOf = (log: VaultLog): number => required(blocks.get(Number(log.blockNumber))?.time, log.blockNumber);
  const lines = wanted.filter(isLine).map((log) => lineOf(log, unixSeconds(timeOf(log))));
  requireHeads(lines, after, place);
  const transfers = wanted.filter(isTransfer).map((log) => transferOf(log, timeOf(log)));
  return { lines, transfers, blocks: [...blocks.values()] };
}

function isTransfer({ topics }: VaultLog): boolean {
  return topics[0] === TRANSFER && topics.length === 3 && topics[1] !== ZERO_TOPIC && topics[2] !== ZERO_TOPIC;
}

function transferOf(log: VaultLog, time: number): ShareTransfer {
  const [, sender = "", receiver = ""] = log.topics;
  return {
    block: Number(log.blockNumber),
    position: log.logIndex,
    sender: `0x${sender.slice(-40)}`,
    receiver: `0x${receiver.slice(-40)}`,
    shares: BigInt(log.data),
    hash: log.transactionHash,
    time,
  };
}

/** By number: those of the logs, and the last of the range. */
async function blocksOf(
  client: PublicClient,
  logs: readonly VaultLog[],
  to: SeenBlock,
): Promise<ReadonlyMap<number, SeenBlock>> {
  const times = await readLogTimes(client, logs);
  const blocks = new Map<number, SeenBlock>();
  for (const { blockNumber, blockHash } of logs) {
    const number = Number(blockNumber);
    if (!blocks.has(number))
      blocks.set(number, { number, hash: blockHash, time: required(times.get(blockNumber), blockNumber) });
  }
  return blocks.set(to.number, to);
}

/** @throws BlockTimeMissingError */
function required(time: number | undefined, block: bigint): number {
  if (time === undefined) throw new BlockTimeMissingError(block);
  return time;
}

function requireHeads(lines: readonly LedgerLine[], after: PageQuery["after"], place: LedgerPlace): void {
  let { sequence, head } = after;
  for (const line of lines) {
    sequence++;
    if (line.sequence !== sequence) throw new HeadBrokenError(sequence, `line ${line.sequence} in its place`);
    head = headAfter(head, line, place);
    if (line.head !== head) throw new HeadBrokenError(sequence, `head ${line.head} where its fields give ${head}`);
  }
}
