// Turns plain data into the one JSON text that everybody gets for it, and into its keccak-256.
import { type Hex, keccak256, stringToHex } from "viem";

/** What canonical JSON can hold. A `bigint` must be written as a decimal string first. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * JSON with keys sorted by UTF-16 code units and no white space; numbers as ECMAScript writes them.
 *
 * @throws TypeError for NaN, infinities and anything else that JSON cannot hold.
 * @see RFC 8785 (JSON Canonicalization Scheme)
 */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value === "string" || typeof value === "boolean") return JSON.stringify(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new TypeError(`JSON cannot hold ${value}`);
    return JSON.stringify(value);
  }
  if (isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] as Json)}`);
  return `{${members.join(",")}}`;
}

/** keccak-256 of the UTF-8 bytes of {@link canonicalJson}. */
export function canonicalHash(value: Json): Hex {
  return keccak256(stringToHex(canonicalJson(value)));
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
