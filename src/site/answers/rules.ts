// Describes the view "rules": methodology, limits and how much of them is used, roles, addresses, and the site itself.
import { z } from "zod";

import { CODE_VERDICTS, SOURCE_MATCHES, SOURCE_SERVICES } from "../../core/verdicts.ts";
import { address, block, coinId, count, decimal, hash, list, moment, symbol, text } from "./fields.ts";
import { guardsSchema, limitsSchema } from "./fund.ts";

const assetSchema = z.strictObject({
  index: count,
  coinId,
  symbol,
  token: address,
  decimals: count,
  isStable: z.boolean(),
  pool: address.nullable(),
  capPpm: count.meta({ description: "the most of a bull target that it may be, in parts per million" }),
  priceSource: z.enum(["feed", "pool"]).nullable(),
});

const url = z
  .url({ protocol: /^https?$/ })
  .nullable()
  .meta({ examples: ["https://basescan.org/address/0x5fbdb2315678afecb367f032d93f642f64180aa3#code"] });
const kind = z.enum(["exact_match", "match"]).nullable();

const contractSchema = z.strictObject({
  name: text,
  contract: text.meta({ description: "its name in the sources", examples: ["IndexVault"] }),
  address,
  codeHash: hash.nullable().meta({ description: "keccak-256 of the code" }),
  code: z.enum([...CODE_VERDICTS, "unknown"]).meta({
    description:
      "whether the code is what this server's checkout compiles to, the sources' hash included, what the constructor " +
      "wrote (immutables) excepted",
  }),
  answers: list(
    z.strictObject({
      service: z.enum(SOURCE_SERVICES),
      match: z.enum(SOURCE_MATCHES),
      creationMatch: kind,
      runtimeMatch: kind,
      url,
      time: moment,
    }),
  ).meta({ description: "what outside services said to `verify-source`" }),
  links: z
    .strictObject({ explorer: url, sourcify: url })
    .meta({ description: "where to look oneself; null on a chain without an explorer" }),
});

const sourcesSchema = z
  .strictObject({
    state: z.enum(["never-asked", "asked", "unreadable", "unknown"]),
    trouble: text.nullable().meta({ description: "why the kept answers cannot be told", examples: [null] }),
  })
  .meta({ description: "whether outside services were asked about the sources" });

/** Answer of `/api/rules`. */
export const rulesSchema = z.strictObject({
  time: moment,
  block,
  methodology: text.meta({ examples: ["1.2.0"] }),
  parameters: z.record(z.string(), z.unknown()).meta({ examples: [{ regime: { bullAt: 0.6 } }] }),
  limits: limitsSchema,
  guards: guardsSchema,
  constants: list(z.strictObject({ name: text, value: decimal, unit: text, meaning: text })).meta({
    description: "fixed in code",
  }),
  roles: list(
    z.strictObject({
      role: text.meta({ examples: ["keeper"] }),
      account: address,
      delay: count.meta({ description: "seconds between announcing and doing" }),
      since: moment,
      hasCode: z.boolean().meta({ description: "true for a contract, such as a multisig" }),
    }),
  ),
  contracts: list(contractSchema),
  sources: sourcesSchema,
  assets: list(assetSchema),
});

/** Answer of `/api/site`: what a page needs to know before it asks anything else. */
export const siteSchema = z.strictObject({
  chainId: count,
  chain: text.meta({ examples: ["Base"] }),
  isLocal: z.boolean(),
  explorer: z
    .url()
    .nullable()
    .meta({ examples: ["https://basescan.org"] }),
  rpc: z
    .url()
    .nullable()
    .meta({ description: "a node of this machine, on a local chain", examples: [null] }),
  block: block.meta({ description: "in which the vault was created" }),
  addresses: z.strictObject({
    accessManager: address,
    oracle: address,
    venue: address,
    registry: address,
    rebalancer: address,
    vault: address,
    lens: address,
    gateway: address,
  }),
  coin: z.strictObject({ symbol, token: address, decimals: count }),
  share: z.strictObject({ symbol, token: address, decimals: count }),
  methodology: text,
});

export type RulesAnswer = z.input<typeof rulesSchema>;
export type SiteAnswer = z.input<typeof siteSchema>;
