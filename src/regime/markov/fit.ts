// Turns log returns into the two states that explain them best.
import { AppError, OutOfRangeError } from "../../core/errors.ts";
import { populationDeviation } from "../../core/statistics.ts";
import { filterStates, smoothStates } from "./filter.ts";
import { type MarkovParameters, calmFirst } from "./parameters.ts";
import { markovStarts } from "./starts.ts";
import { updated } from "./update.ts";

/** Fewer returns than this cannot tell six parameters apart. */
const LEAST_RETURNS = 20;
/** Steps that every start makes before the best are chosen. */
const FIRST_STEPS = 30;
/** Starts that go on to convergence. */
const FINALISTS = 3;
const MOST_STEPS = 20_000;
/** A step that changes no parameter by more, means and deviations in deviations of the sample, is the last. */
const TOLERANCE = 1e-10;
/** {1} A state with a variance below this share of the sample's sits on a few equal returns. */
const LEAST_VARIANCE = 1e-6;
/** {1} Starts within this of the best log likelihood arrived at the same optimum. */
const SAME_LIKELIHOOD = 1e-4;

/** No start leads to two states with a variance each. */
export class DegenerateFitError extends AppError {
  readonly code = "DEGENERATE_FIT";
  readonly kind = "data";

  constructor(detail: string) {
    super(`Expected returns that two normal states can explain, found ${detail}. Give a longer or more varied series.`);
  }
}

/** A fit, its states in order of variance. */
export type MarkovFit = {
  readonly parameters: MarkovParameters;
  readonly logLikelihood: number;
  /** Steps of the start that won. */
  readonly steps: number;
  /** False when the steps ran out. */
  readonly isConverged: boolean;
  /** How many of the starts were followed to the end, and how many of them came to the best optimum. */
  readonly starts: { readonly tried: number; readonly finished: number; readonly agreeing: number };
};

type Path = {
  readonly parameters: MarkovParameters;
  readonly logLikelihood: number;
  readonly steps: number;
  readonly isConverged: boolean;
};

/**
 * Maximum likelihood of a two-state Markov-switching model, mean and variance switching, by EM from several starts.
 *
 * @param returns {1} Log returns, unscaled, oldest first.
 * @throws OutOfRangeError for an infinite log return. DegenerateFitError for fewer than 20 returns, or when a state
 *   collapses on equal returns from every start, where the likelihood has no bound.
 * @see Hamilton (1990), Analysis of Time Series Subject to Changes in Regime.
 */
export function fitMarkov(returns: readonly number[]): MarkovFit {
  if (returns.length < LEAST_RETURNS) throw new DegenerateFitError(`${returns.length} returns, under ${LEAST_RETURNS}`);
  const infinite = returns.find((value) => !Number.isFinite(value));
  if (infinite !== undefined) throw new OutOfRangeError("log return", infinite, "finite: no loss of everything");
  const deviation = populationDeviation(returns);
  if (deviation === 0) throw new DegenerateFitError("returns that are all equal");
  const starts = markovStarts(returns);
  const begun = starts.map((start) => climb(returns, fresh(start), { deviation, most: FIRST_STEPS }));
  const finalists = begun.filter((path) => path !== undefined).sort(byLikelihood);
  const finished = finalists
    .slice(0, FINALISTS)
    .map((path) => climb(returns, path, { deviation, most: MOST_STEPS }))
    .filter((path) => path !== undefined)
    .sort(byLikelihood);
  const [best] = finished;
  if (best === undefined) throw new DegenerateFitError("a state that collapses on equal returns from every start");
  const agreeing = finished.filter(({ logLikelihood }) => best.logLikelihood - logLikelihood < SAME_LIKELIHOOD).length;
  return {
    ...best,
    parameters: calmFirst(best.parameters),
    starts: { tried: starts.length, finished: finished.length, agreeing },
  };
}

function fresh(parameters: MarkovParameters): Path {
  return { parameters, logLikelihood: Number.NEGATIVE_INFINITY, steps: 0, isConverged: false };
}

/** EM steps from a path's end; `undefined` when a state collapses. */
function climb(
  returns: readonly number[],
  from: Path,
  limits: { readonly deviation: number; readonly most: number },
): Path | undefined {
  let { parameters, steps, isConverged } = from;
  for (; steps < limits.most && !isConverged; steps++) {
    const next = updated(returns, smoothStates(filterStates(returns, parameters), parameters), parameters);
    if (!(Math.min(...next.variances) > LEAST_VARIANCE * limits.deviation ** 2)) return undefined;
    isConverged = distance(parameters, next, limits.deviation) < TOLERANCE;
    parameters = next;
  }
  return { parameters, logLikelihood: filterStates(returns, parameters).logLikelihood, steps, isConverged };
}

/** Largest change of a parameter {1}. */
function distance(before: MarkovParameters, after: MarkovParameters, deviation: number): number {
  const states = [0, 1] as const;
  return Math.max(
    ...states.map((i) => Math.abs(after.means[i] - before.means[i]) / deviation),
    ...states.map((i) => Math.abs(Math.sqrt(after.variances[i]) - Math.sqrt(before.variances[i])) / deviation),
    ...states.map((i) => Math.abs(after.stays[i] - before.stays[i])),
  );
}

function byLikelihood(left: Path, right: Path): number {
  return right.logLikelihood - left.logLikelihood;
}
