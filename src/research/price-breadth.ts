// Turns the closes of the index's coins into the share of them that are above their own long mean.
import { at } from "../core/statistics.ts";
import type { Composition } from "./compose.ts";
import type { MarketPath } from "./market-path.ts";

/** {week} Of the mean: as many as the 200 days of a stock chart have, 280 days of a market that never closes. */
export const BREADTH_WEEKS = 40;
/** Fewer members with so long a history say nothing: one of them moves the share by five points. */
export const LEAST_MEMBERS = 20;

/**
 * {1} Share of the index's coins whose close is above the mean of their last 40 Sunday closes, this one included, at each
 * Sunday. A coin without a close in each of those weeks is left out above and below the line. NaN where fewer than
 * {@link LEAST_MEMBERS} are left.
 */
export function priceBreadthOf({ compositions }: Pick<MarketPath, "compositions">): Float64Array {
  return Float64Array.from(compositions, (composition) => {
    const sides = composition.coins.map((coin) => isAboveMean(composition, coin)).filter((side) => side !== undefined);
    return sides.length < LEAST_MEMBERS ? Number.NaN : sides.filter(Boolean).length / sides.length;
  });
}

/** `undefined` when the coin has not been known in each week of the mean. */
function isAboveMean({ panel, week }: Composition, coin: number): boolean | undefined {
  const { close } = panel.columns;
  let total = 0;
  for (let ago = 0; ago < BREADTH_WEEKS; ago++) {
    // Before the panel's first week, as where a week has no close, nothing is known.
    total += week < ago ? Number.NaN : at(close, (week - ago) * panel.coinIds.length + coin);
  }
  return Number.isNaN(total) ? undefined : at(close, week * panel.coinIds.length + coin) > total / BREADTH_WEEKS;
}
