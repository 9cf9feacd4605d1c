// Turns the index's weekly path into its level at every day's close.
import { at } from "../core/statistics.ts";
import { valueOn } from "../market/history.ts";
import type { Composition } from "./compose.ts";
import type { IndexPath } from "./index-path.ts";

const WEEK_DAYS = 7;

/**
 * The level at each day from the first Sunday to the last; element 7·w is the weekly level of week w, as it is.
 *
 * Within a week the composition of its start is held; a coin without a price on a day counts at its last one.
 */
export function dailyLevels({ firstDay, levels, compositions }: IndexPath): Float64Array {
  const days = new Float64Array(WEEK_DAYS * (levels.length - 1) + 1);
  compositions.slice(0, -1).forEach((composition, w) => {
    const growth = growthWithin(composition, firstDay + WEEK_DAYS * w);
    for (let day = 0; day < WEEK_DAYS; day++) days[WEEK_DAYS * w + day] = at(levels, w) * at(growth, day);
  });
  days[days.length - 1] = at(levels, levels.length - 1);
  return days;
}

/** Level over that of the Sunday, from the Sunday to the Saturday after it. */
function growthWithin({ panel, week, coins, weights }: Composition, sunday: number): Float64Array {
  const growth = new Float64Array(WEEK_DAYS);
  const base = week * panel.coinIds.length;
  coins.forEach((coin, i) => {
    const [weight, start, series] = [at(weights, i), at(panel.columns.price, base + coin), panel.series[coin]];
    let last = start;
    for (let day = 0; day < WEEK_DAYS; day++) {
      const price = day === 0 || series === undefined ? Number.NaN : valueOn(series, "priceUsd", sunday + day);
      if (price > 0) last = price;
      growth[day] = at(growth, day) + weight * (last / start);
    }
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return total === 0 ? growth.fill(1) : growth.map((value) => value / total);
}
