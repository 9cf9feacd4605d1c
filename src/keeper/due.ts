// Turns the chain, the journal and the time into what is due now, in order and with reasons, and when the next is.
import {
  DAY,
  type IsoDate,
  addDays,
  dateOf,
  exitTargetId,
  mondayOf,
  mondayOfTarget,
  startOfDay,
  weekday,
  weeklyTargetId,
} from "../core/time.ts";
import { PUBLICATION } from "../engine/target.ts";
import { type Note, clockNote, notesOf } from "./notes.ts";
import type { KeeperRules } from "./rules.ts";

/** The fund on chain, as far as what is due goes by it. */
export type ChainFacts = {
  readonly block: bigint;
  readonly time: number; // {s} of the block
  readonly regime: "bull" | "bear";
  /** Id of the newest target that was started. */
  readonly lastId: number;
  /** The week of the block has its target or level. */
  readonly isWeekPublished: boolean;
  readonly pending: PendingFacts | undefined;
  readonly running: RunningFacts | undefined;
  /** Requests of earlier weeks wait for a strike. */
  readonly isRequestDue: boolean;
};

/** The target that waits for its start. */
export type PendingFacts = {
  readonly id: number;
  readonly regime: "bull" | "bear";
  readonly executableAt: number; // {s}
  readonly validUntil: number; // {s}
};

/** The rebalance that is under way. */
export type RunningFacts = {
  readonly id: number;
  readonly regime: "bull" | "bear";
  readonly deadline: number; // {s}
  readonly position: number; // of the next leg
  readonly skipped: number; // legs
};

/** What the journal knows of a task. */
export type Mark = {
  /** {s} When it was last done; undefined while it never was. */
  readonly doneAt: number | undefined;
  /** False while a reorganization of the chain can still undo it. */
  readonly isFinal: boolean;
  /** The key of the keeper that did it. */
  readonly by: string | undefined;
  /** The last line of that key's journal then; clocks may be set, and reorganizations take the chain's back. */
  readonly upTo: number;
  /** {s} When it goes on, as far as it did what can be done at once; undefined when it does not wait. */
  readonly goesOnAt: number | undefined;
  /** Failures since it was last done. */
  readonly failures: number;
  /** {s} Of the last failure. */
  readonly failedAt: number | undefined;
};

/** Names a thing to do in the diary, and in an alarm. */
export type TaskName =
  `publish:${number}` | `rebalance:${number}` | `check:${IsoDate}` | `strike:${number}` | typeof UPKEEP_TASK;

/** One thing to do, why, and how often it has failed since it was last done. */
export type Due = { readonly task: TaskName; readonly why: string; readonly failures: number } & (
  | { readonly kind: "publish"; readonly date: IsoDate }
  | { readonly kind: "bear-check"; readonly date: IsoDate }
  | { readonly kind: "rebalance"; readonly id: number; readonly isExit: boolean }
  | { readonly kind: "strike" | "upkeep" }
);

/** What is due now and what will be. */
export type Agenda = {
  readonly due: readonly Due[];
  /** The next moment at which something can be due that is not now; undefined when only the chain can tell. */
  readonly next: { readonly at: number /* {s} */; readonly why: string } | undefined;
  /** {s} When the rebalance under way goes on with what the pools did not take; undefined when it does not wait. */
  readonly nextRound: number | undefined;
  readonly notes: readonly Note[];
};

/** What an agenda is made from. */
export type DueQuery = {
  readonly now: number; // {s} the keeper's clock
  readonly chain: ChainFacts;
  readonly marks: ReadonlyMap<string, Mark>;
};

/** {s} After midnight of a Monday: what leads out of stablecoins or trades within the market starts at noon. */
const NOON = DAY / 2;
export const UPKEEP_TASK = "upkeep";

/** A due thing before its failures are known. */
type Bare<Kind> = Kind extends Due ? Omit<Kind, "failures"> : never;

type Candidate = { readonly due: Bare<Due>; readonly from: number /* {s} */ };

/**
 * What is due, most urgent first: what leads into stablecoins, the week's publication, what trades within the market,
 * the day's check, a strike, upkeep. Nothing is due while the keeper's clock and the chain's are too far apart.
 */
