// Turns a fund of 100 coins in the market and a crash into stablecoins, and says how long that took.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { getAbiItem } from "viem";

import { DEFAULT_PARAMETERS } from "../../config/schema.ts";
import { indexVaultAbi } from "../../core/abi.ts";
import { type RandomStream, randomStream } from "../../core/random.ts";
import { type IsoDate, addDays, dayNumber, exitTargetId, startOfDay } from "../../core/time.ts";
import { unixSeconds } from "../../core/units.ts";
import { PUBLICATION } from "../../engine/target.ts";
import { decisionsFrom } from "../../keeper/decisions.ts";
import { rebalanceTask } from "../../keeper/due.ts";
import { keyJournalOf } from "../../keeper/journal-names.ts";
import { type Cycle, runCycle } from "../../keeper/keeper.ts";
import { openSqliteStore } from "../../keeper/store/sqlite.ts";
import type { KeeperStore } from "../../keeper/store/store.ts";
import type { CoinSeries, History } from "../../market/history.ts";
import { DEFAULT_SIMULATION, DEMO_WINDOW, simulateMarket } from "../../market/simulate.ts";
import { depositNew, playWeeks } from "../play.ts";
import { STABLECOINS } from "../rules.ts";
import { type World, readHoldings } from "../week.ts";
import { engage } from "./engage.ts";
import { openMiner } from "./miner.ts";
import type { Scenario } from "./scenario.ts";
import type { Tally } from "./tally.ts";

/** {s} From the decision to stablecoins, planning included. */
const MOST_SECONDS = 15;
const EXITS = 5;
const QUICK_EXITS = 1;
/** {tok} A million USDC. */
const DEPOSIT = 10n ** 12n;
const MONDAY = DEMO_WINDOW.from;
const TUESDAY = addDays(MONDAY, 1);
/** {s} Before the check: prices stand where they fell to. */
const MARKET_READY = 20 * 60;

/** A fund in the market has to leave it, all at once. */
export const exiting: Scenario = {
  name: "exit",
  about: "prices of 100 coins crash, and the fund must be in stablecoins one block after it sent",
  share: 3,
  play: async ({ seed, until, isQuick }, report) => {
    const history = simulateMarket(DEFAULT_SIMULATION);
    const world = await openInMarket(history);
    const random = randomStream(seed);
    const exits: Exit[] = [];
    try {
      const place = await openPlace(world);
      let saved = await world.market.snapshot();
      for (let number = 0; number < (isQuick ? QUICK_EXITS : EXITS) && Date.now() < until; number++) {
        exits.push(await playExit(place, { history, random, number }));
        saved = await world.market.revert(saved);
      }
      rmSync(place.folder, { recursive: true });
    } finally {
      await world.market.close();
    }
    report(tallyOf(exits, isQuick));
  },
};

/** The fund after its first week: in 100 coins. */
async function openInMarket(history: History): Promise<World> {
  let world: World | undefined;
  const range = { from: MONDAY, to: addDays(MONDAY, 7) };
  const between = (opened: World, weeksDone: number): Promise<void> =>
    weeksDone === 0 ? depositNew(opened, "alice", DEPOSIT) : Promise.resolve();
  for await (const scene of playWeeks({ history, range, parameters: DEFAULT_PARAMETERS, steps: 1, between })) {
    ({ world } = scene);
  }
  if (world === undefined) throw new TypeError("a range of a week has a week");
  return world;
}

type Place = { readonly world: World; readonly rpc: string; readonly folder: string };

async function openPlace(world: World): Promise<Place> {
  return { world, rpc: await world.market.chain.serve(0), folder: mkdtempSync(join(tmpdir(), "tm100-exit-")) };
}

/** A way into stablecoins. */
type Exit = {
  /** {s} From the beginning of the check to the block with the last sale; of that, until the decision was there. */
  readonly seconds: number;
  readonly decided: number;
  /** Blocks from the head at which it was sent to that of the end. */
  readonly blocks: number | undefined;
  readonly transactions: number;
  readonly gas: number; // {gas}
  readonly breaches: readonly string[];
};

type Which = { readonly history: History; readonly random: RandomStream; readonly number: number };

async function playExit(place: Place, { history, random, number }: Which): Promise<Exit> {
  const { world, rpc, folder } = place;
  const { chain } = world.market;
  const factor = 0.4 + 0.3 * random.uniform();
  const fallen = fallenFrom(history, MONDAY, factor);
  await crash(world, factor);
  const miner = await openMiner(chain);
  const clock = { time: (await chain.now()) * 1000, now: (): number => clock.time };
  const store = openSqliteStore(join(folder, `exit-${number}.sqlite`), { clock });
  const watch = { begun: 0, decided: 0, ended: 0 };
  const source = decisionsFrom(() => Promise.resolve(fallen), { opened: MONDAY, parameters: DEFAULT_PARAMETERS });
  const deployment = world.fund.deployment();
  const keeper = await engage(
    { world, deployment },
    {
      ...{ urls: [rpc], relay: undefined, store, clock, transactionGas: 15_000_000, timeoutMs: 10_000, sending: {} },
      signer: chain.accounts.signer,
      decisions: {
        weekly: (monday) => source.weekly(monday),
        bearCheck: async (date) => {
          watch.begun = performance.now();
          const check = await source.bearCheck(date);
          watch.decided = performance.now();
          return check;
        },
      },
      pause: async () => {
        await miner.next();
        clock.time = (await chain.now()) * 1000;
        if (watch.ended === 0 && (await finishOf(world)) !== undefined) watch.ended = performance.now();
      },
    },
  );
  try {
    return await exitOf(world, { cycle: await runCycle(keeper), store, watch });
  } finally {
    await store.close();
  }
}

