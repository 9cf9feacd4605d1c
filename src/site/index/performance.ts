// Turns finished rebalances in the index into what the fund did: its value, the twin's, costs, and each way out.
import { decimalString, toFloat } from "../../core/units.ts";
import { navPerShare } from "../../execute/read-account.ts";
import type { LedgerLine, LineValue } from "../../record/lines.ts";
import { timeString, usdString } from "../amounts.ts";
import type { PerformanceAnswer } from "../answers/performance.ts";
import type { Database } from "./database.ts";
import { linesOfEvents } from "./lines.ts";

/** {USD/wholeTok} as a decimal string, at the last close before a time {s}; null when the data do not reach it. */
export type BitcoinAt = (time: number) => string | null;

type Answer = PerformanceAnswer;
type Point = Answer["points"][number];

/** Decimals of values, levels, shares and ether. */
const DECIMALS = 18;
/** An exit that anyone carries out changes no regime. */
const ABANDONED = "1";

const DEFINITIONS: Readonly<Record<string, string>> = {
  total_return:
    "NAV per share at the last finish over 1 USD, at which the first share was issued, less 1; all costs included",
  max_drawdown: "lowest of NAV per share over its highest before, less 1, at finishes",
  twin_total_return:
    "level of the index that never switches at the last finish over that at the first, less 1; no costs",
  twin_max_drawdown: "lowest of that level over its highest before, less 1, at finishes",
};

/** Everything since the first finish. */
export function performanceAnswer(database: Database, bitcoinAt: BitcoinAt): PerformanceAnswer {
  const points = pointsOf(linesOfEvents(database, ["RebalanceFinished"]), bitcoinAt);
  return {
    since: points[0]?.time ?? null,
    points,
    ribbon: ribbonOf(linesOfEvents(database, ["RebalanceStarted"])),
    years: yearsOf(points),
    figures: figuresOf(points),
    definitions: DEFINITIONS,
    costs: costsOf(database, points),
    roundTrips: roundTripsOf(database),
  };
}

function pointsOf(lines: readonly LedgerLine[], bitcoinAt: BitcoinAt): Point[] {
  let highest = 0;
  return lines.map(({ args, time }) => {
    const [nav, supply] = [integer(args["nav"]), integer(args["supply"])];
    const price = navPerShare({ nav, supply });
    highest = Math.max(highest, toFloat(price, DECIMALS));
    return {
      time: timeString(time),
      targetId: Number(args["id"]),
      regime: String(args["regime"]),
      navUsd: usdString(nav),
      supply: decimalString(supply, DECIMALS),
      navPerShareUsd: usdString(price),
      drawdown: toFloat(price, DECIMALS) / highest - 1,
      twinLevel: decimalString(integer(args["twinLevel"]), DECIMALS),
      bitcoinUsd: bitcoinAt(time),
      costBps: Number(args["costBps"]),
    };
  });
}

/** One part a regime; the last one has no end. */
function ribbonOf(starts: readonly LedgerLine[]): Answer["ribbon"] {
  const ribbon: { regime: string; from: string; to: string | null; targetId: number }[] = [];
  for (const { args, time } of starts) {
    const regime = String(args["regime"]);
    const last = ribbon.at(-1);
    if (args["id"] === ABANDONED || last?.regime === regime) continue;
    if (last !== undefined) last.to = timeString(time);
    ribbon.push({ regime, from: timeString(time), to: null, targetId: Number(args["id"]) });
  }
  return ribbon;
}

function yearsOf(points: readonly Point[]): Answer["years"] {
  const years = [...new Set(points.map(({ time }) => time.slice(0, 4)))];
  return years.map((period) => {
    const own = points.filter(({ time }) => time.startsWith(period));
    const [last, before] = [own.at(-1), points.filter(({ time }) => time.slice(0, 4) < period).at(-1)];
    const twinBefore = Number((before ?? points[0])?.twinLevel);
    return {
      period,
      total_return: Number(last?.navPerShareUsd) / Number(before?.navPerShareUsd ?? 1) - 1,
      twin_return: twinBefore === 0 ? null : Number(last?.twinLevel) / twinBefore - 1,
      costBps: own.reduce((sum, { costBps }) => sum + costBps, 0),
      rebalances: own.length,
    };
  });
}

function figuresOf(points: readonly Point[]): Record<string, number | null> {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return {};
  const levels = points.map(({ twinLevel }) => Number(twinLevel));
  let highest = 0;
  const drawdowns = levels.map((level) => {
    highest = Math.max(highest, level);
    return level / highest - 1;
  });
  return {
    total_return: Number(last.navPerShareUsd) - 1,
    max_drawdown: Math.min(...points.map(({ drawdown }) => drawdown)),
    twin_total_return: (levels.at(-1) ?? Number.NaN) / (levels[0] ?? Number.NaN) - 1,
    twin_max_drawdown: Math.min(...drawdowns),
  };
}

function costsOf(database: Database, points: readonly Point[]): Answer["costs"] {
  const fees = linesOfEvents(database, ["FeeAccrued"]).reduce((sum, { args }) => sum + integer(args["shares"]), 0n);
  const receipts = database.all("select gas, price from receipts");
  const wei = receipts.reduce((sum, { gas, price }) => sum + BigInt(Number(gas)) * BigInt(String(price)), 0n);
  const trading = points.reduce((sum, { navUsd, costBps }) => sum + (Number(navUsd) * costBps) / 10_000, 0);
  return {
    tradingUsd: trading.toFixed(2),
    feeShares: decimalString(fees, DECIMALS),
    gas: receipts.reduce((sum, { gas }) => sum + Number(gas), 0),
    gasEther: decimalString(wei, DECIMALS),
  };
}

function roundTripsOf(database: Database): Answer["roundTrips"] {
  return linesOfEvents(database, ["RoundTripCompleted"]).map(({ args, time }) => {
    const levels = ["exitNavPerShare", "entryNavPerShare", "exitTwinLevel", "entryTwinLevel"].map((name) =>
      integer(args[name]),
    ) as [bigint, bigint, bigint, bigint];
    const [exit, entry, exitTwin, entryTwin] = levels.map((level) => toFloat(level, DECIMALS)) as [
      number,
      number,
      number,
      number,
    ];
    return {
      exitId: Number(args["exitId"]),
      entryId: Number(args["entryId"]),
      left: startOf(database, Number(args["exitId"])),
      returned: timeString(time),
      exitNavPerShareUsd: usdString(levels[0]),
      entryNavPerShareUsd: usdString(levels[1]),
      exitTwinLevel: usdString(levels[2]),
      entryTwinLevel: usdString(levels[3]),
      saved: entry / exit / (entryTwin / exitTwin) - 1,
    };
  });
}

function startOf(database: Database, id: number): string {
  const time = database.one("select time from starts where id = ? order by sequence desc limit 1", id)?.["time"];
  return timeString(Number(time ?? 0));
}

function integer(value: LineValue | undefined): bigint {
  return BigInt(value as string);
}
