// Turns later starts of the data into how long it takes until they decide the same.
import { type IsoDate, dateOfDay } from "../core/time.ts";
import type { Strategy } from "./deciders/decider.ts";
import { type ResearchData, indexPath } from "./index-path.ts";
import { marketPath } from "./market-path.ts";
import { regimePath } from "./regime-path.ts";
import type { ResearchRules } from "./rules.ts";

/** A start so much later, and what became of it. */
export type WarmUpCheck = {
  readonly start: IsoDate;
  readonly skippedWeeks: number;
  /** {week} From the start to the last Sunday on which the regimes differ; `null` when they still do at the end. */
  readonly weeksToAgree: number | null;
  /** {1} Share of the Sundays from the start on with the same regime. */
  readonly share_agreeing: number;
};

/** {week} */
const SKIPS = [13, 26, 52, 104, 156] as const;

/** The regime on every Sunday of later starts beside that of the whole history. */
export function checkWarmUp(data: ResearchData, rules: ResearchRules, strategy: Strategy): WarmUpCheck[] {
  const regimesFrom = (skip: number): { readonly firstDay: number; readonly bull: boolean[] } => {
    const path = marketPath(indexPath(data, rules, skip));
    const { inMarket } = regimePath(path, strategy, rules.regime);
    return { firstDay: path.firstDay, bull: Array.from(path.weekly, (_, w) => inMarket[7 * w] === 1) };
  };
  const whole = regimesFrom(0);
  return SKIPS.filter((skip) => skip < whole.bull.length / 2).map((skip) => {
    const late = regimesFrom(skip);
    const isSame = late.bull.map((bull, w) => bull === whole.bull[w + skip]);
    const lastDifference = isSame.lastIndexOf(false);
    return {
      start: dateOfDay(late.firstDay + 1),
      skippedWeeks: skip,
      weeksToAgree: lastDifference === isSame.length - 1 ? null : lastDifference + 1,
      share_agreeing: isSame.filter(Boolean).length / isSame.length,
    };
  });
}
