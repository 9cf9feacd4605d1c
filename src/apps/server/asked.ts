// Turns what stands in a question into checked values, and into whether the asker has the answer already.
import type { z } from "zod";

import { BadParameterError } from "./refusals.ts";

/** A part of a question by its schema. @throws BadParameterError */
export function checked<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new BadParameterError(parsed.error);
  return parsed.data;
}

/** A list of marks, which a proxy that compresses may have made weak. @see RFC 9110, 13.1.2 */
export function isKnown(marks: string | undefined, etag: string): boolean {
  if (marks === undefined) return false;
  return marks.split(",").some((mark) => ["*", etag].includes(mark.trim().replace(/^W\//, "")));
}