/** Every price from a day on times a factor. */
function fallenFrom(history: History, from: IsoDate, factor: number): History {
  const first = dayNumber(from);
  const fall = (coin: CoinSeries): CoinSeries => {
    if (STABLE_IDS.has(coin.coinId)) return coin;
    return { ...coin, priceUsd: coin.priceUsd.map((price, i) => (coin.firstDay + i < first ? price : price * factor)) };
  };
  return { ...history, providers: history.providers.map((one) => ({ ...one, coins: one.coins.map(fall) })) };
}

const STABLE_IDS: ReadonlySet<string> = new Set(STABLECOINS.map(({ coinId }) => coinId));

/** The market falls on Monday, and it is Tuesday, when the day is checked. */
async function crash({ market }: World, factor: number): Promise<void> {
  await market.chain.provider.request({ method: "evm_setAutomine", params: [true] });
  const coins = market.coins().filter(({ coinId }) => !STABLE_IDS.has(coinId));
  const prices = new Map(coins.map(({ coinId }) => [coinId, market.priceOf(coinId) * factor]));
  await market.moveTo({ prices, at: unixSeconds(startOfDay(TUESDAY) + MARKET_READY), steps: 3 });
  await market.chain.advanceTo(unixSeconds(startOfDay(TUESDAY) + PUBLICATION));
}

/** The end of the exit on chain. */
async function finishOf({ market, fund }: World) {
  const [finished] = await market.chain.publicClient.getLogs({
    address: fund.addresses.vault,
    event: getAbiItem({ abi: indexVaultAbi, name: "RebalanceFinished" }),
    args: { id: BigInt(exitTargetId(TUESDAY)) },
    fromBlock: BigInt(fund.deployment().block),
  });
  return finished;
}

type Evidence = {
  readonly cycle: Cycle;
  readonly store: KeeperStore;
  /** {ms} */
  readonly watch: { readonly begun: number; readonly decided: number; readonly ended: number };
};

async function exitOf(world: World, { cycle, store, watch }: Evidence): Promise<Exit> {
  const { chain } = world.market;
  const journal = store.journal(keyJournalOf(world.fund.deployment(), chain.accounts.keeper.address));
  const sent = (await journal.entries()).filter(
    ({ task, step }) => step === "sent" && task === rebalanceTask(exitTargetId(TUESDAY)),
  );
  const hashes = [...new Set(sent.flatMap(({ hash }) => hash ?? []))];
  const receipts = await Promise.all(hashes.map((hash) => chain.publicClient.getTransactionReceipt({ hash })));
  const finished = await finishOf(world);
  const head = sent[0]?.note?.["head"];
  const left = (await readHoldings(world)).filter(({ coinId, value }) => !STABLE_IDS.has(coinId) && value > 0n);
  const blocks = finished === undefined ? undefined : Number(finished.blockNumber) - Number(head);
  const failures = cycle.deeds.flatMap(({ due, failure }) =>
    failure === undefined ? [] : [`${due.task}: ${failure.message}`],
  );
  return {
    ...{ seconds: (watch.ended - watch.begun) / 1000, decided: (watch.decided - watch.begun) / 1000 },
    ...{ blocks, transactions: hashes.length },
    gas: receipts.reduce((sum, { gasUsed }) => sum + Number(gasUsed), 0),
    breaches: [
      ...(finished === undefined ? [`the fund is not in stablecoins; it did: ${deedsOf(cycle)}`] : []),
      ...(blocks === undefined || blocks === 1 ? [] : [`it took ${blocks} blocks after it was sent`]),
      ...(left.length === 0 ? [] : [`${left.map(({ symbol }) => symbol).join(", ")} are still held`]),
      ...failures,
    ],
  };
}

function deedsOf({ deeds }: Cycle): string {
  return deeds.map(({ due, outcome }) => `${due.task} ${JSON.stringify(outcome)}`).join("; ");
}

function tallyOf(exits: readonly Exit[], isQuick: boolean): Tally {
  const seconds = exits.map((exit) => exit.seconds);
  const slowest = Math.max(...seconds);
  const gas = exits.map((exit) => exit.gas);
  const words = (values: readonly number[], digits: number): string =>
    values.map((value) => value.toFixed(digits)).join(", ");
  return {
    ...{ scenario: "100 coins to stablecoins", rounds: exits.length, cycles: exits.length, blows: exits.length },
    finished: exits.filter(({ blocks }) => blocks !== undefined).length,
    transactions: exits.reduce((sum, { transactions }) => sum + transactions, 0),
    dearest: Math.max(...gas) / Math.min(...gas),
    breaches: [
      ...exits.flatMap(({ breaches }, index) => breaches.map((breach) => `exit ${index + 1}: ${breach}`)),
      // On a machine that does other work besides, the seconds say nothing.
      ...(!isQuick && slowest > MOST_SECONDS
        ? [`an exit took ${slowest.toFixed(1)} s, more than ${MOST_SECONDS} s`]
        : []),
    ],
    notes: [
      `seconds from the beginning of the decision: ${words(seconds, 1)}; of that to decide: ${words(
        exits.map(({ decided }) => decided),
        1,
      )}`,
      `blocks after it was sent: ${exits.map(({ blocks }) => blocks ?? "none").join(", ")}; gas: ${words(gas, 0)}`,
    ],
  };
}
