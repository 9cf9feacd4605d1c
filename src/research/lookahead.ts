// Turns decisions and strategies into the proof that none of them looks at a later day.
import { canonicalJson } from "../core/canonical-json.ts";
import { AppError } from "../core/errors.ts";
import { type IsoDate, addDays, dateOfDay, weekday } from "../core/time.ts";
import type { Parameters } from "../config/schema.ts";
import { decisionChain, decisionSteps, spanOf } from "../engine/run.ts";
import type { History } from "../market/history.ts";
import { truncateHistory } from "../market/truncate.ts";
import { type Strategy, strategyName } from "./deciders/decider.ts";
import { type MarketPath, pathUntil } from "./market-path.ts";
import { poisonedFrom, poisonedPath } from "./poison.ts";

/** How one thing behaved at every date: `differences` names the dates at which a later row changed a byte. */
export type LookaheadCheck = {
  readonly what: string;
  readonly future: "truncated" | "poisoned";
  readonly dates: number;
  readonly differences: readonly IsoDate[];
};

/** Something changed with its future. */
export class LookAheadError extends AppError {
  readonly code = "LOOK_AHEAD";
  readonly kind = "risk";

  constructor(checks: readonly LookaheadCheck[]) {
    const found = checks.flatMap(({ what, future, differences }) =>
      differences.slice(0, 1).map((date) => `${what} on ${date} (${future})`),
    );
    super(
      `Expected the same bytes whatever the future holds, found differences: ${found.join(", ")}. Use none of them.`,
    );
  }
}

const SEED = 50;

/**
 * Every Monday's decision, each step computed on a history without, or with a wrong, future from that Monday on.
 *
 * This is more than repeating the whole chain for some dates: each step of each chain is tried with its own future.
 */
export function checkDecisions(
  history: History,
  parameters: Parameters,
  progress: (done: string) => void,
): LookaheadCheck[] {
  const span = spanOf(history, parameters);
  const range = { first: span.first, last: addDays(span.last, -weekday(span.last)) };
  const expected = [...decisionChain(history, range, parameters)].map(canonicalJson);
  const futures = [
    ["truncated", (monday: IsoDate) => truncateHistory(history, monday)],
    ["poisoned", poisonedFrom(history, SEED)],
  ] as const;
  return futures.map(([future, historyOn]) => {
    progress(`decisions with a ${future} future`);
    const differences: IsoDate[] = [];
    let number = 0;
    for (const decision of decisionSteps(historyOn, range, parameters)) {
      if (canonicalJson(decision) !== expected[number]) differences.push(decision.date);
      number++;
    }
    return { what: "decide", future, dates: number, differences };
  });
}

/** Each strategy's wishes and exits up to each of `dates` Sundays, spread evenly over the path, on changed futures. */
export function checkStrategies(
  path: MarketPath,
  strategies: readonly Strategy[],
  plan: { readonly dates: number; readonly progress: (done: string) => void },
): LookaheadCheck[] {
  const count = Math.min(plan.dates, path.weekly.length - 1);
  const weeks = Array.from({ length: count }, (_, i) => Math.ceil(((i + 1) * (path.weekly.length - 1)) / count));
  const futures = [
    ["truncated", (known: number) => pathUntil(path, known)],
    ["poisoned", (known: number) => poisonedPath(path, known, SEED + known)],
  ] as const;
  return futures.flatMap(([future, pathOn]) => {
    const different = strategies.map((): IsoDate[] => []);
    for (const known of weeks) {
      const date = dateOfDay(path.firstDay + daysOf(known)); // the Monday after the last known Sunday
      plan.progress(`strategies on ${date} with a ${future} future`);
      const changed = pathOn(known); // one for all strategies, so that those of one decider ask it once
      strategies.forEach((strategy, i) => {
        if (said(changed, strategy, known) !== said(path, strategy, known)) different[i]?.push(date);
      });
    }
    const found = { future, dates: weeks.length };
    return strategies.map((strategy, i) => ({
      what: strategyName(strategy),
      ...found,
      differences: different[i] ?? [],
    }));
  });
}

/** What a strategy says of the first weeks of a path, as text. */
function said(path: MarketPath, { decider, exit }: Strategy, weeks: number): string {
  const wishes = decider.wishes(path).slice(0, weeks);
  const exits = exit?.exits(path).subarray(0, daysOf(weeks)) ?? [];
  return canonicalJson({ wishes: wishes.map((wish) => wish ?? null), exits: [...exits] });
}

function daysOf(weeks: number): number {
  return 7 * (weeks - 1) + 1;
}
