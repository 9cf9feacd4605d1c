// Describes the view "holdings": what the fund holds and aims at, what is left out and why, the stablecoins' peg.
import { z } from "zod";

import {
  address,
  basisPoints,
  block,
  coinId,
  count,
  decimal,
  figure,
  hash,
  list,
  moment,
  partsPerMillion,
  regime,
  symbol,
  text,
} from "./fields.ts";

const tradeSchema = z.strictObject({
  sequence: count,
  time: moment,
  transaction: hash,
  side: z.enum(["bought", "sold"]),
});

/** One holding, or an asset that is aimed at and not held yet. */
export const holdingSchema = z.strictObject({
  index: count.meta({ description: "number of the asset in the fund; 255 is wrapped ether in transit" }),
  coinId,
  symbol,
  token: address,
  decimals: count,
  isStable: z.boolean(),
  amount: decimal,
  priceUsd: decimal.nullable().meta({ description: "null without a fresh price" }),
  valueUsd: decimal,
  weightPpm: partsPerMillion,
  targetPpm: partsPerMillion.nullable().meta({ description: "of the target in force; null before the first" }),
  rank: count.nullable().meta({ description: "in the index, by 7-day average of the market cap" }),
  traderGrade: figure.nullable(),
  investorGrade: figure.nullable(),
  weekChange: figure.nullable().meta({ description: "of the close against the one a week before" }),
  pool: address.nullable(),
  poolDepthUsd: decimal.nullable().meta({ description: "that can be sold before the pool's price falls by 1 %" }),
  lastTrade: tradeSchema.nullable(),
});

/** Answer of `/api/holdings`. */
export const holdingsSchema = z.strictObject({
  time: moment,
  block,
  regime,
  navUsd: decimal,
  targetId: count.nullable(),
  holdings: list(holdingSchema),
  leftOut: list(
    z.strictObject({
      coinId,
      symbol,
      rank: count.nullable().meta({ description: "among all coins; null when the market cap is not known" }),
      reason: text,
      detail: text,
    }),
  ).meta({ description: "coins not in the index, and coins of the index that the fund cannot hold" }),
  stablecoins: list(
    z.strictObject({
      index: count,
      coinId,
      symbol,
      token: address,
      priceUsd: decimal.nullable(),
      pegBps: basisPoints.nullable().meta({ description: "price less one dollar", examples: [-3] }),
      isInBand: z.boolean(),
      amount: decimal,
      valueUsd: decimal,
      weightPpm: partsPerMillion,
    }),
  ),
  band: z
    .strictObject({ leastUsd: decimal, mostUsd: decimal })
    .meta({ description: "in which a stablecoin is bought" }),
});

export type HoldingsAnswer = z.input<typeof holdingsSchema>;
export type HoldingAnswer = z.input<typeof holdingSchema>;
