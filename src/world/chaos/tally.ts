// Turns what rounds of chaos did into one line of a table.
import type { Account } from "./account.ts";

/** One scenario, summed over its rounds. */
export type Tally = {
  readonly scenario: string;
  readonly rounds: number;
  /** Kills, or faulty answers. */
  readonly blows: number;
  readonly finished: number;
  readonly transactions: number;
  /** {1} The dearest round's gas over that of a round without chaos. */
  readonly dearest: number;
  readonly breaches: readonly string[];
};

/** How long chaos may go on. */
export type ChaosBounds = {
  readonly seed: number;
  /** {ms} since 1970: no round begins after it. */
  readonly until: number;
};

/** {1} A round may use so much of the gas of a round without chaos. */
const MOST_GAS = 2;

/** A round that is over. */
export type Round = { readonly blows: number; readonly account: Account; readonly breaches: readonly string[] };

/** Sums rounds up. @param calm The gas {gas} of a round without chaos. */
export function tallyOf(scenario: string, rounds: readonly Round[], calm: number): Tally {
  const sum = (of: (round: Round) => number): number => rounds.reduce((total, round) => total + of(round), 0);
  const dearest = Math.max(0, ...rounds.map(({ account }) => account.gas / calm));
  return {
    ...{ scenario, rounds: rounds.length, blows: sum(({ blows }) => blows), dearest },
    finished: sum(({ account }) => account.finished),
    transactions: sum(({ account }) => account.transactions),
    breaches: [
      ...rounds.flatMap(({ breaches }, index) => breaches.map((words) => `round ${index + 1}: ${words}`)),
      ...(dearest > MOST_GAS ? [`a round used ${dearest.toFixed(2)} times the gas of a calm one`] : []),
    ],
  };
}
