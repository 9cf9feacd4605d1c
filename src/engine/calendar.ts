// Turns a data folder's span into the Mondays on which a decision can be taken, and the provider of each.
import { AppError } from "../core/errors.ts";
import { type IsoDate, addDays, dateOfDay, dayNumber, isoDate, mondayOf, weekday } from "../core/time.ts";
import type { History, ProviderHistory } from "../market/history.ts";

/**
 * First close composed from CoinGecko; CoinMarketCap's file is used alone before it. The week that ends on Sunday
 * 2018-04-01 is thereby the first whose return comes from CoinGecko.
 */
export const COINGECKO_FROM: IsoDate = isoDate("2018-03-25");
const SEAM = dayNumber(COINGECKO_FROM);

/** {day} A source may end so long before a close: the means over seven days still know four of them. */
const LATEST_SOURCE_DAYS = 3;

/** No decision can be taken for a date with the data at hand. */
export class DateOutOfDataError extends AppError {
  readonly code = "DATE_OUT_OF_DATA";
  readonly kind = "data";
  readonly date: string;

  constructor(date: string, span: { readonly first: string; readonly last: string }) {
    super(
      `No decision for ${date}: the data allow decisions from ${span.first} to ${span.last}. ` +
        "Choose a date in this range, or add data that reach further.",
    );
    this.date = date;
  }
}

/**
 * The provider whose data compose the index at the close of `day`; `undefined` where the data do not reach. They may
 * end three days early: such a source is late, and holds the regime.
 */
export function providerAt(history: History, day: number): ProviderHistory | undefined {
  const provider = history.providers.find((candidate) => covers(candidate, day));
  return provider !== undefined && provider.firstDay <= day && day <= provider.lastDay + LATEST_SOURCE_DAYS
    ? provider
    : undefined;
}

/** First and last date with the data that a decision should have. */
export type DecisionSpan = { readonly first: IsoDate; readonly last: IsoDate };

/**
 * The dates that can be asked for: from the first Monday after enough days of listing to the day after the last row.
 *
 * @throws DateOutOfDataError when the data are too short for a single decision.
 */
export function decisionSpan(history: History, minListedDays: number): DecisionSpan {
  const spans = history.providers
    .map((provider) => ({ first: firstMonday(provider, minListedDays), last: lastDate(provider) }))
    .filter((span) => span.first <= span.last);
  if (spans.length === 0) throw new DateOutOfDataError("any date", { first: "no date", last: "no date" });
  return {
    first: dateOfDay(Math.min(...spans.map((span) => span.first))),
    last: dateOfDay(Math.max(...spans.map((span) => span.last))),
  };
}

/**
 * The Monday of the decision that is in force at 00:30 of `date`: decisions are weekly.
 *
 * @throws DateOutOfDataError when `date` lies outside the span. A Monday up to three days after it has a decision that
 *   is taken on a late source.
 */
export function decisionDate(date: IsoDate, span: DecisionSpan): IsoDate {
  const monday = mondayOf(date);
  const isLate = monday > span.last && date <= addDays(span.last, LATEST_SOURCE_DAYS);
  if (monday < span.first || (date > span.last && !isLate)) throw new DateOutOfDataError(date, span);
  return monday;
}

/** The close before a decision: the Sunday. */
export function closeBefore(monday: IsoDate): number {
  return dayNumber(addDays(monday, -1));
}

function covers(provider: ProviderHistory, day: number): boolean {
  if (provider.provider === "simulated") return true;
  return (provider.provider === "coingecko") === day >= SEAM;
}

function firstMonday(provider: ProviderHistory, minListedDays: number): number {
  const listed = provider.firstDay + minListedDays;
  const firstClose = provider.provider === "coingecko" ? Math.max(listed, SEAM) : listed;
  return firstClose + ((7 - weekday(dateOfDay(firstClose + 1))) % 7) + 1;
}

function lastDate(provider: ProviderHistory): number {
  return provider.provider === "coinmarketcap" ? Math.min(provider.lastDay + 1, SEAM) : provider.lastDay + 1;
}
