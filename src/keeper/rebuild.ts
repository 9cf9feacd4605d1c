// Turns the vault's log into the journal that a keeper would have written: what was done, when, and by which transaction.
import { existsSync, renameSync } from "node:fs";

import { type AbiEvent, type Address, getAbiItem, isAddressEqual } from "viem";

import { indexVaultAbi } from "../core/abi.ts";
import { AppError } from "../core/errors.ts";
import { dateOfExit, regularTargetId } from "../core/time.ts";
import type { Fund } from "../execute/contracts.ts";
import type { Journal, JournalLine } from "../execute/journal.ts";
import { readBlockTimes, readLogs } from "../execute/logs.ts";
import { checkTask, publishTask, rebalanceTask } from "./due.ts";
import { sentNote } from "./sent.ts";
import type { Clock } from "./store/store.ts";

/** A line of a rebuilt journal, and when it happened. */
export type RebuiltLine = JournalLine & { readonly at: number /* {ms} */ };

/** What the chain says was done for the fund, and what one key sent. */
export type Rebuilt = { readonly diary: readonly RebuiltLine[]; readonly sent: readonly RebuiltLine[] };

/** A journal that holds something cannot be rebuilt in place. */
export class JournalInUseError extends AppError {
  readonly code = "JOURNAL_IN_USE";
  readonly kind = "usage";

  constructor(place: string, found: string) {
    super(`Expected to rebuild the journal at ${place}, but ${found}.`);
  }
}

type Line = {
  readonly eventName: string;
  readonly blockNumber: bigint;
  readonly transactionHash: `0x${string}`;
  readonly args: { readonly id?: bigint; readonly week?: bigint };
};

/** By these something is done. */
const ENDS = ["TargetPublished", "LevelPublished", "RebalanceFinished"] as const;
/** By these a batch of a rebalance is known that does not end it. */
const STEPS = ["RebalanceStarted", "LegExecuted", "LegSkipped"] as const;

/** Reads what was done; the lines of a key hold its transactions of these kinds. */
export async function readDone({ client, deployment }: Fund, key: Address | undefined): Promise<Rebuilt> {
  const events = [...ENDS, ...STEPS].map((name) => getAbiItem({ abi: indexVaultAbi, name }) as AbiEvent);
  const range = { fromBlock: BigInt(deployment.block), toBlock: await client.getBlockNumber() };
  const logs = await readLogs(client, { address: deployment.addresses.vault, ...range, events });
  const lines = logs as unknown as readonly Line[];
  const times = await readBlockTimes(
    client,
    lines.map(({ blockNumber }) => blockNumber),
  );
  const rebuilt = (line: Line, task: string, step: "reconciled" | "final"): RebuiltLine => {
    const note = { rebuilt: true, block: Number(line.blockNumber) };
    return { task, step, note, at: (times.get(line.blockNumber) ?? 0) * 1000 };
  };
  const ended = (line: Line, task: string): RebuiltLine => {
    const { note, ...rest } = rebuilt(line, task, "reconciled");
    const sent = { hash: line.transactionHash, block: Number(line.blockNumber) };
    return { ...rest, note: { ...note, ...sentNote([sent]) } };
  };
  const diary = lines.flatMap((line) => endsOf(line).map((task) => ended(line, task)));
  const sent: RebuiltLine[] = [];
  const last = new Map(lines.map((line) => [line.transactionHash, line]));
  for (const [hash, line] of key === undefined ? [] : last) {
    const { from, nonce } = await client.getTransaction({ hash });
    if (key !== undefined && isAddressEqual(from, key)) {
      sent.push({ ...rebuilt(line, taskOf(line), "final"), nonce, hash });
    }
  }
  return { diary, sent };
}

/** A clock that stands at the time {ms} to which it was set. */
export interface HandClock extends Clock {
  set(time: number): void;
}

/** A clock that stands at zero. */
export function handClock(): HandClock {
  let time = 0;
  return {
    now: () => time,
    set: (next) => {
      time = next;
    },
  };
}

/** Writes rebuilt lines with the times at which they happened. @param clock That of the journal. */
export async function writeRebuilt(journal: Journal, lines: readonly RebuiltLine[], clock: HandClock): Promise<void> {
  for (const { at, ...line } of lines) {
    clock.set(at);
    await journal.append(line);
  }
}

/**
 * Moves a journal's file aside, with the files that SQLite keeps beside it; nothing is ever overwritten.
 *
 * @returns Where it is now; undefined when there was none.
 */
export function moveAside(file: string, moment: Date): string | undefined {
  const parts = ["", "-wal", "-shm"].filter((suffix) => existsSync(file + suffix));
  if (parts.length === 0) return undefined;
  const stem = `${file}.aside-${moment.toISOString().replaceAll(/[:.]/g, "")}`;
  let aside = stem;
  for (let i = 2; existsSync(aside); i++) aside = `${stem}-${i}`;
  for (const suffix of parts) renameSync(file + suffix, aside + suffix);
  return aside;
}

/** What ends with it: an exit that was published settles the check of its day too. */
function endsOf(line: Line): string[] {
  const { eventName, args } = line;
  if (!ENDS.some((name) => name === eventName)) return [];
  const date = eventName === "TargetPublished" ? dateOfExit(Number(args.id)) : undefined;
  return [taskOf(line), ...(date === undefined ? [] : [checkTask(date)])];
}

function taskOf({ eventName, args: { id = 0n, week = 0n } }: Line): string {
  if (eventName === "LevelPublished") return publishTask(regularTargetId(Number(week)));
  return eventName === "TargetPublished" ? publishTask(Number(id)) : rebalanceTask(Number(id));
}
