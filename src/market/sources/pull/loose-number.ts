// Turns what an answer has in the place of a number, a number or its text, into a number.
import { z } from "zod";

const text = z.string().trim().min(1);

/** A number, also written as text. */
export const looseNumber = z.union([z.number(), text]).pipe(z.coerce.number<string | number>());

/** As {@link looseNumber}; null where the field is missing, null, empty or the word for it. */
export const looseNumberOrNull = z
  .union([z.number(), z.string().trim(), z.null()])
  .optional()
  .transform((value) => (value === undefined || value === "" || value === "null" ? null : value))
  .pipe(z.union([z.null(), looseNumber]));
