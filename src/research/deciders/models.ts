// Turns the index's returns into wishes by models with hidden states, each fitted to the past alone.
import { createHash } from "node:crypto";
import { OutOfRangeError } from "../../core/errors.ts";
import { at } from "../../core/statistics.ts";
import { type RefitPlan, expandingStates } from "../../regime/jump/online.ts";
import { fitJump } from "../../regime/jump/fit.ts";
import { filterStates } from "../../regime/markov/filter.ts";
import { DegenerateFitError, type MarkovFit, fitMarkov } from "../../regime/markov/fit.ts";
import type { Decider, Wish } from "./decider.ts";

/** {week} Two years before the first fit, and a quarter from one to the next; set beforehand, not fitted. */
export const REFITS = { warmUp: 104, every: 13 } as const;

/** The state of the statistical jump model at each Sunday. @see Shu, Yu, Mulvey (2024). */
export function jumpDecider(plan: RefitPlan): Decider {
  const fit = remembered((points: readonly (readonly number[])[]) => fitJump(points, plan.penalty));
  return {
    name: `jump-${plan.penalty}`,
    wishes: ({ weekly }) => [undefined, ...expandingStates(weeklyReturns(weekly), plan, fit)],
  };
}

/**
 * The function itself, which computes nothing twice for numbers that are the same one by one. What it is given decides
 * on what it gives, so that nothing that was not given can come in.
 */
function remembered<Input extends readonly (number | readonly number[])[], Output>(
  compute: (input: Input) => Output,
): (input: Input) => Output {
  const known = new Map<string, Output>();
  return (input) => {
    const key = createHash("sha256").update(Float64Array.from(input.flat())).digest("hex");
    const found = known.get(key);
    if (found !== undefined) return found;
    const output = compute(input);
    known.set(key, output);
    return output;
  };
}

/**
 * Bull while the filtered probability of the calm state of the Markov-switching model is above one half.
 *
 * It is a gauge of volatility: on weekly crypto returns the two states differ in that, not in their means.
 */
export function markovDecider(plan: Omit<RefitPlan, "penalty">): Decider {
  const fit = remembered(fitOf);
  return { name: "markov", wishes: ({ weekly }) => [undefined, ...calmStates(weeklyReturns(weekly), plan, fit)] };
}

/** A fit, or nothing where the past so far has no two states. */
type MarkovFitter = (logs: readonly number[]) => { readonly fit: MarkovFit | undefined };

function calmStates(
  returns: readonly number[],
  { warmUp, every }: Omit<RefitPlan, "penalty">,
  fitter: MarkovFitter,
): Wish[] {
  if (!Number.isInteger(every) || every < 1)
    throw new OutOfRangeError("refit interval", every, "a whole number from 1");
  const logs = returns.map((value) => Math.log1p(value));
  const wishes: Wish[] = returns.map(() => undefined);
  for (let known = warmUp; known <= logs.length; known += every) {
    const { fit } = fitter(logs.slice(0, known));
    if (fit === undefined) continue;
    const until = Math.min(logs.length, known - 1 + every);
    const { filtered } = filterStates(logs.slice(0, until), fit.parameters);
    for (let t = known - 1; t < until; t++) {
      wishes[t] = Math.exp(at(filtered[0], t)) > 0.5 ? "bull" : "bear"; // the calm state is the first
    }
  }
  return wishes;
}

function fitOf(logs: readonly number[]): ReturnType<MarkovFitter> {
  try {
    return { fit: fitMarkov(logs) };
  } catch (failure) {
    if (failure instanceof DegenerateFitError) return { fit: undefined };
    throw failure;
  }
}

function weeklyReturns(levels: Float64Array): number[] {
  return Array.from(levels.subarray(1), (level, i) => level / at(levels, i) - 1);
}
