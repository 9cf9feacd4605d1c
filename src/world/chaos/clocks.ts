// Turns seeded clocks, outages and wakes at the same moment into weeks of two keepers on one journal, and into what came of it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { hardhat } from "viem/chains";

import { type RandomStream, randomStream } from "../../core/random.ts";
import {
  DAY,
  type IsoDate,
  dateOf,
  mondayOf,
  mondayOfTarget,
  startOfDay,
  weekday,
  weeklyTargetId,
} from "../../core/time.ts";
import { unixSeconds } from "../../core/units.ts";
import { PUBLICATION } from "../../engine/target.ts";
import type { Fund } from "../../execute/contracts.ts";
import { sendingSchema } from "../../execute/sending-settings.ts";
import { createTransactor } from "../../execute/transactor.ts";
import type { ChainFacts, PendingFacts } from "../../keeper/due.ts";
import { readFacts } from "../../keeper/read-facts.ts";
import { keeperRulesSchema } from "../../keeper/rules.ts";
import type { KeeperService } from "../../keeper/service.ts";
import { openSqliteStore } from "../../keeper/store/sqlite.ts";
import { type ChainAccount, readAccount } from "./clock-account.ts";
import { type Moment, planMoments } from "./clock-plan.ts";
import { type ClockStage, openClockStage, sourceOf } from "./clock-stage.ts";
import { manService } from "./crew.ts";

/** A round that is over. */
export type ClockRound = {
  /** Clocks that were off, and moments at which the keeper was switched off. */
  readonly blows: number;
  readonly cycles: number;
  readonly weeks: number;
  readonly account: ChainAccount;
  readonly breaches: readonly string[];
};

const RULES = keeperRulesSchema.parse({});

/** Two processes of one machine, and what they told. */
type Pair = {
  readonly services: readonly KeeperService[];
  readonly clock: { time: number };
  /** {s} What the time really is. */
  readonly truly: { time: number };
  readonly told: Map<string, number>; // {s} by the clock of the newest alarm of a key
  readonly failures: string[];
  readonly leave: () => Promise<void>;
};

/** Plays rounds on one fund: the same weeks, with other clocks each time. */
export async function playClocks(
  seed: number,
  { rounds, weeks, until }: { readonly rounds: number; readonly weeks: number; readonly until: number },
): Promise<ClockRound[]> {
  const random = randomStream(seed);
  const stage = await openClockStage(random, weeks);
  try {
    const played: ClockRound[] = [];
    while (played.length < rounds && Date.now() < until) {
      played.push(await playRound(stage, random, weeks));
      await stage.restore();
    }
    return played;
  } finally {
    await stage.close();
  }
}

async function playRound(stage: ClockStage, random: RandomStream, weeks: number): Promise<ClockRound> {
  const { world, opened, truth } = stage;
  const chain = world.market.chain;
  const fund = { client: chain.publicClient, deployment: world.fund.deployment() };
  const fromBlock = (await chain.publicClient.getBlockNumber()) + 1n;
  const pair = hirePair(stage, fund);
  const breaches: string[] = [];
  let [blows, cycles] = [0, 0];
  try {
    for (const moment of planMoments(random, weeks)) {
      const at = startOfDay(opened) + moment.at;
      const isOff = moment.off !== 0 || !moment.isUp;
      if (isOff) blows += 1;
      await bring(stage, moment, at);
      if (!moment.isUp) continue;
      cycles += 1;
      pair.truly.time = await chain.now();
      pair.clock.time = (pair.truly.time + moment.off) * 1000;
      await wakeBoth(pair, random);
      breaches.push(...(await owedBy(fund, pair, { truth, off: moment.off })));
    }
    const account = await readAccount(fund, fromBlock, { truth, rules: RULES });
    breaches.push(...wronglyTold(pair, account));
    return {
      blows,
      cycles,
      weeks,
      account,
      breaches: [...new Set([...breaches, ...pair.failures, ...account.breaches])],
    };
  } finally {
    await pair.leave();
  }
}

/** The world goes on, whether the keeper wakes or not. */
async function bring({ world, moveTo }: ClockStage, { isDawn }: Moment, at: number): Promise<void> {
  const chain = world.market.chain;
  if (isDawn) await moveTo(dateOf(at));
  else if ((await chain.now()) < at) await chain.advanceTo(unixSeconds(at));
}

