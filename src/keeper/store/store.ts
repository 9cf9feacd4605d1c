// What the keeper keeps between two wakes, wherever it is kept: journals, the lease of the acting keeper, the pause.
import type { Journal } from "../../execute/journal.ts";

/**
 * {ms} A lease ends so much later than one taken now at the least, before it counts as taken by a clock that was set back
 * since: two keepers that ask at one moment may read the time in one order and write in the other.
 */
export const CLOCK_SLACK = 10_000;

/** The right to act, until it ends. The token grows with every change of hands. */
export type Lease = {
  readonly holder: string;
  readonly token: number;
  readonly until: number; // {ms} since 1970, by the store's clock
};

/** One row that names the keeper that acts. */
export interface LeaseTable {
  /**
   * Takes or renews the lease for `duration` {ms}; undefined while another holds it. One that ends later than one taken
   * now, by more than {@link CLOCK_SLACK}, was taken before its clock was set back, and is free: all who share a table
   * ask for the same duration.
   */
  take(holder: string, duration: number): Promise<Lease | undefined>;
  /** True while the lease is in the same hands, under the same token, for at least `spare` {ms} more. */
  isHeld(lease: Lease, spare: number): Promise<boolean>;
  /** Gives it up before its end; nothing happens when it is in other hands. */
  release(lease: Lease): Promise<void>;
  /** Who holds or held it last; undefined before the first. */
  current(): Promise<Lease | undefined>;
}

/** Why and since when nothing is sent. */
export type Pause = { readonly since: number /* {ms} since 1970 */; readonly reason: string };

/** A switch that every keeper of the store looks at before it acts. */
export interface PauseSwitch {
  read(): Promise<Pause | undefined>;
  set(pause: Pause | undefined): Promise<void>;
}

/** The keeper's memory. */
export interface KeeperStore {
  /** File or database, for people; without a password. */
  readonly place: string;
  /** The journal of that name; journals of other names are numbered apart. */
  journal(name: string): Journal;
  readonly lease: LeaseTable;
  readonly pause: PauseSwitch;
  close(): Promise<void>;
}

/** Milliseconds since 1970. */
export interface Clock {
  now(): number;
}
