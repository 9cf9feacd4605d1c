// Describes the decisions of the fund: what the chain holds of each, and what the replay from market data gives.
import { z } from "zod";

import { address, count, day, decimal, hash, list, moment, regimeWord } from "./fields.ts";

/** What the chain holds of a week's decision. */
export const publicationSchema = z.strictObject({
  week: count.meta({ description: "counted from Monday 1970-01-05" }),
  date: day.meta({ description: "the Monday" }),
  kind: z.enum(["target", "level"]).meta({ description: "a level is published when there is nothing to trade" }),
  targetId: count.nullable(),
  regime: regimeWord,
  decisionHash: hash,
  membershipRoot: hash,
  twinLevel: decimal,
  sequence: count,
  transaction: hash,
  time: moment,
});

/** A publication with the replay's word on it. */
export const decisionSummarySchema = z.strictObject({
  ...publicationSchema.shape,
  isReplayed: z.boolean().nullable().meta({
    description:
      "true when the replay gives the same hash; null when the server's data do not reach it, and of an exit on a single day",
  }),
});

/** Answer of `/api/decisions`; newest first. */
export const decisionsSchema = z.strictObject({
  total: count,
  decisions: list(decisionSummarySchema),
  next: count.nullable().meta({ description: "`before` of the next page; null at the end" }),
});

/** Answer of `/api/decisions/{week}`. */
export const decisionSchema = z.strictObject({
  week: count,
  date: day,
  publications: list(publicationSchema).meta({ description: "on chain, oldest first; a week may have several" }),
  weights: list(z.strictObject({ token: address, asset: count, partsPerMillion: count })).meta({
    description: "of the last target that was published",
  }),
  replayed: z
    .strictObject({
      decisionHash: hash,
      decision: z.record(z.string(), z.unknown()).meta({
        description: "its canonical JSON (RFC 8785) hashes by keccak-256 to decisionHash",
        examples: [{ methodology: "1.2.0", week: 2768 }],
      }),
    })
    .nullable(),
  isReplayed: z.boolean().nullable(),
  snapshot: z
    .strictObject({
      digest: z
        .string()
        .regex(/^[0-9a-f]{64}$/)
        .meta({ description: "sha-256 of the file", examples: ["8f7f5022bdf5".padEnd(64, "0")] }),
      size: count.meta({ description: "bytes" }),
    })
    .nullable()
    .meta({
      description: "what the replay was taken from, at /api/decisions/{week}/snapshot; null where there is none",
    }),
});

export type PublicationAnswer = z.input<typeof publicationSchema>;
export type DecisionsAnswer = z.input<typeof decisionsSchema>;
export type DecisionAnswer = z.input<typeof decisionSchema>;
