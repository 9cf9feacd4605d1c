// Turns what rounds of chaos did into one line of a table.
import type { Account } from "./account.ts";

/** One scenario, summed over its rounds. */
export type Tally = {
  readonly scenario: string;
  readonly rounds: number;
  /** Wakes of a keeper. */
  readonly cycles: number;
  /** Kills, faulty answers, and whatever else was done to it. */
  readonly blows: number;
  readonly finished: number;
  readonly transactions: number;
  /** {1} The dearest round's gas over that of a round without chaos. */
  readonly dearest: number;
  readonly breaches: readonly string[];
  /** What else is to be told; no breaches. */
  readonly notes?: readonly string[];
};

/** {1} A round may use so much of the gas of a round without chaos. */
const MOST_GAS = 2;

/** A round that is over: a rebalance that was due when it began, and every wake until nothing was left to do. */
export type Round = {
  readonly blows: number;
  readonly cycles: number;
  readonly account: Account;
  readonly breaches: readonly string[];
};

/** Sums rounds up. @param calm The gas {gas} of a round without chaos. */
export function tallyOf(scenario: string, rounds: readonly Round[], calm: number): Tally {
  const sum = (of: (round: Round) => number): number => rounds.reduce((total, round) => total + of(round), 0);
  const dearest = Math.max(0, ...rounds.map(({ account }) => account.gas / calm));
  return {
    ...{ scenario, rounds: rounds.length, dearest },
    cycles: sum(({ cycles }) => cycles),
    blows: sum(({ blows }) => blows),
    finished: sum(({ account }) => account.finished),
    transactions: sum(({ account }) => account.transactions),
    breaches: [
      ...rounds.flatMap(({ breaches }, index) => breaches.map((words) => `round ${index + 1}: ${words}`)),
      ...(dearest > MOST_GAS ? [`a round used ${dearest.toFixed(2)} times the gas of a calm one`] : []),
    ],
  };
}

/** The names of the columns. */
export function headOfTable(): string {
  return rowOf("scenario", ["rounds", "cycles", "blows", "finished", "transactions", "dearest round", "breaches"]);
}

/** A line of the table, and below it the breaches and notes. */
export function linesOf(tally: Tally): string {
  const { scenario, rounds, cycles, blows, finished, transactions, dearest, breaches, notes = [] } = tally;
  const counts = [rounds, cycles, blows, finished, transactions].map(String);
  const row = rowOf(scenario, [...counts, `${dearest.toFixed(2)} x gas`, String(breaches.length)]);
  return [row, ...[...breaches, ...notes].map((words) => `  ${words}`)].join("\n");
}

const WIDTHS = [6, 7, 7, 9, 13, 14, 9];

function rowOf(name: string, cells: readonly string[]): string {
  return `${name.padEnd(34)} ${cells.map((cell, column) => cell.padStart(WIDTHS[column] ?? 0)).join(" ")}`;
}
