// Turns the order of a file's rows into an error where a coin's days do not strictly ascend.
import { AppError } from "../../core/errors.ts";
import { dateOfDay } from "../../core/time.ts";
import type { Place } from "./csv-file.ts";

/** One coin and day occurs twice in a file. */
export class DuplicateRowError extends AppError {
  readonly code = "DUPLICATE_ROW";
  readonly kind = "data";
  readonly place: Place;

  constructor(place: Place, series: string, day: number) {
    super(
      `${place.file}, line ${place.line}: a second row for ${series} on ${dateOfDay(day)}. Expected one: remove the wrong one.`,
    );
    this.place = place;
  }
}

/** A coin's rows go back in time. */
export class UnsortedRowsError extends AppError {
  readonly code = "UNSORTED_ROWS";
  readonly kind = "data";
  readonly place: Place;

  constructor(place: Place, series: string, days: { readonly before: number; readonly day: number }) {
    super(
      `${place.file}, line ${place.line}: ${series} goes from ${dateOfDay(days.before)} back to ${dateOfDay(days.day)}. ` +
        "Expected ascending dates for each coin: sort the file by coin and date.",
    );
    this.place = place;
  }
}

/** Two rows of a file have the same key. */
export class RepeatedRowError extends AppError {
  readonly code = "REPEATED_ROW";
  readonly kind = "data";
  readonly place: Place;

  constructor(place: Place, key: string) {
    super(`${place.file}, line ${place.line}: expected each ${key} once, found it again. Remove the wrong row.`);
    this.place = place;
  }
}

/** A function that is shown every row and throws at the first that repeats or goes back. */
export function orderGuard(): (series: string, day: number, place: Place) => void {
  const last = new Map<string, number>();
  return (series, day, place) => {
    const before = last.get(series);
    if (before === day) throw new DuplicateRowError(place, series, day);
    if (before !== undefined && before > day) throw new UnsortedRowsError(place, series, { before, day });
    last.set(series, day);
  };
}
