// Turns market history into what the page shows beside the chain: decisions replayed, signal, gauges, grades, backtest.
import type { Hex } from "viem";

import { DEFAULT_PARAMETERS } from "../../config/schema.ts";
import { significant } from "../../core/rounding.ts";
import { at } from "../../core/statistics.ts";
import { type IsoDate, addDays, dateOf, dateOfDay, dayNumber, weekday } from "../../core/time.ts";
import { type Decision, decisionHash } from "../../engine/decision.ts";
import { openSteps, spanOf, stepOf } from "../../engine/run.ts";
import type { History } from "../../market/history.ts";
import type { OutsideSeries } from "../../market/outside-series.ts";
import { bitcoinCloses } from "../../market/references.ts";
import { weeksNeeded } from "../../regime/parameters.ts";
import { backtest } from "../../research/backtest.ts";
import { BASELINE_COSTS } from "../../research/costs.ts";
import { strategyMaker } from "../../research/deciders/names.ts";
import { gaugesOf } from "../../research/gauges.ts";
import { gradesOf } from "../../research/grades.ts";
import { indexPath, loadResearch } from "../../research/index-path.ts";
import { jumpGauge } from "../../research/level-gauges.ts";
import { type MarketPath, marketPath } from "../../research/market-path.ts";
import { digestOf } from "../../research/register.ts";
import { methodologyRules } from "../../research/rules.ts";
import type { BacktestAnswer } from "../answers/performance.ts";
import type { GaugesAnswer } from "../answers/signal.ts";
import { orNull } from "../figures.ts";
import { type SignalSource, gaugesJson } from "../signal-json.ts";
import { backtestAnswer } from "./backtest-json.ts";
import { type SnapshotFile, snapshotFile, withinSize } from "./snapshot-file.ts";

/** A decision as the replay gives it. */
export type Replayed = { readonly decisionHash: Hex; readonly decision: Decision };

/** What the market says of a coin of the index. */
export type CoinFacts = {
  readonly traderGrade: number | null;
  readonly investorGrade: number | null;
  /** {1} Of the close against that of a week before. */
  readonly weekChange: number | null;
};

/** Everything that follows from market data alone. */
export type MarketFacts = {
  readonly close: IsoDate;
  /** By Monday, from the fund's first on. */
  readonly decisions: ReadonlyMap<string, Replayed>;
  /** What they were taken from, by Monday; the oldest are left out when all would be too large. */
  readonly snapshots: ReadonlyMap<string, SnapshotFile>;
  readonly signal: SignalSource;
  readonly gauges: GaugesAnswer;
  readonly coins: ReadonlyMap<string, CoinFacts>;
  /** {USD/wholeTok} Bitcoin's closes by day. */
  readonly bitcoin: ReadonlyMap<number, string>;
  readonly backtest: BacktestAnswer;
};

/** What the facts are computed for. */
export type MarketQuestion = {
  readonly history: History;
  readonly outside: OutsideSeries;
  /** The fund's first day. */
  readonly opened: IsoDate;
  /** The last day that is asked for; the last of the data when left out or later. */
  readonly asOf?: IsoDate;
  readonly data: string;
  readonly trialsRun: number;
};

const WEEK_DAYS = 7;
const PRICE_DIGITS = 12;

/** Computes everything. @throws DateOutOfDataError when the data are too short for a decision. */
export function marketFacts(question: MarketQuestion): MarketFacts {
  const { history, outside, opened } = question;
  const { decisions, snapshots, levels, last } = decideAll(question);
  const rules = methodologyRules();
  const path = marketPath(indexPath(loadResearch(history, DEFAULT_PARAMETERS), rules));
  const weeks = Math.min(path.weekly.length, (dayNumber(last.close) - path.firstDay) / WEEK_DAYS + 1);
  const range = {
    from: dateOfDay(path.firstDay + WEEK_DAYS * weeksNeeded(rules.regime)),
    to: dateOfDay(path.firstDay + WEEK_DAYS * (weeks - 1)),
  };
  const setting = { rules, costs: BASELINE_COSTS, delayDays: 0, cashRate: 0, range };
  const result = backtest(path, strategyMaker(rules.regime)("ensemble"), setting);
  const { run } = result.evaluation;
  const gauges = gaugesOf({ path, run, parameters: rules.regime, outside, more: [jumpGauge(path)] });
  return {
    close: last.close,
    decisions: ofFund(decisions, opened),
    snapshots: withinSize(ofFund(snapshots, opened)),
    signal: { asOf: last.date, decision: last, levels },
    gauges: { from: run.dates[0] ?? last.close, close: run.dates.at(-1) ?? last.close, gauges: gaugesJson(gauges) },
    coins: coinFacts(path, weeks - 1),
    bitcoin: bitcoinByDay(history, path, weeks),
    backtest: backtestAnswer(result, { ...question, dataDigest: digestOf(path) }),
  };
}

