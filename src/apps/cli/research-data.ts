// Turns research options into the path of the index, the setting of a backtest and what a reader has to know of the data.
import { DEFAULT_PARAMETERS } from "../../config/schema.ts";
import { mean } from "../../core/statistics.ts";
import { type IsoDate, dateOfDay, isoDate } from "../../core/time.ts";
import type { History } from "../../market/history.ts";
import { openMainFile } from "../../market/sources/open-market.ts";
import { truncateHistory } from "../../market/truncate.ts";
import { weeksNeeded } from "../../regime/parameters.ts";
import { type StrategyMaker, strategyMaker } from "../../research/deciders/names.ts";
import type { Setting } from "../../research/evaluate.ts";
import { type ResearchData, indexPath, loadResearch } from "../../research/index-path.ts";
import { type MarketPath, marketPath } from "../../research/market-path.ts";
import type { ResearchRules } from "../../research/rules.ts";
import { isInHole } from "../../universe/vacancies.ts";
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
  return { history, research, path, setting, strategies, notices: noticesOf(history, path, rules) };
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

function noticesOf({ providers }: History, path: MarketPath, { holdsRanks }: ResearchRules): string[] {
  if (!providers.some(({ provider }) => provider === "coingecko")) return [];
  return [
    "SURVIVORSHIP BIAS: CoinGecko's file holds coins that still existed when it was downloaded; results are too good.",
    ...holeNotices(path, holdsRanks),
  ];
}

// Weeks of the path that CoinGecko's survivors alone make up, and how many places stay empty for the others.
function holeNotices({ compositions }: MarketPath, holdsRanks: boolean): string[] {
  const weeks = compositions.filter(({ panel, week }) => isInHole(panel.history, panel.firstSunday + WEEK_DAYS * week));
  if (weeks.length === 0) return [];
  const about = `No price source free of survivorship bias covers 2018-04 to 2019-12 (${weeks.length} weeks): CoinGecko alone is used`;
  const vacancies = weeks.flatMap(({ panel, week }) => panel.vacancies[week] ?? []);
  if (!holdsRanks) return [`${about}, and coins move up into the places of those that it lacks.`];
  if (vacancies.length === 0) return [`${about}, and no ranked list holds the places of those that it lacks.`];
  const places = mean(vacancies.map((vacancy) => vacancy.places));
  const capShare = mean(vacancies.map((vacancy) => vacancy.capShare));
  return [
    `${about}. By ranked lists of ${vacancies.length} of these weeks, on average ${places.toFixed(0)} of the 100 largest ` +
      `with ${(100 * capShare).toFixed(1)} % of their market cap have no price; their places stay empty.`,
  ];
}
