// Turns the text of one CSV field into a day, an id or a number, and refuses anything else.
import { AppError } from "../../core/errors.ts";
import { dayNumber, isoDate } from "../../core/time.ts";
import type { Place } from "./csv-file.ts";

/** A field does not hold what its column is for: NaN, text in a number, a ticker in the place of an id. */
export class BadValueError extends AppError {
  readonly code = "BAD_VALUE";
  readonly kind = "data";
  readonly place: Place;
  readonly column: string;
  readonly found: string;

  constructor(place: Place, field: { readonly column: string; readonly found: string; readonly expected: string }) {
    super(
      `${place.file}, line ${place.line}, column ${field.column}: expected ${field.expected}, found '${field.found}'. ` +
        "Check that the columns are in their order and repair the line.",
    );
    this.place = place;
    this.column = field.column;
    this.found = field.found;
  }
}

const NUMBER = /^\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;
const COIN_ID = /^[a-z0-9][a-z0-9_.-]*$/;
const dayCache = new Map<string, number>();

/** Days since 1970-01-01 of a date written YYYY-MM-DD. */
export function parseDay(text: string, place: Place): number {
  const cached = dayCache.get(text);
  if (cached !== undefined) return cached;
  let day: number;
  try {
    day = dayNumber(isoDate(text));
  } catch {
    throw new BadValueError(place, { column: "date", found: text, expected: "an existing day written as YYYY-MM-DD" });
  }
  dayCache.set(text, day);
  return day;
}

/** A coin id or slug as the providers write them: lower case, no spaces. */
export function parseCoinId(text: string, column: string, place: Place): string {
  if (!COIN_ID.test(text)) {
    const expected = "a lower-case coin id such as 'bitcoin' (not a ticker)";
    throw new BadValueError(place, { column, found: text, expected });
  }
  return text;
}

/** A price: a decimal number above zero. */
export function parsePrice(text: string, column: string, place: Place): number {
  const value = NUMBER.test(text) ? Number(text) : Number.NaN;
  if (!(value > 0 && value < Number.POSITIVE_INFINITY)) {
    throw new BadValueError(place, { column, found: text, expected: "a price above zero" });
  }
  return value;
}

/** An amount of dollars of zero or more; NaN when the field is empty, which means unknown. */
export function parseAmount(text: string, column: string, place: Place): number {
  if (text === "") return Number.NaN;
  const value = NUMBER.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(value)) {
    throw new BadValueError(place, { column, found: text, expected: "a number of zero or more, or nothing" });
  }
  return value;
}
