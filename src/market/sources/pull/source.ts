// The port through which market data come from the network into the history store.
import type { FieldValue } from "../csv-values.ts";
import type { TableName } from "../store/tables.ts";

/** Rows that belong together: the store has all of them or none. */
export type PullBatch = {
  readonly table: TableName;
  /** Each in the order of the table's columns. */
  readonly rows: readonly (readonly FieldValue[])[];
  /** What was fetched, for people. */
  readonly about: string;
  /** How many of all requests are done. */
  readonly done: number;
  readonly total: number;
};

/**
 * The last day ({day} since 1970-01-01) or time ({s}) that the store has of a series; `undefined` when it has none.
 *
 * @param series Values of key columns that name the series.
 */
export type LastStored = (table: TableName, series: Readonly<Record<string, string>>) => Promise<number | undefined>;

/** Somebody who publishes market data. */
export interface MarketSource {
  readonly name: string;
  /** What the store lacks, oldest first within a series, so that an interrupted pull goes on where it ended. */
  batches(lastStored: LastStored): AsyncIterable<PullBatch>;
}
