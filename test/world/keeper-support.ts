// A small fund that a keeper works for: its decisions, its journal in a file, and a process that can die at each write.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type ContractEventName, type ParseEventLogsReturnType, padHex, parseEventLogs } from "viem";
import { hardhat } from "viem/chains";

import { indexVaultAbi } from "../../src/core/abi.ts";
import { DAY, type IsoDate, addDays, dateOf, isoDate, weekOf } from "../../src/core/time.ts";
import { ppm, tokenUnits, unixSeconds } from "../../src/core/units.ts";
import type { BearCheck } from "../../src/engine/bear-check.ts";
import type { Decision } from "../../src/engine/decision.ts";
import { requestDeposit } from "../../src/execute/depositor.ts";
import type { Journal } from "../../src/execute/journal.ts";
import { sendingSchema } from "../../src/execute/sending-settings.ts";
import { createTransactor } from "../../src/execute/transactor.ts";
import type { DecisionSource } from "../../src/keeper/decisions.ts";
import { type Hand, openHand } from "../../src/keeper/hand.ts";
import { type Keeper, runCycle } from "../../src/keeper/keeper.ts";
import { readMarks } from "../../src/keeper/marks.ts";
import { keeperRulesSchema } from "../../src/keeper/rules.ts";
import { openSqliteStore } from "../../src/keeper/store/sqlite.ts";
import type { KeeperStore } from "../../src/keeper/store/store.ts";
import { planLimitsSchema } from "../../src/plan/limits.ts";
import { openFund } from "../../src/world/fund.ts";
import { type MarketSnapshot, startMarket } from "../../src/world/market.ts";
import { SOUND_DATA } from "../../src/regime/data-quality.ts";
import { type World, senderOf } from "../../src/world/week.ts";
import { COINS, MONDAY, liftCaps } from "./support.ts";

/** Weights in parts per million by coin id. */
export type Parts = Readonly<Record<string, number>>;

/** Two fifths in bitcoin, the rest in coins against USDC and ether. */
export const BULL: Parts = { bitcoin: 400_000, ethereum: 300_000, chainlink: 150_000, uniswap: 150_000 };
/** Over the issuers' caps. */
export const BEAR: Parts = { "usd-coin": 600_000, tether: 200_000, dai: 200_000 };

const ROOT = padHex("0x3e", { size: 32 });

/** A decision that leads to these parts; what the keeper does not look at is as in an empty market. */
export function decisionOf(date: IsoDate, regime: "bear" | "bull", parts: Parts): Decision {
  return {
    ...{ methodology: "test", parametersHash: ROOT, week: weekOf(unixSeconds(Date.parse(date) / 1000)), date },
    ...{ asOfTime: `${date}T00:30:00Z`, close: addDays(date, -1), provider: "simulated", inputDigest: "" },
    ...{ indexLevel: 1000, votes: [], score: null, previousRegime: "bear", regime, regimeSince: null, heldBy: null },
    ...{ returns: [], capped: [], index: [], eligible: 0, excluded: [], notices: [] },
    ...{ dataQuality: SOUND_DATA, references: [], defects: [], badDataSince: null },
    weights: weightsOf(parts),
  };
}

/** A day's check with this verdict. */
export function checkOf(date: IsoDate, verdict: BearCheck["verdict"]): BearCheck {
  return {
    ...{ date, close: addDays(date, -1), weekHash: ROOT, membershipRoot: ROOT, indexLevel: 990, votes: [], score: 0 },
    ...{ missingWeight: 0, verdict, weights: weightsOf(BEAR) },
  };
}

function weightsOf(parts: Parts) {
  return Object.entries(parts).map(([coinId, part]) => ({ coinId, symbol: coinId, weightPpm: ppm(part) }));
}

/** What the market says in a test, by date; every check stays unless it is named. */
export type Plot = {
  readonly weeks: Readonly<
    Record<string, { readonly regime: "bear" | "bull"; readonly parts: Parts; readonly defects?: readonly string[] }>
  >;
  readonly exits?: readonly string[];
};

