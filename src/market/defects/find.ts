// Turns everything a data folder holds into the list of its defects, and the jumps that a second source shares.
import { type IsoDate, dateOfDay } from "../../core/time.ts";
import type { ProviderHistory } from "../history.ts";
import { DEFECT_KINDS, type Defect } from "./defect.ts";
import { type Jump, type SecondSeries, jumpDefect, priceJumps, sharedBy, supplyRevisions } from "./jumps.ts";
import { type ListedPlace, listDefects, listsByDay } from "./lists.ts";
import { type DatedSeries, missingCaps, missingRows, missingSteps } from "./missing.ts";
import { endedSeries, repeatedRows, shiftedDays } from "./stale.ts";
import { reusedTickers } from "./tickers.ts";
import { multipleMarkets, unitDifferences, unitJumps } from "./units.ts";
import { watchOf } from "./watched.ts";

/** What is looked at. */
export type CheckInput = {
  readonly providers: readonly ProviderHistory[];
  readonly lists: readonly ListedPlace[];
  /** Daily candles of exchanges. */
  readonly markets: readonly SecondSeries[];
  /** Days with rows of every other table. */
  readonly dated: readonly DatedSeries[];
};

/** A jump that another source saw too. */
export type SharedJump = {
  readonly source: string;
  readonly coin: string;
  readonly date: IsoDate;
  /** {1} */
  readonly factor: number;
  readonly sharedBy: string;
};

/** What was found, by kind, source, coin and day. */
export type CheckResult = { readonly defects: readonly Defect[]; readonly sharedJumps: readonly SharedJump[] };

/** Every defect of the data. */
export function findDefects(input: CheckInput): CheckResult {
  const byProvider = input.providers.map((history) => ofProvider(history, input));
  const defects = [
    ...byProvider.flatMap((found) => found.defects),
    ...listDefects(input.lists),
    ...input.dated.flatMap(missingSteps),
    ...multipleMarkets(input.markets),
  ];
  return { defects: defects.sort(inOrder), sharedJumps: byProvider.flatMap((found) => found.sharedJumps) };
}

function ofProvider(history: ProviderHistory, input: CheckInput): CheckResult {
  const watch = watchOf(history);
  const others = input.providers.filter(({ provider }) => provider !== history.provider);
  // Lists of CoinGecko repeat its own rows.
  const lists = listsByDay(input.lists.filter(({ list }) => !list.startsWith("coingecko")));
  const second = { series: [...others.flatMap(seriesOf), ...input.markets], lists };
  const jumps = priceJumps(history, watch).map((jump) => ({ jump, shared: sharedBy(jump, second) }));
  const alone = jumps.filter(({ shared }) => shared === undefined);
  return {
    defects: [
      ...missingRows(history),
      ...missingCaps(history, watch),
      ...repeatedRows(history, watch),
      ...endedSeries(history, watch),
      ...others.flatMap((other) => (history.provider === "coingecko" ? shiftedDays(history, other) : [])),
      ...alone.map(({ jump }) => jumpDefect(jump, history.provider)),
      ...supplyRevisions(history, watch),
      ...reusedTickers(history, watch),
      ...unitJumps(
        history,
        alone.map(({ jump }) => jump),
      ),
      ...others.flatMap((other) => unitDifferences(history, other)),
    ],
    sharedJumps: jumps.flatMap(({ jump, shared }) =>
      shared === undefined ? [] : [sharedJump(jump, history.provider, shared)],
    ),
  };
}

function sharedJump({ coin, day, before, after }: Jump, source: string, shared: string): SharedJump {
  const factor = Number((after / before).toPrecision(4));
  return { source, coin: coin.coinId, date: dateOfDay(day), factor, sharedBy: shared };
}

function seriesOf({ provider, coins }: ProviderHistory): SecondSeries[] {
  return coins.map(({ coinId, firstDay, priceUsd }) => {
    const known = [...priceUsd].flatMap((price, i) => (Number.isNaN(price) ? [] : [[firstDay + i, price] as const]));
    return {
      source: provider,
      label: coinId,
      days: known.map(([day]) => day),
      prices: known.map(([, price]) => price),
    };
  });
}

function inOrder(a: Defect, b: Defect): number {
  const kind = DEFECT_KINDS.indexOf(a.kind) - DEFECT_KINDS.indexOf(b.kind);
  if (kind !== 0) return kind;
  const [left, right] = [a, b].map(({ source, coin, date }) => `${source}\u0000${coin}\u0000${date}`);
  return (left ?? "") < (right ?? "") ? -1 : 1;
}
