// Turns a seed into several keepers on one database that are killed, paused and cut off, and into what came of it.
import pg from "pg";

import { randomStream } from "../../core/random.ts";
import { type Counts, type CrewRound, type Strike, playCrew } from "./crew-round.ts";
import type { Blow, Pace } from "./member.ts";
import type { ChaosBounds, Scenario } from "./scenario.ts";
import { type ChaosStage, openStage } from "./stage.ts";
import { type Tally, tallyOf } from "./tally.ts";

/** The keeper as it is. */
const REAL: Pace = { isReal: true, leaseFor: 45_000, tendEvery: 10_000 };
/** A send needs 5 s of the lease to be left. */
const SHORT: Pace = { isReal: false, leaseFor: 9000, tendEvery: 1500 };

const BLOWS: readonly Blow[] = ["kill", "stop", "cut-database", "mute-database", "cut-node", "mute-node"];
const REAL_BLOWS: readonly Blow[] = ["kill", "stop", "mute-database", "mute-node"];
/** {ms} */
const MOST_TAKEOVER = 60_000;

const COINS = 8;
/** In the first lane. */
const MANY_COINS = 100;

/** How many rounds there are, and how many go on beside each other, each on a chain of its own. */
type Extent = { readonly rounds: number; readonly lanes: number };

const FULL: Extent = { rounds: 60, lanes: 3 };
const QUICK: Extent = { rounds: 2, lanes: 2 };

const DATABASE = process.env["TM100_TEST_DATABASE_URL"] ?? "postgresql://postgres@127.0.0.1:5432/test";

/** Two or three keepers, each with a key of its own, share a journal in PostgreSQL. */
export const standing: Scenario = {
  name: "keepers",
  about: "two or three keepers on PostgreSQL are killed, paused beyond their lease, and cut off",
  share: 12,
  play: async (bounds, report) => {
    const missing = await missingDatabase();
    if (missing !== undefined) {
      report(missing);
      return;
    }
    report(await playShort(bounds, bounds.isQuick ? QUICK : FULL));
    if (!bounds.isQuick) report(await playReal(bounds));
  },
};

/** The rounds with a short lease: of each lane a calm one first, then those with blows. */
async function playShort({ seed, until }: ChaosBounds, { rounds, lanes }: Extent): Promise<Tally> {
  const end = until - 2 * MOST_TAKEOVER; // for the rounds with a real lease
  let begun = 0;
  const played = await inLanes(lanes, async (stage) => {
    const calm = await playCrew(stage, { url: DATABASE, pace: SHORT, keepers: 2, strikes: [] });
    const found = [calm];
    while (begun < rounds && (found.length === 1 || Date.now() < end)) {
      begun += 1;
      const strikes = strikesOf(seed * 1000 + begun, BLOWS, calm.counts);
      found.push(await playCrew(stage, { url: DATABASE, pace: SHORT, keepers: 2 + (begun % 2), strikes }));
    }
    return found;
  });
  return talliedOf("several keepers, short lease", SHORT, played);
}

/** The keepers as they are, a round of each kind, all at once: most of it is waiting. */
async function playReal({ seed }: ChaosBounds): Promise<Tally> {
  const waiting = [...REAL_BLOWS];
  const played = await inLanes(waiting.length, async (stage) => {
    const kinds = waiting.splice(0, 1);
    const strikes = strikesOf(seed + waiting.length, kinds, { all: 60, sending: 3 }).slice(0, 1);
    return [await playCrew(stage, { url: DATABASE, pace: REAL, keepers: 2 + (waiting.length % 2), strikes })];
  });
  return talliedOf("several keepers, lease of 45 s", REAL, played);
}

/** One or two blows. */
function strikesOf(seed: number, kinds: readonly Blow[], { all, sending }: Counts): Strike[] {
  const { uniform } = randomStream(seed);
  return Array.from({ length: 1 + Math.floor(uniform() * 2) }, () => {
    const blow = kinds[Math.floor(uniform() * kinds.length)] ?? "kill";
    const isOfSending = uniform() < 0.5;
    const request = 1 + Math.floor(uniform() * (isOfSending ? sending : all));
    return { blow, moment: { isOfSending, request }, isHeard: uniform() < 0.5 };
  });
}

async function inLanes(lanes: number, work: (stage: ChaosStage) => Promise<CrewRound[]>): Promise<CrewRound[][]> {
  const stages: ChaosStage[] = [];
  try {
    for (let lane = 0; lane < lanes; lane++) stages.push(await openStage(lane === 0 ? MANY_COINS : COINS));
    return await Promise.all(stages.map(work));
  } finally {
    for (const stage of stages) await stage.close();
  }
}

/** @param lanes Each begins with the round that the gas of its others is compared with. */
function talliedOf(name: string, { leaseFor, tendEvery }: Pace, lanes: readonly (readonly CrewRound[])[]): Tally {
  const rounds = lanes.flatMap((lane) => {
    const calm = lane[0]?.account.gas ?? 1;
    return lane.map((round) => ({ ...round, account: { ...round.account, gas: round.account.gas / calm } }));
  });
  const takeovers = rounds.flatMap((round) => round.takeovers);
  const tally = tallyOf(name, rounds, 1);
  const words = `${takeovers.length} takeovers, the longest after ${secondsOf(Math.max(0, ...takeovers))}`;
  const lease = `a lease of ${secondsOf(leaseFor)}, looked after every ${secondsOf(tendEvery)}`;
  const late = takeovers.filter((takeover) => takeover > MOST_TAKEOVER);
  return {
    ...tally,
    breaches: [...tally.breaches, ...late.map((takeover) => `a takeover took ${secondsOf(takeover)}`)],
    notes: [`${words} (${lease})`],
  };
}

function secondsOf(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** What is told where there is no PostgreSQL; undefined when there is. */
async function missingDatabase(): Promise<Tally | undefined> {
  const client = new pg.Client({ connectionString: DATABASE, connectionTimeoutMillis: 5000 });
  try {
    await client.connect();
    return undefined;
  } catch {
    const words = "not played: no PostgreSQL on 127.0.0.1:5432; TM100_TEST_DATABASE_URL names another";
    const isRequired = process.env["CI"] === "true";
    return {
      ...tallyOf("several keepers", [], 1),
      breaches: isRequired ? [words] : [],
      notes: isRequired ? [] : [words],
    };
  } finally {
    await client.end();
  }
}
