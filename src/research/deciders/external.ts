// Turns signals from outside, or the wishes of several deciders, into wishes.
import type { Regime } from "../../regime/ensemble.ts";
import type { Decider, Wish } from "./decider.ts";

/** A regime that somebody stated at the close of a day. */
export type DatedSignal = { readonly day: number; readonly regime: Regime };

/** {day} An older signal says nothing any more. */
const MAX_AGE = 7;

/** The last signal of the week up to each Sunday's close. @param signals In any order; of one day, the last counts. */
export function externalDecider(signals: readonly DatedSignal[], name = "external"): Decider {
  const byDay = new Map(signals.map(({ day, regime }) => [day, regime]));
  return {
    name,
    wishes: ({ firstDay, weekly }) =>
      Array.from(weekly, (_, week): Wish => {
        const sunday = firstDay + 7 * week;
        for (let day = sunday; day > sunday - MAX_AGE; day--) {
          const regime = byDay.get(day);
          if (regime !== undefined) return regime;
        }
        return undefined;
      }),
  };
}

/** What more than half of the deciders want that can say; `undefined` for a tie and where none can. */
export function majorityDecider(deciders: readonly Decider[]): Decider {
  return {
    name: `majority(${deciders.map(({ name }) => name).join(",")})`,
    wishes: (path) => {
      const all = deciders.map((decider) => decider.wishes(path));
      return Array.from(path.weekly, (_, week): Wish => {
        const bulls = all.filter((wishes) => wishes[week] === "bull").length;
        const bears = all.filter((wishes) => wishes[week] === "bear").length;
        if (bulls === bears) return undefined;
        return bulls > bears ? "bull" : "bear";
      });
    },
  };
}
