// Turns a float into one with few enough digits that everybody who recomputes it writes the same text.
import { OutOfRangeError } from "./errors.ts";
import { decimalString, wadFromNumber } from "./units.ts";

/** `value` with `digits` significant digits. @throws OutOfRangeError when it is not finite. */
export function significant(value: number, digits: number): number {
  if (!Number.isFinite(value)) throw new OutOfRangeError("value", value, "finite");
  return Number(value.toPrecision(digits));
}

/** `value` with `digits` significant digits as a plain decimal string; at most 18 decimals. */
export function decimalText(value: number, digits: number): string {
  return decimalString(wadFromNumber(significant(value, digits)), 18);
}
