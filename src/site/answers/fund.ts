// Describes where a fund stands, as `status --json` and the page's API tell it.
import { z } from "zod";

import { basisPoints, block, count, decimal, head, list, moment, regime, symbol } from "./fields.ts";

const lossSchema = z.strictObject({
  used: decimal.meta({ description: "part of the value before", examples: ["0.0012"] }),
  limit: decimal.meta({ description: "part of the value before", examples: ["0.01"] }),
});

/** What trading may lose and has lost, when something may happen next, how old prices are. */
export const limitsSchema = z.strictObject({
  cutoff: moment.meta({ description: "when this week's requests close" }),
  returnFrom: moment.meta({ description: "from when on the fund may go back into the market" }),
  exitOpenToAll: moment.nullable().meta({ description: "when anyone may carry out the exit that waits" }),
  exitExtraOpens: moment.nullable().meta({ description: "when the exit under way may use its extra budget" }),
  losses: z.strictObject({ rebalance: lossSchema, window: lossSchema, exit: lossSchema }),
  prices: list(
    z.strictObject({
      index: count.meta({ description: "number of the asset in the fund" }),
      kind: z.enum(["feed", "pool"]),
      isFresh: z.boolean(),
      age: count.exactOptional().meta({ description: "seconds since the feed's answer" }),
      heartbeat: count.exactOptional().meta({ description: "seconds after which an answer counts no more" }),
    }),
  ),
});

/** What keeps the fund from trading; assets by index. */
export const guardsSchema = z.strictObject({
  buyingPausedUntil: moment.nullable(),
  closed: list(count),
  quarantined: list(count),
  abandonedFrom: moment.nullable().meta({ description: "from then on anyone may sell, if nothing finishes before" }),
});

/** Every cost of a depositor but gas, and what a request must keep to. */
export const costsSchema = z.strictObject({
  swingBps: z.strictObject({ deposit: basisPoints, redemption: basisPoints, least: basisPoints, most: basisPoints }),
  measuredBps: z
    .strictObject({ mean: basisPoints, rebalances: count })
    .nullable()
    .meta({ description: "what the last rebalances cost on average; null before the first" }),
  feeBpsPerYear: z.strictObject({
    now: basisPoints,
    bull: basisPoints,
    bear: basisPoints,
    mostBull: basisPoints,
    mostBear: basisPoints,
  }),
  depositCap: z.strictObject({ limitUsd: decimal, usedUsd: decimal, room: decimal }).nullable(),
  depositsPausedUntil: moment.nullable(),
  leastDeposit: decimal,
  leastRedemption: decimal,
});

/** The fund at a block. */
export const fundSchema = z.strictObject({
  time: moment,
  block,
  regime,
  since: z
    .strictObject({ targetId: count, time: moment })
    .nullable()
    .meta({ description: "the rebalance that led into the regime; null since the start" }),
  navUsd: decimal,
  holdings: count,
  unpriced: count.meta({ description: "holdings without a fresh price, which count nothing" }),
  navPerShareUsd: decimal,
  supply: decimal,
  coin: symbol.meta({ description: "the deposit coin", examples: ["USDC"] }),
  depositsPending: decimal,
  sharesDue: decimal,
  setAside: decimal,
  pending: z.strictObject({ id: count, executableAt: moment, validUntil: moment }).nullable(),
  running: z.strictObject({ id: count, deadline: moment }).nullable(),
  limits: limitsSchema,
  guards: guardsSchema,
  costs: costsSchema,
  ledger: z.strictObject({ lines: count, head }),
});

export type LimitsAnswer = z.input<typeof limitsSchema>;
export type GuardsAnswer = z.input<typeof guardsSchema>;
export type CostsAnswer = z.input<typeof costsSchema>;
export type FundAnswer = z.input<typeof fundSchema>;
