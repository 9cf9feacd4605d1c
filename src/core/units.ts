// Turns plain numbers into quantities whose unit the compiler knows.
import { OutOfRangeError } from "./errors.ts";

declare const unit: unique symbol;
type Unit<Base, Name extends string> = Base & { readonly [unit]: Name };

/** Raw amount of a token, in its smallest unit. */
export type TokenUnits = Unit<bigint, "TokenUnits">;
/** Fixed point with 18 decimals: a price in USD a whole token, or a value in USD. */
export type Wad = Unit<bigint, "Wad">;
/** Parts per million, an integer from 0 to 1,000,000. */
export type Ppm = Unit<number, "Ppm">;
/** Basis points, a non-negative integer. */
export type Bps = Unit<number, "Bps">;
/** Seconds since 1970-01-01T00:00:00Z. */
export type UnixSeconds = Unit<number, "UnixSeconds">;

/** The whole, in parts per million. */
export const PPM = 1_000_000;
/** The whole, in basis points. */
export const BPS = 10_000;
/** One, as a {@link Wad}. */
export const WAD = 10n ** 18n;

/** @throws OutOfRangeError when `value` is negative. */
export function tokenUnits(value: bigint): TokenUnits {
  if (value < 0n) throw new OutOfRangeError("token amount", value, "zero or more");
  return value as TokenUnits;
}

/** @throws OutOfRangeError when `value` is negative. */
export function wad(value: bigint): Wad {
  if (value < 0n) throw new OutOfRangeError("fixed-point value", value, "zero or more");
  return value as Wad;
}

/** @throws OutOfRangeError when `value` is not an integer from 0 to 1,000,000. */
export function ppm(value: number): Ppm {
  if (!Number.isInteger(value) || value < 0 || value > PPM) {
    throw new OutOfRangeError("weight in parts per million", value, "an integer from 0 to 1000000");
  }
  return value as Ppm;
}

/** @throws OutOfRangeError when `value` is not an integer of zero or more. */
export function bps(value: number): Bps {
  if (!Number.isInteger(value) || value < 0) {
    throw new OutOfRangeError("basis points", value, "an integer of zero or more");
  }
  return value as Bps;
}

/** @throws OutOfRangeError when `value` is not an integer of zero or more. */
export function unixSeconds(value: number): UnixSeconds {
  if (!Number.isInteger(value) || value < 0) {
    throw new OutOfRangeError("time in seconds", value, "an integer of zero or more");
  }
  return value as UnixSeconds;
}

/**
 * A positive price or value as fixed point with 18 decimals, exact to the 17 digits of the double.
 *
 * @throws OutOfRangeError when `value` is negative or not finite.
 */
export function wadFromNumber(value: number): Wad {
  if (!Number.isFinite(value) || value < 0) {
    throw new OutOfRangeError("amount", value, "finite and zero or more");
  }
  // The shortest decimal form that names this double, shifted by 18 digits as text: no float error is added.
  const [mantissa = "0", exponent = "0"] = value.toExponential().split("e");
  const [whole = "0", fraction = ""] = mantissa.split(".");
  const shift = 18 + Number(exponent) - fraction.length;
  const digits = BigInt(whole + fraction);
  return wad(shift >= 0 ? digits * 10n ** BigInt(shift) : digits / 10n ** BigInt(-shift));
}

/** An amount without some of it, rounded down. @param part At most the whole. */
export function lessBps(amount: bigint, part: Bps): bigint {
  // {tok} = {tok} * {bps} / {bps}
  return (amount * BigInt(BPS - part)) / BigInt(BPS);
}

/** For reports only: nothing computed from the result is ever traded. */
export function toFloat(amount: bigint, decimals: number): number {
  return Number(decimalString(amount, decimals));
}

/** An integer amount as a decimal string in whole units, without trailing zeros. */
export function decimalString(amount: bigint, decimals: number): string {
  const sign = amount < 0n ? "-" : "";
  const digits = (amount < 0n ? -amount : amount).toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, "");
  return sign + whole + (fraction === "" ? "" : `.${fraction}`);
}

/**
 * A decimal string in whole units as an integer amount.
 *
 * @throws OutOfRangeError when it is not a non-negative decimal number or has more digits than the token.
 */
export function parseDecimal(text: string, decimals: number): bigint {
  const match = /^(\d+)(?:\.(\d+))?$/.exec(text.trim());
  const fraction = match?.[2] ?? "";
  if (match === null || fraction.length > decimals) {
    throw new OutOfRangeError("amount", text, `a number such as 1234.5 with at most ${decimals} decimals`);
  }
  return BigInt((match[1] ?? "0") + fraction.padEnd(decimals, "0"));
}
