// Turns panels into the index's weekly path: members, weights and level from the first Sunday to the last.
import { significant } from "../core/rounding.ts";
import { at } from "../core/statistics.ts";
import { type IsoDate, dateOfDay } from "../core/time.ts";
import { spanOf } from "../engine/run.ts";
import { closeBefore, providerAt } from "../engine/calendar.ts";
import type { Parameters } from "../config/schema.ts";
import { sourceAgeHours } from "../engine/snapshot.ts";
import type { History } from "../market/history.ts";
import { bitcoinCloses, spreadOf } from "../market/references.ts";
import { type DataQuality, statedQuality } from "../regime/data-quality.ts";
import { BASE_LEVEL, type Growth, growthOf } from "../universe/index-level.ts";
import { type Composition, compose } from "./compose.ts";
import { NoPanelError } from "./no-panel-error.ts";
import { type Panel, panelOf } from "./panel.ts";
import type { ResearchRules } from "./rules.ts";

/** Everything that is loaded once: the history, a panel a provider, and the Sundays on which decisions can be taken. */
export type ResearchData = {
  readonly history: History;
  readonly panels: readonly Panel[];
  /** Days of the first and the last Sunday before a decision. */
  readonly span: { readonly first: number; readonly last: number };
};

/** The index at each Sunday; element w of each list belongs to day `firstDay + 7·w`. */
export type IndexPath = {
  readonly firstDay: number;
  readonly levels: Float64Array;
  readonly quality: readonly DataQuality[];
  readonly compositions: readonly Composition[];
};

const WEEK_DAYS = 7;
const NO_GROWTH: Growth = { growth: 1, missingWeight: 0, missingNames: 0 };

/** Loads a history: computes the panels. @throws DateOutOfDataError when it is too short for a decision. */
export function loadResearch(history: History, parameters: Parameters): ResearchData {
  const { first, last } = spanOf(history, parameters);
  return {
    history,
    panels: history.providers.map((provider) => panelOf(provider, history, parameters.universe)),
    span: { first: closeBefore(first), last: lastSunday(last) },
  };
}

/** The close of the last Monday on or before a date. */
function lastSunday(date: IsoDate): number {
  const day = closeBefore(date);
  return day - ((day + 4) % WEEK_DAYS); // day 3, 1970-01-04, was a Sunday
}

/**
 * The path of the index under a set of rules.
 *
 * @param skipWeeks {week} Begins so much later than the data allow.
 */
export function indexPath(data: ResearchData, rules: ResearchRules, skipWeeks = 0): IndexPath {
  const span = spanUnder(data, rules);
  const [first, last] = [span.first + WEEK_DAYS * skipWeeks, span.last];
  const weeks = (last - first) / WEEK_DAYS + 1;
  const levels = new Float64Array(weeks);
  const quality: DataQuality[] = [];
  const compositions: Composition[] = [];
  for (let w = 0; w < weeks; w++) {
    const panel = panelUnder(data, first + WEEK_DAYS * w, rules);
    const week = (first + WEEK_DAYS * w - panel.firstSunday) / WEEK_DAYS;
    const before = compositions.at(-1);
    const step = before === undefined ? NO_GROWTH : growthSince(before, rules);
    const level = w === 0 ? BASE_LEVEL : at(levels, w - 1) * step.growth;
    levels[w] = rules.levelDigits === undefined || w === 0 ? level : significant(level, rules.levelDigits);
    const composition = compose({ panel, week }, membersOf(before, panel), rules);
    compositions.push(composition);
    quality.push(qualityAt(data.history, first + WEEK_DAYS * w, { step, composition }));
  }
  return { firstDay: first, levels, quality, compositions };
}

/** How sound the data of a close are, as a decision states it. */
function qualityAt(
  history: History,
  close: number,
  { step, composition }: { readonly step: Growth; readonly composition: Composition },
): DataQuality {
  const { panel, week, coins, weights } = composition;
  const ages = coins.map((coin) => at(panel.columns.priceAge, week * panel.coinIds.length + coin));
  const late = weights.filter((_, i) => (ages[i] ?? 0) > 0);
  return statedQuality({
    missingWeight: step.missingWeight,
    missingNames: step.missingNames,
    lateWeight: late.reduce((sum, weight) => sum + weight, 0),
    lateNames: coins.length === 0 ? 0 : late.length / coins.length,
    sourceAgeHours: sourceAgeHours(panel.history, close),
    sourcesApart: spreadOf(bitcoinCloses(history, close)),
  });
}

/** Numbers of the members, which mean nothing in another provider's data. */
function membersOf(before: Composition | undefined, panel: Panel): ReadonlySet<number> {
  return new Set(before?.panel === panel ? before.coins : []);
}

function growthSince({ panel, week, coins, weights }: Composition, rules: ResearchRules): Growth {
  const [base, next] = [week * panel.coinIds.length, (week + 1) * panel.coinIds.length];
  const { price, close, priceAge } = panel.columns;
  const relatives = Float64Array.from(coins, (coin) => {
    const isKnown = rules.prices === "week" || priceAge[next + coin] === 0;
    return isKnown ? at(close, next + coin) / at(price, base + coin) : Number.NaN;
  });
  return growthOf(weights, relatives);
}

/** Days of the first and the last Sunday: where the calendar does not say, from the first coin that is admitted on. */
function spanUnder(data: ResearchData, rules: ResearchRules): ResearchData["span"] {
  if (rules.providers === "seam") return data.span;
  const panel = panelUnder(data, 0, rules);
  let week = 0;
  while (week < panel.weeks - 1 && compose({ panel, week }, new Set(), rules).coins.length === 0) week++;
  const sunday = (number: number): number => panel.firstSunday + WEEK_DAYS * number;
  return { first: sunday(week), last: sunday(panel.weeks - 1) };
}

/** The panel that composes at a close. */
function panelUnder({ history, panels }: ResearchData, day: number, rules: ResearchRules): Panel {
  const isAlone = rules.providers === "coingecko";
  const provider = isAlone
    ? history.providers.find((candidate) => candidate.provider !== "coinmarketcap")
    : providerAt(history, day);
  const panel = panels.find((candidate) => candidate.history === provider);
  if (panel === undefined) throw new NoPanelError(dateOfDay(day), isAlone);
  return panel;
}
