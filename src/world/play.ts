// Turns a span of market history into weeks lived through on a local chain, one after the other.
import type { Parameters } from "../config/schema.ts";
import { DAY, type IsoDate, addDays, startOfDay } from "../core/time.ts";
import { tokenUnits, unixSeconds } from "../core/units.ts";
import { closeBefore } from "../engine/calendar.ts";
import type { Decision } from "../engine/decision.ts";
import { decisionsBetween } from "../engine/run.ts";
import { composerAt } from "../engine/snapshot.ts";
import { requestDeposit } from "../execute/depositor.ts";
import type { History } from "../market/history.ts";
import { type Quote, quotesBefore } from "../market/quotes.ts";
import { openFund } from "./fund.ts";
import type { AccountName } from "./dev-accounts.ts";
import { startMarket } from "./market.ts";
import { STABLECOINS, USD_COIN } from "./rules.ts";
import { type WeekRecord, type World, openWeek, runWeek, senderOf, specsOf } from "./week.ts";

/** What is to be lived through. */
export type Script = {
  readonly history: History;
  /** The Mondays in `[from, to)`. */
  readonly range: { readonly from: IsoDate; readonly to: IsoDate };
  readonly parameters: Parameters;
  /** Equal parts in which the market goes to each week's prices. */
  readonly steps: number;
  /** Called before the first week, two days before its Monday, and then after each week. */
  readonly between: (world: World, weeksDone: number) => Promise<void>;
};

/** {s} Before the first Monday: Saturday noon, so that a first deposit is in time for its strike. */
const HEAD_START = 1.5 * DAY;
/** {day} A coin whose last price is older keeps the price it has. */
const QUOTE_AGE = 7;

/**
 * Opens a world and plays it; each week is given as soon as it is over. The first value is the world before its first
 * week. The caller closes the world.
 *
 * @throws DateOutOfDataError when a Monday of the range is outside the data.
 * @throws UnknownCoinError when the first index is without ethereum, in which the others are traded.
 */
export async function* playWeeks(
  script: Script,
): AsyncGenerator<{ readonly world: World; readonly week?: WeekRecord }> {
  const { history, range, parameters, steps, between } = script;
  let world: World | undefined;
  let weeksDone = 0;
  for (const decision of decisionsBetween(history, { ...range, opened: range.from }, parameters)) {
    world ??= await openWorld(history, decision);
    if (weeksDone === 0) {
      yield { world };
      await between(world, 0);
    }
    const quotes = quotesFor(history, decision, world.market.coins());
    const week = await runWeek(world, { decision, quotes, steps });
    yield { world, week };
    await between(world, ++weeksDone);
  }
}

/** Opens the week after the script's last one: its target is published and waits to be carried out. */
export async function openNextWeek(world: World, script: Omit<Script, "between">): Promise<void> {
  const { history, range, parameters, steps } = script;
  const next = { from: range.to, to: addDays(range.to, 7), opened: range.from };
  for (const decision of decisionsBetween(history, next, parameters)) {
    await openWeek(world, { decision, quotes: quotesFor(history, decision, world.market.coins()), steps });
  }
}

/** Gives an account new deposit coins. */
export async function giveCash({ market }: World, account: AccountName, amount: bigint): Promise<void> {
  await market.give(USD_COIN, market.chain.accounts[account].address, tokenUnits(amount));
}

/** Gives an account new deposit coins, and asks to deposit them. */
export async function depositNew(world: World, account: AccountName, amount: bigint): Promise<void> {
  await giveCash(world, account, amount);
  await requestDeposit({ ...senderOf(world, account), deployment: world.fund.deployment() }, amount);
}

async function openWorld(history: History, first: Decision): Promise<World> {
  const quotes = quotesFor(history, first, []);
  const coinIds = new Set(first.index.map(({ coinId }) => coinId));
  const market = await startMarket({
    at: unixSeconds(startOfDay(first.date) - HEAD_START),
    coins: [...specsOf(coinIds, quotes), ...specsOf(stablecoinIds(coinIds), quotes)],
  });
  return { market, fund: await openFund(market) };
}

/** Quotes of every coin of the market and of the decision, from closes before it. */
function quotesFor(
  history: History,
  decision: Decision,
  coins: readonly { readonly coinId: string }[],
): ReadonlyMap<string, Quote> {
  const coinIds = new Set([...coins, ...decision.index, ...STABLECOINS].map(({ coinId }) => coinId));
  const provider = composerAt(history, closeBefore(decision.date));
  return quotesBefore(provider, { date: decision.date, coinIds, maxAgeDays: QUOTE_AGE });
}

function stablecoinIds(others: ReadonlySet<string>): string[] {
  return STABLECOINS.map(({ coinId }) => coinId).filter((coinId) => !others.has(coinId));
}
