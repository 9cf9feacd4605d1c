// Turns a served fund and a seed into keepers that die at every write of their journal and between any two steps.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

import { bytesToHex } from "viem";

import { type RandomStream, randomStream } from "../../core/random.ts";
import { openSqliteStore } from "../../keeper/store/sqlite.ts";
import type { KeeperStore } from "../../keeper/store/store.ts";
import { type Account, accountOf, endBreachesOf } from "./account.ts";
import type { Order, Testament } from "./mortal.ts";
import type { ChaosBounds } from "./scenario.ts";
import type { ChaosStage } from "./stage.ts";
import { type Round, type Tally, tallyOf } from "./tally.ts";

const MORTAL = fileURLToPath(new URL("./mortal.ts", import.meta.url));
/** How often {1} the one that takes over dies too. */
const DIES_AGAIN = 0.8;
/** {1} Of the time until the end. */
const TIME = 0.9;
/** {ms} Each process is so much later than the one before, so that the lease of a dead one has ended. */
const LATER = 60_000;

/** How a keeper ended: killed, or as it says itself. */
export type End = { readonly isKilled: true } | ({ readonly isKilled: false } & Testament);

/**
 * Kills (SIGKILL) a keeper at each step of a rebalance in turn: before, within and after each write of its journal, and
 * before each request to its node. Often the next one dies too, at a seeded step; the last one finishes.
 *
 * @param deaths At most so many steps, spread over all of them.
 */
export async function dieEverywhere(
  stage: ChaosStage,
  { deaths, seed, until }: ChaosBounds & { readonly deaths: number },
): Promise<Tally> {
  const random = randomStream(seed);
  const calm = await measureCalm(stage);
  const rounds: Round[] = [calm.round];
  const end = Date.now() + TIME * (until - Date.now());
  for (const step of spread(calm.moments, deaths, random)) {
    if (Date.now() >= end) break;
    const again = random.uniform() < DIES_AGAIN ? spread(calm.moments, 1, random) : [];
    rounds.push(await playRound(stage, { name: `death-${rounds.length}`, steps: [step, ...again] }));
  }
  return tallyOf("kill -9 at a write or step", rounds, calm.round.account.gas);
}

/** A keeper that nobody kills, and the steps at which one can be killed until its rebalance is done. */
async function measureCalm(stage: ChaosStage) {
  let moments: readonly number[] = [];
  const round = await playRound(stage, {
    name: "calm",
    steps: [],
    onEnd: (testament) => {
      ({ moments } = testament);
    },
  });
  return { round, moments };
}

/** All, or `most` of them at even distances from a seeded one on, in their order. */
function spread(all: readonly number[], most: number, { uniform }: RandomStream): number[] {
  if (all.length <= most) return [...all];
  const first = uniform();
  return Array.from({ length: most }, (_, i) => all[Math.floor(((i + first) * all.length) / most)] ?? 1);
}

type Script = {
  readonly name: string;
  /** Of each process in turn, the step at which it dies. */
  readonly steps: readonly number[];
  readonly onEnd?: (testament: Testament) => void;
};

/** From Monday noon until a keeper came to its end by itself. */
async function playRound(stage: ChaosStage, { name, steps, onEnd }: Script): Promise<Round> {
  await stage.restore();
  const journal = join(stage.folder, `${name}.sqlite`);
  const breaches: string[] = [];
  let blows = 0;
  for (const [index, step] of [...steps, undefined].entries()) {
    const end = await live(stage, { journal, ahead: index * LATER, ...(step === undefined ? {} : { step }) });
    const account = await withCopy(journal, (store) => accountOf(stage, store));
    breaches.push(...(account?.breaches ?? []));
    if (end.isKilled) blows += 1;
    // A step that a later process does not come to is none: it has ended.
    else if (step === undefined || account?.finished === 1) {
      const ended = await endOf(stage, journal, end.problem);
      onEnd?.(end);
      return {
        blows,
        cycles: blows + 1,
        account: ended.account,
        breaches: [...new Set([...breaches, ...ended.breaches])],
      };
    }
  }
  throw new TypeError("the last process of a round is not killed");
}

async function endOf(stage: ChaosStage, journal: string, problem: string | null) {
  const store = openSqliteStore(journal, { clock: { now: () => Date.now() } });
  try {
    const account: Account = await accountOf(stage, store);
    const words = problem === null ? [] : [`the keeper ended with: ${problem}`];
    return { account, breaches: [...words, ...account.breaches, ...(await endBreachesOf(stage, store, account))] };
  } finally {
    await store.close();
  }
}

/** Looks at a copy: to open what a dead process left would mend it for the next one. */
async function withCopy<Result>(journal: string, look: (store: KeeperStore) => Promise<Result>) {
  const folder = mkdtempSync(join(tmpdir(), "tm100-chaos-copy-"));
  try {
    const copy = join(folder, "journal.sqlite");
    for (const suffix of ["", "-wal"]) {
      if (existsSync(journal + suffix)) cpSync(journal + suffix, copy + suffix);
    }
    if (!existsSync(copy)) return undefined;
    const store = openSqliteStore(copy, { clock: { now: () => Date.now() } });
    try {
      return await look(store);
    } finally {
      await store.close();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs a keeper's process to its end. */
export async function live(
  { rpc, file, world }: ChaosStage,
  own: Pick<Order, "journal" | "ahead" | "step">,
): Promise<End> {
  const { privateKey } = world.market.chain.accounts.keeper.getHdKey();
  const order: Order = { rpc, file, key: bytesToHex(privateKey ?? new Uint8Array()), ...own };
  const child = spawn(process.execPath, [MORTAL, JSON.stringify(order)], { stdio: ["ignore", "pipe", "pipe"] });
  const [output, errors, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>,
  ]);
  if (signal === "SIGKILL") return { isKilled: true };
  if (code !== 0) throw new TypeError(`a keeper's process ended with ${code}: ${errors}`);
  return { isKilled: false, ...(JSON.parse(output) as Testament) };
}
