// Turns a regime path and costs into the weekly returns of a fund that follows it.
import { OutOfRangeError } from "../core/errors.ts";
import { at } from "../core/statistics.ts";
import { type IsoDate, dateOfDay, dayNumber } from "../core/time.ts";
import type { WeeklyCosts } from "./costs.ts";
import type { MarketPath } from "./market-path.ts";
import type { RegimePath } from "./regime-path.ts";

/** How a fund is run. */
export type FundPlan = {
  readonly costs: WeeklyCosts;
  /** {day} From the close that a switch is decided on to the close that it is traded at. */
  readonly delayDays: number;
  /** {1/year} Simple interest of stablecoins, a 365th of it a day. */
  readonly cashRate: number;
  /** Closes of the first and the last return, both included. */
  readonly range: { readonly from: IsoDate; readonly to: IsoDate };
};

/** What a fund did. Week i is that of `dates[i]`, its closing Sunday. */
export type FundRun = {
  /** Week of the path at whose close the first return begins. */
  readonly firstWeek: number;
  readonly dates: readonly IsoDate[];
  readonly returns: readonly number[];
  /** {1} Share of each week's days in the market. */
  readonly positions: readonly number[];
  /** Trades into or out of the market within the range, the first position left out. */
  readonly switches: number;
  /** {1} Wealth at each day's close from the start of the first week on, which has 1. */
  readonly wealth: readonly number[];
};

const WEEK_DAYS = 7;
const YEAR_DAYS = 365;

/**
 * Follows a regime path at closes. The cost of a switch is multiplied in at the switch and belongs to the week after it.
 *
 * @throws OutOfRangeError when the range holds fewer than two weeks of the path.
 */
export function runFund(path: MarketPath, { inMarket }: RegimePath, plan: FundPlan): FundRun {
  const [first, last] = weeksOf(path, plan.range);
  const held = (day: number): number => (day < plan.delayDays ? 0 : (inMarket[day - plan.delayDays] ?? 0));
  const wealth = [1];
  const switchDays: number[] = [];
  let value = 1;
  for (let day = WEEK_DAYS * first; day < WEEK_DAYS * last; day++) {
    const position = held(day);
    const week = Math.floor(day / WEEK_DAYS);
    if (position !== held(day - 1)) {
      value *= 1 - at(plan.costs.ofSwitch, week);
      if (day > WEEK_DAYS * first) switchDays.push(day);
    } else if (position === 1 && day % WEEK_DAYS === 0) value *= 1 - at(plan.costs.ofStaying, week);
    value *= position === 1 ? at(path.daily, day + 1) / at(path.daily, day) : 1 + plan.cashRate / YEAR_DAYS;
    wealth.push(value);
  }
  const weeks = Array.from({ length: last - first }, (_, i) => i);
  return {
    firstWeek: first,
    dates: weeks.map((i) => dateOfDay(path.firstDay + WEEK_DAYS * (first + i + 1))),
    returns: weeks.map((i) => at(wealth, WEEK_DAYS * (i + 1)) / at(wealth, WEEK_DAYS * i) - 1),
    positions: weeks.map((i) => meanPosition(held, WEEK_DAYS * (first + i))),
    switches: switchDays.length,
    wealth,
  };
}

function meanPosition(held: (day: number) => number, sunday: number): number {
  let days = 0;
  for (let day = sunday; day < sunday + WEEK_DAYS; day++) days += held(day);
  return days / WEEK_DAYS;
}

/** Weeks of the closes before the first return and of the last one. */
function weeksOf({ firstDay, weekly }: MarketPath, { from, to }: FundPlan["range"]): readonly [number, number] {
  const first = Math.max(0, Math.ceil((dayNumber(from) - firstDay) / WEEK_DAYS) - 1);
  const last = Math.min(weekly.length - 1, Math.floor((dayNumber(to) - firstDay) / WEEK_DAYS));
  if (last - first < 2) {
    const span = `${dateOfDay(firstDay)} to ${dateOfDay(firstDay + WEEK_DAYS * (weekly.length - 1))}`;
    throw new OutOfRangeError("range", `${from} to ${to}`, `two weeks or more of ${span}`);
  }
  return [first, last];
}