export function dueWork(query: DueQuery, rules: KeeperRules): Agenda {
  const { now, chain } = query;
  if (Math.abs(now - chain.time) > rules.clockTolerance) {
    return { due: [], next: undefined, nextRound: undefined, notes: [clockNote(now - chain.time, chain.block)] };
  }
  const candidates = [
    ...rebalanceOf(query),
    ...publicationOf(query, rules),
    ...checkOf(query),
    ...strikeOf(query),
    ...upkeepOf(query, rules),
  ].map((candidate) => rested(candidate, query, rules));
  const due = candidates.filter(({ from }) => from <= now).map((candidate) => candidate.due);
  const later = candidates.filter(({ from }) => from > now).sort((a, b) => a.from - b.from)[0];
  return {
    due: due.sort((a, b) => urgencyOf(a) - urgencyOf(b)),
    next: later === undefined ? undefined : { at: later.from, why: later.due.why },
    nextRound: nextRoundOf(query),
    notes: notesOf({ ...chain, now, missed: missedWeek(query, rules) }),
  };
}

/** The task of a target's publication, and of its rebalance. */
export function publishTask(id: number): `publish:${number}` {
  return `publish:${id}`;
}

/** @see publishTask */
export function rebalanceTask(id: number): `rebalance:${number}` {
  return `rebalance:${id}`;
}

/** True for what leads into stablecoins or finds out whether the fund has to go there. */
export function mayLeadOut(due: Due): boolean {
  return due.kind === "publish" || due.kind === "bear-check" || (due.kind === "rebalance" && due.isExit);
}

function urgencyOf(due: Due): number {
  if (due.kind === "rebalance") return due.isExit ? 0 : 2;
  return { publish: 1, "bear-check": 3, strike: 4, upkeep: 5 }[due.kind];
}

/** The pending target while it can be started; one that has expired stays on chain until the next comes. */
function openPending({ pending, time }: ChainFacts, now: number): PendingFacts | undefined {
  return pending !== undefined && Math.max(now, time) <= pending.validUntil ? pending : undefined;
}

/** {s} By the keeper's clock: from when on the newest block lets the target start, however far the two clocks are apart. */
function startOf({ executableAt }: PendingFacts, { now, chain: { time } }: DueQuery): number {
  return executableAt <= time ? 0 : Math.max(executableAt, executableAt + now - time);
}

/** What is pending and may take the place of what is under way goes first; there is one rebalance at a time. */
function rebalanceOf(query: DueQuery): Candidate[] {
  const { now, chain } = query;
  const { running } = chain;
  const pending = openPending(chain, now);
  const isReplaced =
    pending !== undefined && (pending.regime === "bear" || Math.min(now, chain.time) > (running?.deadline ?? 0));
  if (running !== undefined && !isReplaced) return [{ due: continued(now, running), from: nextRoundOf(query) ?? 0 }];
  if (pending === undefined) return [];
  const { id, regime } = pending;
  const start = startOf(pending, query);
  const isExit = regime === "bear";
  const due: Bare<Due> = {
    kind: "rebalance",
    task: rebalanceTask(id),
    id,
    isExit,
    why: `target ${id} is pending and leads ${isExit ? "into stablecoins" : "into the market"}`,
  };
  return [{ due, from: isExit ? start : Math.max(start, startOfDay(mondayOfTarget(id)) + NOON) }];
}

/** Of the rebalance under way, at its deadline at the latest. A way out waits for no pool: it is tried at every wake. */
function nextRoundOf({ now, chain: { running }, marks }: DueQuery): number | undefined {
  if (running === undefined || running.regime === "bear") return undefined;
  const at = marks.get(rebalanceTask(running.id))?.goesOnAt;
  const bounded = at === undefined ? undefined : Math.min(at, running.deadline);
  return bounded === undefined || bounded <= now ? undefined : bounded;
}

function continued(now: number, { id, regime, position, skipped, deadline }: RunningFacts): Bare<Due> {
  const open = skipped > 0 ? `${skipped} skipped legs are tried again` : "it goes on";
  const late = now > deadline ? ", past its deadline with sales alone" : "";
  const why = `rebalance ${id} is under way at leg ${position}: ${open}${late}`;
  return { kind: "rebalance", task: rebalanceTask(id), id, isExit: regime === "bear", why };
}

