// Turns the process's environment into checked settings; no other file reads it for configuration.
import type { Hex } from "viem";

import { UsageError } from "../core/errors.ts";

/** The environment variable that holds a private key. */
export const PRIVATE_KEY_VARIABLE = "TM100_PRIVATE_KEY";

/**
 * The private key of the environment; undefined when none is set. Its text is in no message.
 *
 * @throws UsageError when it is not a key.
 */
export function loadPrivateKey(environment: Readonly<NodeJS.ProcessEnv> = process.env): Hex | undefined {
  const text = environment[PRIVATE_KEY_VARIABLE];
  if (text === undefined || text === "") return undefined;
  if (/^0x[0-9a-fA-F]{64}$/.test(text)) return text as Hex;
  throw new UsageError(
    `Expected 0x and 64 hexadecimal digits in ${PRIVATE_KEY_VARIABLE}, found ${text.length} other characters.`,
  );
}
