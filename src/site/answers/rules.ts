// Describes the view "rules": methodology, limits and how much of them is used, roles, addresses, and the site itself.
import { z } from "zod";

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
  contracts: list(
    z.strictObject({ name: text, address, codeHash: hash.nullable().meta({ description: "keccak-256 of the code" }) }),
  ),
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
