// Describes the fields that answers are made of: amounts, moments, addresses, each with its form and an example.
import { z } from "zod";

import { visibleText } from "../../core/visible-text.ts";

/** An amount in whole units, or a part of one: digits, never rounded. */
export const decimal = z
  .string()
  .regex(/^-?\d+(\.\d+)?$/)
  .meta({ description: "decimal number in whole units, exact", examples: ["1250.5"] });

/** A moment, to the second. */
export const moment = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  .meta({ description: "UTC", examples: ["2023-01-23T12:00:00Z"] });

/** A day. */
export const day = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d$/)
  .meta({ description: "UTC day", examples: ["2023-01-23"] });

/** An account or a contract. */
export const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/)
  .meta({ examples: ["0x5fbdb2315678afecb367f032d93f642f64180aa3"] });

/** A transaction, a block, a decision. */
export const hash = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/)
  .meta({ examples: [`0x${"1f".repeat(32)}`] });

/** A head of the ledger. */
export const head = z
  .string()
  .regex(/^0x[0-9a-f]{52}$/)
  .meta({ description: "26 bytes", examples: [`0x${"2a".repeat(26)}`] });

export const regime = z.enum(["bull", "bear"]);
/** As a target names it in the ledger; an exit that anyone carries out is one too. */
export const regimeWord = z
  .string()
  .max(32)
  .meta({ examples: ["bull"] });
/** Words that others may have chosen: whoever reads an answer sees what they hide. */
const words = z.string().overwrite(visibleText);
export const text = words.meta({ examples: ["words"] });
export const symbol = words.meta({ examples: ["ETH"] });
export const coinId = words.meta({ examples: ["ethereum"] });
/** A count, or a number of something. */
export const count = z
  .int()
  .min(0)
  .meta({ examples: [42] });
/** Of a block. */
export const block = z
  .int()
  .min(0)
  .meta({ examples: [1234] });
/** A statistic: it is computed, and moves no money. */
export const figure = z.number().meta({ examples: [0.25] });
export const basisPoints = z.number().meta({ description: "basis points", examples: [12] });
export const partsPerMillion = z
  .int()
  .min(0)
  .meta({ description: "parts per million", examples: [125_000] });

/** A list of what is described. */
export function list<Item extends z.ZodType>(item: Item): z.ZodReadonly<z.ZodArray<Item>> {
  return z.array(item).readonly();
}
