// The shape of a published snapshot: everything that a decision was taken from, as plain JSON.
import { z } from "zod";

import { parametersSchema } from "../config/schema.ts";
import { isoDate } from "../core/time.ts";
import { ppm } from "../core/units.ts";

/** Name and version of the format: of a weekly decision, and of a check of a day by which the market was left. */
export const SNAPSHOT_FORMAT = "tm100-snapshot/1";
export const CHECK_FORMAT = "tm100-bear-check/1";

const dateSchema = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .transform(isoDate);
const hashSchema = z.templateLiteral(["0x", z.string().regex(/^[0-9a-f]{64}$/)]);
const digestSchema = z.string().regex(/^[0-9a-f]{64}$/);
const providerSchema = z.enum(["coinmarketcap", "coingecko", "simulated"]);
const regimeSchema = z.enum(["bull", "bear"]);
const ppmSchema = z.int().min(0).max(1_000_000);
const knownSchema = z.number().nullable();

const labelSchema = z.strictObject({
  kind: z.enum(["stable", "wrapped", "bridged", "staked", "receipt", "metal", "fund", "frozen"]),
  why: z.string(),
});

const coinSchema = z.strictObject({
  coinId: z.string().min(1),
  symbol: z.string(),
  listedDays: z.int().min(0),
  averageCapUsd: knownSchema,
  capUsd: knownSchema,
  priceUsd: knownSchema,
  priceAgeDays: z.int().min(0),
  volumeUsd: knownSchema,
  label: labelSchema.nullable(),
  isPegged: z.boolean(),
});

const vacanciesSchema = z.strictObject({
  list: z.strictObject({
    day: z.int(),
    places: z.array(z.strictObject({ rank: z.int().min(1), priceUsd: knownSchema, capUsd: z.number() })),
  }),
  places: z.int().min(0),
  capShare: z.number(),
  after: z.array(z.int().min(0)),
});

const snapshotSchema = z.strictObject({
  date: dateSchema.describe("the Monday"),
  close: dateSchema.describe("the Sunday whose close is the last data"),
  provider: providerSchema,
  inputDigest: digestSchema.describe("sha-256 over all rows up to the close, see docs/methodology.md"),
  sourceAgeHours: z.number(),
  references: z.array(z.strictObject({ source: z.string(), priceUsd: z.number() })),
  coins: z.array(coinSchema).describe("what the methodology looks at, a coin each; null is unknown"),
  vacancies: vacanciesSchema.nullable(),
  valuation: z.strictObject({
    provider: providerSchema,
    closes: z.record(z.string(), z.number()).describe("USD a whole token, for last week's index"),
  }),
});

const targetWeightSchema = z.strictObject({
  coinId: z.string(),
  symbol: z.string(),
  weightPpm: ppmSchema.transform(ppm),
});
const cappedSchema = z.strictObject({
  coinId: z.string(),
  indexPpm: ppmSchema.transform(ppm),
  cutPpm: ppmSchema.transform(ppm),
});

const indexEntrySchema = targetWeightSchema.extend({
  rank: z.int().min(1),
  averageCapUsd: z.string(),
  capUsd: z.string(),
  priceUsd: z.string(),
  inclusion: z.enum(["stayed", "entered", "filled"]),
});

const stateSchema = z.strictObject({
  levels: z.array(z.number()).describe("of the last Sundays, oldest first"),
  index: z.array(indexEntrySchema),
  provider: providerSchema.nullable(),
  regime: z.strictObject({
    regime: regimeSchema,
    since: dateSchema.nullable(),
    returns: z.array(dateSchema),
    badDataSince: dateSchema.nullable(),
  }),
  target: z.strictObject({ weights: z.array(targetWeightSchema), capped: z.array(cappedSchema) }).nullable(),
});

/** Schema of a published snapshot's file. */
export const publishedSchema = z.strictObject({
  format: z.literal(SNAPSHOT_FORMAT),
  methodology: z.string().describe("version of docs/methodology.md by which it was decided"),
  parameters: parametersSchema,
  previous: z.strictObject({
    decisionHash: hashSchema.nullable().describe("of the week before, null for the first of all"),
    state: stateSchema.describe("what that decision left; its regime is that of a new fund in a fund's first week"),
  }),
  snapshot: snapshotSchema,
});

/** A published snapshot as its file holds it. */
export type PublishedFile = z.infer<typeof publishedSchema>;

/** Schema of the file of a single-day exit. */
export const publishedCheckSchema = z.strictObject({
  format: z.literal(CHECK_FORMAT),
  methodology: z.string().describe("version of docs/methodology.md by which it was checked"),
  parameters: parametersSchema,
  check: z.strictObject({
    date: dateSchema.describe("the day on which the market is left"),
    close: dateSchema.describe("the day before, whose close is the last data"),
    weekHash: hashSchema.describe("of the week's decision, whose index is carried on"),
    weekLevel: z.number().describe("of the index at that decision"),
    levels: z.array(z.number()).describe("of the index at each decision up to that one, oldest first"),
    index: z.array(indexEntrySchema).describe("as that decision composed it"),
    closes: z.record(z.string(), z.number()).describe("USD a whole token at the close, of the coins of the index"),
  }),
});

/** The file of a single-day exit as it is published. */
export type PublishedCheck = z.infer<typeof publishedCheckSchema>;

/** Schema of whatever is published. */
export const anyPublishedSchema = z.union([publishedSchema, publishedCheckSchema]);
