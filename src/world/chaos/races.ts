// Turns a served fund and a seed into keepers' processes that start at the same moment on one journal, and what came of it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { type RandomStream, randomStream } from "../../core/random.ts";
import { openSqliteStore } from "../../keeper/store/sqlite.ts";
import { accountOf, endBreachesOf } from "./account.ts";
import { type ChaosStage, openStage } from "./stage.ts";
import { type Round, type Tally, tallyOf } from "./tally.ts";
import { ZONES } from "./zones.ts";

/** The command line's main file. */
const MAIN = fileURLToPath(new URL("../../apps/cli/main.ts", import.meta.url));
const COINS = 8;
const MOST_PROCESSES = 3;
/** {ms} Between two starts. */
const LONGEST_GAP = 400;

/** Lets processes of several zones race for one rebalance, `rounds` times. */
export async function raceKeepers(
  seed: number,
  { rounds, until }: { readonly rounds: number; readonly until: number },
): Promise<Tally> {
  const random = randomStream(seed);
  const stage = await openStage(COINS);
  try {
    const calm = await playRound(stage, "calm", [0]);
    const played = [calm];
    while (played.length <= rounds && Date.now() < until) {
      played.push(await playRound(stage, `race-${played.length}`, gapsIn(random)));
    }
    return tallyOf("processes on one journal at once", played, calm.account.gas);
  } finally {
    await stage.close();
  }
}

/** {ms} Before each process's start; half of all start at once. */
function gapsIn({ uniform }: RandomStream): number[] {
  const count = 2 + Math.floor(uniform() * (MOST_PROCESSES - 1));
  const longest = uniform() < 0.5 ? 0 : LONGEST_GAP;
  return Array.from({ length: count }, () => Math.floor(uniform() * longest));
}

async function playRound(stage: ChaosStage, name: string, gaps: readonly number[]): Promise<Round> {
  await stage.restore();
  const journal = join(stage.folder, `${name}.sqlite`);
  const problems = await Promise.all(gaps.map((gap, i) => runOne(stage, journal, { gap, zone: ZONES[i] ?? "UTC" })));
  const store = openSqliteStore(journal, { clock: { now: () => Date.now() } });
  try {
    const account = await accountOf(stage, store);
    const breaches = [...problems.flat(), ...account.breaches, ...(await endBreachesOf(stage, store, account))];
    return { blows: gaps.length - 1, cycles: gaps.length, account, breaches: [...new Set(breaches)] };
  } finally {
    await store.close();
  }
}

/** Acts, or finds that another acts; both end well. @returns What it ended with otherwise. */
async function runOne(
  { rpc, file }: ChaosStage,
  journal: string,
  { gap, zone }: { readonly gap: number; readonly zone: string },
): Promise<string[]> {
  await sleep(gap);
  const command = [MAIN, "keeper", "run", "--live", "--once", "--chain-id", "31337", "--account", "keeper"];
  const places = ["--rpc", rpc, "--deployment", file, "--journal", journal];
  const child = spawn(process.execPath, [...command, ...places], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, TZ: zone },
  });
  const [errors, [code]] = await Promise.all([
    text(child.stderr),
    once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>,
  ]);
  return code === 0 ? [] : [`a process ended with: ${errors.trim().split("\n").at(-1) ?? "nothing"}`];
}
