// Turns the process's environment into checked settings; no other file reads it for configuration.
import { type Address, type Hex, isAddress } from "viem";

import { z } from "zod";

import { UsageError } from "../core/errors.ts";
import { type NodesSettings, type SendingSettings, nodesSchema, sendingSchema } from "../execute/sending-settings.ts";

/** The environment variable that holds a private key. */
export const PRIVATE_KEY_VARIABLE = "TM100_PRIVATE_KEY";

/**
 * The private key of the environment; undefined when none is set. Its text is in no message.
 *
 * @throws UsageError when it is not a key.
 */
export function loadPrivateKey(environment: Readonly<NodeJS.ProcessEnv> = process.env): Hex | undefined {
  return keyIn(environment, PRIVATE_KEY_VARIABLE);
}

function keyIn(environment: Readonly<NodeJS.ProcessEnv>, variable: string): Hex | undefined {
  const text = environment[variable];
  if (text === undefined || text === "") return undefined;
  if (/^0x[0-9a-fA-F]{64}$/.test(text)) return text as Hex;
  throw new UsageError(`Expected 0x and 64 hexadecimal digits in ${variable}, found ${text.length} other characters.`);
}

/** The environment variable that holds the key of the signer of targets. */
const SIGNER_KEY_VARIABLE = "TM100_SIGNER_KEY";

/** What a keeper is told by the environment: secrets, and addresses that hold some. */
export type KeeperSettings = {
  /** The database that keepers share; a file of this machine without one. */
  readonly databaseUrl: string | undefined;
  readonly signerKey: Hex | undefined;
  readonly webhookUrl: string | undefined;
  readonly heartbeatUrl: string | undefined;
  readonly telegram:
    { readonly token: string; readonly chat: string; readonly baseUrl: string | undefined } | undefined;
};

/**
 * The keeper's settings of the environment; their texts are in no message.
 *
 * @throws UsageError when one of them cannot be meant.
 */
export function loadKeeperSettings(environment: Readonly<NodeJS.ProcessEnv> = process.env): KeeperSettings {
  const value = (name: string): string | undefined => (environment[name] === "" ? undefined : environment[name]);
  const address = (name: string, schemes: readonly string[]): string | undefined => {
    const text = value(name);
    if (text === undefined || (URL.canParse(text) && schemes.includes(new URL(text).protocol))) return text;
    throw new UsageError(`Expected an address that begins with ${schemes.join("// or ")}// in ${name}.`);
  };
  const [token, chat] = [value("TM100_TELEGRAM_TOKEN"), value("TM100_TELEGRAM_CHAT")];
  if ((token === undefined) !== (chat === undefined)) {
    throw new UsageError("Expected both TM100_TELEGRAM_TOKEN and TM100_TELEGRAM_CHAT, or neither.");
  }
  const web = ["https:", "http:"];
  const baseUrl = address("TM100_TELEGRAM_URL", web);
  return {
    databaseUrl: address("DATABASE_URL", ["postgresql:", "postgres:"]),
    signerKey: keyIn(environment, SIGNER_KEY_VARIABLE),
    webhookUrl: address("TM100_WEBHOOK_URL", web),
    heartbeatUrl: address("TM100_HEARTBEAT_URL", web),
    telegram: token === undefined || chat === undefined ? undefined : { token, chat, baseUrl },
  };
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

/** The environment variable that holds the password of a keystore. */
export const KEYSTORE_PASSWORD_VARIABLE = "TM100_KEYSTORE_PASSWORD";

/** The password of the environment; undefined when none is set. */
export function loadKeystorePassword(environment: Readonly<NodeJS.ProcessEnv> = process.env): string | undefined {
  const text = environment[KEYSTORE_PASSWORD_VARIABLE];
  return text === "" ? undefined : text;
}

/** The environment variables that name a signer outside of this process, and the account that it signs for. */
export const SIGNER_URL_VARIABLE = "TM100_SIGNER_URL";
const SIGNER_ADDRESS_VARIABLE = "TM100_SIGNER_ADDRESS";

/** Where a signer outside of this process is, and for which account it signs. */
export type SignerSettings = { readonly url: string; readonly address: Address };

/** The signer of the environment; undefined when none is set. @throws UsageError when one of the two is not usable. */
export function loadSignerSettings(environment: Readonly<NodeJS.ProcessEnv> = process.env): SignerSettings | undefined {
  const url = environment[SIGNER_URL_VARIABLE] ?? "";
  const address = environment[SIGNER_ADDRESS_VARIABLE] ?? "";
  if (url === "") return undefined;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new UsageError(
      `Expected an address with http:// or https:// in ${SIGNER_URL_VARIABLE}, found something else.`,
    );
  }
  if (!isAddress(address)) {
    throw new UsageError(`Expected the signer's account in ${SIGNER_ADDRESS_VARIABLE}, found '${address}'.`);
  }
  return { url, address };
}

/** The environment variables of nodes, relay, and of how transactions are sent, as one JSON object. */
const NODES_VARIABLE = "TM100_RPC_URLS";
const RELAY_VARIABLE = "TM100_RELAY_URL";
const SENDING_VARIABLE = "TM100_SENDING";

/**
 * The nodes of the environment, several addresses with commas between them, and its relay.
 *
 * @param rpc The one node that is asked when none is set.
 * @throws UsageError when they are not usable. Their text, which may hold secrets, is in no message.
 */
export function loadNodes(rpc: string, environment: Readonly<NodeJS.ProcessEnv> = process.env): NodesSettings {
  const named = environment[NODES_VARIABLE] ?? "";
  const text = named === "" ? rpc : named;
  const relay = environment[RELAY_VARIABLE] ?? "";
  const urls = text.split(",").map((url) => url.trim());
  return parsed(nodesSchema, { urls, ...(relay === "" ? {} : { relay }) }, `${NODES_VARIABLE} or ${RELAY_VARIABLE}`);
}

/** How transactions are sent: the defaults, and what the environment changes. @throws UsageError when it is unusable. */
export function loadSending(environment: Readonly<NodeJS.ProcessEnv> = process.env): SendingSettings {
  const text = environment[SENDING_VARIABLE] ?? "";
  return parsed(sendingSchema, text === "" ? {} : jsonIn(text), SENDING_VARIABLE);
}

function parsed<Schema extends z.ZodType>(schema: Schema, value: unknown, name: string): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new UsageError(`Expected usable settings in ${name}, found:\n${z.prettifyError(result.error)}`);
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`Expected a JSON object in ${SENDING_VARIABLE}, found ${text.length} other characters.`);
  }
}
