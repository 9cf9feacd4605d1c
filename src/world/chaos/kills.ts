// Turns a served fund and a seed into keepers that are killed in the middle of a rebalance, and into what came of it.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

import { type RandomStream, randomStream } from "../../core/random.ts";
import { openSqliteStore } from "../../keeper/store/sqlite.ts";
import type { KeeperStore } from "../../keeper/store/store.ts";
import { accountOf, endBreachesOf } from "./account.ts";
import { type Asked, type Fate, type Proxy, openProxy } from "./proxy.ts";
import { dieEverywhere } from "./deaths.ts";
import type { ChaosBounds, Scenario } from "./scenario.ts";
import { type ChaosStage, openStage } from "./stage.ts";
import { type Round, type Tally, tallyOf } from "./tally.ts";

/** When a process dies: at the n-th request, or the n-th that sends or looks for a transaction. */
type Moment = { readonly isOfSending: boolean; readonly request: number; readonly isHeard: boolean };

/** Requests of a calm run: all, and those that send or look for a transaction. */
type Counts = { all: number; sending: number };

/** A keeper's process, and how it ended. */
type Ending = { readonly isKilled: boolean; readonly problem: string | undefined };

/** The command line's main file. */
const MAIN = fileURLToPath(new URL("../../apps/cli/main.ts", import.meta.url));

const SENDING: ReadonlySet<string> = new Set(["eth_sendRawTransaction", "eth_getTransactionReceipt"]);
const MOST_KILLS_A_ROUND = 3;

/** Of `tm100`. */
const KILLS = 40;
const QUICK_KILLS = 3;
/** More than there are steps at which a keeper can leave another state behind. */
const DEATHS = 1000;
const QUICK_DEATHS = 8;
const COINS = 100;

/**
 * Keepers are killed (SIGKILL) at each step in turn, and then `tm100 keeper run --live --once` at seeded requests, before
 * or after the node heard them; each is a process of its own.
 */
export const killing: Scenario = {
  name: "kills",
  about: "keepers die of kill -9 at each write and step of a rebalance of 100 coins",
  share: 15,
  play: async (bounds, report) => {
    const stage = await openStage(COINS);
    try {
      const { isQuick } = bounds;
      report(await dieEverywhere(stage, { ...bounds, deaths: isQuick ? QUICK_DEATHS : DEATHS }));
      report(await killKeepers(stage, { ...bounds, kills: isQuick ? QUICK_KILLS : KILLS }));
    } finally {
      await stage.close();
    }
  },
};

async function killKeepers(
  stage: ChaosStage,
  { kills, seed, until }: ChaosBounds & { readonly kills: number },
): Promise<Tally> {
  const random = randomStream(seed);
  const counts: Counts = { all: 0, sending: 0 };
  const calm = await playRound(stage, { name: "calm", moments: [], counts });
  const rounds: Round[] = [calm];
  let done = 0;
  while (done < kills && Date.now() < until) {
    const most = Math.min(kills - done, 1 + Math.floor(random.uniform() * MOST_KILLS_A_ROUND));
    const moments = Array.from({ length: most }, () => momentIn(counts, random));
    const round = await playRound(stage, { name: `kill-${rounds.length}`, moments, counts: { ...counts } });
    rounds.push(round);
    done += round.blows;
  }
  return tallyOf("kill -9 of tm100 keeper run", rounds, calm.account.gas);
}

function momentIn({ all, sending }: Counts, { uniform }: RandomStream): Moment {
  const isOfSending = uniform() < 0.5;
  const request = 1 + Math.floor(uniform() * (isOfSending ? sending : all));
  return { isOfSending, request, isHeard: uniform() < 0.5 };
}

type Script = { readonly name: string; readonly moments: readonly Moment[]; readonly counts: Counts };

/** From Monday noon until a process came to its end by itself. */
async function playRound(stage: ChaosStage, { name, moments, counts }: Script): Promise<Round> {
  await stage.restore();
  const journal = join(stage.folder, `${name}.sqlite`);
  const breaches: string[] = [];
  let blows = 0;
  for (const moment of [...moments, undefined]) {
    const ending = await runKeeper(stage, { journal, moment, counts });
    const store = openSqliteStore(journal, { clock: { now: () => Date.now() } });
    try {
      await endLease(store);
      const account = await accountOf(stage, store);
      breaches.push(...account.breaches);
      if (ending.isKilled) {
        blows += 1;
        continue;
      }
      if (ending.problem !== undefined) breaches.push(`the keeper ended with: ${ending.problem}`);
      breaches.push(...(await endBreachesOf(stage, store, account)));
      return { blows, cycles: blows + 1, account, breaches: [...new Set(breaches)] };
    } finally {
      await store.close();
    }
  }
  throw new TypeError("the last process of a round is not killed");
}

/** Ends the lease of the dead, which would end by itself after 45 s. */
async function endLease({ lease }: KeeperStore): Promise<void> {
  const held = await lease.current();
  if (held !== undefined) await lease.release(held);
}

type Run = {
  readonly journal: string;
  readonly moment: Moment | undefined;
  readonly counts: Counts;
};

async function runKeeper(stage: ChaosStage, { journal, moment, counts }: Run): Promise<Ending> {
  let child: ChildProcess | undefined;
  const seen: Counts = { all: 0, sending: 0 };
  const fateOf = ({ method }: Asked): Fate => {
    seen.all += 1;
    const isOfSending = SENDING.has(method);
    if (isOfSending) seen.sending += 1;
    const isNow =
      moment?.isOfSending === true ? isOfSending && seen.sending === moment.request : seen.all === moment?.request;
    if (moment === undefined || !isNow) return "pass";
    child?.kill("SIGKILL");
    return moment.isHeard ? "answer-lost" : "silence";
  };
  const proxy = await openProxy(stage.rpc, fateOf);
  try {
    const started = start(stage, proxy, journal);
    child = started;
    const [errors, [code, signal]] = await Promise.all([
      text(started.stderr),
      once(started, "exit") as Promise<[number | null, NodeJS.Signals | null]>,
    ]);
    if (moment === undefined) Object.assign(counts, seen);
    const problem = code === 0 ? undefined : errors.trim().split("\n").at(-1);
    return { isKilled: signal === "SIGKILL", problem };
  } finally {
    await proxy.close();
  }
}

function start({ file }: ChaosStage, { url }: Proxy, journal: string) {
  const command = [MAIN, "keeper", "run", "--live", "--once", "--chain-id", "31337", "--account", "keeper"];
  const places = ["--rpc", url, "--deployment", file, "--journal", journal];
  return spawn(process.execPath, [...command, ...places], { stdio: ["ignore", "ignore", "pipe"] });
}
