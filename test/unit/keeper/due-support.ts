// Facts that the tests of the agenda share: a calm week in September 2021, and short ways to ask.
import { isoDate, startOfDay } from "../../../src/core/time.ts";
import { type Agenda, type ChainFacts, type DueQuery, type Mark, dueWork } from "../../../src/keeper/due.ts";
import { keeperRulesSchema } from "../../../src/keeper/rules.ts";

export const RULES = keeperRulesSchema.parse({});
export const HOUR = 3600;
/** 2021-09-06, a Monday; week 2696, whose target has id 2696 * 8. */
export const MONDAY = startOfDay(isoDate("2021-09-06"));
export const ID = 2696 * 8;
/** Monday 00:30. */
export const PUBLICATION = MONDAY + HOUR / 2;

/** In the market since last week, with this week's target not published. */
const CALM: Omit<ChainFacts, "time"> = {
  block: 100n,
  regime: "bull",
  lastId: ID - 8,
  isWeekPublished: false,
  pending: undefined,
  running: undefined,
  isRequestDue: false,
};

type Case = { readonly chain?: Partial<ChainFacts>; readonly marks?: Readonly<Record<string, Partial<Mark>>> };

/** The assets were just looked after, so that upkeep does not fill every answer. */
export function query(now: number, { chain = {}, marks = {} }: Case = {}): DueQuery {
  const all = { upkeep: { doneAt: now }, ...marks };
  const filled = Object.entries(all).map(([task, mark]): [string, Mark] => {
    const isFinal = "doneAt" in mark;
    const nothing = {
      doneAt: undefined,
      isFinal,
      by: undefined,
      upTo: 0,
      goesOnAt: undefined,
      failures: 0,
      failedAt: undefined,
    };
    return [task, Object.assign(nothing, mark)];
  });
  return { now, chain: { ...CALM, time: now, ...chain }, marks: new Map(filled) };
}

export const agenda = (now: number, given?: Case): Agenda => dueWork(query(now, given), RULES);
export const tasks = (now: number, given?: Case): string[] => agenda(now, given).due.map(({ task }) => task);
