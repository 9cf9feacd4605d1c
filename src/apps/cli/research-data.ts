// Turns research options into the path of the index, the setting of a backtest and what a reader has to know of the data.
import { DEFAULT_PARAMETERS } from "../../config/schema.ts";
import { type IsoDate, dateOfDay, dayNumber, isoDate } from "../../core/time.ts";
import type { History } from "../../market/history.ts";
import { openMainFile } from "../../market/sources/open-market.ts";
import { truncateHistory } from "../../market/truncate.ts";
import { weeksNeeded } from "../../regime/parameters.ts";
import { type StrategyMaker, strategyMaker } from "../../research/deciders/names.ts";
import type { Setting } from "../../research/evaluate.ts";
import { type ResearchData, indexPath, loadResearch } from "../../research/index-path.ts";
import { type MarketPath, marketPath } from "../../research/market-path.ts";
import type { ResearchRules } from "../../research/rules.ts";
import { loadSignals } from "./signal-file.ts";
import { openHistory, readingSteps } from "./market-data.ts";
import { SIMULATED } from "./options.ts";
import type { Progress } from "./progress.ts";
import { type ResearchOptions, costsOf, rulesOf } from "./research-options.ts";

/** What a research command works on. */
export type ResearchInput = {
  readonly history: History;
  readonly research: ResearchData;
  readonly path: MarketPath;
  readonly setting: Setting;
  readonly strategies: StrategyMaker;
  readonly notices: readonly string[];
};

/** First return of the baseline. */
const BASELINE_FROM = isoDate("2018-01-07");
const WEEK_DAYS = 7;

/** Loads the data that the rules ask for and composes the index. */
export async function openResearch(options: ResearchOptions, progress: Progress): Promise<ResearchInput> {
  const rules = rulesOf(options.rules);
  const read = await readHistory(options.data, rules, progress);
  const history = options.asOf === undefined ? read : truncateHistory(read, options.asOf);
  progress.step("computing features and labels");
  const research = loadResearch(history, DEFAULT_PARAMETERS);
  const path = marketPath(indexPath(research, rules));
  const range = { from: options.from ?? firstReturn(path, rules), to: options.to ?? lastClose(path) };
  const setting = { rules, costs: costsOf(options), delayDays: options.delay, cashRate: options.cashRate, range };
  const external = options.signal === undefined ? undefined : loadSignals(options.signal);
  const strategies = strategyMaker(rules.regime, external);
  return { history, research, path, setting, strategies, notices: noticesOf(history, path) };
}

/** The baseline knows CoinGecko's main file and the list of coins, and nothing that supplements them. */
async function readHistory(data: string, rules: ResearchRules, progress: Progress): Promise<History> {
  if (data === SIMULATED || rules.providers === "seam") return openHistory(data, progress);
  return (await openMainFile(data, readingSteps(progress))).history;
}

/** The week after the votes have their history; for the baseline's rules its own first week, if the data reach back. */
function firstReturn({ firstDay }: MarketPath, rules: ResearchRules): IsoDate {
  const warm = dateOfDay(firstDay + WEEK_DAYS * weeksNeeded(rules.regime));
  return rules.providers === "coingecko" && warm <= BASELINE_FROM ? BASELINE_FROM : warm;
}

function lastClose({ firstDay, weekly }: MarketPath): IsoDate {
  return dateOfDay(firstDay + WEEK_DAYS * (weekly.length - 1));
}

const HOLE = { from: "2018-04-01", to: "2019-12-31" } as const;

function noticesOf({ providers }: History, { firstDay, weekly }: MarketPath): string[] {
  if (!providers.some(({ provider }) => provider === "coingecko")) return [];
  const spansHole =
    firstDay < dayNumber(isoDate(HOLE.to)) && firstDay + 7 * weekly.length > dayNumber(isoDate(HOLE.from));
  return [
    "SURVIVORSHIP BIAS: CoinGecko's file holds coins that still existed when it was downloaded; results are too good.",
    ...(spansHole
      ? [`No price source free of survivorship bias covers ${HOLE.from} to ${HOLE.to}: CoinGecko alone is used.`]
      : []),
  ];
}
