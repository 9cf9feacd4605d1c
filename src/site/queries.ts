// Describes what may be asked with each view: every parameter with its form and its bounds.
import { z } from "zod";

import { address, hash } from "./answers/fields.ts";

/** No number in a question is larger: ids, line numbers and weeks stay far below. */
const MOST = 1_000_000_000_000;

/** A whole number as it stands in an address. */
function whole(least: number, most: number) {
  return z
    .string()
    .regex(/^\d{1,13}$/, "expected a whole number")
    .transform(Number)
    .pipe(z.int().min(least).max(most));
}

/** Rows of one page. */
function limit(standard: number, most: number) {
  return whole(1, most)
    .default(standard)
    .meta({ description: `rows of the page, ${most} at most` });
}

/** A day that there is, and that a block may have. */
const day = z.iso.date().refine((text) => text >= "1970-01-01", "expected a day since 1970");
const from = day.optional().meta({ description: "first day, included" });
const to = day.optional().meta({ description: "last day, not included" });
const cursor = whole(0, MOST).optional().meta({ description: "`next` of the page before" });

/** A view without questions. */
export const noQuery = z.strictObject({});

export const rebalancesQuery = z.strictObject({
  limit: limit(100, 1000),
  before: cursor,
  regime: z.enum(["bull", "bear"]).optional(),
  from,
  to,
});

/** What legs are wanted; the CSV takes the same. */
export const legFilter = z.strictObject({
  rebalance: whole(0, MOST).optional().meta({ description: "id of a rebalance" }),
  outcome: z.enum(["executed", "skipped"]).optional(),
  regime: z.enum(["bull", "bear"]).optional(),
  coin: z
    .string()
    .regex(/^[\w.$-]{1,64}$/)
    .optional()
    .meta({ description: "sold or bought: coin id, symbol or token" }),
  transaction: hash.optional(),
  from,
  to,
  search: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .meta({ description: "part of a symbol, a coin id, a reason, a transaction or a token; capitals do not matter" }),
  order: z.enum(["newest", "oldest"]).default("newest"),
});

export const legsQuery = z.strictObject({
  ...legFilter.shape,
  limit: limit(200, 500),
  cursor,
  offset: whole(0, MOST).default(0).meta({ description: "legs to pass over before the first, after `cursor`" }),
});

export const ledgerQuery = z.strictObject({
  from: whole(1, MOST).default(1).meta({ description: "number of the first line" }),
  limit: limit(1000, 5000),
});

export const decisionsQuery = z.strictObject({ limit: limit(100, 1000), before: cursor });

export const weekPath = z.strictObject({ week: day.meta({ description: "the Monday", examples: ["2023-01-23"] }) });
export const accountPath = z.strictObject({ address });
export const transactionPath = z.strictObject({ hash });

export type RebalancesQuery = z.output<typeof rebalancesQuery>;
export type LegFilter = z.output<typeof legFilter>;
export type LegsQuery = z.output<typeof legsQuery>;
export type LedgerQuery = z.output<typeof ledgerQuery>;
export type DecisionsQuery = z.output<typeof decisionsQuery>;
