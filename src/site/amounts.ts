// Turns integer amounts and times into what a person or a program reads: whole units, thousands apart, UTC.
import { type UnixSeconds, decimalString, toFloat } from "../core/units.ts";

/** Decimals of the fund's share. */
export const SHARE = { symbol: "TM100", decimals: 18 } as const;
/** Decimals of a value. */
const USD_DECIMALS = 18;
/** Digits that a person reads of an amount. */
const DIGITS = 7;

/** A value {D18 USD} as a decimal string, for programs. */
export function usdString(value: bigint): string {
  return decimalString(value, USD_DECIMALS);
}

/** A value {D18 USD} with two decimals, for people. */
export function formatUsd(value: bigint): string {
  return formatNumber(toFloat(value, USD_DECIMALS), 2).replace(/^-(0\.00)$/, "$1");
}

/** An amount with about seven digits, for people. */
export function formatAmount(amount: bigint, decimals: number): string {
  const value = toFloat(amount, decimals);
  const whole = Math.floor(Math.log10(Math.max(1, Math.abs(value)))) + 1;
  const shown = Math.min(decimals, Math.max(2, DIGITS - whole));
  return value !== 0 && Math.abs(value) < 10 ** -(DIGITS - 2) ? value.toExponential(2) : formatNumber(value, shown);
}

/** `2023-01-23 12:00Z`. */
export function formatTime(time: number): string {
  return `${new Date(time * 1000).toISOString().slice(0, 16).replace("T", " ")}Z`;
}

/** `2023-01-23T12:00:00Z`, for programs. */
export function timeString(time: UnixSeconds | number): string {
  return new Date(time * 1000).toISOString().replace(".000Z", "Z");
}

/** A number with thousands separators and a fixed count of decimals. */
export function formatNumber(value: number, decimals: number): string {
  const [whole = "0", fraction] = value.toFixed(decimals).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}
