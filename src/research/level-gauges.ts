// Turns the index's weekly levels into gauges: score of the votes, volatility and its place, drawdown, jump model.
import { at, sampleDeviation } from "../core/statistics.ts";
import { scoreOf } from "../regime/ensemble.ts";
import { type RegimeParameters, weeksNeeded } from "../regime/parameters.ts";
import { castVotes } from "../regime/votes.ts";
import { jumpDecider, REFITS } from "./deciders/models.ts";
import type { Gauge } from "./gauge.ts";
import type { MarketPath } from "./market-path.ts";
import { WEEKS_PER_YEAR } from "./metrics.ts";

/** {week} */
const VOLATILITY_WEEKS = 13;
/** Readings before a place among them means anything. */
const LEAST_PAST = 26;
/** The penalty of the jump model, as the majority decider has it. */
const PENALTY = 10;

/** Share of the votes that say yes. */
export function scoreGauge({ weekly }: MarketPath, parameters: RegimeParameters): Gauge {
  const needed = weeksNeeded(parameters);
  return {
    name: "score of the votes",
    unit: "share",
    definition: "share of the regime's votes that say yes",
    values: Array.from(weekly, (_, week) => {
      const levels = [...weekly.subarray(Math.max(0, week + 1 - needed), week + 1)];
      return scoreOf(castVotes(levels, parameters)) ?? Number.NaN;
    }),
  };
}

/** Volatility, its place among its past, and drawdown. */
export function levelGauges(path: MarketPath): Gauge[] {
  const volatility = volatilityGauge(path);
  return [volatility, percentileGauge(volatility), drawdownGauge(path)];
}

function volatilityGauge({ weekly }: MarketPath): Gauge {
  return {
    name: "volatility of 13 weeks, annual",
    unit: "share",
    definition: "sd of the index's last 13 weekly returns (n-1) * sqrt(52)",
    values: Array.from(weekly, (_, week) => {
      if (week < VOLATILITY_WEEKS) return Number.NaN;
      const levels = weekly.subarray(week - VOLATILITY_WEEKS, week + 1);
      const returns = Array.from(levels.subarray(1), (level, i) => level / at(levels, i) - 1);
      return sampleDeviation(returns) * Math.sqrt(WEEKS_PER_YEAR);
    }),
  };
}

/** Among its own earlier readings alone, so that nothing later comes in. */
function percentileGauge({ values }: Gauge): Gauge {
  const past: number[] = [];
  return {
    name: "percentile of volatility",
    unit: "share",
    definition: "share of the earlier weeks in which the volatility of 13 weeks was lower; from 26 earlier weeks on",
    values: values.map((value) => {
      if (Number.isNaN(value)) return Number.NaN;
      const below = past.filter((earlier) => earlier < value).length;
      const place = past.length < LEAST_PAST ? Number.NaN : below / past.length;
      past.push(value);
      return place;
    }),
  };
}

function drawdownGauge({ weekly }: MarketPath): Gauge {
  let highest = 0;
  const values = Array.from(weekly, (level) => {
    highest = Math.max(highest, level);
    return level / highest - 1;
  });
  return { name: "drawdown of the index", unit: "share", definition: "level over its highest so far, less 1", values };
}

/** State of the jump model, whose fits to all the past take seconds. */
export function jumpGauge(path: MarketPath): Gauge {
  const wishes = jumpDecider({ ...REFITS, penalty: PENALTY }).wishes(path);
  return {
    name: "state of the jump model",
    unit: "1 bull, 0 bear",
    definition: "statistical jump model on weekly returns, fitted to the past alone each quarter",
    values: Array.from(path.weekly, (_, week) => {
      const wish = wishes[week];
      return wish === undefined ? Number.NaN : wish === "bull" ? 1 : 0;
    }),
  };
}
