// Turns the index's path into every gauge of the page: those of the reports, and fall, volatility's place and jump model.
import { at } from "../../core/statistics.ts";
import { jumpDecider, REFITS } from "../../research/deciders/models.ts";
import type { Gauge } from "../../research/gauge.ts";
import { type GaugeInput, type JudgedGauge, gaugesOf } from "../../research/gauges.ts";
import { hitRateOf } from "../../research/hit-rate.ts";
import type { MarketPath } from "../../research/market-path.ts";

/** Readings before a place among them means anything. */
const LEAST_PAST = 26;
/** The penalty of the jump model, as the majority decider has it. */
const PENALTY = 10;

/** All gauges over the weeks of a run, each with its hit rate out of sample. */
export function pageGauges(input: GaugeInput): JudgedGauge[] {
  const { path, run } = input;
  const known = gaugesOf(input);
  const volatility = known.find(({ name }) => name.startsWith("volatility"));
  const range = { first: run.firstWeek, last: run.firstWeek + run.dates.length };
  const whole = [fallGauge(path), jumpGauge(path)].map((gauge) => ({
    ...gauge,
    values: run.dates.map((_, i) => at(gauge.values, run.firstWeek + 1 + i)),
    hitRate: hitRateOf(gauge.values, path.weekly, range),
  }));
  return volatility === undefined
    ? [...known, ...whole]
    : [...known, percentileGauge(path, volatility, run.firstWeek), ...whole];
}

function fallGauge({ weekly }: MarketPath): Gauge {
  let highest = 0;
  const values = Array.from(weekly, (level) => {
    highest = Math.max(highest, level);
    return level / highest - 1;
  });
  return { name: "drawdown of the index", unit: "share", definition: "level over its highest so far, less 1", values };
}

/** Among its own earlier readings alone, so that nothing later comes in. */
function percentileGauge({ weekly }: MarketPath, { values }: Gauge, firstWeek: number): JudgedGauge {
  const past: number[] = [];
  const places = values.map((value) => {
    if (Number.isNaN(value)) return Number.NaN;
    const below = past.filter((earlier) => earlier < value).length;
    past.push(value);
    return past.length <= LEAST_PAST ? Number.NaN : below / (past.length - 1);
  });
  const before = Array.from({ length: firstWeek + 1 }, () => Number.NaN);
  return {
    name: "percentile of volatility",
    unit: "share",
    definition: "share of the earlier weeks in which the volatility of 13 weeks was lower",
    values: places,
    hitRate: hitRateOf([...before, ...places], weekly, { first: firstWeek, last: firstWeek + values.length }),
  };
}

function jumpGauge(path: MarketPath): Gauge {
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
