// Turns market history, opened anew each time, into the decisions and checks that the keeper asks for.
import type { Parameters } from "../config/schema.ts";
import type { IsoDate } from "../core/time.ts";
import { type BearCheck, type BearCheckStep, bearCheckStepAt } from "../engine/bear-check.ts";
import type { Decision } from "../engine/decision.ts";
import { type DecisionStep, stepAt } from "../engine/run.ts";
import type { History } from "../market/history.ts";

/** Where decisions come from. */
export interface DecisionSource {
  /** The decision of a Monday. @throws DateOutOfDataError while its data are not there. */
  weekly(monday: IsoDate): Promise<Decision>;
  /** The check of a day. @throws DateOutOfDataError while its data are not there. */
  bearCheck(date: IsoDate): Promise<BearCheck>;
}

/** What decisions go by, and where their snapshots go. */
export type DecisionSettings = {
  /** The fund's first day, from which its dwell and flips count. */
  readonly opened: IsoDate;
  readonly parameters: Parameters;
  /** Keeps what a weekly decision was taken from, before anybody acts on it; nothing is kept without it. */
  readonly publish?: (step: DecisionStep) => void;
  /** The same of a check by which the market is left. */
  readonly publishExit?: (step: BearCheckStep) => void;
};

/**
 * Decides from market history. A week's sound decision is taken once and then remembered: years of data may take longer
 * than a lease lasts, and the cycle after that must not begin anew.
 *
 * @param open Gives the history as it is now.
 */
export function decisionsFrom(
  open: () => Promise<History>,
  { opened, parameters, publish, publishExit }: DecisionSettings,
): DecisionSource {
  let last: Decision | undefined;
  return {
    weekly: async (monday) => {
      if (last?.date === monday) return last;
      const history = await open();
      const step = stepAt(history, { date: monday, opened }, parameters);
      const { decision } = step;
      publish?.(step);
      last = decision.defects.length === 0 ? decision : undefined;
      return decision;
    },
    bearCheck: async (date) => {
      const step = bearCheckStepAt(await open(), { date, opened }, parameters);
      if (step.check.verdict === "leave") publishExit?.(step);
      return step.check;
    },
  };
}
