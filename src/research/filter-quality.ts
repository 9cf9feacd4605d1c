// Turns market history and the labels of a list of coins into how well tests without labels do.
import { sum } from "../core/statistics.ts";
import { type IsoDate, addDays } from "../core/time.ts";
import { closeBefore, providerAt } from "../engine/calendar.ts";
import { spanOf } from "../engine/run.ts";
import type { Parameters } from "../config/schema.ts";
import type { CoinFlags, CoinSeries, History, ProviderHistory } from "../market/history.ts";
import { type CoinObservation, observeCoins } from "../universe/observe.ts";
import { byValueDescending } from "../universe/rank.ts";
import { shadowsAmong } from "../universe/shadow.ts";

/** The peg test finds stablecoins; the shadow test finds wrapped and staked tokens; either finds both kinds. */
const FILTERS = ["peg", "shadow", "either"] as const;
type Filter = (typeof FILTERS)[number];

/** How much of something was labelled and found, labelled and missed, or found without the label. */
export type Tally = { readonly found: number; readonly missed: number; readonly unlabelled: number };

/** {1} Of what was found, the share that is labelled; NaN where nothing was found. */
export function precisionOf({ found, unlabelled }: Tally): number {
  return found / (found + unlabelled);
}

/** {1} Of what is labelled, the share that was found; NaN where nothing is labelled. */
export function recallOf({ found, missed }: Tally): number {
  return found / (found + missed);
}

/** One coin that a test and its label disagree about on at least one Monday. */
export type Disagreement = {
  readonly coinId: string;
  /** Mondays on which the coin was a case, and on how many of them the test found it. */
  readonly mondays: number;
  readonly foundOn: number;
  /** Among all coins by average cap, on its best Monday. */
  readonly bestRank: number;
  /** What it repeats, most lately; `null` where nothing. */
  readonly repeats: string | null;
};

/**
 * How one test does. A case is a coin on a Monday on which it is among the 150 largest, has been listed for 90 days and
 * its provider's list of coins states flags.
 */
export type FilterQuality = {
  readonly filter: Filter;
  readonly mondays: Tally;
  /** A coin counts as found when it was on one Monday or more. */
  readonly coins: Tally;
  /** {1} Of the market cap of all cases of a Monday, as a mean over Mondays. */
  readonly capShare: Tally;
  /** Labelled coins that were missed on a Monday or more, from the most misses to the fewest. */
  readonly missed: readonly Disagreement[];
  /** Coins that were found without the label, from the most Mondays to the fewest. */
  readonly unlabelled: readonly Disagreement[];
};

/** The quality of every test, and the Mondays that it was measured on. */
export type FilterReport = {
  readonly from: IsoDate | undefined;
  readonly to: IsoDate | undefined;
  readonly mondays: number;
  readonly qualities: readonly FilterQuality[];
};

/** Cases are as many as the coins that a decision records with their reasons. */
const LARGEST = 150;

type Case = {
  readonly coinId: string;
  readonly rank: number;
  readonly capShare: number;
  readonly flags: CoinFlags;
  readonly isPegged: boolean;
  readonly repeats: string | null;
};

/**
 * Precision and recall of the tests that need no label, over all Mondays that the data allow decisions for.
 *
 * @throws DateOutOfDataError when the data allow none.
 */
export function filterReport(
  history: History,
  parameters: Parameters,
  progress: (monday: IsoDate) => void = () => {},
): FilterReport {
  const weeks: { readonly monday: IsoDate; readonly cases: readonly Case[] }[] = [];
  const span = spanOf(history, parameters);
  for (let monday = span.first; monday <= span.last; monday = addDays(monday, 7)) {
    progress(monday);
    const cases = casesOn(history, closeBefore(monday), parameters);
    if (cases.length > 0) weeks.push({ monday, cases });
  }
  return {
    from: weeks[0]?.monday,
    to: weeks.at(-1)?.monday,
    mondays: weeks.length,
    qualities: FILTERS.map((filter) => {
      const judged = weeks.map(({ cases }) => cases.map((found) => judge(found, filter)));
      return qualityOf(filter, judged);
    }),
  };
}

