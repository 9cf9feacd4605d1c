// Turns the index's weekly levels into the votes on the regime.
import type { RegimeParameters } from "./parameters.ts";

/** One vote: yes when the level is above its threshold. */
export type Vote = {
  /** For example `above-10-week-mean` or `above-12-weeks-ago`. */
  readonly name: string;
  /** The index level now. */
  readonly level: number;
  /** What it has to be above; `undefined` while the history is too short, and then the vote is no. */
  readonly threshold: number | undefined;
  readonly yes: boolean;
};

/**
 * One vote for each mean and each look back, in the order of the parameters.
 *
 * @param levels Weekly levels, oldest first; the last one is now. At least one.
 */
export function castVotes(levels: readonly number[], parameters: RegimeParameters): Vote[] {
  const level = levels.at(-1) ?? Number.NaN;
  const means = parameters.meanWeeks.map((weeks) => vote(`above-${weeks}-week-mean`, level, meanOfLast(levels, weeks)));
  const looks = parameters.momentumWeeks.map((weeks) => vote(`above-${weeks}-weeks-ago`, level, levels.at(-1 - weeks)));
  return [...means, ...looks];
}

/** Mean of the last `weeks` levels, the last one included; `undefined` when there are fewer. */
export function meanOfLast(levels: readonly number[], weeks: number): number | undefined {
  if (levels.length < weeks) return undefined;
  return levels.slice(-weeks).reduce((sum, level) => sum + level, 0) / weeks;
}

function vote(name: string, level: number, threshold: number | undefined): Vote {
  return { name, level, threshold, yes: threshold !== undefined && level > threshold };
}
