// Turns several strategies into one that chooses among them every year by the past alone.
import { type IsoDate, addDays, isoDate } from "../core/time.ts";
import { type Evaluation, type Setting, evaluateRegimes } from "./evaluate.ts";
import { fundFigures } from "./figures.ts";
import type { FundRun } from "./fund.ts";
import type { MarketPath } from "./market-path.ts";
import type { RegimePath } from "./regime-path.ts";

/** One year's choice. */
export type Choice = {
  readonly from: IsoDate;
  readonly strategy: string;
  /** The figure that it was chosen by, over all weeks that closed before `from`. */
  readonly figure: number;
  /** {week} So many. */
  readonly weeks: number;
};

/** What choosing did. */
export type WalkForward = { readonly choices: readonly Choice[]; readonly evaluation: Evaluation };

/** How to choose. */
export type SelectionPlan = { readonly figure: "martin_ratio" | "sharpe" | "calmar" };

/**
 * The strategy that from the start of the range, and in each year after it, does what was best in all weeks before it. Where two strategies meet at a turn of the
 * year on different sides of the market, the switch is traded and paid.
 *
 * @param trials Evaluations over the whole path, from its first weeks on, without a delay.
 */
export function walkForward(
  path: MarketPath,
  trials: readonly Evaluation[],
  { plan, setting }: { readonly plan: SelectionPlan; readonly setting: Setting },
): WalkForward {
  const last = trials[0]?.run.dates.at(-1) ?? setting.range.to;
  const chosen = turnsOf(setting.range.from, last).map((from) => choiceOf(trials, from, plan));
  const inMarket = new Uint8Array(path.daily.length);
  chosen.forEach(({ choice, trial }, i) => {
    const [start, end] = [i === 0 ? 0 : dayBefore(path, choice.from), dayBefore(path, chosen[i + 1]?.choice.from)];
    inMarket.set(trial.regimes.inMarket.subarray(start, end), start);
  });
  const regimes = { inMarket, switches: switchesOf(chosen, path), heldBy: [] };
  const evaluation = evaluateRegimes(path, regimes, { name: "walk-forward", setting });
  return { choices: chosen.map(({ choice }) => choice), evaluation };
}

/** The first day of the range, and each first of January after it. */
function turnsOf(from: IsoDate, last: IsoDate): IsoDate[] {
  const turns = [from];
  for (let year = Number(from.slice(0, 4)) + 1; `${year}-01-01` <= last; year++) turns.push(isoDate(`${year}-01-01`));
  return turns;
}

type Chosen = { readonly choice: Choice; readonly trial: Evaluation };

function choiceOf(trials: readonly Evaluation[], from: IsoDate, { figure }: SelectionPlan): Chosen {
  const known = trials[0]?.run.dates.filter((date) => date < from).length ?? 0;
  const scores = trials.map(({ run }) => scoreOf(run, known, figure));
  const best = Math.max(...scores);
  const trial = trials[scores.indexOf(best)] as Evaluation; // there is a best of one or more
  return { choice: { from, strategy: trial.name, figure: best, weeks: known }, trial };
}

/** The figure over the first weeks; a strategy that did nothing yet is the last choice. */
function scoreOf({ returns, positions }: FundRun, weeks: number, figure: SelectionPlan["figure"]): number {
  const past = { returns: returns.slice(0, weeks), positions: positions.slice(0, weeks) };
  const value = fundFigures({ firstWeek: 0, dates: [], switches: 0, wealth: [], ...past })[figure];
  return Number.isFinite(value) ? value : Number.NEGATIVE_INFINITY;
}

/** Day of the path of the last Sunday before a date; its end without one. */
function dayBefore({ firstDay, daily }: MarketPath, date: IsoDate | undefined): number {
  if (date === undefined) return daily.length;
  const days = Date.parse(addDays(date, -1)) / 86_400_000 - firstDay;
  return 7 * Math.floor(days / 7);
}

/** The switches of each choice within its own time. */
function switchesOf(chosen: readonly Chosen[], path: MarketPath): RegimePath["switches"] {
  return chosen.flatMap(({ choice, trial }, i) => {
    const [start, end] = [dayBefore(path, choice.from), dayBefore(path, chosen[i + 1]?.choice.from)];
    return trial.regimes.switches.filter(({ day }) => day >= start && day < end);
  });
}
