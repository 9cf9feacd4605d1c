// Describes a gauge: readings that stand beside the regime without deciding on it.

/** A gauge, with one value a week; NaN where it cannot be read. */
export type Gauge = {
  readonly name: string;
  readonly unit: string;
  readonly definition: string;
  readonly values: readonly number[];
};
