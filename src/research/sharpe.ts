// Turns returns and the number of trials behind them into how much of their Sharpe ratio is to be believed.
import { normalCdf, normalQuantile } from "../core/normal.ts";
import { biasedKurtosis, biasedSkewness, mean, sampleDeviation } from "../core/statistics.ts";

/** Euler's constant. */
const EULER_MASCHERONI = 0.577_215_664_901_532_9;

/** Mean over sample deviation, per period and not annualized. NaN when all returns are equal or there are fewer than two. */
export function periodSharpe(returns: readonly number[]): number {
  const deviation = sampleDeviation(returns);
  return deviation === 0 ? Number.NaN : mean(returns) / deviation;
}

/**
 * The probability that the true Sharpe ratio lies above `threshold`, both per period:
 * Φ((SR − SR*)·√(N − 1) / √(1 − S·SR + (K − 1)/4·SR²)), with biased skewness S and kurtosis K (not excess).
 *
 * @returns NaN where the Sharpe ratio is.
 * @see Bailey, López de Prado (2012), The Sharpe Ratio Efficient Frontier.
 */
export function probabilisticSharpe(returns: readonly number[], threshold: number): number {
  const sharpe = periodSharpe(returns);
  // Never below zero: K ≥ 1 + S² makes it at least (1 − S·SR/2)².
  const variance = 1 - biasedSkewness(returns) * sharpe + ((biasedKurtosis(returns) - 1) / 4) * sharpe ** 2;
  return normalCdf(((sharpe - threshold) * Math.sqrt(returns.length - 1)) / Math.sqrt(variance));
}

/**
 * The best Sharpe ratio per period that `trials` independent strategies without any skill are expected to show:
 * √V·((1 − γ)·Φ⁻¹(1 − 1/n) + γ·Φ⁻¹(1 − 1/(n·e))), γ being Euler's constant.
 *
 * @param variance Of the trials' Sharpe ratios per period.
 * @returns 0 for one trial: nothing was chosen.
 * @see Bailey, López de Prado (2014), The Deflated Sharpe Ratio, equation 1.
 */
export function expectedMaximumSharpe(trials: number, variance: number): number {
  if (trials <= 1) return 0;
  const first = normalQuantile(1 - 1 / trials);
  const second = normalQuantile(1 - 1 / (trials * Math.E));
  return Math.sqrt(variance) * ((1 - EULER_MASCHERONI) * first + EULER_MASCHERONI * second);
}
