// Turns a matrix of trial returns into the probability that choosing the best of them was overfitting.
import { OutOfRangeError } from "../core/errors.ts";
import { at, linearQuantile, mean } from "../core/statistics.ts";
import { SeriesTooShortError } from "./series.ts";

/** Parts that the time is cut into: 16 give 12,870 splits. */
export const DEFAULT_BLOCKS = 16;
/** 20 parts give 184,756 splits. */
const MOST_BLOCKS = 20;
/** A variance below this share of the mean square is rounding. */
const ROUNDING = 1e-12;

/** What all splits say together. */
export type CscvResult = {
  /** Splits into two halves, each half once in the role of the past. */
  readonly splits: number;
  readonly pbo: number;
  readonly median_logit: number;
  readonly probability_of_loss: number;
  /** NaN when the best Sharpe ratio is the same in all splits. */
  readonly degradation_slope: number;
};

/** Number, sum and sum of squares of the returns in a set of blocks, for one trial. */
type BlockSums = { readonly counts: SetSums; readonly sums: SetSums; readonly squares: SetSums };

/** Sums over every set of the first half of the blocks, and over every set of the second half: one bit a block. */
type SetSums = { readonly first: Float64Array; readonly second: Float64Array; readonly bits: number };

/** One split: how the trial chosen in the one half did in the other. */
type Split = { readonly logit: number; readonly chosen: number; readonly realized: number };

/**
 * Probability of backtest overfitting by combinatorially symmetric cross-validation.
 *
 * The time is cut into `blocks` parts of equal length, the first T mod `blocks` of them one return longer. For each
 * choice of half of the parts, the trial with the highest Sharpe ratio in them (the first one of equals) is ranked by
 * its Sharpe ratio in the other half. A half without variation counts as a Sharpe ratio of 0.
 *
 * @param trials {1} Returns, a list a trial, all over the same periods.
 * @param blocks An even number of parts from 2 to 20.
 * @throws OutOfRangeError for less than two trials or a wrong number of blocks.
 * @throws SeriesTooShortError when a part would have less than two returns.
 * @see Bailey, Borwein, López de Prado, Zhu (2017), The Probability of Backtest Overfitting.
 */
export function cscv(trials: readonly (readonly number[])[], blocks: number): CscvResult {
  const length = trials[0]?.length ?? 0;
  if (trials.length < 2) throw new OutOfRangeError("number of trials", trials.length, "two or more");
  if (!Number.isInteger(blocks) || blocks < 2 || blocks > MOST_BLOCKS || blocks % 2 !== 0) {
    throw new OutOfRangeError("number of blocks", blocks, `an even number from 2 to ${MOST_BLOCKS}`);
  }
  if (length < 2 * blocks) throw new SeriesTooShortError(`A cut into ${blocks} parts`, 2 * blocks, length);
  const sums = trials.map((returns) => blockSums(returns, blocks));
  const splits = splitsOf(sums, halves(blocks));
  const logits = splits.map(({ logit }) => logit);
  return {
    splits: splits.length,
    pbo: logits.filter((logit) => logit <= 0).length / splits.length,
    median_logit: linearQuantile(logits, [1, 2]),
    probability_of_loss: splits.filter(({ realized }) => realized < 0).length / splits.length,
    degradation_slope: slope(splits),
  };
}

function blockSums(returns: readonly number[], blocks: number): BlockSums {
  const [counts, sums, squares] = [new Float64Array(blocks), new Float64Array(blocks), new Float64Array(blocks)];
  const [size, longer] = [Math.floor(returns.length / blocks), returns.length % blocks];
  let start = 0;
  for (let block = 0; block < blocks; block++) {
    const part = returns.slice(start, start + size + (block < longer ? 1 : 0));
    counts[block] = part.length;
    sums[block] = part.reduce((total, value) => total + value, 0);
    squares[block] = part.reduce((total, value) => total + value * value, 0);
    start += part.length;
  }
  return { counts: setSums(counts), sums: setSums(sums), squares: setSums(squares) };
}

/** Two small tables in the place of a sum over all blocks for each of the many sets. */
function setSums(values: Float64Array): SetSums {
  const bits = values.length / 2;
  const table = (part: Float64Array): Float64Array => {
    const sums = new Float64Array(2 ** bits);
    for (let set = 1; set < sums.length; set++) {
      const highest = 31 - Math.clz32(set);
      sums[set] = at(sums, set - 2 ** highest) + at(part, highest);
    }
    return sums;
  };
  return { first: table(values.subarray(0, bits)), second: table(values.subarray(bits)), bits };
}

function within({ first, second, bits }: SetSums, set: number): number {
  return at(first, set & (2 ** bits - 1)) + at(second, set >> bits);
}

/** Every set of half of the blocks, one bit a block, in ascending order. */
function halves(blocks: number): number[] {
  const sets: number[] = [];
  for (let set = 0; set < 2 ** blocks; set++) if (bitsOf(set) === blocks / 2) sets.push(set);
  return sets;
}

function bitsOf(set: number): number {
  let count = 0;
  for (let rest = set; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** The splits by the sets of their pasts; the future of the i-th is the i-th from the end, and the past of that one. */
function splitsOf(trials: readonly BlockSums[], sets: readonly number[]): Split[] {
  const splits = new Array<Split>(sets.length);
  for (let i = 0; i < sets.length / 2; i++) {
    const j = sets.length - 1 - i;
    const [one, other] = [sets[i] ?? 0, sets[j] ?? 0].map((set) =>
      Float64Array.from(trials, (trial) => sharpeWithin(trial, set)),
    ) as [Float64Array, Float64Array];
    splits[i] = splitOf(one, other);
    splits[j] = splitOf(other, one);
  }
  return splits;
}

/** @param outcomes Sharpe ratio of each trial in the future. */
function splitOf(past: Float64Array, outcomes: Float64Array): Split {
  let [best, chosen] = [0, Number.NEGATIVE_INFINITY];
  past.forEach((sharpe, i) => {
    if (sharpe > chosen) [best, chosen] = [i, sharpe];
  });
  const realized = at(outcomes, best);
  let [below, equal] = [0, 0];
  for (const outcome of outcomes) {
    if (outcome < realized) below++;
    else if (outcome === realized) equal++;
  }
  const rank = below + (equal + 1) / 2;
  const relative = rank / (outcomes.length + 1);
  return { logit: Math.log(relative / (1 - relative)), chosen, realized };
}

/** Sharpe ratio per period over the blocks of a set. */
function sharpeWithin({ counts, sums, squares }: BlockSums, set: number): number {
  const [count, total, square] = [within(counts, set), within(sums, set), within(squares, set)];
  const deviations = square - (total * total) / count;
  return deviations <= ROUNDING * square ? 0 : total / count / Math.sqrt(deviations / (count - 1));
}

/** Slope of the least squares line through (chosen, realized). */
function slope(splits: readonly Split[]): number {
  const chosenMean = mean(splits.map(({ chosen }) => chosen));
  const realizedMean = mean(splits.map(({ realized }) => realized));
  let [products, squares] = [0, 0];
  for (const { chosen, realized } of splits) {
    products += (chosen - chosenMean) * (realized - realizedMean);
    squares += (chosen - chosenMean) ** 2;
  }
  return squares === 0 ? Number.NaN : products / squares;
}
