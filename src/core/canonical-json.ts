// Turns plain data into the one JSON text that everybody gets for it, and into its keccak-256.
import { type Hex, keccak256, stringToBytes } from "viem";

/** What canonical JSON can hold. A `bigint` must be written as a decimal string first. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

const UNESCAPED = /^[ !#-[\]-~]*$/;

/**
 * JSON with keys sorted by UTF-16 code units and no white space; numbers as ECMAScript writes them.
 *
 * @throws TypeError for NaN, infinities and anything else that JSON cannot hold.
 * @see RFC 8785 (JSON Canonicalization Scheme)
 */
export function canonicalJson(value: Json): string {
  if (typeof value === "string") return quoted(value);
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new TypeError(`JSON cannot hold ${value}`);
    return String(value);
  }
  return isArray(value) ? `[${value.map(canonicalJson).join(",")}]` : objectText(value);
}

function objectText(value: { readonly [key: string]: Json }): string {
  let text = "";
  for (const key of Object.keys(value).sort()) {
    text += `${text === "" ? "" : ","}${quoted(key)}:${canonicalJson(value[key] as Json)}`;
  }
  return `{${text}}`;
}

/** Most text has nothing to escape, which is quicker to see than to go through. */
function quoted(text: string): string {
  return UNESCAPED.test(text) ? `"${text}"` : JSON.stringify(text);
}

/** keccak-256 of the UTF-8 bytes of {@link canonicalJson}. */
export function canonicalHash(value: Json): Hex {
  return keccak256(stringToBytes(canonicalJson(value)));
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