/** Where decisions come from in a test. */
export function plotted({ weeks, exits = [] }: Plot): DecisionSource {
  return {
    weekly: (monday) => {
      const { regime, parts, defects = [] } = weeks[monday] ?? { regime: "bear" as const, parts: BEAR };
      return Promise.resolve({ ...decisionOf(monday, regime, parts), defects });
    },
    bearCheck: (date) => Promise.resolve(checkOf(date, exits.includes(date) ? "leave" : "stay")),
  };
}

/** A journal file for one test, and the chain as it was before. */
export type Stage = {
  readonly world: World;
  readonly store: () => KeeperStore;
  readonly remove: () => Promise<void>;
};

/** Alice asked for a deposit of 100,000 USDC in the week before; it is Monday 00:20, and prices are fresh. */
export async function startFund(): Promise<{ readonly world: World; readonly saved: MarketSnapshot }> {
  const market = await startMarket({ at: unixSeconds(MONDAY - 1.5 * DAY), coins: COINS });
  const world: World = { market, fund: await openFund(market) };
  await liftCaps(
    world,
    Object.keys(BULL).filter((coinId) => coinId !== "bitcoin" && coinId !== "ethereum"),
  );
  const amount = tokenUnits(100_000n * 10n ** 6n);
  await market.give("usd-coin", market.chain.accounts.alice.address, amount);
  await requestDeposit({ ...senderOf(world, "alice"), deployment: world.fund.deployment() }, amount);
  await market.moveTo({ prices: new Map(), at: unixSeconds(MONDAY + 1200), steps: 1 });
  return { world, saved: await market.snapshot() };
}

/**
 * The fund for the tests of a `describe`: each finds chain and lease clock as new, and a journal of its own. `world` and
 * `stage` are there while tests run.
 */
export function useKeeperFund(): { readonly world: () => World; readonly stage: () => Stage } {
  let world: World;
  let saved: MarketSnapshot;
  let stage: Stage;
  before(async function () {
    ({ world, saved } = await startFund());
  });
  beforeEach(function () {
    wallClock.time = 1_600_000_000_000;
    stage = openStage(world);
  });
  afterEach(async function () {
    await stage.remove();
    saved = await world.market.revert(saved);
  });
  after(() => world.market.close());
  return { world: () => world, stage: () => stage };
}

