// Describes whether the server's picture is whole and current, what its event stream sends, and how it refuses.
import { z } from "zod";

import { block, count, day, hash, head, list, moment, regimeWord, text } from "./fields.ts";

/** Answer of `/api/health`. */
export const healthSchema = z.strictObject({
  ok: z.boolean(),
  troubles: list(text),
  chain: z.strictObject({ block, time: moment }).nullable().meta({ description: "the node's newest block" }),
  index: z.strictObject({
    block: block.meta({ description: "up to which the log was read" }),
    sequence: count,
    head,
    state: z.enum(["starting", "current", "behind", "broken"]).meta({
      description: "broken: the log does not give the vault's head",
    }),
    reorgs: count.meta({ description: "rolled back since the server started" }),
  }),
  market: z.strictObject({
    state: z.enum(["reading", "ready", "failed"]),
    close: day.nullable().meta({ description: "the last close of the data" }),
  }),
});

/** What the event stream `/api/events` sends as JSON, by the name of the event. */
export const eventSchemas = {
  /** A block was read; a fresh picture is there. */
  block: z.strictObject({ block, time: moment, hash }),
  /** A rebalance started, was closed or finished. */
  start: z.strictObject({ sequence: count, id: count, regime: regimeWord }),
  finish: z.strictObject({ sequence: count, id: count }),
  /** A leg was executed or left out. */
  leg: z.strictObject({ sequence: count, id: count, outcome: z.enum(["executed", "skipped"]) }),
  /** Any other line of the ledger. */
  line: z.strictObject({ sequence: count, event: text }),
  /** The chain changed its mind: what was read after this line is void. */
  reorg: z.strictObject({ sequence: count }),
} as const;

/** Body of every answer that is not one. */
export const refusalSchema = z.strictObject({
  error: z.string().meta({ examples: ["BAD_PARAMETER"] }),
  message: z.string().meta({ examples: ["limit: expected a number up to 1000"] }),
});

export type HealthAnswer = z.input<typeof healthSchema>;
export type EventName = keyof typeof eventSchemas;
export type EventAnswer = { readonly [Name in EventName]: z.input<(typeof eventSchemas)[Name]> };
