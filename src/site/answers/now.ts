// Describes the view "now": where fund, index and regime stand, and what happens next.
import { z } from "zod";

import { count, decimal, figure, list, moment } from "./fields.ts";
import { fundSchema } from "./fund.ts";
import { gaugeSchema, signalSchema } from "./signal.ts";

const level = figure.nullable().meta({ description: "1000 at the fund's first finish; null where it is not known" });

/** Answer of `/api/now`. */
export const nowSchema = z.strictObject({
  fund: fundSchema,
  nextRebalance: z.strictObject({
    at: moment.meta({ description: "the earliest; in the past when it may start now or is under way" }),
    why: z.enum(["running", "pending", "week"]).meta({
      description: "under way until; a published target waits; the next week's decision is executed at the latest then",
    }),
    targetId: count.nullable(),
  }),
  levels: z.strictObject({
    since: moment.nullable(),
    fund: level,
    twin: level,
    bitcoin: level,
    twinLevel: decimal
      .nullable()
      .meta({ description: "of the index, which never switches, as last published on chain" }),
    bitcoinUsd: decimal.nullable(),
  }),
  signal: z
    .strictObject({
      ...signalSchema.shape,
      gauges: list(gaugeSchema),
      isOnChain: z.boolean().meta({ description: "true when the chain holds this decision's hash" }),
    })
    .nullable()
    .meta({ description: "replayed from the market data of the server; null while they are being read" }),
});

export type NowAnswer = z.input<typeof nowSchema>;
