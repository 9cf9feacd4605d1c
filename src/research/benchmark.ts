// Turns the returns of a strategy and of its benchmark into how the one does beside the other.
import { mean, sampleDeviation } from "../core/statistics.ts";
import { periodSharpe, probabilisticSharpe } from "./sharpe.ts";

/** Figures beside a benchmark; NaN where the definition divides by zero. */
export type RelativeMetrics = {
  readonly beta: number;
  readonly alpha_annual: number;
  readonly correlation: number;
  readonly tracking_error_annual: number;
  readonly information_ratio: number;
  readonly psr_vs_benchmark: number;
};

/** Returns of two series over the same periods, in the same order. */
export type ReturnPair = { readonly returns: readonly number[]; readonly benchmark: readonly number[] };

/**
 * All figures of a series beside its benchmark.
 *
 * @see METRIC_DEFINITIONS in definitions.ts for the formula of each.
 */
export function relativeMetrics({ returns, benchmark }: ReturnPair, perYear: number): RelativeMetrics {
  const deviation = sampleDeviation(benchmark);
  const covariance = sampleCovariance(returns, benchmark);
  const beta = deviation === 0 ? Number.NaN : covariance / deviation ** 2;
  const active = returns.map((value, i) => value - (benchmark[i] ?? Number.NaN));
  const activeSharpe = periodSharpe(active);
  return {
    beta,
    alpha_annual: perYear * (mean(returns) - beta * mean(benchmark)),
    correlation: (beta * deviation) / sampleDeviation(returns),
    tracking_error_annual: sampleDeviation(active) * Math.sqrt(perYear),
    information_ratio: activeSharpe * Math.sqrt(perYear),
    psr_vs_benchmark: probabilisticSharpe(returns, periodSharpe(benchmark)),
  };
}

function sampleCovariance(left: readonly number[], right: readonly number[]): number {
  const [leftMean, rightMean] = [mean(left), mean(right)];
  const products = left.map((value, i) => (value - leftMean) * ((right[i] ?? Number.NaN) - rightMean));
  return (mean(products) * left.length) / (left.length - 1);
}