function hirePair({ world, truth }: ClockStage, fund: Fund): Pair {
  const chain = world.market.chain;
  const folder = mkdtempSync(join(tmpdir(), "tm100-clocks-"));
  const clock = { time: 0, now: (): number => clock.time };
  const truly = { time: 0 };
  const told = new Map<string, number>();
  const failures: string[] = [];
  const stores = ["left", "right"].map(() => openSqliteStore(join(folder, "journal.sqlite"), { clock }));
  const services = stores.map((store, i) =>
    manService({
      ...{ holder: i === 0 ? "left" : "right", fund, store, clock },
      account: chain.accounts.keeper,
      signer: chain.accounts.signer,
      decisions: sourceOf(truth, () => truly.time),
      transactorOf: (journal) => (gate) =>
        createTransactor({
          ...{ client: chain.publicClient, chainId: hardhat.id, account: chain.accounts.keeper, journal, gate, clock },
          settings: sendingSchema.parse({ feePatience: 0 }),
          pause: () => chain.mine(),
        }),
      onAlarm: ({ key }) => told.set(key, clock.time / 1000),
      onLog: ({ msg, task, failure }) => {
        if (msg === "failed") failures.push(`${task ?? ""} failed: ${failure?.code ?? ""} ${failure?.message ?? ""}`);
      },
    }),
  );
  return {
    ...{ services, clock, truly, told, failures },
    leave: async () => {
      for (const service of services) await service.stop();
      for (const store of stores) await store.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Both at once, in either order; now and then one that has not looked at its lease since the last time. */
async function wakeBoth({ services }: Pair, { uniform }: RandomStream): Promise<void> {
  const inOrder = uniform() < 0.5 ? services : services.toReversed();
  if (uniform() < 0.8) await Promise.all(inOrder.map((service) => service.tend()));
  await Promise.all([...inOrder, ...services].map((service) => service.wake()));
  await Promise.all(inOrder.map((service) => service.tend()));
  await Promise.all(inOrder.map((service) => service.wake()));
}

function wronglyTold({ told }: Pair, { weeks }: ChainAccount): string[] {
  const missed = [...weeks].filter((monday) => told.has(`week-missed:${monday}`));
  return missed.map((monday) => `the week of ${monday} was called missed and is published`);
}

/** What a keeper that was awake has left undone, or not said. */
async function owedBy(
  fund: Fund,
  { clock, told }: Pair,
  { truth, off }: { readonly truth: ClockStage["truth"]; readonly off: number },
): Promise<string[]> {
  const facts = await readFacts(fund);
  const now = clock.time / 1000;
  const isTold = (key: string): boolean => told.has(key);
  if (Math.abs(now - facts.time) > RULES.clockTolerance) {
    return isTold("clock") ? [] : [`nobody was told that the clock was off by ${off} s`];
  }
  const monday = mondayOf(dateOf(facts.time));
  if (mondayOf(dateOf(now)) !== monday) return [];
  const when = new Date(now * 1000).toISOString();
  return [...owedOfWeek(facts, { monday, now, isTold }), ...owedExit(facts, truth, now)].map(
    (words) => `${when}: ${words}`,
  );
}

function owedOfWeek(
  { isWeekPublished, lastId, pending }: ChainFacts,
  {
    monday,
    now,
    isTold,
  }: { readonly monday: IsoDate; readonly now: number; readonly isTold: (key: string) => boolean },
): string[] {
  const from = startOfDay(monday) + PUBLICATION;
  const isDone = isWeekPublished || Math.max(lastId, pending?.id ?? 0) >= weeklyTargetId(monday);
  if (isDone || now < from) return [];
  if (now < from + RULES.catchUp) return [`the week of ${monday} was not published`];
  return isTold(`week-missed:${monday}`) ? [] : [`nobody was told that the week of ${monday} was missed`];
}

/** What leads into stablecoins waits for nothing but the chain; what leads into the market for Monday noon too. */
function owedExit(facts: ChainFacts, { checks }: ClockStage["truth"], now: number): string[] {
  const { regime, running, pending, time } = facts;
  const today = dateOf(now);
  const isDay = weekday(today) !== 0 && now >= startOfDay(today) + PUBLICATION;
  const isIn = regime === "bull" && running?.regime !== "bear" && pending?.regime !== "bear";
  const isForgotten = isIn && isDay && checks.get(today)?.verdict === "leave";
  return [
    ...(isForgotten ? ["the check of the day says leave, and nothing was done"] : []),
    ...(pending !== undefined && isOverdue(pending, Math.min(time, now))
      ? [`target ${pending.id} was not started`]
      : []),
  ];
}

function isOverdue({ regime, id, executableAt, validUntil }: PendingFacts, now: number): boolean {
  const noon = startOfDay(mondayOfTarget(id)) + DAY / 2;
  const from = regime === "bear" ? executableAt : Math.max(executableAt, noon);
  return from <= now && now < validUntil - RULES.clockTolerance;
}