/** The week's decision from Monday 00:30 on, as long as it may be caught up with; else next Monday's. */
function publicationOf({ now, chain }: DueQuery, { catchUp }: KeeperRules): Candidate[] {
  const candidateOf = (date: IsoDate): Candidate => {
    const task = publishTask(weeklyTargetId(date));
    const why = `the decision of Monday ${date} is not published`;
    return { due: { kind: "publish", task, date, why }, from: startOfDay(date) + PUBLICATION };
  };
  const monday = mondayOf(dateOf(now));
  const week = candidateOf(monday);
  const isOpen = isWeekOpen(chain, monday) && now < week.from + catchUp;
  return [isOpen ? week : candidateOf(addDays(monday, 7))];
}

/**
 * True while a week has neither a target nor a level, and no exit of it stands in the way. Around midnight of a Monday
 * the chain may be in another week, of which alone it says whether it is published.
 */
function isWeekOpen({ time, isWeekPublished, lastId, pending }: ChainFacts, monday: IsoDate): boolean {
  const isWeekOfChain = mondayOf(dateOf(time)) === monday;
  return isWeekOfChain && !isWeekPublished && Math.max(lastId, pending?.id ?? 0) < weeklyTargetId(monday);
}

/**
 * A day's check, in the market or on the way into it; Monday's is the week's decision. A check that published an exit is
 * done as long as the chain has that exit, until it is final.
 */
function checkOf({ now, chain, marks }: DueQuery): Candidate[] {
  const pending = openPending(chain, now);
  const isInMarket = chain.regime === "bull" || pending?.regime === "bull";
  const isLeaving = chain.running?.regime === "bear" || pending?.regime === "bear";
  if (!isInMarket || isLeaving) return [];
  const today = dateOf(now);
  return [today, addDays(today, 1), addDays(today, 2)]
    .filter((date) => weekday(date) !== 0 && Math.max(chain.lastId, chain.pending?.id ?? 0) < exitTargetId(date))
    .filter((date) => marks.get(checkTask(date))?.isFinal !== true)
    .slice(0, 1)
    .map((date) => {
      const why = `the close before ${date} is not checked for an exit`;
      return {
        due: { kind: "bear-check", task: checkTask(date), date, why },
        from: startOfDay(date) + PUBLICATION,
      };
    });
}

/** @see publishTask */
export function checkTask(date: IsoDate): `check:${IsoDate}` {
  return `check:${date}`;
}

/** In stablecoins, once nothing else will strike. */
function strikeOf({ now, chain }: DueQuery): Candidate[] {
  const { regime, isRequestDue, isWeekPublished, running } = chain;
  const isIdle = openPending(chain, now) === undefined && running === undefined;
  if (regime !== "bear" || !isRequestDue || !isWeekPublished || !isIdle) return [];
  const task = `strike:${weeklyTargetId(mondayOf(dateOf(now)))}` as const;
  return [
    {
      due: { kind: "strike", task, why: "requests of an earlier week wait, and no rebalance will strike them" },
      from: 0,
    },
  ];
}

function upkeepOf({ now, marks }: DueQuery, { upkeepEvery }: KeeperRules): Candidate[] {
  const doneAt = marks.get(UPKEEP_TASK)?.doneAt;
  const from = doneAt === undefined || doneAt > now ? 0 : doneAt + upkeepEvery; // a clock that went back waits for nothing
  return [{ due: { kind: "upkeep", task: UPKEEP_TASK, why: "what the assets need is looked at again" }, from }];
}

/** After failures a task rests, longer each time; what leads into stablecoins rests shortly. */
function rested(
  { due, from }: Candidate,
  { now, marks }: DueQuery,
  rules: KeeperRules,
): { readonly due: Due; readonly from: number } {
  const { failures = 0, failedAt } = marks.get(due.task) ?? {};
  if (failedAt === undefined || failures === 0 || failedAt > now) return { due: { ...due, failures }, from };
  const isExit = due.kind === "rebalance" && due.isExit;
  const rest = isExit ? rules.exitRest : Math.min(rules.rest * 2 ** (failures - 1), rules.longestRest);
  return {
    due: { ...due, failures, why: `${due.why}; ${failures} failed tries` },
    from: Math.max(from, failedAt + rest),
  };
}

/** The week's Monday, once it is too late to catch up with it. */
function missedWeek({ now, chain }: DueQuery, { catchUp }: KeeperRules): IsoDate | undefined {
  const monday = mondayOf(dateOf(now));
  return isWeekOpen(chain, monday) && now >= startOfDay(monday) + PUBLICATION + catchUp ? monday : undefined;
}
