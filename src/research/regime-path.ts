// Turns wishes and exits into the regime of every day, within the limits on returns to bull.
import { type IsoDate, dateOfDay } from "../core/time.ts";
import { type HoldReason, INITIAL_REGIME, type Regime, type RegimeState, settleRegime } from "../regime/ensemble.ts";
import type { RegimeParameters } from "../regime/parameters.ts";
import type { Strategy, Wish } from "./deciders/decider.ts";
import type { MarketPath } from "./market-path.ts";

/** A change of regime. */
export type Switch = {
  /** Day of the close that it was decided on, counted from the path's first. */
  readonly day: number;
  /** Date of the decision: the day after that close. */
  readonly date: IsoDate;
  readonly to: Regime;
  /** A daily check led to it rather than the week's decision. */
  readonly isDaily: boolean;
};

/** The regime at each day's close. */
export type RegimePath = {
  /** 1 in the market from the close of the day on, 0 in stablecoins. */
  readonly inMarket: Uint8Array;
  readonly switches: readonly Switch[];
  /** What held the regime at each Sunday. */
  readonly heldBy: readonly (HoldReason | undefined)[];
};

const WEEK_DAYS = 7;

/** Entry on Sundays, exit on any day. */
export function regimePath(path: MarketPath, strategy: Strategy, parameters: RegimeParameters): RegimePath {
  const wishOn = wishesByDay(path, strategy);
  const inMarket = new Uint8Array(path.daily.length);
  const switches: Switch[] = [];
  const heldBy: (HoldReason | undefined)[] = [];
  let state: RegimeState = INITIAL_REGIME;
  for (let day = 0; day < inMarket.length; day++) {
    const isSunday = day % WEEK_DAYS === 0;
    const wanted = wishOn(day);
    const quality = isSunday ? path.quality[day / WEEK_DAYS] : undefined;
    const date = dateOfDay(path.firstDay + day + 1);
    const held = wanted && settleRegime({ date, wanted, quality }, state, parameters);
    if (isSunday) heldBy.push(held === undefined ? "warm-up" : held.heldBy);
    const next = held?.next ?? state;
    if (next.regime !== state.regime) switches.push({ day, date, to: next.regime, isDaily: !isSunday });
    state = next;
    inMarket[day] = state.regime === "bull" ? 1 : 0;
  }
  return { inMarket, switches, heldBy };
}

/** What is wanted at a day's close: to leave where the daily check says so, else on Sundays what the decider wants. */
function wishesByDay(path: MarketPath, { decider, exit }: Strategy): (day: number) => Wish {
  const wishes = decider.wishes(path);
  const exits = exit?.exits(path);
  return (day) => {
    if (exits?.[day] === 1) return "bear";
    return day % WEEK_DAYS === 0 ? wishes[day / WEEK_DAYS] : undefined;
  };
}
