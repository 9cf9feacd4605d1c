// Describes which legs a visitor wants to see.

/** What legs are wanted; empty texts want all. */
export type LegFilter = {
  readonly search: string;
  readonly regime: string;
  readonly outcome: string;
  readonly from: string;
  readonly to: string;
  readonly coin: string;
  readonly rebalance: string;
};
