// Turns the index's path into what somebody wants to hold: the interface of everything that can decide.
import type { Regime } from "../../regime/ensemble.ts";
import type { MarketPath } from "../market-path.ts";

/** What a decider wants; `undefined` while it cannot say, and then everything stays as it is. */
export type Wish = Regime | undefined;

/** Says when to be in the market. Pure, and it looks at no later day than the one that it speaks of. */
export interface Decider {
  /** Stands for it and its parameters in every report and in the register of trials. */
  readonly name: string;
  /** One wish a week, at the Sunday's close. */
  readonly wishes: (path: MarketPath) => Wish[];
}

/** Says on which days to leave the market. It never leads into it, and while it says so no return takes place. */
export interface ExitRule {
  readonly name: string;
  /** 1 a day at whose close to leave, one a day of the path. */
  readonly exits: (path: MarketPath) => Uint8Array;
}

/** A decider, with or without a daily check. */
export type Strategy = { readonly decider: Decider; readonly exit: ExitRule | undefined };

/** The name of a strategy. */
export function strategyName({ decider, exit }: Strategy): string {
  return exit === undefined ? decider.name : `${decider.name}+${exit.name}`;
}

/** The function itself, which computes what it gives for a path once. */
export function oncePerPath<Output>(compute: (path: MarketPath) => Output): (path: MarketPath) => Output {
  const known = new WeakMap<MarketPath, { readonly output: Output }>();
  return (path) => {
    const found = known.get(path) ?? { output: compute(path) };
    known.set(path, found);
    return found.output;
  };
}
