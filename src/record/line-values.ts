// Turns an argument of a line into the value that it stands for.
import type { LedgerLine } from "./lines.ts";

type Args = LedgerLine["args"];

/** An argument that is an integer. */
export function integerOf(args: Args, name: string): bigint {
  return BigInt(args[name] as string);
}

/** An argument that is a word, an address or a hash. */
export function textOf(args: Args, name: string): string {
  return String(args[name]);
}

/** An argument that is a list, as text. */
export function listOf(args: Args, name: string): readonly string[] {
  return (args[name] as readonly (string | boolean)[]).map(String);
}

/** Amounts of several tokens, from parallel arrays. */
export type Unit = { readonly asset: number; readonly token: string; readonly amount: bigint }; // {tok}

/** The parallel arrays `assets`, `tokens` and `amounts` as one list. */
export function unitsOf(args: Args): Unit[] {
  const [tokens, amounts] = [listOf(args, "tokens"), listOf(args, "amounts")];
  return listOf(args, "assets").map((asset, i) => {
    return { asset: Number(asset), token: tokens[i] ?? "", amount: BigInt(amounts[i] ?? 0) };
  });
}
