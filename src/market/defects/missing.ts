// Turns histories and dated series into the days on which something known before and after is missing.
import { type CoinSeries, type ProviderHistory, valueOn } from "../history.ts";
import { ALL_COINS, type Defect, type DefectAbout, defectOf, plural, runsOfDays } from "./defect.ts";
import type { Watch } from "./watched.ts";

/** {day} A cap that is unknown for fewer days changes no average of seven. */
const CAP_DAYS = 4;
/** {1} Share of the steps of a series that must be equal for its longer steps to be gaps. */
const REGULAR = 0.95;
/** A day is the provider's gap when this share of its coins, and this many, have no row. */
const NEARLY_ALL = 0.9;
const LEAST_COINS = 5;

/** Days without a row of nearly every coin of the provider, and each coin's own days without a row. */
export function missingRows(history: ProviderHistory): Defect[] {
  const about = { kind: "gap", source: history.provider } as const;
  const empty = emptyDays(history);
  const whole = runsOfDays(history.firstDay, history.lastDay, (day) => empty.has(day)).map((run) => {
    const missing = Math.max(...daysOf(run).map((day) => empty.get(day) ?? 0));
    return defectOf({ ...about, coin: ALL_COINS }, run, `${plural(missing, "coin")} have no row`);
  });
  const own = history.coins.flatMap((coin) =>
    runsOfDays(coin.firstDay, lastDayOf(coin), (day) => !hasRow(coin, day) && !empty.has(day)).map((run) =>
      defectOf({ ...about, coin: coin.coinId }, run, `no row for ${plural(run.to - run.from + 1, "day")}`),
    ),
  );
  return [...whole, ...own];
}

// Days on which nearly all coins with rows before and after have none, with their count.
function emptyDays(history: ProviderHistory): Map<number, number> {
  const days = new Map<number, number>();
  for (let day = history.firstDay; day <= history.lastDay; day++) {
    const listed = history.coins.filter((coin) => coin.firstDay < day && day < lastDayOf(coin));
    const missing = listed.filter((coin) => !hasRow(coin, day)).length;
    if (missing >= LEAST_COINS && missing >= NEARLY_ALL * listed.length) days.set(day, missing);
  }
  return days;
}

function hasRow(coin: CoinSeries, day: number): boolean {
  return !Number.isNaN(valueOn(coin, "priceUsd", day));
}

function daysOf({ from, to }: { readonly from: number; readonly to: number }): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

/** Market caps that are unknown for days, of coins that were watched just before, and the days before any volume. */
export function missingCaps(history: ProviderHistory, watch: Watch): Defect[] {
  const caps = history.coins.flatMap((coin) =>
    runsOfDays(
      coin.firstDay,
      lastDayOf(coin),
      (day) => valueOn(coin, "priceUsd", day) > 0 && !(valueOn(coin, "capUsd", day) > 0),
    )
      .filter((run) => run.to - run.from + 1 >= CAP_DAYS && watch(coin, run.from - 1))
      .map((run) => {
        const before = Math.round(valueOn(coin, "capUsd", run.from - 1) / 1e6);
        const days = plural(run.to - run.from + 1, "day");
        const about = { kind: "gap", source: history.provider, coin: coin.coinId } as const;
        return defectOf(about, run, `market cap unknown for ${days}, ${before} M USD before`);
      }),
  );
  return [...volumelessStart(history), ...caps];
}

function volumelessStart(history: ProviderHistory): Defect[] {
  const firsts = history.coins.map(
    (coin) => coin.firstDay + coin.volumeUsd.findIndex((volume) => !Number.isNaN(volume)),
  );
  const known = firsts.filter((first, i) => first >= (history.coins[i] as CoinSeries).firstDay);
  const to = Math.min(...known) - 1;
  if (!Number.isFinite(to) || to < history.firstDay) return [];
  const about = { kind: "gap", source: history.provider, coin: ALL_COINS } as const;
  return [defectOf(about, { from: history.firstDay, to }, "no coin has a volume")];
}

/** Days on which one series of a table has a row, in ascending order. */
export type DatedSeries = { readonly table: string; readonly series: string; readonly days: readonly number[] };

/** Steps of a regular series that are longer than its usual one. Irregular series have none. */
export function missingSteps({ table, series, days }: DatedSeries): Defect[] {
  const steps = days.slice(1).map((day, i) => day - (days[i] ?? day));
  const usual = mostFrequent(steps);
  const regular = steps.filter((step) => step === usual).length;
  if (usual === undefined || regular < REGULAR * steps.length) return [];
  const about: DefectAbout = { kind: "gap", source: table, coin: series };
  return steps.flatMap((step, i) => {
    const last = days[i] ?? 0;
    if (step <= usual) return [];
    const missing = Math.round(step / usual) - 1;
    return [defectOf(about, { from: last + usual, to: last + step - 1 }, `${plural(missing, "row")} missing`)];
  });
}

function mostFrequent(values: readonly number[]): number | undefined {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}

function lastDayOf(coin: CoinSeries): number {
  return coin.firstDay + coin.priceUsd.length - 1;
}
