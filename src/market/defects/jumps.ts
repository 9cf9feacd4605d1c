// Turns series into the days whose move is rare in truth and common in errors, and says who else saw it.
import { dateOfDay } from "../../core/time.ts";
import { type CoinSeries, type ProviderHistory, lastKnownDay, valueOn } from "../history.ts";
import { type Defect, defectOf } from "./defect.ts";
import type { DayList, ListedPlace } from "./lists.ts";
import type { Watch } from "./watched.ts";

/** A move from one day to the next, or over a gap of at most a week. */
export type Jump = {
  readonly coin: CoinSeries;
  readonly day: number;
  /** {USD/wholeTok} The last close before, and that of the day. */
  readonly before: number;
  readonly after: number;
};

/** Prices of another source under one label, by day, in ascending order. */
export type SecondSeries = {
  readonly source: string;
  readonly label: string;
  readonly days: readonly number[];
  /** {USD/wholeTok} */
  readonly prices: readonly number[];
};

/** {1} A price above three times, or under a quarter of, the day before's. */
const PRICE_UP = 3;
const PRICE_DOWN = 0.25;
/** {1} A circulating supply above double, or under half, the day before's. */
const SUPPLY_UP = 2;
const SUPPLY_DOWN = 0.5;
/** {1} A second source states a level when it is this near. */
const NEAR = 0.25;
/** {day} */
const LOOK_BACK = 7;
/** {1} Of a jump's logarithm that must be left between two lists. */
const HALF = 0.5;
/** {day} How far apart the two levels of a source that is not daily may lie from the jump. */
const REACH = 35;
/** {day} A jump that is undone within this time is marked. */
const RETURN = 14;

/** One-day price moves above +200 % or below -75 % of watched coins. */
export function priceJumps(history: ProviderHistory, watch: Watch): Jump[] {
  return history.coins.flatMap((coin) =>
    daysWatched(coin, watch).flatMap((day) => {
      const last = lastKnownDay(coin, "priceUsd", { day: day - 1, window: LOOK_BACK });
      const [before, after] = [valueOn(coin, "priceUsd", last ?? day - 1), valueOn(coin, "priceUsd", day)];
      const factor = after / before;
      return factor > PRICE_UP || factor < PRICE_DOWN ? [{ coin, day, before, after }] : [];
    }),
  );
}

/** Supplies (cap over price) of watched coins that double or halve within a day. */
export function supplyRevisions(history: ProviderHistory, watch: Watch): Defect[] {
  return history.coins.flatMap((coin) =>
    daysWatched(coin, watch).flatMap((day) => {
      const factor = supplyOn(coin, day) / supplyOn(coin, day - 1);
      if (!(factor > SUPPLY_UP || factor < SUPPLY_DOWN)) return [];
      const price = valueOn(coin, "priceUsd", day) / valueOn(coin, "priceUsd", day - 1);
      const about = { kind: "supply-revision", source: history.provider, coin: coin.coinId } as const;
      const detail = `supply x${short(factor)}, price x${short(price)}, market cap x${short(factor * price)}`;
      return [defectOf(about, { from: day, to: day }, detail)];
    }),
  );
}

/** What else is known of prices: series by day, and ranked lists of single days by their name. */
export type SecondSources = {
  readonly series: readonly SecondSeries[];
  readonly lists: ReadonlyMap<string, readonly DayList[]>;
};

/** The source that states both levels of a jump, in words; `undefined` when none does. */
export function sharedBy(jump: Jump, { series, lists }: SecondSources): string | undefined {
  const found = seriesWith(jump, series);
  if (found !== undefined) return `${found.source} ${found.label}`;
  for (const [list, days] of lists) {
    const shared = listWith(jump, days);
    if (shared !== undefined) return `${list} ${shared}`;
  }
  return undefined;
}

// Lists name coins by ticker, and tickers change hands: a place is the coin's when price and cap are the coin's, too.
function listWith(jump: Jump, lists: readonly DayList[]): string | undefined {
  const days = lists.map((list) => list[0]?.day ?? 0);
  const at = lastIndexBefore(days, jump.day);
  const [earlier, later] = [days[at], days[at + 1]];
  if (earlier === undefined || later === undefined) return undefined;
  if (jump.day - earlier > REACH || later - jump.day > REACH) return undefined;
  for (const before of placesOf(jump.coin, lists[at] ?? [])) {
    const after = placesOf(jump.coin, lists[at + 1] ?? []).find(({ symbol }) => symbol === before.symbol);
    const moved = Math.log((after?.priceUsd ?? Number.NaN) / (before.priceUsd ?? Number.NaN));
    if (moved / Math.log(jump.after / jump.before) > HALF) return before.symbol;
  }
  return undefined;
}

function placesOf(coin: CoinSeries, list: DayList): ListedPlace[] {
  return list.filter(
    ({ day, priceUsd, capUsd }) =>
      priceUsd !== null &&
      isNear(priceUsd, valueOn(coin, "priceUsd", day)) &&
      isNear(capUsd, valueOn(coin, "capUsd", day)),
  );
}

function seriesWith(jump: Jump, others: readonly SecondSeries[]): SecondSeries | undefined {
  return others.find((other) => {
    const at = lastIndexBefore(other.days, jump.day);
    if (other.days[at] !== jump.day - 1 || other.days[at + 1] !== jump.day) return false;
    return (
      isNear(other.prices[at] ?? Number.NaN, jump.before) && isNear(other.prices[at + 1] ?? Number.NaN, jump.after)
    );
  });
}

/** A jump that no second source shares, as a defect. */
export function jumpDefect({ coin, day, before, after }: Jump, source: string): Defect {
  const about = { kind: "jump", source, coin: coin.coinId } as const;
  const undone = undoneOn(coin, day, before);
  const back = undone === undefined ? "" : `, undone on ${dateOfDay(undone)}`;
  return defectOf(about, { from: day, to: day }, `price x${short(after / before)}, shared by no second source${back}`);
}

function undoneOn(coin: CoinSeries, day: number, before: number): number | undefined {
  for (let later = day + 1; later <= day + RETURN; later++) {
    if (isNear(valueOn(coin, "priceUsd", later), before)) return later;
  }
  return undefined;
}

function daysWatched(coin: CoinSeries, watch: Watch): number[] {
  const days: number[] = [];
  for (let day = coin.firstDay + 1; day < coin.firstDay + coin.priceUsd.length; day++) {
    if (watch(coin, day) || watch(coin, day - 1)) days.push(day);
  }
  return days;
}

function supplyOn(coin: CoinSeries, day: number): number {
  return valueOn(coin, "capUsd", day) / valueOn(coin, "priceUsd", day); // {wholeTok} = {USD} / {USD/wholeTok}
}

function isNear(price: number, level: number | undefined): boolean {
  return Math.abs(Math.log(price / (level ?? Number.NaN))) < NEAR;
}

/** Index of the last element below `day`; -1 without one. */
function lastIndexBefore(days: readonly number[], day: number): number {
  let [low, high] = [0, days.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((days[middle] ?? day) < day) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
