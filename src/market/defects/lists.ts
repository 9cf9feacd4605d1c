// Turns ranked lists of single days into what is wrong with them.
import { type Defect, type DefectKind, defectOf } from "./defect.ts";

/** A place of a ranked list. */
export type ListedPlace = {
  readonly list: string;
  readonly day: number;
  readonly rank: number;
  readonly symbol: string;
  /** {USD/wholeTok}; null where the list has none. */
  readonly priceUsd: number | null;
  /** {USD} */
  readonly capUsd: number;
  /** {wholeTok}; null where the list has none. */
  readonly supply: number | null;
};

/** {1} How far cap and price times supply may lie apart. */
const ROUNDING = 0.05;

/** Tickers that stand twice in a list of one day, lists that end early, prices that are missing, and wrong units. */
export function listDefects(places: readonly ListedPlace[]): Defect[] {
  return [...listsByDay(places)].flatMap(([, lists]) => [
    ...merged(lists.flatMap(repeatedTickers)),
    ...shortLists(lists),
    ...merged(missingPrices(lists)),
    ...merged(lists.flatMap(wrongUnits)),
  ]);
}

/** The lists of each name by day, in the order of the places. */
export function listsByDay(places: readonly ListedPlace[]): Map<string, DayList[]> {
  const lists = new Map<string, Map<number, ListedPlace[]>>();
  for (const place of places) {
    const days = lists.get(place.list) ?? new Map<number, ListedPlace[]>();
    lists.set(place.list, days);
    const present = days.get(place.day);
    if (present === undefined) days.set(place.day, [place]);
    else present.push(place);
  }
  return new Map([...lists].map(([list, days]) => [list, [...days.values()]]));
}

// What one ticker has wrong in the same way on several days is one defect.
function merged(defects: readonly Defect[]): Defect[] {
  const groups = new Map<string, Defect[]>();
  for (const defect of defects) {
    const key = `${defect.coin}\u0000${defect.detail.replace(/ at ranks? .*$/, "")}`;
    groups.set(key, [...(groups.get(key) ?? []), defect]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first, last] = [group[0], group.at(-1)];
    if (first === undefined || last === undefined) return [];
    const days = group.length === 1 ? "" : `, on ${group.length} days of the list`;
    return [{ ...first, to: last.to, detail: `${first.detail}${days}` }];
  });
}

/** The places of a list on one day. */
export type DayList = readonly ListedPlace[];

function about(
  kind: DefectKind,
  { list, day }: ListedPlace,
  { coin, detail }: { coin: string; detail: string },
): Defect {
  return defectOf({ kind, source: list, coin }, { from: day, to: day }, detail);
}

function repeatedTickers(list: DayList): Defect[] {
  const ranks = new Map<string, ListedPlace[]>();
  for (const place of list) ranks.set(place.symbol, [...(ranks.get(place.symbol) ?? []), place]);
  return [...ranks].flatMap(([symbol, places]) => {
    const [first] = places;
    if (first === undefined || places.length < 2) return [];
    const detail = `ticker at ranks ${places.map(({ rank }) => rank).join(", ")}`;
    return [about("ticker-reuse", first, { coin: symbol, detail })];
  });
}

// A list is as long as the longest of its days when most of its days are.
function shortLists(lists: readonly DayList[]): Defect[] {
  const longest = Math.max(...lists.map((list) => list.length));
  if (lists.filter((list) => list.length === longest).length * 2 < lists.length) return [];
  return lists.flatMap((list) => {
    const [first] = list;
    if (first === undefined || list.length === longest) return [];
    return [about("gap", first, { coin: "*", detail: `${list.length} of ${longest} places` })];
  });
}

function missingPrices(lists: readonly DayList[]): Defect[] {
  if (!lists.flat().some(({ priceUsd }) => priceUsd !== null)) return [];
  return lists.flatMap((list) =>
    list
      .filter(({ priceUsd }) => priceUsd === null)
      .map((place) => about("gap", place, { coin: place.symbol, detail: `no price at rank ${place.rank}` })),
  );
}

function wrongUnits(list: DayList): Defect[] {
  const wrong = list.flatMap((place) => {
    if (place.priceUsd === null || place.supply === null) return [];
    const factor = (place.priceUsd * place.supply) / place.capUsd; // {1} = {USD/wholeTok} * {wholeTok} / {USD}
    return Math.abs(factor - 1) > ROUNDING ? [{ place, factor }] : [];
  });
  return wrong.map(({ place, factor }) => {
    const power = Math.round(Math.log10(factor));
    const isPower = power !== 0 && Math.abs(factor / 10 ** power - 1) < ROUNDING;
    const detail = `price times supply is ${isPower ? `10^${power}` : `${Number(factor.toPrecision(3))}`} times the market cap`;
    return about("unit-error", place, { coin: place.symbol, detail });
  });
}
