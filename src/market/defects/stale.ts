// Turns histories into the days on which a provider repeats what it said before, or says what belongs to another day.
import { dateOfDay } from "../../core/time.ts";
import { type CoinSeries, type ProviderHistory, valueOn } from "../history.ts";
import { ALL_COINS, type Defect, defectOf, plural, runsOfDays } from "./defect.ts";
import type { Watch } from "./watched.ts";

/** {1} Share of the watched coins that must repeat on one day for the day to be the provider's. */
const MOST = 0.3;
/** {day} A watched coin whose rows end earlier than this before the provider's last day has ended. */
const ENDED = 7;
/** {1} Median difference between two providers above which a day is looked at, and how much nearer another must be. */
const APART = 0.02;
const NEARER = 3;
/** Coins that two providers must share for a comparison. */
const LEAST_PAIRS = 5;

/** Days on which price and volume of a watched coin repeat those of the day before to the last digit. */
export function repeatedRows(history: ProviderHistory, watch: Watch): Defect[] {
  const counts = new Map<number, number>();
  const runs = history.coins.flatMap((coin) => {
    const last = coin.firstDay + coin.priceUsd.length - 1;
    const found = runsOfDays(coin.firstDay + 1, last, (day) => watch(coin, day) && repeats(coin, day));
    for (const { from, to } of found) for (let day = from; day <= to; day++) count(counts, day);
    return found.map((run) => ({ coin: coin.coinId, ...run }));
  });
  const common = new Set(
    [...counts].filter(([day, n]) => n > LEAST_PAIRS && n > MOST * watched(history, watch, day)).map(([day]) => day),
  );
  const about = { kind: "stale", source: history.provider } as const;
  const whole = [...common].map((day) =>
    defectOf(
      { ...about, coin: ALL_COINS },
      { from: day, to: day },
      `${plural(counts.get(day) ?? 0, "coin")} repeat the day before`,
    ),
  );
  const own = runs
    .filter(({ from, to }) => !(from === to && common.has(from)))
    .map((run) => defectOf({ ...about, coin: run.coin }, run, "price and volume repeat the day before"));
  return [...whole, ...own];
}

/** Coins that were watched on their last day, which lies more than a week before the provider's. */
export function endedSeries(history: ProviderHistory, watch: Watch): Defect[] {
  return history.coins.flatMap((coin) => {
    const last = coin.firstDay + coin.priceUsd.length - 1;
    if (last >= history.lastDay - ENDED || !watch(coin, last)) return [];
    const about = { kind: "stale", source: history.provider, coin: coin.coinId } as const;
    return [defectOf(about, { from: last + 1, to: history.lastDay }, `no row after ${dateOfDay(last)}`)];
  });
}

/**
 * Days on which the closes of `history` are those that `other` states for the day before or after.
 *
 * Coins are paired by id for this comparison alone, and only where their prices agree within 5 % on most days.
 */
export function shiftedDays(history: ProviderHistory, other: ProviderHistory): Defect[] {
  const pairs = pairsOf(history, other);
  const defects: Defect[] = [];
  const [from, to] = [Math.max(history.firstDay, other.firstDay), Math.min(history.lastDay, other.lastDay)];
  for (let day = from; day <= to; day++) {
    const apart = difference(pairs, day, 0);
    if (!(apart > APART)) continue;
    const [nearest] = [-1, 1]
      .map((shift) => ({ shift, difference: difference(pairs, day, shift) }))
      .filter((shifted) => shifted.difference * NEARER < apart)
      .sort((left, right) => left.difference - right.difference);
    if (nearest === undefined) continue;
    const about = { kind: "stale", source: history.provider, coin: ALL_COINS } as const;
    const close = `the close of ${dateOfDay(day + nearest.shift)} of ${other.provider}`;
    const detail = `carries ${close}: ${percent(nearest.difference)} from it, ${percent(apart)} from its own day`;
    defects.push(defectOf(about, { from: day, to: day }, detail));
  }
  return defects;
}

type Pair = readonly [CoinSeries, CoinSeries];

/** Coins of one id whose prices agree within 5 % on most of their common days. */
export function pairsOf(history: ProviderHistory, other: ProviderHistory): Pair[] {
  const byId = new Map(other.coins.map((coin) => [coin.coinId, coin]));
  return history.coins.flatMap((coin) => {
    const twin = byId.get(coin.coinId);
    if (twin === undefined) return [];
    const ratios: number[] = [];
    coin.priceUsd.forEach((price, i) => {
      const ratio = Math.abs(Math.log(price / valueOn(twin, "priceUsd", coin.firstDay + i)));
      if (!Number.isNaN(ratio)) ratios.push(ratio);
    });
    return median(ratios) < 0.05 ? [[coin, twin] as const] : [];
  });
}

// {1} Median over the pairs; NaN with too few.
function difference(pairs: readonly Pair[], day: number, shift: number): number {
  const ratios = pairs
    .map(([a, b]) => Math.abs(Math.log(valueOn(a, "priceUsd", day) / valueOn(b, "priceUsd", day + shift))))
    .filter((ratio) => !Number.isNaN(ratio));
  return ratios.length < LEAST_PAIRS ? Number.NaN : median(ratios);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function repeats(coin: CoinSeries, day: number): boolean {
  const volume = valueOn(coin, "volumeUsd", day);
  return (
    volume > 0 &&
    volume === valueOn(coin, "volumeUsd", day - 1) &&
    valueOn(coin, "priceUsd", day) === valueOn(coin, "priceUsd", day - 1)
  );
}

function watched(history: ProviderHistory, watch: Watch, day: number): number {
  return history.coins.filter((coin) => watch(coin, day)).length;
}

function count(counts: Map<number, number>, day: number): void {
  counts.set(day, (counts.get(day) ?? 0) + 1);
}

function percent(value: number): string {
  return `${(value * 100).toFixed(1)} %`;
}
