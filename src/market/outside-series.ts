// Describes what is known of the market besides prices, for gauges that decide nothing.

/** Values by day, counted from 1970-01-01; what stands at a day was known at its close. */
export type DatedValues = ReadonlyMap<number, number>;

/** Funding, open interest and sentiment; empty where the data hold none. */
export type OutsideSeries = {
  /** {1} per eight hours, mean over bitcoin's perpetuals and the day's settlements. */
  readonly funding: DatedValues;
  /** One a market of bitcoin, in dollars or in coins. */
  readonly openInterest: readonly DatedValues[];
  /** [0, 100] */
  readonly fearGreed: DatedValues;
};

/** No data at all. */
export const NO_OUTSIDE_SERIES: OutsideSeries = { funding: new Map(), openInterest: [], fearGreed: new Map() };
