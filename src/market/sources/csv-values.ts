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
const DATE_LENGTH = 10;
const FIRST_YEAR = 1970;
const YEARS = 130;
const MONTHS = 12;
const MOST_DAYS = 31;
/** Days of dates that were found to exist, by year, month and day; -1 for others. Years beyond it are worked out anew. */
const knownDays = new Int32Array(YEARS * MONTHS * MOST_DAYS).fill(-1);

/** Days since 1970-01-01 of a date written YYYY-MM-DD. */
export function parseDay(text: string, place: Place, column = "date"): number {
  const at = placeOfDate(text);
  const known = knownDays[at] ?? -1;
  if (known !== -1) return known;
  try {
    const day = dayNumber(isoDate(text));
    if (at !== -1) knownDays[at] = day;
    return day;
  } catch {
    throw new BadValueError(place, { column, found: text, expected: "an existing day written as YYYY-MM-DD" });
  }
}

/** Where {@link knownDays} has a text that has the form of a date; -1 for any other text and for other years. */
function placeOfDate(text: string): number {
  if (text.length !== DATE_LENGTH || text[4] !== "-" || text[7] !== "-") return -1;
  const year = digits(text, 0, 4) - FIRST_YEAR;
  const [month, day] = [digits(text, 5, 7) - 1, digits(text, 8, DATE_LENGTH) - 1];
  const isPlace = year >= 0 && year < YEARS && month >= 0 && month < MONTHS && day >= 0 && day < MOST_DAYS;
  return isPlace ? (year * MONTHS + month) * MOST_DAYS + day : -1;
}

/** The number that the digits in `[start, end)` make; NaN when there is anything else. */
function digits(text: string, start: number, end: number): number {
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = text.charCodeAt(i) - 48;
    value = digit >= 0 && digit <= 9 ? 10 * value + digit : Number.NaN;
  }
  return value;
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

/** What may stand in a field; `?` behind it allows nothing. */
export type FieldKind = Kind | `${Kind}?`;
type Kind = "day" | "time" | "id" | "text" | "address" | "price" | "amount" | "number" | "score" | "whole" | "flag";

/** The value of a field: a day or time as a number since 1970-01-01 ({day}, {s}); null where nothing is known. */
export type FieldValue = string | number | null;

type Field = { readonly text: string; readonly column: string; readonly kind: FieldKind };

const SIGNED = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;
const ADDRESS = /^0x[0-9a-fA-F]{40}$/;
const UTC_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

type Parser = (text: string, column: string, place: Place) => FieldValue;

const PARSERS: Readonly<Record<Kind, Parser>> = {
  day: (text, column, place) => parseDay(text, place, column),
  time: secondsOf,
  id: parseCoinId,
  text: matching(/\S/, "a name"),
  address: matching(ADDRESS, "0x and 40 hexadecimal digits"),
  price: parsePrice,
  amount: numeric(NUMBER, "a number of zero or more"),
  number: numeric(SIGNED, "a number"),
  whole: numeric(/^\d+$/, "a whole number of zero or more"),
  score: numeric(NUMBER, "a number from 0 to 100", 100),
  flag: numeric(/^[01]$/, "0 or 1"),
};

/** The value of one field. @throws BadValueError when it is not of the kind. */
export function parseField({ text, column, kind }: Field, place: Place): FieldValue {
  if (kind.endsWith("?") && text === "") return null;
  return PARSERS[kind.replace("?", "") as Kind](text, column, place);
}

function matching(pattern: RegExp, expected: string): Parser {
  return (text, column, place) => {
    if (!pattern.test(text)) throw new BadValueError(place, { column, found: text, expected });
    return text;
  };
}

function numeric(pattern: RegExp, expected: string, most = Number.MAX_VALUE): Parser {
  return (text, column, place) => {
    const value = pattern.test(text) ? Number(text) : Number.NaN;
    if (!(value <= most)) throw new BadValueError(place, { column, found: text, expected });
    return value;
  };
}

function secondsOf(text: string, column: string, place: Place): number {
  const milliseconds = UTC_TIME.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(milliseconds) || new Date(milliseconds).toISOString().slice(0, 19) !== text.slice(0, 19)) {
    throw new BadValueError(place, { column, found: text, expected: "a time written as YYYY-MM-DDThh:mm:ssZ" });
  }
  return milliseconds / 1000;
}
