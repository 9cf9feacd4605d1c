// Turns a float into one with few enough digits that everybody who recomputes it writes the same text.
import { OutOfRangeError } from "./errors.ts";
import { decimalString, wadFromNumber } from "./units.ts";

/** `value` with `digits` significant digits. @throws OutOfRangeError when it is not finite. */
export function significant(value: number, digits: number): number {
  if (!Number.isFinite(value)) throw new OutOfRangeError("value", value, "finite");
  return Number(value.toPrecision(digits));
}

/** From here on a number of up to 13 digits has no more than 18 decimals, and ECMAScript writes it without exponent. */
const LEAST_PLAIN = 1e-6;
const MOST_PLAIN = 1e21;
const PLAIN_DIGITS = 13;

/** `value` with `digits` significant digits as a plain decimal string; at most 18 decimals. */
export function decimalText(value: number, digits: number): string {
  const rounded = significant(value, digits);
  if (digits <= PLAIN_DIGITS && rounded >= LEAST_PLAIN && rounded < MOST_PLAIN) return String(rounded);
  return decimalString(wadFromNumber(rounded), 18);
}
