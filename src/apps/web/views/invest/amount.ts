// Turns what a person types into an exact amount, or into why it is none.
import { OutOfRangeError } from "../../../../core/errors.ts";
import { parseDecimal } from "../../../../core/units.ts";

/** An amount that was typed, or why it is none. */
export type Typed =
  { readonly amount: bigint; readonly fault: undefined } | { readonly amount: undefined; readonly fault: string };

/** `1234.5` or `1,234.5`; a comma anywhere else could be meant as a decimal point, and is refused. */
const AMOUNT = /^(\d+|\d{1,3}(,\d{3})+)(\.\d+)?$/;

/** Reads an amount that a person typed: digits with at most as many decimals as the token has. */
export function amountTyped(
  text: string,
  { symbol, decimals }: { readonly symbol: string; readonly decimals: number },
): Typed {
  const fault = `Type an amount such as 1234.5, with at most ${decimals} decimals.`;
  if (!AMOUNT.test(text.trim())) return { amount: undefined, fault };
  try {
    const amount = parseDecimal(text.replaceAll(",", ""), decimals);
    return amount === 0n ? { amount: undefined, fault: `Type how much ${symbol}.` } : { amount, fault: undefined };
  } catch (error) {
    if (!(error instanceof OutOfRangeError)) throw error;
    return { amount: undefined, fault };
  }
}
