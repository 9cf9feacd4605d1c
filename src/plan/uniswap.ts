// Turns Uniswap's SDKs, whose ES modules Node cannot resolve, into typed modules, and native integers into theirs.
import { createRequire } from "node:module";

import type * as SdkCore from "@uniswap/sdk-core";
import type * as V3Sdk from "@uniswap/v3-sdk";

const load = createRequire(import.meta.url);

/** `@uniswap/v3-sdk`. */
export const v3Sdk = load("@uniswap/v3-sdk") as typeof V3Sdk;
/** `@uniswap/sdk-core`. */
export const sdkCore = load("@uniswap/sdk-core") as typeof SdkCore;

/** The farthest tick of any pool. */
export const { MAX_TICK } = v3Sdk.TickMath;

/** The SDKs' own big integer. */
export type SdkInteger = SdkCore.Fraction["numerator"];

/** A native integer, zero or more, as the SDKs calculate with it. By hexadecimal digits, which take no division. */
export function toSdk(value: bigint): SdkInteger {
  return new sdkCore.Fraction(`0x${value.toString(16)}`).numerator;
}

/** An integer of the SDKs, zero or more, as a native one. */
export function fromSdk(value: SdkInteger): bigint {
  return BigInt(`0x${value.toString(16)}`);
}
