// Turns a column of returns, log returns or prices into simple returns, log returns and a path of wealth.
import { AppError } from "../core/errors.ts";
import { at } from "../core/statistics.ts";

/** What the numbers of a series are. */
export type SeriesKind = "return" | "log_return" | "price";

/** Numbers in the order of time. */
export type Series = {
  readonly kind: SeriesKind;
  /** {1} returns, or prices in any unit above zero. */
  readonly values: readonly number[];
};

/** A series has fewer numbers than what is asked of it needs. */
export class SeriesTooShortError extends AppError {
  readonly code = "SERIES_TOO_SHORT";
  readonly kind = "data";

  constructor(what: string, needed: number, found: number) {
    super(`${what} needs at least ${needed} returns, found ${found}. Give a longer series.`);
  }
}

/** Simple returns {1}: as given, e^r − 1, or p_t / p_(t−1) − 1, which has one number fewer than the prices. */
export function simpleReturns({ kind, values }: Series): number[] {
  if (kind === "return") return [...values];
  if (kind === "log_return") return values.map((value) => Math.expm1(value));
  return values.slice(1).map((price, i) => price / at(values, i) - 1);
}

/** Log returns {1}: as given, ln(1 + r), or ln(p_t / p_(t−1)). A return of −1 gives −∞. */
export function logReturns({ kind, values }: Series): number[] {
  if (kind === "log_return") return [...values];
  if (kind === "return") return values.map((value) => Math.log1p(value));
  return values.slice(1).map((price, i) => Math.log(price / at(values, i)));
}

/** Wealth E_t = Π (1 + r) for t = 1 … N that began as E_0 = 1. */
export function wealthOf(returns: readonly number[]): number[] {
  let wealth = 1;
  return returns.map((value) => (wealth *= 1 + value));
}

/** Drawdown {1} [-1, 0] at t = 1 … N: wealth over its highest so far, E_0 = 1 included, less 1. */
export function drawdownsOf(returns: readonly number[]): number[] {
  let peak = 1;
  return wealthOf(returns).map((wealth) => {
    peak = Math.max(peak, wealth);
    return wealth / peak - 1;
  });
}
