// Turns a served fund and a seed into a keeper whose node answers badly, and into what came of it.
import { join } from "node:path";

import { hardhat } from "viem/chains";

import { AppError } from "../../core/errors.ts";
import { type RandomStream, randomStream } from "../../core/random.ts";
import { unixSeconds } from "../../core/units.ts";
import { openNodes, openTransactor } from "../../execute/open-transactor.ts";
import { nodesSchema, sendingSchema } from "../../execute/sending-settings.ts";
import type { DecisionSource } from "../../keeper/decisions.ts";
import { openHand } from "../../keeper/hand.ts";
import { diaryOf, keyJournalOf } from "../../keeper/journal-names.ts";
import { type Keeper, runCycle } from "../../keeper/keeper.ts";
import { readMarks } from "../../keeper/marks.ts";
import { keeperRulesSchema } from "../../keeper/rules.ts";
import { openSqliteStore } from "../../keeper/store/sqlite.ts";
import type { KeeperStore } from "../../keeper/store/store.ts";
import { planLimitsSchema } from "../../plan/limits.ts";
import { accountOf, endBreachesOf } from "./account.ts";
import { type Asked, type Fate, openProxy } from "./proxy.ts";
import type { ChaosBounds, Scenario } from "./scenario.ts";
import { type ChaosStage, openStage } from "./stage.ts";
import { type Round, type Tally, tallyOf } from "./tally.ts";

/** No week is decided while chaos lasts. */
class NoDecisionError extends AppError {
  readonly code = "NO_DECISION";
  readonly kind = "data";
  override readonly retryable = true;
}

/** How often {1} a request of the method is answered badly; every other one rarely, since one ends a whole cycle. */
const FREQUENCY: ReadonlyMap<string, number> = new Map([
  ["eth_sendRawTransaction", 0.5],
  ["eth_getTransactionReceipt", 0.2],
  ["eth_getTransactionByHash", 0.2],
  ["eth_getTransactionCount", 0.05],
]);
const ORDINARY_FREQUENCY = 0.01;
const BAD: readonly Fate[] = ["status-429", "status-500", "silence", "answer-lost", "stale-head"];
/** {ms} */
const TIMEOUT = 3000;
/** Cycles of a round; in the last of them the node is sound. */
const BAD_CYCLES = 8;
const SOUND_CYCLES = 3;
/** {s} What failed rests no longer than this. */
const BETWEEN = 7300;

const ROUNDS = 400;
const QUICK_ROUNDS = 10;
const COINS = 8;

/** A keeper carries the rebalance out through a node that answers badly. */
export const misleading: Scenario = {
  name: "rpc",
  about: "a node answers badly, late, twice, or not at all",
  share: 20,
  play: async (bounds, report) => {
    const stage = await openStage(COINS);
    try {
      report(await misleadKeepers(stage, { ...bounds, cycles: bounds.isQuick ? QUICK_ROUNDS : ROUNDS }));
    } finally {
      await stage.close();
    }
  },
};

async function misleadKeepers(
  stage: ChaosStage,
  { cycles, seed, until }: ChaosBounds & { readonly cycles: number },
): Promise<Tally> {
  const random = randomStream(seed);
  const calm = await playRound(stage, "sound", () => "pass");
  const rounds: Round[] = [calm];
  while (rounds.length <= cycles && Date.now() < until) {
    rounds.push(await playRound(stage, `fault-${rounds.length}`, (asked) => fateOf(asked, random)));
  }
  return tallyOf("a node that answers badly", rounds, calm.account.gas);
}

function fateOf({ method }: Asked, { uniform }: RandomStream): Fate {
  if (uniform() >= (FREQUENCY.get(method) ?? ORDINARY_FREQUENCY)) return "pass";
  return BAD[Math.floor(uniform() * BAD.length)] ?? "pass";
}

/** From Monday noon until nothing is left to do. @param bad What becomes of requests until the node is sound again. */
async function playRound(stage: ChaosStage, name: string, bad: (asked: Asked) => Fate): Promise<Round> {
  await stage.restore();
  let blows = 0;
  let cycles = 0;
  let isSound = false;
  const proxy = await openProxy(stage.rpc, (asked) => {
    const fate = isSound ? "pass" : bad(asked);
    if (fate !== "pass") blows += 1;
    return fate;
  });
  const chain = stage.world.market.chain;
  const clock = { time: (await chain.now()) * 1000, now: (): number => clock.time };
  const store = openSqliteStore(join(stage.folder, `${name}.sqlite`), { clock });
  const breaches: string[] = [];
  try {
    for (let cycle = 0; cycle < BAD_CYCLES + SOUND_CYCLES; cycle++) {
      cycles += 1;
      isSound = cycle >= BAD_CYCLES;
      const isDone = await runOne(await hire(stage, store, { url: proxy.url, clock }));
      breaches.push(...(await accountOf(stage, store)).breaches);
      if (isDone) break;
      await chain.advanceTo(unixSeconds((await chain.now()) + BETWEEN));
      clock.time = (await chain.now()) * 1000;
    }
    const account = await accountOf(stage, store);
    breaches.push(...(await endBreachesOf(stage, store, account)));
    return { blows, cycles, account, breaches: [...new Set(breaches)] };
  } finally {
    await store.close();
    await proxy.close();
  }
}

/** True when the cycle ended well, nothing failed and no rebalance is left. @throws What is no deliberate failure. */
async function runOne(keeper: Keeper): Promise<boolean> {
  try {
    const { view, deeds } = await runCycle(keeper);
    const isLeft = view.chain.pending !== undefined || view.chain.running !== undefined;
    return !isLeft && deeds.every(({ failure }) => failure === undefined);
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}

type Circumstances = { readonly url: string; readonly clock: { now(): number } };

/** A keeper with nothing in its memory but the journal. */
async function hire(
  { deployment, world }: ChaosStage,
  store: KeeperStore,
  { url, clock }: Circumstances,
): Promise<Keeper> {
  const account = world.market.chain.accounts.keeper;
  const chainId = hardhat.id;
  const settings = nodesSchema.parse({ urls: [url], timeoutMs: TIMEOUT, restMs: 0 });
  const nodes = openNodes({ nodes: settings, chainId, pollMs: 10, clock: { now: () => performance.now() } });
  const sending = sendingSchema.parse({ pollMs: 10, feePatience: 0 });
  const journal = store.journal(keyJournalOf(deployment, account.address));
  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  const fund = { client: nodes.client, deployment };
  const diary = store.journal(diaryOf(deployment));
  const held = await store.lease.take("chaos", 600_000);
  if (held === undefined) throw new TypeError("nobody else takes the lease");
  return {
    ...{ fund, diary, marks: readMarks(diary), pause: store.pause },
    clock: { now: () => Promise.resolve(clock.now() / 1000) },
    rules: keeperRulesSchema.parse({}),
    hand: openHand({
      ...{ fund, account, journal, clock },
      transactorBehind: (gate) => openTransactor(nodes, { sending, account, journal, clock, pause, gate }),
    }),
    decisions: NO_DECISIONS,
    signer: undefined,
    limits: planLimitsSchema.parse({}),
    lease: { table: store.lease, held },
  };
}

const NO_DECISIONS: DecisionSource = {
  weekly: () => Promise.reject(new NoDecisionError("Expected no week to be due, found one.")),
  bearCheck: () => Promise.reject(new NoDecisionError("Expected data of today, found none: chaos has no market data.")),
};
