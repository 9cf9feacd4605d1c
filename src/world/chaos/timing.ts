// The scenario of clocks: set, off, in other zones, of keepers that were away for weeks, and of two that wake at once.
import { type ClockRound, playClocks } from "./clocks.ts";
import { raceKeepers } from "./races.ts";
import type { ChaosBounds, Scenario } from "./scenario.ts";
import type { Tally } from "./tally.ts";
import { askZone, zoneBreaches, zoneQuestions } from "./zones.ts";

/** How much is played: on so many funds, each so many times so many weeks; races; questions to processes in zones. */
type Extent = {
  readonly funds: number;
  readonly rounds: number;
  readonly weeks: number;
  readonly races: number;
  readonly questions: number;
};

const WHOLE: Extent = { funds: 8, rounds: 4, weeks: 8, races: 12, questions: 28 };
const QUICK: Extent = { funds: 1, rounds: 1, weeks: 6, races: 2, questions: 3 };

export const timing: Scenario = {
  name: "clocks",
  about: "clocks are set or off, zones change their hour, keepers are away for weeks or wake at the same moment",
  share: 8,
  play: async (bounds, report) => {
    const extent = bounds.isQuick ? QUICK : WHOLE;
    const begun = Date.now();
    const half = begun + (bounds.until - begun) / 2; // the rest is for races and zones
    report(await playFunds({ ...bounds, until: half }, extent));
    report(await raceKeepers(bounds.seed, { rounds: extent.races, until: bounds.until }));
    report(await playZones(bounds, extent.questions));
  },
};

async function playFunds({ seed, until }: ChaosBounds, { funds, rounds, weeks }: Extent): Promise<Tally> {
  const played: ClockRound[] = [];
  for (let fund = 0; fund < funds && Date.now() < until; fund++) {
    played.push(...(await playClocks(seed * 1000 + fund, { rounds, weeks, until })));
  }
  const sum = (of: (round: ClockRound) => number): number => played.reduce((total, round) => total + of(round), 0);
  const said = sum(({ account }) => account.weeks.size);
  return {
    ...{ scenario: "clocks off and weeks missed", rounds: played.length, dearest: 1 },
    blows: sum(({ blows }) => blows),
    cycles: sum(({ cycles }) => cycles),
    finished: sum(({ account }) => account.finished),
    transactions: sum(({ account }) => account.transactions),
    breaches: played.flatMap(({ breaches }, i) => breaches.map((words) => `round ${i + 1}: ${words}`)),
    notes: [
      `${sum(({ weeks: lived }) => lived)} weeks: ${said} published, the others missed while the keeper was off, or behind an exit`,
    ],
  };
}

async function playZones({ seed, until }: ChaosBounds, count: number): Promise<Tally> {
  const breaches: string[] = [];
  let [asked, wakes, sets] = [0, 0, 0];
  for (const { zone, question } of zoneQuestions(seed, count)) {
    if (Date.now() >= until) break;
    const [utc, there] = await Promise.all([askZone("UTC", question), askZone(zone, question)]);
    breaches.push(...zoneBreaches(zone, question, { utc, zone: there }));
    asked += 1;
    wakes += there.wakes.length;
    sets += question.sets.length;
  }
  return {
    ...{ scenario: "nights in which the hour changes", rounds: asked, cycles: wakes, blows: sets },
    ...{ finished: 0, transactions: 0, dearest: 0, breaches },
  };
}
