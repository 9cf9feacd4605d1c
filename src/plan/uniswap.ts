// Turns Uniswap's SDKs, whose ES modules Node cannot resolve, into typed modules, and native integers into theirs.
import { createRequire } from "node:module";

import type { Fraction as FractionType } from "@uniswap/sdk-core";

const load = createRequire(import.meta.url);

/** `@uniswap/v3-sdk`. */
export const v3Sdk = load("@uniswap/v3-sdk") as typeof import("@uniswap/v3-sdk");
/** `@uniswap/sdk-core`. */
export const sdkCore = load("@uniswap/sdk-core") as typeof import("@uniswap/sdk-core");

/** The SDKs' own big integer. */
export type SdkInteger = FractionType["numerator"];

/** A native integer as the SDKs calculate with it. */
export function toSdk(value: bigint): SdkInteger {
  return new sdkCore.Fraction(value.toString()).numerator;
}

/** An integer of the SDKs as a native one. */
export function fromSdk(value: SdkInteger): bigint {
  return BigInt(value.toString());
}
