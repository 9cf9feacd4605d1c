// Turns a week into its decision, replayed from a published snapshot or from market data.
import { type Command, Option } from "commander";
import type { Hex } from "viem";

import { DEFAULT_PARAMETERS } from "../../config/schema.ts";

import { type IsoDate, dateOf, mondayOfWeek, startOfDay, weekOf } from "../../core/time.ts";
import { type BearCheck, bearCheckAt } from "../../engine/bear-check.ts";
import type { Decision } from "../../engine/decision.ts";
import type { PublishedFile } from "../../engine/published-schema.ts";
import { carriesOn, readPublishedCheck, replayCheck } from "../../engine/published-check.ts";
import { follows, readPublished, replayPublished } from "../../engine/published.ts";
import { decisionAt } from "../../engine/run.ts";
import type { LedgerLine } from "../../record/lines.ts";
import { openHistory } from "./market-data.ts";
import { dataOption, parseDate } from "./options.ts";
import { startProgress } from "./progress.ts";
import { exitsOf, readSnapshot, snapshotsOf } from "../../site/market/snapshot-folder.ts";

/** Where a decision is replayed from. */
export type ReplayOptions = {
  readonly snapshots: string | undefined;
  readonly data: string;
  readonly opened: IsoDate | undefined;
};

/** A decision, and what it was replayed from. */
export type ReplayedDecision = {
  readonly decision: Decision;
  readonly from: "snapshot" | "data";
  /** Name of the snapshot's file. */
  readonly digest: string | undefined;
  /** Whether the snapshot begins where the week before ends; `undefined` when that one is not there. */
  readonly isChained: boolean | undefined;
};

/** Adds `--snapshots`, `--data` and `--opened`. */
export function addReplayOptions(command: Command): Command {
  return command
    .addOption(new Option("--snapshots <dir|url>", "published snapshots: a folder, or its address on a static host"))
    .addOption(dataOption().conflicts("snapshots"))
    .addOption(
      new Option("--opened <date>", "with --data: for a fund in stablecoins until this day").argParser(parseDate),
    );
}

/** The day on which a fund's ledger begins, until which it was in stablecoins. */
export function openedIn(lines: readonly LedgerLine[]): IsoDate | undefined {
  const [first] = lines;
  return first === undefined ? undefined : dateOf(first.time);
}

/**
 * The decision of a week. Of several snapshots of the week, that of the decision that is wanted; else the newest.
 *
 * @param wanted Hash of the decision that was published.
 */
export async function replayWeek(options: ReplayOptions, week: number, wanted?: Hex): Promise<ReplayedDecision> {
  return options.snapshots === undefined
    ? await replayFromData(options, week)
    : await replayFromSnapshot(options.snapshots, week, wanted);
}

/** A check of a day, and what it was replayed from. */
export type ReplayedExit = Omit<ReplayedDecision, "decision"> & { readonly check: BearCheck };

/**
 * The check of a day on which the market was left, as {@link replayWeek}. `isChained` says whether it carries on the
 * index of the week's published decision.
 */
export async function replayExit(options: ReplayOptions, date: IsoDate, wanted: Hex): Promise<ReplayedExit> {
  const { snapshots: place, data, opened } = options;
  if (place === undefined) {
    const progress = startProgress();
    try {
      const history = await openHistory(data, progress);
      const check = bearCheckAt(history, { date, opened }, DEFAULT_PARAMETERS);
      return { check, from: "data", digest: undefined, isChained: undefined };
    } finally {
      progress.done();
    }
  }
  const rows = await exitsOf(place, date);
  const digest = (rows.find((entry) => entry.decisionHash === wanted) ?? rows.at(-1))?.digest ?? "";
  const file = readPublishedCheck(await readSnapshot(place, digest), digest);
  const weeks = await snapshotsOf(place, weekOf(startOfDay(date))).catch(() => []);
  const week = weeks.find((entry) => entry.decisionHash === file.check.weekHash);
  const isChained =
    week === undefined
      ? undefined
      : carriesOn(file, readPublished(await readSnapshot(place, week.digest), week.digest));
  return { check: replayCheck(file), from: "snapshot", digest, isChained };
}

async function replayFromSnapshot(place: string, week: number, wanted: Hex | undefined): Promise<ReplayedDecision> {
  const rows = await snapshotsOf(place, week);
  const row = rows.find((entry) => entry.decisionHash === wanted) ?? rows.at(-1);
  const digest = row?.digest ?? "";
  const file = readPublished(await readSnapshot(place, digest), digest);
  return { decision: replayPublished(file), from: "snapshot", digest, isChained: await isChained(place, week, file) };
}

/** Looks for the week before by the hash that the snapshot names. */
async function isChained(place: string, week: number, file: PublishedFile): Promise<boolean | undefined> {
  const before = await snapshotsOf(place, week - 1).catch(() => []);
  const row = before.find((entry) => entry.decisionHash === file.previous.decisionHash);
  if (row === undefined) return undefined;
  return follows(file, readPublished(await readSnapshot(place, row.digest), row.digest));
}

async function replayFromData({ data, opened }: ReplayOptions, week: number): Promise<ReplayedDecision> {
  const progress = startProgress();
  try {
    const history = await openHistory(data, progress);
    const report = ({ date }: Decision, last: IsoDate): void => {
      progress.step(`deciding ${date} of ${last}`);
    };
    const asked = { date: mondayOfWeek(week), opened, progress: report };
    const decision = decisionAt(history, asked, DEFAULT_PARAMETERS);
    return { decision, from: "data", digest: undefined, isChained: undefined };
  } finally {
    progress.done();
  }
}
