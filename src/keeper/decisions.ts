// Turns market history, opened anew each time, into the decisions and checks that the keeper asks for.
import type { Parameters } from "../config/schema.ts";
import type { IsoDate } from "../core/time.ts";
import { type BearCheck, bearCheckAt } from "../engine/bear-check.ts";
import type { Decision } from "../engine/decision.ts";
import { decisionAt } from "../engine/run.ts";
import type { History } from "../market/history.ts";

/** Where decisions come from. */
export interface DecisionSource {
  /** The decision of a Monday. @throws DateOutOfDataError while its data are not there. */
  weekly(monday: IsoDate): Promise<Decision>;
  /** The check of a day. @throws DateOutOfDataError while its data are not there. */
  bearCheck(date: IsoDate): Promise<BearCheck>;
}

/**
 * Decides from market history. A week's sound decision is taken once and then remembered: years of data may take longer
 * than a lease lasts, and the cycle after that must not begin anew.
 *
 * @param open Gives the history as it is now.
 * @param opened The fund's first day, from which its dwell and flips count.
 */
export function decisionsFrom(
  open: () => Promise<History>,
  { opened, parameters }: { readonly opened: IsoDate; readonly parameters: Parameters },
): DecisionSource {
  let last: Decision | undefined;
  return {
    weekly: async (monday) => {
      if (last?.date === monday) return last;
      const history = await open();
      const decision = decisionAt(history, { date: monday, opened }, parameters);
      last = decision.defects.length === 0 ? decision : undefined;
      return decision;
    },
    bearCheck: async (date) => bearCheckAt(await open(), { date, opened }, parameters),
  };
}