type Decided = {
  readonly decisions: ReadonlyMap<string, Replayed>;
  readonly snapshots: ReadonlyMap<string, SnapshotFile>;
  readonly levels: readonly number[];
  readonly last: Decision;
};

function decideAll({ history, opened, asOf }: MarketQuestion): Decided {
  const span = spanOf(history, DEFAULT_PARAMETERS);
  const end = asOf === undefined || asOf > span.last ? span.last : asOf;
  const monday = addDays(end, -weekday(end));
  const decisions = new Map<string, Replayed>();
  const snapshots = new Map<string, SnapshotFile>();
  const levels: number[] = [];
  let last: Decision | undefined;
  const range = { first: span.first, last: monday < span.first ? span.first : monday, opened };
  for (const step of openSteps(() => history, range, DEFAULT_PARAMETERS)) {
    const { decision } = step;
    levels.push(decision.indexLevel);
    last = decision;
    if (decision.date >= addDays(opened, -WEEK_DAYS)) {
      decisions.set(decision.date, { decisionHash: decisionHash(decision), decision });
      snapshots.set(decision.date, snapshotFile(stepOf(step)));
    }
  }
  return { decisions, snapshots, levels, last: last as Decision }; // the span begins with a decision
}

/** From the fund's first Monday on. */
function ofFund<Value>(byMonday: ReadonlyMap<string, Value>, opened: IsoDate): ReadonlyMap<string, Value> {
  return new Map([...byMonday].filter(([date]) => date >= addDays(opened, -weekday(opened))));
}

function coinFacts(path: MarketPath, week: number): ReadonlyMap<string, CoinFacts> {
  const composition = path.compositions[week];
  if (composition === undefined) return new Map();
  const { panel, coins, week: row } = composition;
  const [trader, investor] = [gradesOf(composition, "trader"), gradesOf(composition, "investor")];
  const closeOf = (coin: number, ago: number): number =>
    row < ago ? Number.NaN : at(panel.columns.close, (row - ago) * panel.coinIds.length + coin);
  return new Map(
    coins.map((coin, i) => [
      panel.coinIds[coin] ?? "",
      {
        traderGrade: orNull(at(trader, i)),
        investorGrade: orNull(at(investor, i)),
        weekChange: orNull(closeOf(coin, 0) / closeOf(coin, 1) - 1),
      },
    ]),
  );
}

/** The lowest source's name of each Sunday states the price: one is enough for a line in a chart. */
function bitcoinByDay(history: History, { firstDay }: MarketPath, weeks: number): ReadonlyMap<number, string> {
  const closes = new Map<number, string>();
  for (let week = 0; week < weeks; week++) {
    const day = firstDay + WEEK_DAYS * week;
    const [close] = bitcoinCloses(history, day);
    if (close !== undefined) closes.set(day, String(significant(close.priceUsd, PRICE_DIGITS)));
  }
  return closes;
}

/** {USD/wholeTok} Bitcoin's last Sunday close before a time {s}; null when the data do not reach it. */
export function bitcoinBefore({ bitcoin }: Pick<MarketFacts, "bitcoin">, time: number): string | null {
  const today = dateOf(time);
  const sunday = dayNumber(today) - weekday(today) - 1;
  return bitcoin.get(sunday) ?? null;
}
