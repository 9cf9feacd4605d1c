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

/** Keys and addresses of the sources of market data. */
export type SourceSettings = {
  readonly coingecko: {
    readonly key: string | undefined;
    readonly plan: "demo" | "pro";
    readonly baseUrl: string | undefined;
  };
  readonly tokenMetrics: { readonly key: string | undefined; readonly baseUrl: string | undefined };
  readonly fearGreed: { readonly baseUrl: string | undefined };
  readonly exchange: { readonly baseUrl: string | undefined };
};

/** The environment variable that holds the key of Token Metrics. */
export const TOKEN_METRICS_VARIABLE = "TOKENMETRICS_API_KEY";

/** How the sources are reached. An address of one's own, such as a proxy's, stands in TM100_<SOURCE>_URL. */
export function loadSourceSettings(environment: Readonly<NodeJS.ProcessEnv> = process.env): SourceSettings {
  const value = (name: string): string | undefined => (environment[name] === "" ? undefined : environment[name]);
  const pro = value("COINGECKO_PRO_API_KEY");
  return {
    coingecko: {
      key: pro ?? value("COINGECKO_DEMO_API_KEY"),
      plan: pro === undefined ? "demo" : "pro",
      baseUrl: value("TM100_COINGECKO_URL"),
    },
    tokenMetrics: { key: value(TOKEN_METRICS_VARIABLE), baseUrl: value("TM100_TOKENMETRICS_URL") },
    fearGreed: { baseUrl: value("TM100_FEARGREED_URL") },
    exchange: { baseUrl: value("TM100_EXCHANGE_URL") },
  };
}
