// Describes the regime at a date with each vote and gauge, as `signal --json` tells it.
import { z } from "zod";

import { count, day, decimal, figure, hash, list, regime, text } from "./fields.ts";

const nullableFigure = figure.nullable();

/** A reading that stands beside the regime, with how often it was right. */
export const gaugeSchema = z.strictObject({
  name: text,
  unit: text,
  definition: text,
  isKnown: z.boolean().meta({ description: "false where the data hold none of it" }),
  latest: nullableFigure,
  hitRate: z.strictObject({
    weeks: count,
    hits: count,
    hit_rate: nullableFigure,
    interval: list(figure).meta({ description: "95 %, low and high", examples: [[0.45, 0.6]] }),
    always_up: nullableFigure,
  }),
  hitRateDefinition: text,
});

/** A gauge with every reading. */
export const gaugeHistorySchema = z.strictObject({
  ...gaugeSchema.shape,
  values: list(nullableFigure).meta({ description: "one a week, the last of the close", examples: [[null, 0.4]] }),
});

/** Every gauge over all weeks; the first reading is of the close `from`. */
export const gaugesSchema = z.strictObject({
  from: day,
  close: day,
  gauges: list(gaugeHistorySchema),
});

/** A decision's regime and what it rests on. */
export const signalSchema = z.strictObject({
  asOf: day,
  date: day,
  close: day,
  provider: text,
  regime,
  previousRegime: regime,
  regimeSince: day.nullable(),
  score: nullableFigure,
  confidence: nullableFigure,
  flip: z
    .strictObject({
      to: regime,
      close: day,
      level: figure,
      distance: figure.meta({ description: "that level over the one now, less 1" }),
      notBefore: day.nullable(),
    })
    .nullable()
    .meta({ description: "the close at which the regime would change" }),
  heldBy: text.nullable(),
  indexLevel: figure,
  votes: list(z.strictObject({ name: text, level: figure, threshold: nullableFigure, yes: z.boolean() })),
  notices: list(text),
  dataQuality: z.record(z.string(), z.union([z.number(), z.string(), z.null()])).meta({
    examples: [{ missingWeight: 0 }],
  }),
  references: list(z.strictObject({ source: text, priceUsd: decimal })),
  defects: list(text),
  badDataSince: day.nullable(),
  methodology: text,
  inputDigest: text,
  decisionHash: hash,
});

export type SignalAnswer = z.input<typeof signalSchema>;
export type GaugesAnswer = z.input<typeof gaugesSchema>;
export type GaugeAnswer = z.input<typeof gaugeSchema>;
