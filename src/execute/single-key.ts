// Tells accounts that sign by one key from contracts.
import type { Hex } from "viem";

/** Code of an account that has delegated to a contract and still signs by a key. @see EIP-7702 */
const DELEGATION = "0xef0100";

/** Whether whoever has this code signs by a single key: an account without code, or one that has delegated. */
export function isSingleKey(code: Hex | undefined): boolean {
  return code === undefined || code === "0x" || code.startsWith(DELEGATION);
}
