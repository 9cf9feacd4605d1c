// Turns Uniswap's SDKs, whose ES modules Node cannot resolve, into typed modules, and native integers into theirs.
import { createRequire } from "node:module";

import type * as SdkCore from "@uniswap/sdk-core";
import type * as V3Sdk from "@uniswap/v3-sdk";

const load = createRequire(import.meta.url);

/** `@uniswap/v3-sdk`. */
export const v3Sdk = load("@uniswap/v3-sdk") as typeof V3Sdk;
/** `@uniswap/sdk-core`. */
export const sdkCore = load("@uniswap/sdk-core") as typeof SdkCore;

/** The SDKs' own big integer. */
export type SdkInteger = SdkCore.Fraction["numerator"];

/** A native integer as the SDKs calculate with it. */
export function toSdk(value: bigint): SdkInteger {
  return new sdkCore.Fraction(value.toString()).numerator;
}

/** An integer of the SDKs as a native one. */
export function fromSdk(value: SdkInteger): bigint {
  return BigInt(value.toString());
}
