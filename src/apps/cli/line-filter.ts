// Turns options of the command line into a filter of ledger lines.
import { type Command, Option } from "commander";
import type { Address } from "viem";

import { UsageError } from "../../core/errors.ts";
import { type IsoDate, isoDate, startOfDay, weekOf } from "../../core/time.ts";
import { EVENT_KINDS, type LineFilter } from "../../record/filter.ts";
import { LINE_EVENTS, type LedgerLine, type LineEvent } from "../../record/lines.ts";
import { parseAddress, parseSequence } from "./chain-options.ts";
import type { Coins } from "../../site/line-words.ts";
import { parseDate } from "./options.ts";

/** What the options of a filter say. */
export type FilterOptions = {
  readonly event?: ReadonlySet<LineEvent>;
  readonly fromSequence?: number;
  readonly toSequence?: number;
  readonly from?: IsoDate;
  readonly to?: IsoDate;
  readonly week?: number;
  readonly regime?: "bull" | "bear";
  readonly asset?: string;
  readonly account?: Address;
};

const KINDS: ReadonlyMap<string, readonly LineEvent[]> = new Map(Object.entries(EVENT_KINDS));

/** Adds the options of a filter. */
export function addFilterOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--event <names>", `events, or ${[...KINDS.keys()].join(", ")}; several with commas`).argParser(
        parseEvents,
      ),
    )
    .addOption(new Option("--week <date|number>", "only lines of this week, by a day of it").argParser(parseWeek))
    .addOption(new Option("--regime <regime>", "only while this was in force").choices(["bull", "bear"]))
    .addOption(new Option("--asset <coin>", "only lines about a coin: its id, symbol, token or index"))
    .addOption(new Option("--account <address>", "only lines that name this account").argParser(parseAddress))
    .addOption(new Option("--from <date>", "from this day on, UTC").argParser(parseDate))
    .addOption(new Option("--to <date>", "before this day").argParser(parseDate))
    .addOption(new Option("--from-sequence <n>", "from this line on").argParser(parseSequence))
    .addOption(new Option("--to-sequence <n>", "up to this line").argParser(parseSequence));
}

/** True when any option narrows the ledger. */
export function isFiltered(options: FilterOptions): boolean {
  const { event, fromSequence, toSequence, from, to, week, regime, asset, account } = options;
  return [event, fromSequence, toSequence, from, to, week, regime, asset, account].some((part) => part !== undefined);
}

/** @throws UsageError when a range ends before it begins. */
export function requireRanges({ fromSequence, toSequence, from, to }: FilterOptions): void {
  if (fromSequence !== undefined && toSequence !== undefined && fromSequence > toSequence) {
    throw new UsageError(
      `Expected --from-sequence at or before --to-sequence, found ${fromSequence} and ${toSequence}. Exchange them.`,
    );
  }
  if (from !== undefined && to !== undefined && from >= to) {
    throw new UsageError(`Expected --from before --to, found ${from} and ${to}.`);
  }
}

/** The filter for a ledger. @throws UsageError when the ledger never listed the asset. */
export function filterOf(options: FilterOptions, lines: readonly LedgerLine[], coins: Coins): LineFilter {
  const { event: events, fromSequence, toSequence, from, to, week, regime, asset, account } = options;
  return {
    events,
    fromSequence,
    toSequence,
    from: from && startOfDay(from),
    to: to && startOfDay(to),
    week,
    regime,
    account: account?.toLowerCase(),
    tokens: asset === undefined ? undefined : tokensOf(asset, lines, coins),
  };
}

/** The number of a week, or that of a day's. @throws UsageError when the text is neither. */
export function parseWeek(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  try {
    return weekOf(startOfDay(isoDate(text)));
  } catch (cause) {
    throw new UsageError(`Expected an existing day written as YYYY-MM-DD, or the number of a week, found '${text}'.`, {
      cause,
    });
  }
}

/** Every token that was ever listed under a name. */
function tokensOf(asset: string, lines: readonly LedgerLine[], coins: Coins): ReadonlySet<string> {
  const wanted = asset.toLowerCase();
  const listed = lines.filter(({ event }) => event === "AssetListed").map(({ args }) => args);
  const tokens = listed.flatMap((args) => {
    const token = String(args["token"]);
    const names = [args["asset"], args["coinId"], token, coins.get(token)?.symbol];
    return names.some((name) => String(name).toLowerCase() === wanted) ? [token] : [];
  });
  if (tokens.length === 0) {
    throw new UsageError(
      `Expected a coin that the fund has listed, found '${asset}'. \`log --event AssetListed\` shows all.`,
    );
  }
  return new Set(tokens);
}

function parseEvents(text: string): ReadonlySet<LineEvent> {
  return new Set(text.split(",").flatMap((name) => eventsOf(name.trim())));
}

function eventsOf(text: string): readonly LineEvent[] {
  const kind = KINDS.get(text.toLowerCase());
  if (kind !== undefined) return kind;
  const event = LINE_EVENTS.find((name) => name.toLowerCase() === text.toLowerCase());
  if (event !== undefined) return [event];
  const known = [...KINDS.keys(), ...LINE_EVENTS].join(", ");
  throw new UsageError(`Expected an event of ${known}, found '${text}'.`);
}
