// Turns weeks of history into what planned trading costs on them, beside market orders and equal slices.
import type { Parameters } from "../config/schema.ts";
import type { IsoDate } from "../core/time.ts";
import { PPM, type Ppm, WAD, bps, ppm, tokenUnits } from "../core/units.ts";
import { closeBefore } from "../engine/calendar.ts";
import type { Decision } from "../engine/decision.ts";
import { decisionsBetween } from "../engine/run.ts";
import { composerAt } from "../engine/snapshot.ts";
import type { History } from "../market/history.ts";
import { type Quote, quotesBefore } from "../market/quotes.ts";
import { withinCaps } from "../plan/caps.ts";
import { CASH, TRANSIT, assetAt } from "../plan/holdings.ts";
import { ORDINARY_LIMIT, gasModelSchema, planLimitsSchema } from "../plan/limits.ts";
import { planRebalance } from "../plan/plan.ts";
import { type PaperMarket, paperMarket } from "./paper-market.ts";
import { ETHEREUM, USD_COIN } from "./rules.ts";
import { type Books, type RouterGas, type Traded, bookValue, equalSlices, marketOrders } from "./worth-rivals.ts";

/** What is compared. */
export type WorthScript = {
  readonly history: History;
  /** The Mondays in `[from, to)`; in at the first, out at the last. */
  readonly range: { readonly from: IsoDate; readonly to: IsoDate };
  readonly parameters: Parameters;
  readonly navUsd: number;
  readonly gasPrice: bigint; // {wei}
  readonly slices: number;
  readonly routerGas: RouterGas;
};

/** What one way of trading has cost, all {bps} of the value at the time. */
export type WayCost = {
  readonly way: "planned" | "planned, split" | "market orders" | "equal slices";
  readonly entry: number;
  /** All weeks between. */
  readonly weekly: number;
  readonly exit: number;
  readonly total: number;
  /** Of the total, the gas. */
  readonly gas: number;
  /** {1} Mean part of the fund that stood elsewhere than its target after the trades of a week. */
  readonly off: number;
};

/** A market of a Monday, and what is to be held of it; nothing at the end. */
type Week = { readonly market: PaperMarket; readonly weights: ReadonlyMap<number, Ppm>; readonly isLast: boolean };
/** By coin id, so that it can be taken to the next week's market. */
type CoinBooks = ReadonlyMap<string, bigint>;

/** {bps} Of a leg's value: the impact from which on a plan may be told to split, outside exits. */
const SPLIT = 20;
/** {day} A coin whose last price is older keeps the price it had. */
const QUOTE_AGE = 7;

/**
 * Holds the index through a span of history, in the market all the time, with each way of trading on books of its own:
 * every week on pools by the rule of the local market, at the week's prices, and valued at these prices.
 */
export function worthOf(script: WorthScript): WayCost[] {
  const weeks = weeksOf(script);
  const ways: readonly [WayCost["way"], (week: Week, books: Books) => Traded][] = [
    ["planned", (week, books) => planned(script, week, { books, maxImpact: ORDINARY_LIMIT })],
    // An exit is not slowed down.
    [
      "planned, split",
      (week, books) => planned(script, week, { books, maxImpact: week.isLast ? ORDINARY_LIMIT : SPLIT }),
    ],
    ["market orders", (week, books) => marketOrders({ ...week, books, routerGas: script.routerGas })],
    ["equal slices", (week, books) => equalSlices({ ...week, books, routerGas: script.routerGas }, script.slices)],
  ];
  return ways.map(([way, trade]) => ({ way, ...costOf(script, weeks, trade) }));
}

function costOf(
  { navUsd, gasPrice }: WorthScript,
  weeks: readonly Week[],
  trade: (week: Week, books: Books) => Traded,
): Omit<WayCost, "way"> {
  let held: CoinBooks = new Map([[USD_COIN, BigInt(navUsd) * 10n ** 6n]]);
  const costs: number[] = [];
  let [gasBps, off] = [0, 0];
  for (const week of weeks) {
    const { assets, coinIds } = week.market;
    const books = new Map(coinIds.map((coinId, index) => [index, held.get(coinId) ?? 0n]));
    const traded = trade(week, books);
    const before = bookValue(assets, books);
    const after = bookValue(assets, traded.books);
    const ether = assetAt(assets, coinIds.indexOf(ETHEREUM));
    const gas = ether === undefined ? 0n : (BigInt(traded.gas) * gasPrice * ether.price) / WAD;
    costs.push(partOf(before - after + gas, before) * 10_000);
    gasBps += partOf(gas, before) * 10_000;
    if (!week.isLast) off += offTarget(week, traded.books) / (weeks.length - 1);
    held = new Map(coinIds.map((coinId, index) => [coinId, traded.books.get(index) ?? 0n]));
  }
  const total = costs.reduce((sum, cost) => sum + cost, 0);
  const [entry, exit] = [costs[0] ?? 0, costs.at(-1) ?? 0];
  return { entry, weekly: total - entry - exit, exit, total, gas: gasBps, off };
}

