// Turns strategies into the same ones whose wishes were computed by all the machines that share a study.
import { loadKeeperSettings } from "../../config/load.ts";
import { UsageError } from "../../core/errors.ts";
import { shareWork } from "../../keeper/shared-work.ts";
import type { Strategy, Wish } from "../../research/deciders/decider.ts";
import type { StrategyMaker } from "../../research/deciders/names.ts";
import type { MarketPath } from "../../research/market-path.ts";
import { printNote } from "./output.ts";

/** A study, and what it is known by. */
export type Study = {
  readonly path: MarketPath;
  readonly strategies: StrategyMaker;
  readonly names: readonly string[];
  /** Stands for data, weeks and settings: the same on every machine that takes part. */
  readonly id: string;
  readonly schema: string;
};

const LETTERS = { bull: "b", bear: "s", none: "-" } as const;

/**
 * Shares the wishes of all strategies in DATABASE_URL; each is computed once, on one of the machines.
 *
 * @throws UsageError without DATABASE_URL.
 */
export async function sharedStrategies({ path, strategies, names, id, schema }: Study): Promise<StrategyMaker> {
  const { databaseUrl: url } = loadKeeperSettings();
  if (url === undefined) throw new UsageError("Expected DATABASE_URL with --share: the machines meet there.");
  const work = (name: string): string => textOf(strategies(name), path);
  const shared = { url, schema: `${schema}_jobs`, batch: id, items: names, work };
  const texts = await shareWork(shared, (error) => {
    printNote(`the shared study: ${error instanceof Error ? error.message : "a job failed"}`);
  });
  return (name) => {
    const text = texts.get(name);
    return text === undefined ? strategies(name) : known(strategies(name), { path, text });
  };
}

/** A letter a week for the wishes; after a colon, where there is a daily check, a digit a day. */
function textOf({ decider, exit }: Strategy, path: MarketPath): string {
  const wishes = decider.wishes(path).map((wish) => LETTERS[wish ?? "none"]);
  const exits = exit === undefined ? [] : [":", ...exit.exits(path)];
  return [...wishes, ...exits].join("");
}

/** The strategy with what is known of this path; on another one it computes as ever. */
function known(
  { decider, exit }: Strategy,
  { path, text }: { readonly path: MarketPath; readonly text: string },
): Strategy {
  const [wishes = "", exits = ""] = text.split(":");
  return {
    decider: { name: decider.name, wishes: (asked) => (asked === path ? wishesOf(wishes) : decider.wishes(asked)) },
    exit:
      exit === undefined
        ? undefined
        : {
            name: exit.name,
            exits: (asked) => (asked === path ? Uint8Array.from(exits, Number) : exit.exits(asked)),
          },
  };
}

function wishesOf(letters: string): Wish[] {
  return Array.from(letters, (letter) => {
    if (letter === LETTERS.none) return undefined;
    return letter === LETTERS.bull ? "bull" : "bear";
  });
}