function casesOn(history: History, day: number, { universe }: Parameters): Case[] {
  const provider = providerAt(history, day);
  // The list's ids are CoinGecko's, in whose namespace CoinMarketCap's slugs mean other coins.
  if (provider === undefined || provider.provider === "coinmarketcap") return [];
  const coins = largest(observeCoins(provider, history.flags, { day, parameters: universe }));
  const shadows = shadowsAmong(
    seriesOf(provider, coins),
    coins.map(({ isPegged }) => isPegged),
    day,
  );
  const cases = coins.flatMap(({ coinId, averageCapUsd = 0, listedDays, isPegged }, i) => {
    const flags = history.flags.get(coinId);
    if (flags === undefined || listedDays < universe.minListedDays) return [];
    return [{ coinId, rank: i + 1, cap: averageCapUsd, flags, isPegged, repeats: shadows.get(coinId) ?? null }];
  });
  const total = sum(cases.map(({ cap }) => cap));
  return cases.map(({ cap, ...about }) => ({ ...about, capShare: cap / total }));
}

function largest(coins: readonly CoinObservation[]): CoinObservation[] {
  const known = coins.filter(({ averageCapUsd }) => averageCapUsd !== undefined);
  return byValueDescending(known, ({ averageCapUsd = 0 }) => averageCapUsd).slice(0, LARGEST);
}

function seriesOf({ coins }: ProviderHistory, wanted: readonly CoinObservation[]): CoinSeries[] {
  const byId = new Map(coins.map((coin) => [coin.coinId, coin]));
  return wanted.flatMap(({ coinId }) => byId.get(coinId) ?? []);
}

type Judged = Case & { readonly verdict: keyof Tally | "neither" };

function judge(found: Case, filter: Filter): Judged {
  const { flags, isPegged, repeats } = found;
  const kinds = {
    peg: { isLabelled: flags.stable, isFound: isPegged },
    shadow: { isLabelled: flags.wrapped && !flags.stable, isFound: repeats !== null },
    either: { isLabelled: flags.stable || flags.wrapped, isFound: isPegged || repeats !== null },
  } as const;
  const { isLabelled, isFound } = kinds[filter];
  if (isLabelled) return { ...found, verdict: isFound ? "found" : "missed" };
  return { ...found, verdict: isFound ? "unlabelled" : "neither" };
}

function qualityOf(filter: Filter, weeks: readonly (readonly Judged[])[]): FilterQuality {
  const cases = weeks.flat();
  const byCoin = new Map<string, Judged[]>();
  for (const judged of cases) byCoin.set(judged.coinId, [...(byCoin.get(judged.coinId) ?? []), judged]);
  const coins = [...byCoin.values()];
  const has = (coin: readonly Judged[], verdict: Judged["verdict"]): boolean =>
    coin.some((judged) => judged.verdict === verdict);
  const disagreements = (verdict: keyof Tally): Disagreement[] =>
    coins
      .filter((coin) => has(coin, verdict))
      .sort((a, b) => count(b, verdict) - count(a, verdict))
      .map(disagreementOf);
  return {
    filter,
    mondays: tallyOf((verdict) => count(cases, verdict)),
    coins: tallyOf((verdict) => {
      const counted = coins.filter((coin) => has(coin, verdict));
      return verdict === "missed" ? counted.filter((coin) => !has(coin, "found")).length : counted.length;
    }),
    capShare: tallyOf((verdict) => {
      const shares = cases.filter((judged) => judged.verdict === verdict).map(({ capShare }) => capShare);
      return weeks.length === 0 ? 0 : sum(shares) / weeks.length;
    }),
    missed: disagreements("missed"),
    unlabelled: disagreements("unlabelled"),
  };
}

function tallyOf(amountOf: (verdict: keyof Tally) => number): Tally {
  return { found: amountOf("found"), missed: amountOf("missed"), unlabelled: amountOf("unlabelled") };
}

function count(cases: readonly Judged[], verdict: Judged["verdict"]): number {
  return cases.filter((judged) => judged.verdict === verdict).length;
}

function disagreementOf(coin: readonly Judged[]): Disagreement {
  const [first] = coin;
  return {
    coinId: first?.coinId ?? "",
    mondays: coin.length,
    foundOn: count(coin, "found") + count(coin, "unlabelled"),
    bestRank: Math.min(...coin.map(({ rank }) => rank)),
    repeats: coin.findLast(({ repeats }) => repeats !== null)?.repeats ?? null,
  };
}
