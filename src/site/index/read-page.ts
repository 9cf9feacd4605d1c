// Turns a range of blocks on a node into lines of the ledger with their heads checked, and transfers of shares.
import {
  type Hex,
  type Log,
  type PublicClient,
  ResponseBodyTooLargeError,
  RpcRequestError,
  BaseError,
  toEventSelector,
} from "viem";

import { AppError } from "../../core/errors.ts";
import { unixSeconds } from "../../core/units.ts";
import { type LedgerPlace, headAfter } from "../../record/head.ts";
import { type LedgerLine, isLine, lineOf } from "../../record/lines.ts";
import type { Page, SeenBlock, ShareTransfer } from "./append.ts";

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

const TRANSFER = toEventSelector("Transfer(address,address,uint256)");
const ZERO_TOPIC = `0x${"00".repeat(32)}`;
/** Blocks whose times are asked for at once. */
const AT_ONCE = 50;

type VaultLog = Log<bigint, number, false>;

/**
 * Reads one page.
 *
 * @throws HeadBrokenError when a head is not that of its line and the head before.
 */
export async function readPage(client: PublicClient, { place, from, to, after }: PageQuery): Promise<Page> {
  const range = { address: place.vault, fromBlock: BigInt(from), toBlock: BigInt(to.number) };
  const logs: readonly VaultLog[] = await client.getLogs(range);
  const wanted = logs.filter((log) => isLine(log) || isTransfer(log));
  const blocks = await blocksOf(client, wanted, to);
  const timeOf = (log: VaultLog): number => blocks.get(Number(log.blockNumber))?.time ?? 0;
  const lines = wanted.filter(isLine).map((log) => lineOf(log, unixSeconds(timeOf(log))));
  requireHeads(lines, after, place);
  const transfers = wanted.filter(isTransfer).map((log) => transferOf(log, timeOf(log)));
  return { lines, transfers, blocks: [...blocks.values()] };
}

/** True when a node refuses a range, or gives more at once than viem takes: fewer blocks may do. */
export function isTooMuch(error: unknown): boolean {
  if (!(error instanceof BaseError)) return false;
  return error.walk((cause) => cause instanceof RpcRequestError || cause instanceof ResponseBodyTooLargeError) !== null;
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

/** By number: those of the logs, and the last of the range. Many nodes tell a block's time with each log. */
async function blocksOf(
  client: PublicClient,
  logs: readonly VaultLog[],
  to: SeenBlock,
): Promise<ReadonlyMap<number, SeenBlock>> {
  const blocks = new Map<number, SeenBlock>();
  const untold = new Map<number, Hex>();
  for (const { blockNumber, blockHash, blockTimestamp } of logs) {
    const number = Number(blockNumber);
    if (blocks.has(number)) continue;
    if (blockTimestamp === undefined) untold.set(number, blockHash);
    else blocks.set(number, { number, hash: blockHash, time: Number(blockTimestamp) });
  }
  const asked = [...untold];
  for (let start = 0; start < asked.length; start += AT_ONCE) {
    const part = asked.slice(start, start + AT_ONCE);
    const found = await Promise.all(part.map(([number]) => client.getBlock({ blockNumber: BigInt(number) })));
    found.forEach(({ timestamp }, i) => {
      const [number, hash] = part[i] as [number, Hex];
      blocks.set(number, { number, hash, time: Number(timestamp) });
    });
  }
  return blocks.set(to.number, to);
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
