// Turns a seed into a fund of eight coins on a Monday some weeks before a way out, with what the market says from then on.
import { type RandomStream } from "../../core/random.ts";
import { DAY, type IsoDate, addDays, dateOf, isoDate, startOfDay, weekday } from "../../core/time.ts";
import { tokenUnits, unixSeconds } from "../../core/units.ts";
import type { BearCheck } from "../../engine/bear-check.ts";
import { DateOutOfDataError } from "../../engine/calendar.ts";
import type { Decision } from "../../engine/decision.ts";
import type { DecisionSource } from "../../keeper/decisions.ts";
import type { History } from "../../market/history.ts";
import { openFund } from "../fund.ts";
import { type MarketSnapshot, startMarket } from "../market.ts";
import { depositNew } from "../play.ts";
import type { World } from "../week.ts";
import { SMALL_PARAMETERS, quotesAt, smallMarket, specsAt, walkForward } from "./small-market.ts";

/** What the market says of each Monday and of each other day. */
export type Truth = {
  readonly weeks: ReadonlyMap<IsoDate, Decision>;
  readonly checks: ReadonlyMap<IsoDate, BearCheck>;
};

/** A fund on the Saturday before its first Monday. */
export type ClockStage = {
  readonly world: World;
  readonly opened: IsoDate;
  readonly truth: Truth;
  /** Back to the Saturday. */
  readonly restore: () => Promise<void>;
  /** Moves the market to the close before a date, by 00:20 of it. */
  readonly moveTo: (date: IsoDate) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** {tok} */
const DEPOSIT = 10n ** 11n;
const SPAN = { from: isoDate("2019-01-01"), to: isoDate("2023-12-01") };
const FIRST: IsoDate = isoDate("2020-03-02");
const LAST_WEEK = 150;

/** Opens a fund that goes into the market and has to leave it on a day in the middle of one of `weeks` weeks. */
export async function openClockStage(random: RandomStream, weeks: number): Promise<ClockStage> {
  const history = smallMarket(1 + Math.floor(random.uniform() * 1e6), SPAN);
  const { opened, truth } = await findStory(history, random, weeks);
  const market = await startMarket({
    at: unixSeconds(startOfDay(opened) - 1.5 * DAY),
    coins: specsAt(history, opened),
  });
  const world: World = { market, fund: await openFund(market) };
  await depositNew(world, "alice", tokenUnits(DEPOSIT));
  let saved: MarketSnapshot = await market.snapshot();
  return {
    ...{ world, opened, truth },
    restore: async () => {
      saved = await market.revert(saved);
    },
    moveTo: async (date) => {
      const prices = new Map([...quotesAt(history, date)].map(([coinId, { priceUsd }]) => [coinId, priceUsd]));
      await market.moveTo({ prices, at: unixSeconds(startOfDay(date) + 1200), steps: 1 });
    },
    close: () => market.close(),
  };
}

/** What a fund hears at a time {s}: nothing of a day before it has begun. */
export function sourceOf({ weeks, checks }: Truth, now: () => number): DecisionSource {
  const find = <Found>(found: ReadonlyMap<IsoDate, Found>, date: IsoDate): Promise<Found> => {
    const one = startOfDay(date) <= now() ? found.get(date) : undefined;
    if (one !== undefined) return Promise.resolve(one);
    return Promise.reject(new DateOutOfDataError(date, { first: SPAN.from, last: dateOf(now()) }));
  };
  return { weekly: (monday) => find(weeks, monday), bearCheck: (date) => find(checks, date) };
}

type Story = { readonly opened: IsoDate; readonly truth: Truth };

async function findStory(history: History, random: RandomStream, weeks: number): Promise<Story> {
  for (;;) {
    const opened = addDays(FIRST, 7 * Math.floor(random.uniform() * LAST_WEEK));
    const truth = await hear(history, opened, weeks + 1);
    const isInto = truth.weeks.get(opened)?.regime === "bull";
    const days = [...truth.checks.values()].filter(
      ({ date }) => date > addDays(opened, 9) && date < addDays(opened, 7 * (weeks - 1)),
    );
    if (isInto && days.some(({ verdict }) => verdict === "leave")) return { opened, truth };
  }
}

async function hear(history: History, opened: IsoDate, weeks: number): Promise<Truth> {
  const source = walkForward(history, opened, SMALL_PARAMETERS);
  const [found, checks] = [new Map<IsoDate, Decision>(), new Map<IsoDate, BearCheck>()];
  for (let date = opened; date < addDays(opened, 7 * weeks); date = addDays(date, 1)) {
    if (weekday(date) === 0) found.set(date, await source.weekly(date));
    else checks.set(date, await source.bearCheck(date));
  }
  return { weeks: found, checks };
}