/** The keeper's journal in a file of its own. */
export function openStage(world: World): Stage {
  const folder = mkdtempSync(join(tmpdir(), "tm100-keeper-"));
  const store = openSqliteStore(join(folder, "journal.sqlite"), { clock: chainClock, leaseClock: wallClock });
  return {
    world,
    store: () => store,
    remove: async () => {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** {ms} The clock of leases; it stands unless a test moves it. */
export const wallClock = { time: 1_600_000_000_000, now: (): number => wallClock.time };

/** {ms} The clock of journals: the chain's, when it was last looked at. */
const chainClock = { time: 0, now: (): number => chainClock.time };

/** How a test's keeper differs from an ordinary one. */
export type Casting = {
  readonly plot: Plot;
  readonly holder?: string;
  readonly name?: "keeper" | "stranger";
  readonly hasSigner?: boolean;
  /** Of sending; a transaction is final in its block where nothing is said. */
  readonly sending?: Readonly<Record<string, unknown>>;
  /** Between two looks at a transaction; mines a block where nothing is said. */
  readonly pause?: () => Promise<void>;
  readonly wrap?: (journal: Journal) => Journal;
};

/** A keeper that was just started: nothing is in its memory but the journal. */
export async function hire({ world, store }: Stage, casting: Casting): Promise<Keeper> {
  const {
    plot,
    holder = "left",
    name = "keeper",
    hasSigner = true,
    sending = {},
    pause = () => world.market.chain.mine(),
    wrap = (journal: Journal): Journal => journal,
  } = casting;
  const { chain } = world.market;
  const fund = { client: chain.publicClient, deployment: world.fund.deployment() };
  const memory = store();
  const held = await memory.lease.take(holder, 45_000);
  if (held === undefined) throw new TypeError("the lease is in other hands");
  const diary = wrap(memory.journal("fund"));
  return {
    fund,
    diary,
    marks: readMarks(diary),
    pause: memory.pause,
    clock: {
      now: async () => {
        const now = await chain.now();
        chainClock.time = now * 1000;
        return now;
      },
    },
    rules: keeperRulesSchema.parse({}),
    hand: handOf(world, name, { journal: wrap(memory.journal(`key:${name}`)), sending, pause }),
    decisions: plotted(plot),
    signer: hasSigner ? chain.accounts.signer : undefined,
    limits: planLimitsSchema.parse({}),
    lease: { table: memory.lease, held },
  };
}

/** The hand of a key on the local chain, whose pauses mine a block. */
export function handOf(
  { market, fund }: World,
  name: "keeper" | "stranger",
  {
    journal,
    sending = {},
    pause = () => market.chain.mine(),
  }: { readonly journal: Journal } & Pick<Casting, "sending" | "pause">,
): Hand {
  const { chain } = market;
  const account = chain.accounts[name];
  const client = chain.publicClient;
  return openHand({
    fund: { client, deployment: fund.deployment() },
    account,
    journal,
    transactorBehind: (gate) =>
      createTransactor({
        ...{ client, chainId: hardhat.id, account, journal, gate, settings: sendingSchema.parse(sending) },
        clock: chainClock,
        pause,
      }),
    clock: wallClock,
  });
}

/** What kills a process. */
export class CrashError extends Error {}

/** Lets a process die at its n-th write, before or after the line is on disk; from then on nothing is written any more. */
export function crashingAt(
  writes: number,
  moment: "before" | "after",
): { readonly wrap: (journal: Journal) => Journal; readonly hasDied: () => boolean } {
  let left = writes;
  let isDead = false;
  const wrap = (journal: Journal): Journal => ({
    entries: (query) => journal.entries(query),
    unfinished: () => journal.unfinished(),
    append: async (line) => {
      if (isDead) throw new CrashError();
      left -= 1;
      if (left > 0) return journal.append(line);
      isDead = true;
      if (moment === "after") await journal.append(line);
      throw new CrashError();
    },
  });
  return { wrap, hasDied: () => isDead };
}

/** Lets the keeper work until nothing is due, at each of the moments; it is started anew after a crash. */
export async function live(stage: Stage, times: readonly number[], casting: Casting): Promise<void> {
  for (const time of times) {
    await stage.world.market.chain.advanceTo(unixSeconds(time));
    try {
      await runCycle(await hire(stage, casting));
    } catch (error) {
      if (!isCrash(error)) throw error;
      await runCycle(await hire(stage, { ...casting, wrap: (journal) => journal }));
    }
  }
}

function isCrash(error: unknown): boolean {
  for (let current = error; current instanceof Error; current = current.cause) {
    if (current instanceof CrashError) return true;
  }
  return false;
}

/** The vault's lines of one kind since its beginning. */
export async function linesOf<Name extends ContractEventName<typeof indexVaultAbi>>(
  { market, fund }: World,
  eventName: Name,
): Promise<ParseEventLogsReturnType<typeof indexVaultAbi, Name>> {
  const { addresses, block } = fund.deployment();
  const logs = await market.chain.publicClient.getLogs({ address: addresses.vault, fromBlock: BigInt(block) });
  return parseEventLogs({ abi: indexVaultAbi, logs, eventName });
}

/** The date of {@link MONDAY}. */
export const FIRST: IsoDate = dateOf(MONDAY);
/** The day `days` after it. */
export const dayAfter = (days: number): IsoDate => isoDate(addDays(FIRST, days));
