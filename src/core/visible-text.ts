// Turns text that others chose into what can be seen of it.
import { z } from "zod";

/** What a screen hides, or what turns the letters after it around; tabs and line breaks are none of it. */
const HIDDEN = /[^\P{C}\t\n\r]|[\p{Zl}\p{Zp}]/gu;

/** The text with a mark in each place where something hidden stood: `U\u202eCDS` does not look like `USDC` any more. */
export function visibleText(text: string): string {
  return text.replaceAll(HIDDEN, "\ufffd");
}

/** A name in a file, which must hide nothing. */
export const visibleName = z
  .string()
  .min(1)
  .refine((name) => visibleText(name) === name, { error: "must not hold characters that cannot be seen" });
