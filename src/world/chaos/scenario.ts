// What a scenario of chaos is: how it is called, what part of the time it takes, and how it is played.
import type { Tally } from "./tally.ts";

/** How much of a scenario is played, and with which faults. */
export type ChaosBounds = {
  /** The same seed gives the same faults. */
  readonly seed: number;
  /** {ms} since 1970: no round begins after it. */
  readonly until: number;
  /** A few rounds of each kind instead of all. */
  readonly isQuick: boolean;
};

/** A scenario. It opens what it needs, closes it again, and shares nothing with the others. */
export type Scenario = {
  /** What it is chosen by on the command line. */
  readonly name: string;
  /** What happens in it, for people, after "lets". */
  readonly about: string;
  /** What part of the time it takes, compared with the others. */
  readonly share: number;
  /** @param report Called with each line of the table as soon as it is known. */
  readonly play: (bounds: ChaosBounds, report: (tally: Tally) => void) => Promise<void>;
};
