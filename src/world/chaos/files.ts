// Turns a seed into keepers whose journal's file is damaged, full or closed to them, and into what came of it.
import { mkdirSync } from "node:fs";
import path from "node:path";

import { type RandomStream, randomStream } from "../../core/random.ts";
import { live } from "./deaths.ts";
import { FILE_FAULTS, type FileFault } from "./file-faults.ts";
import { type Wreck, playFault } from "./file-round.ts";
import type { ChaosBounds, Scenario } from "./scenario.ts";
import { type ChaosStage, openStage } from "./stage.ts";
import { type Round, type Tally, tallyOf } from "./tally.ts";

/** Keepers that are killed, each at another moment; every misfortune befalls the journal of each. */
const WRECKS = 6;
/** Of these, one each is played. */
const QUICK_PARTS = ["file", "log", "place"] as const;
const COINS = 100;
/** {1} Of its steps: from then on there is a journal, and something in it. */
const EARLIEST = 0.2;
/** {ms} The lease of the killed keeper has ended. */
const LEASE_AGO = -60_000;

/** The file of the journal is damaged, has no room, or may not be written. */
export const filing: Scenario = {
  name: "files",
  about: "the journal's file is cut, overwritten, lost, without room or without the right to write",
  share: 10,
  play: async (bounds, report) => {
    const stage = await openStage(COINS);
    try {
      report(await loseFiles(stage, bounds));
    } finally {
      await stage.close();
    }
  },
};

async function loseFiles(stage: ChaosStage, { seed, until, isQuick }: ChaosBounds): Promise<Tally> {
  const random = randomStream(seed);
  const obstacles = FILE_FAULTS.flatMap(({ name, obstacle }) => {
    const why = obstacle();
    return why === undefined ? [] : [`not played: ${name}, since ${why}`];
  });
  const possible = FILE_FAULTS.filter(({ obstacle }) => obstacle() === undefined);
  const faults = isQuick ? QUICK_PARTS.flatMap((part) => oneOf(possible, part, random)) : possible;
  const moments = await momentsOf(stage);
  const rounds: Round[] = [];
  for (let i = 0; i < (isQuick ? 1 : WRECKS) && Date.now() < until; i++) {
    rounds.push(...(await playWreck(stage, { name: `wreck-${i}`, moments, faults, random, until })));
  }
  const tally = tallyOf("the journal's file is harmed", rounds, rounds[0]?.account.gas ?? 1);
  return { ...tally, notes: obstacles };
}

/** Steps of a keeper that nobody kills. */
async function momentsOf(stage: ChaosStage): Promise<readonly number[]> {
  await stage.restore();
  const end = await live(stage, { journal: path.join(stage.folder, "calm.sqlite"), ahead: 0 });
  if (end.isKilled) throw new TypeError("nobody kills this one");
  return end.moments.slice(Math.floor(end.moments.length * EARLIEST));
}

type Script = {
  readonly name: string;
  readonly moments: readonly number[];
  readonly faults: readonly FileFault[];
  readonly random: RandomStream;
  readonly until: number;
};

function oneOf(faults: readonly FileFault[], part: FileFault["part"], { uniform }: RandomStream): FileFault[] {
  const found = faults.filter((fault) => fault.part === part);
  const first = Math.floor(uniform() * found.length);
  return found.slice(first, first + 1);
}

/** Kills a keeper, and plays every misfortune from there. */
async function playWreck(stage: ChaosStage, { name, moments, faults, random, until }: Script): Promise<Round[]> {
  const { chain } = stage.world.market;
  await stage.restore();
  const wreck: Wreck = { folder: path.join(stage.folder, name) };
  mkdirSync(wreck.folder);
  const step = moments[Math.floor(random.uniform() * moments.length)] ?? 1;
  await live(stage, { journal: path.join(wreck.folder, "journal.sqlite"), ahead: LEASE_AGO, step });
  const rounds: Round[] = [];
  let saved = await chain.snapshot();
  for (const fault of faults) {
    if (Date.now() >= until) break;
    rounds.push(await playFault(stage, { wreck, fault, random }));
    await chain.revert(saved);
    saved = await chain.snapshot();
  }
  return rounds;
}
