// Turns a fit of the Markov-switching model into JSON and text.
import { at } from "../../core/statistics.ts";
import type { IsoDate } from "../../core/time.ts";
import { type Smoothed, filterStates, smoothStates } from "../../regime/markov/filter.ts";
import { type MarkovFit, fitMarkov } from "../../regime/markov/fit.ts";
import { type Pair, stationaryShares } from "../../regime/markov/parameters.ts";
import { logReturns } from "../../research/series.ts";
import { type JsonObject, formatTable } from "./output.ts";
import { type LoadedSeries, loadSeries } from "./series-input.ts";

/** Two means, two variances, two probabilities. */
const PARAMETERS = 6;
const NAMES = ["calm", "turbulent"] as const;

/** A fit and what it says of each return. */
export type MarkovReport = {
  readonly input: LoadedSeries;
  readonly fit: MarkovFit;
  /** Probability of the calm and of the turbulent state, one pair a return. */
  readonly filtered: readonly Pair[];
  readonly smoothed: readonly Pair[];
};

/** Fits the model to the log returns of a file. */
export function reportMarkov(file: string): MarkovReport {
  const input = loadSeries(file);
  const returns = logReturns(input.series);
  const fit = fitMarkov(returns);
  const filter = filterStates(returns, fit.parameters);
  const [calm, turbulent] = filter.filtered;
  const smoothed = smoothStates(filter, fit.parameters);
  return {
    input,
    fit,
    filtered: pairsOf([calm.map(Math.exp), turbulent.map(Math.exp)]),
    smoothed: pairsOf(smoothed.shares),
  };
}

function pairsOf([first, second]: Smoothed["shares"]): Pair[] {
  return Array.from(first, (value, t): Pair => [value, at(second, t)]);
}

function statesOf({ fit: { parameters } }: MarkovReport) {
  const shares = stationaryShares(parameters);
  return ([0, 1] as const).map((i) => ({
    name: NAMES[i],
    mean: parameters.means[i],
    variance: parameters.variances[i],
    deviation: Math.sqrt(parameters.variances[i]),
    stay: parameters.stays[i],
    expectedDuration: 1 / (1 - parameters.stays[i]),
    longRunShare: shares[i],
  }));
}

/** The document of `regime fit --model markov --json`. Probabilities stand calm first; row i of `transition` leaves state i. */
export function markovJson(report: MarkovReport): JsonObject {
  const { input, fit, filtered, smoothed } = report;
  const [calm, turbulent] = fit.parameters.stays;
  const dates: readonly IsoDate[] | null = input.dates ?? null;
  return {
    model: "markov",
    file: input.file,
    column: input.column,
    observations: filtered.length,
    logLikelihood: fit.logLikelihood,
    aic: 2 * PARAMETERS - 2 * fit.logLikelihood,
    bic: PARAMETERS * Math.log(filtered.length) - 2 * fit.logLikelihood,
    isConverged: fit.isConverged,
    steps: fit.steps,
    starts: fit.starts,
    states: statesOf(report),
    transition: [
      [calm, 1 - calm],
      [1 - turbulent, turbulent],
    ],
    dates,
    filtered,
    smoothed,
  };
}

/** What a person reads of the fit. */
export function markovText(report: MarkovReport): string {
  const { input, fit, filtered } = report;
  const table = formatTable(
    [
      { header: "state", align: "left" },
      { header: "mean log return", align: "right" },
      { header: "deviation", align: "right" },
      { header: "stays", align: "right" },
      { header: "periods", align: "right" },
      { header: "long run", align: "right" },
      { header: "now (filtered)", align: "right" },
    ],
    statesOf(report).map(({ name, mean, deviation, stay, expectedDuration, longRunShare }, i) => [
      name,
      mean.toFixed(5),
      deviation.toFixed(5),
      stay.toFixed(4),
      expectedDuration.toFixed(1),
      longRunShare.toFixed(4),
      (filtered.at(-1)?.[i] ?? Number.NaN).toFixed(4),
    ]),
  );
  const { tried, finished, agreeing } = fit.starts;
  const end = fit.isConverged ? `converged after ${fit.steps} steps` : `NOT converged after ${fit.steps} steps`;
  return [
    `${input.file}, ${filtered.length} log returns, log likelihood ${fit.logLikelihood.toFixed(4)}`,
    "",
    table,
    "",
    `${end}; ${agreeing} of the ${finished} best of ${tried} starts came to this optimum.`,
  ].join("\n");
}
