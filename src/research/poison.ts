// Turns market data into the same data with a future that is wrong.
import { randomStream } from "../core/random.ts";
import { type IsoDate, dayNumber } from "../core/time.ts";
import type { CoinSeries, History, RankedList, ReferenceCloses } from "../market/history.ts";
import { type MarketPath, pathUntil } from "./market-path.ts";
import type { Panel, PanelColumns } from "./panel.ts";

const COLUMNS = ["priceUsd", "capUsd", "volumeUsd"] as const;
/** {1} Share of poisoned values that are unknown; the others are off by up to a factor of ten either way. */
const UNKNOWN_SHARE = 0.2;
/** {week} Poison after the close: enough to reach any figure of the next weeks and one refit of a model. */
const POISON_WEEKS = 8;

/**
 * The history in which every row dated the asked day or later is wrong. Ask in ascending order: what was the future
 * becomes true as the days go by, in place.
 */
export function poisonedFrom(history: History, seed: number): (date: IsoDate) => History {
  const stream = randomStream(seed);
  const wrong = (value: number): number =>
    stream.uniform() < UNKNOWN_SHARE ? Number.NaN : value * 10 ** (2 * stream.uniform() - 1);
  const pairs = history.providers.map(({ coins }) =>
    coins.map((coin) => ({ coin, poisoned: poisonedCoin(coin, wrong) })),
  );
  const result = {
    flags: history.flags,
    providers: history.providers.map((provider, i) => ({
      ...provider,
      coins: (pairs[i] ?? []).map(({ poisoned }) => poisoned),
    })),
  };
  return (date) => {
    const day = dayNumber(date);
    for (const { coin, poisoned } of pairs.flat()) reveal(coin, poisoned, day);
    const references = history.references.map((one) => poisonedCloses(one, day, wrong));
    const lists = history.lists.map((list) => (list.day < day ? list : poisonedList(list, wrong)));
    return { ...result, references, lists };
  };
}

function poisonedList({ day, places }: RankedList, wrong: (value: number) => number): RankedList {
  return { day, places: places.map((place) => ({ ...place, capUsd: wrong(place.capUsd) })) };
}

function poisonedCoin(coin: CoinSeries, wrong: (value: number) => number): CoinSeries {
  return {
    ...coin,
    priceUsd: coin.priceUsd.map(wrong),
    capUsd: coin.capUsd.map(wrong),
    volumeUsd: coin.volumeUsd.map(wrong),
  };
}

function poisonedCloses(
  { source, closes }: ReferenceCloses,
  fromDay: number,
  wrong: (value: number) => number,
): ReferenceCloses {
  return { source, closes: new Map([...closes].map(([day, price]) => [day, day < fromDay ? price : wrong(price)])) };
}

function reveal(coin: CoinSeries, poisoned: CoinSeries, day: number): void {
  const length = Math.min(coin.priceUsd.length, Math.max(0, day - coin.firstDay));
  for (const column of COLUMNS) poisoned[column].set(coin[column].subarray(0, length));
}

/** The path that is true up to the close of week `weeks - 1`, and wrong for the weeks after it: levels, grades, coins. */
export function poisonedPath(path: MarketPath, weeks: number, seed: number): MarketPath {
  const { uniform } = randomStream(seed);
  const long = pathUntil(path, Math.min(path.weekly.length, weeks + POISON_WEEKS));
  const wrongAfter = (values: Float64Array, known: number): Float64Array =>
    values.map((value, i) => (i < known ? value : value * 10 ** (2 * uniform() - 1)));
  const panels = new Map<Panel, Panel>();
  const compositions = long.compositions.map((composition, w) => {
    const lastWeeks = path.compositions.slice(0, weeks).filter(({ panel }) => panel === composition.panel);
    const poisoning = { lastWeek: lastWeeks.at(-1)?.week ?? -1, uniform };
    const panel = panels.get(composition.panel) ?? poisonedPanel(composition.panel, poisoning);
    panels.set(composition.panel, panel);
    const coins = w < weeks ? composition.coins : [...composition.coins].reverse();
    return { ...composition, panel, coins };
  });
  return {
    ...long,
    weekly: wrongAfter(long.weekly, weeks),
    daily: wrongAfter(long.daily, 7 * (weeks - 1) + 1),
    quality: long.quality.map((value, w) => (w < weeks ? value : { ...value, missingWeight: uniform() })),
    compositions,
  };
}

type Poisoning = { readonly lastWeek: number; readonly uniform: () => number };

/** A panel whose weeks after the last known one are wrong. */
function poisonedPanel(panel: Panel, { lastWeek, uniform }: Poisoning): Panel {
  const from = (lastWeek + 1) * panel.coinIds.length;
  const wrong = <Column extends PanelColumns[keyof PanelColumns]>(column: Column): Column => {
    const copy = column.slice() as Column;
    for (let i = from; i < copy.length; i++) copy[i] = (copy[i] ?? 0) * 10 ** (2 * uniform() - 1);
    return copy;
  };
  const { averageCap, cap, price, priceAge, close, volume, listedDays, isLeftOut } = panel.columns;
  const columns = {
    averageCap: wrong(averageCap),
    cap: wrong(cap),
    price: wrong(price),
    priceAge: wrong(priceAge),
    close: wrong(close),
    volume: wrong(volume),
    listedDays: wrong(listedDays),
    isLeftOut: wrong(isLeftOut),
  };
  return { ...panel, columns };
}
