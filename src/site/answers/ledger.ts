// Describes lines of the ledger as `log --json` prints them, from which anybody recomputes every head.
import { z } from "zod";

import { address, block, count, hash, head, list, moment } from "./fields.ts";

const value = z.union([z.string(), z.boolean()]);

/** One line: integers are decimal strings in raw units, addresses and hashes lower-case hexadecimal. */
export const lineSchema = z.strictObject({
  sequence: count.meta({ description: "from 1" }),
  head,
  event: z.string().meta({ examples: ["LegExecuted"] }),
  args: z.record(z.string(), z.union([value, list(value)])).meta({ examples: [{ id: "21568", position: "0" }] }),
  block,
  transaction: hash,
  time: moment,
});

/** Answer of `/api/ledger`: where the ledger stands, and a part of its lines, ascending. */
export const ledgerSchema = z.strictObject({
  chainId: count,
  vault: address,
  sequence: count.meta({ description: "of the last line of all" }),
  head,
  lines: list(lineSchema),
  next: count.nullable().meta({ description: "`from` of the next page; null at the end" }),
});

export type LineAnswer = z.input<typeof lineSchema>;
export type LedgerAnswer = z.input<typeof ledgerSchema>;
