// Turns what was read from one file into a line of a report.
import type { IsoDate } from "../../core/time.ts";

/** What was found in one file. */
export type FileReport = {
  /** Name without the folder. */
  readonly file: string;
  readonly format: string;
  readonly rows: number;
  /** Series of the file: coins, markets, indices. */
  readonly coins: number;
  /** Days without a row between two rows of one series, summed over all, and their runs; for daily histories only. */
  readonly missingDays?: number;
  readonly gaps?: number;
  /** First and last day with a row; absent for lists without days and for files that are not read. */
  readonly from?: IsoDate;
  readonly to?: IsoDate;
};
