// Turns a seed into years of a market of eight coins, and into the decisions that a fund takes in it, week by week.
import { type Parameters, parametersSchema } from "../../config/schema.ts";
import { type IsoDate, dayNumber, mondayOf } from "../../core/time.ts";
import { checkWithin } from "../../engine/bear-check.ts";
import type { Decision } from "../../engine/decision.ts";
import { DateOutOfDataError } from "../../engine/calendar.ts";
import { decisionChain, spanOf } from "../../engine/run.ts";
import { composerAt } from "../../engine/snapshot.ts";
import type { DecisionSource } from "../../keeper/decisions.ts";
import type { History } from "../../market/history.ts";
import { type Quote, quotesBefore } from "../../market/quotes.ts";
import { simulateMarket } from "../../market/simulate.ts";
import type { CoinSpec } from "../coin.ts";
import { STABLECOINS } from "../rules.ts";

/** The methodology, for an index of eight names. */
export const SMALL_PARAMETERS: Parameters = parametersSchema.parse({
  universe: { size: 8, enterRank: 7, leaveRank: 9 },
});

/** Eight coins that are always in the index, three stablecoins, and two that follow other coins. */
const COINS = 13;
/** {day} A coin whose last price is older keeps the price it has. */
const QUOTE_AGE = 7;

/** The market's history. */
export function smallMarket(seed: number, span: { readonly from: IsoDate; readonly to: IsoDate }): History {
  return simulateMarket({ seed, coins: COINS, ...span });
}

/** Prices and volumes of the index's coins and the stablecoins at the close before a date. */
export function quotesAt(history: History, date: IsoDate): ReadonlyMap<string, Quote> {
  const stable = new Set(STABLECOINS.map(({ coinId }) => coinId));
  const provider = composerAt(history, dayNumber(date) - 1);
  const follows = (coinId: string): boolean => history.flags.get(coinId)?.wrapped === true;
  const coinIds = new Set(provider.coins.map(({ coinId }) => coinId).filter((id) => stable.has(id) || !follows(id)));
  return quotesBefore(provider, { date, coinIds, maxAgeDays: QUOTE_AGE });
}

/** The coins for a local market, each with a feed. */
export function specsAt(history: History, date: IsoDate): CoinSpec[] {
  return [...quotesAt(history, date)].map(([coinId, { symbol, priceUsd, volumeUsd }]): CoinSpec => {
    return { coinId, symbol, priceUsd, volumeUsd: volumeUsd ?? 0, hasFeed: true };
  });
}

/**
 * Decides and checks as the engine does, going forward only: a week is decided once, from the state that the one before
 * left, so that the last of five hundred weeks takes no longer than the first.
 *
 * @param opened The fund's first Monday.
 */
export function walkForward(history: History, opened: IsoDate, parameters: Parameters): DecisionSource {
  const { first, last } = spanOf(history, parameters);
  const chain = decisionChain(history, { first, last: mondayOf(last), opened }, parameters);
  const levels: number[] = [];
  let week: Decision | undefined;
  const walkTo = (monday: IsoDate): Decision => {
    while (week === undefined || week.date < monday) {
      const next = chain.next();
      if (next.done === true) throw new DateOutOfDataError(monday, { first, last });
      week = next.value;
      levels.push(week.indexLevel);
    }
    if (week.date === monday) return week;
    throw new DateOutOfDataError(monday, { first: week.date, last });
  };
  return {
    weekly: async (monday) => Promise.resolve(walkTo(monday)),
    bearCheck: async (date) => {
      const found = walkTo(mondayOf(date));
      return Promise.resolve(checkWithin(found, { history, levels, day: dayNumber(date) - 1 }, parameters));
    },
  };
}
