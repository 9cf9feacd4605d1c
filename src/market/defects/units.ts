// Turns histories and markets of exchanges into the prices that are stated in another unit.
import { dateOfDay } from "../../core/time.ts";
import { type ProviderHistory, valueOn } from "../history.ts";
import { type Defect, defectOf } from "./defect.ts";
import { type Jump, type SecondSeries } from "./jumps.ts";
import { pairsOf } from "./stale.ts";

/** {1} How near a factor must be to a power of ten. */
const NEAR = 0.03;
/** {day} Within which a price that was stated in another unit comes back. */
const RETURN = 30;

/** Jumps by a power of ten, of 100 or more, that are undone: a price in another unit. */
export function unitJumps(history: ProviderHistory, jumps: readonly Jump[]): Defect[] {
  return jumps.flatMap(({ coin, day, before, after }) => {
    const power = powerOf(after / before);
    if (power === undefined) return [];
    for (let later = day + 1; later <= day + RETURN; later++) {
      if (!(Math.abs(Math.log(valueOn(coin, "priceUsd", later) / before)) < Math.LN2)) continue;
      const about = { kind: "unit-error", source: history.provider, coin: coin.coinId } as const;
      const detail = `price times 10^${power} until ${dateOfDay(later - 1)}`;
      return [defectOf(about, { from: day, to: later - 1 }, detail)];
    }
    return [];
  });
}

/** Days on which a coin's price is a power of ten, of 100 or more, times that of the other provider's coin of its id. */
export function unitDifferences(history: ProviderHistory, other: ProviderHistory): Defect[] {
  return pairsOf(history, other).flatMap(([coin, twin]) => {
    const defects: Defect[] = [];
    coin.priceUsd.forEach((price, i) => {
      const day = coin.firstDay + i;
      const power = powerOf(price / valueOn(twin, "priceUsd", day));
      if (power === undefined) return;
      const about = { kind: "unit-error", source: history.provider, coin: coin.coinId } as const;
      defects.push(defectOf(about, { from: day, to: day }, `price 10^${power} times that of ${other.provider}`));
    });
    return defects;
  });
}

/** Markets whose name says that they are quoted for a multiple of the coin. */
export function multipleMarkets(markets: readonly SecondSeries[]): Defect[] {
  return markets.flatMap(({ source, label, days }) => {
    const multiple = /^(10{3,})[A-Z]/.exec(label)?.[1];
    const [from, to] = [days[0], days.at(-1)];
    if (multiple === undefined || from === undefined || to === undefined) return [];
    return [defectOf({ kind: "unit-error", source, coin: label }, { from, to }, `quoted for ${multiple} coins`)];
  });
}

function powerOf(factor: number): number | undefined {
  const power = Math.round(Math.log10(factor));
  return Math.abs(power) >= 2 && Math.abs(factor / 10 ** power - 1) < NEAR ? power : undefined;
}