function planned(
  { gasPrice }: WorthScript,
  { market, weights, isLast }: Week,
  { books, maxImpact }: { readonly books: Books; readonly maxImpact: number },
): Traded {
  const { assets, pools } = market;
  const held = assets.map((asset) => ({
    ...asset,
    balance: tokenUnits(books.get(asset.index) ?? 0n),
    weight: weights.get(asset.index) ?? ppm(0),
  }));
  const requests = { sharesDue: 0n, depositsDue: tokenUnits(0n), depositSwing: bps(0) };
  const plan = planRebalance({
    regime: isLast ? "bear" : "bull",
    elapsed: 0,
    holdings: { assets: held, transit: tokenUnits(1n), supply: bookValue(assets, books), ...requests },
    pools,
    gas: gasModelSchema.parse({ price: gasPrice }),
    limits: planLimitsSchema.parse({ maxImpact }),
    blocked: new Set(),
    refusing: new Set(),
  });
  const after = new Map<number, bigint>(plan.expected);
  for (const { sold, bought, amount, expected } of plan.schedule.tranches.flatMap(({ legs }) => legs)) {
    after.set(sold, (after.get(sold) ?? 0n) - amount).set(bought, (after.get(bought) ?? 0n) + expected);
  }
  after.delete(TRANSIT);
  const gas = plan.schedule.tranches.reduce((sum, tranche) => sum + tranche.gas, plan.totals.gasUnits);
  return { books: after, gas };
}

function offTarget({ market, weights }: Week, books: Books): number {
  const nav = bookValue(market.assets, books);
  const gaps = market.assets.map((asset) => {
    const held = partOf(bookValue([asset], books), nav);
    return Math.abs(held - (weights.get(asset.index) ?? 0) / PPM);
  });
  return gaps.reduce((sum, gap) => sum + gap, 0) / 2;
}

function weeksOf({ history, range, parameters }: WorthScript): Week[] {
  const known = new Map<string, Quote>();
  const decisions = [...decisionsBetween(history, { ...range, opened: range.from }, parameters)];
  const held = new Set<string>();
  return decisions.map((decision, i) => {
    const isLast = i === decisions.length - 1;
    for (const { coinId } of decision.index) held.add(coinId);
    const provider = composerAt(history, closeBefore(decision.date));
    const quotes = quotesBefore(provider, { date: decision.date, coinIds: held, maxAgeDays: QUOTE_AGE });
    for (const [coinId, quote] of quotes) known.set(coinId, quote);
    return weekOf(decision, { known, held, isLast });
  });
}

function weekOf(
  { index }: Decision,
  at: { readonly known: ReadonlyMap<string, Quote>; readonly held: ReadonlySet<string>; readonly isLast: boolean },
): Week {
  const { known, held, isLast } = at;
  const members = new Map(index.map(({ coinId, weightPpm }) => [coinId, weightPpm]));
  const left = [...held].filter((coinId) => !members.has(coinId));
  const coins = [...members.keys(), ...left].flatMap((coinId) => {
    const quote = known.get(coinId);
    if (quote === undefined) return [];
    const { symbol, priceUsd, volumeUsd = 0 } = quote;
    return [{ coinId, symbol, priceUsd, volumeUsd, capUsd: members.get(coinId) ?? 0 }];
  });
  const market = paperMarket(coins);
  const { parts, rest } = withinCaps(market.names);
  const weights = new Map(market.names.map(({ asset }, i) => [asset, parts[i] ?? ppm(0)]));
  weights.set(CASH, rest);
  return { market, weights: isLast ? new Map([[CASH, ppm(PPM)]]) : weights, isLast };
}

/** {1} */
function partOf(value: bigint, whole: bigint): number {
  return whole === 0n ? 0 : Number((value * 10n ** 12n) / whole) / 1e12;
}
