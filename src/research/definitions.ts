// Turns the key of a figure into the words and the formula that stand beside it in every report.

/** r: simple return of a period; N: number of periods; E_t: wealth after t periods, E_0 = 1; a: periods of a year. */
export const METRIC_DEFINITIONS: Readonly<Record<string, string>> = {
  periods: "N, the number of returns",
  total_return: "E_N - 1",
  cagr: "E_N^(a/N) - 1",
  vol_annual: "sd(r, n-1) * sqrt(a)",
  sharpe: "mean(r) / sd(r, n-1) * sqrt(a)",
  sortino: "a * mean(r) / (sqrt(a) * sqrt(mean(min(r, 0)^2)))",
  max_drawdown: "lowest dd_t = E_t / max(E_0 ... E_t) - 1, negative",
  longest_drawdown_periods: "longest run of periods with dd_t below zero",
  calmar: "cagr / |max_drawdown|",
  ulcer_index_pct: "100 * sqrt(mean(dd_t^2)), t = 1 ... N",
  martin_ratio: "cagr / (ulcer_index_pct / 100)",
  var95_historical: "5 % quantile of r, linearly interpolated",
  cvar95_historical: "mean of the r at or below var95_historical",
  skewness_biased: "S = m3 / m2^1.5, m_k the central moments over N",
  kurtosis_biased: "K = m4 / m2^2, not excess",
  psr_vs_0: "Phi(SR * sqrt(N-1) / sqrt(1 - S*SR + (K-1)/4 * SR^2)), SR = mean(r) / sd(r, n-1) per period",
  switches_per_year: "changes of position from one period to the next, times a/N",
  time_in_market: "mean position",
  beta: "cov(r, b) / var(b), b the benchmark's returns, both n-1",
  alpha_annual: "a * (mean(r) - beta * mean(b))",
  correlation: "cov(r, b) / (sd(r) * sd(b))",
  tracking_error_annual: "sd(r - b, n-1) * sqrt(a)",
  information_ratio: "mean(r - b) / sd(r - b, n-1) * sqrt(a)",
  psr_vs_benchmark: "as psr_vs_0 with (SR - SR_b) for the first SR, SR_b the benchmark's per period",
  expected_max_sharpe:
    "SR_0 = sqrt(V) * ((1-g) * PhiInv(1 - 1/n) + g * PhiInv(1 - 1/(n*e))) per period, n trials, g Euler's constant",
  sharpe_variance: "V, variance (n-1) of the trials' SR per period",
  deflated_sharpe: "as psr_vs_0 with (SR - SR_0) for the first SR",
  deflated_sharpe_vs_benchmark: "as psr_vs_0 with (SR - SR_b - SR_0) for the first SR",
  pbo:
    "share of the splits with logit <= 0; the logit is ln(w / (1-w)), w = rank / (trials+1) in the other half of the " +
    "trial that is best in the one half; ranks go up with SR, ties share their mean rank",
  median_logit: "median of the logits",
  probability_of_loss: "share of the splits in which the chosen trial's SR in the other half is below zero",
  degradation_slope:
    "slope of the regression of the chosen trial's SR in the other half on its SR in the half it was chosen in",
};

/** The definitions of the keys of `figures`, in their order. */
export function definitionsOf(figures: Readonly<Record<string, unknown>>): Record<string, string> {
  const known = Object.keys(figures).filter((key) => METRIC_DEFINITIONS[key] !== undefined);
  return Object.fromEntries(known.map((key) => [key, METRIC_DEFINITIONS[key] ?? ""]));
}
