// Turns the state into the view "now".
import { DAY, WEEK, dateOf, mondayOf, startOfDay } from "../../core/time.ts";
import { decimalString, toFloat } from "../../core/units.ts";
import { navPerShare } from "../../execute/read-account.ts";
import type { FundStatus } from "../../execute/read-status.ts";
import { timeString } from "../amounts.ts";
import type { NowAnswer } from "../answers/now.ts";
import type { GaugesAnswer } from "../answers/signal.ts";
import { fundJson } from "../fund-json.ts";
import { publications } from "../index/decisions.ts";
import { linesOfEvents } from "../index/lines.ts";
import { type MarketFacts, bitcoinBefore } from "../market/facts.ts";
import { depositCoin } from "../money.ts";
import { signalJson } from "../signal-json.ts";
import { NotReadyError, type SiteState, pictureOf } from "../state.ts";

const DECIMALS = 18;
/** Where every level begins. */
const BASE = 1000;
/** {s} Of a Monday: when what leads into the market starts. */
const NOON = DAY / 2;

/** Fund, regime, levels and what comes next. */
export function nowAnswer(state: SiteState): NowAnswer {
  const { fund } = pictureOf(state);
  return {
    fund: fundJson(fund, depositCoin(state.fund.deployment)),
    nextRebalance: nextOf(fund),
    levels: levelsOf(state, fund),
    signal: signalOf(state),
  };
}

/** Every gauge with its readings. @throws NotReadyError while market data are being read. */
export function gaugesAnswer({ market }: SiteState): GaugesAnswer {
  if (market.facts === undefined) throw new NotReadyError("market data");
  return market.facts.gauges;
}

function nextOf({ running, pending, time }: FundStatus): NowAnswer["nextRebalance"] {
  if (running !== undefined) return { at: timeString(running.deadline), why: "running", targetId: running.id };
  if (pending !== undefined && pending.validUntil >= time) {
    return { at: timeString(pending.executableAt), why: "pending", targetId: pending.id };
  }
  const thisWeek = startOfDay(mondayOf(dateOf(time))) + NOON;
  return { at: timeString(thisWeek > time ? thisWeek : thisWeek + WEEK), why: "week", targetId: null };
}

function levelsOf({ database, market }: SiteState, fund: FundStatus): NowAnswer["levels"] {
  const [first] = linesOfEvents(database, ["RebalanceFinished"], 1);
  const [last] = publications(database, { limit: 1, before: undefined }).found;
  const bitcoinAt = (time: number): string | null =>
    market.facts === undefined ? null : bitcoinBefore(market.facts, time);
  const known = { twinLevel: last?.twinLevel ?? null, bitcoinUsd: bitcoinAt(fund.time) };
  if (first === undefined) return { since: null, fund: null, twin: null, bitcoin: null, ...known };
  const amount = (name: string): bigint => BigInt(String(first.args[name]));
  const price = navPerShare({ nav: amount("nav"), supply: amount("supply") });
  return {
    since: timeString(first.time),
    fund: rebased(toFloat(navPerShare(fund), DECIMALS), toFloat(price, DECIMALS)),
    twin: rebased(Number(known.twinLevel), Number(decimalString(amount("twinLevel"), DECIMALS))),
    bitcoin: rebased(Number(known.bitcoinUsd ?? Number.NaN), Number(bitcoinAt(first.time) ?? Number.NaN)),
    ...known,
  };
}

function rebased(now: number, then: number): number | null {
  const level = (BASE * now) / then;
  return Number.isFinite(level) ? level : null;
}

/** A decision's hash takes milliseconds, and its signal stays the same for a week. */
const SIGNALS = new WeakMap<MarketFacts, PlainSignal>();

type PlainSignal = Omit<NonNullable<NowAnswer["signal"]>, "isOnChain">;

function signalOf({ market, database }: SiteState): NowAnswer["signal"] {
  const { facts } = market;
  if (facts === undefined) return null;
  const signal = SIGNALS.get(facts) ?? plainSignal(facts);
  SIGNALS.set(facts, signal);
  const onChain = publications(database, { limit: 20, before: undefined }).found;
  return { ...signal, isOnChain: onChain.some(({ decisionHash }) => decisionHash === signal.decisionHash) };
}

function plainSignal(facts: MarketFacts): PlainSignal {
  const gauges = facts.gauges.gauges.map(({ name, unit, definition, isKnown, latest, hitRate, hitRateDefinition }) => {
    return { name, unit, definition, isKnown, latest, hitRate, hitRateDefinition };
  });
  return signalJson(facts.signal, gauges);
}
