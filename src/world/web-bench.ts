// Turns a ledger of ten years into figures of the site: lines indexed a second, time of each answer, load that it bears.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createPublicClient, http } from "viem";

import { DAY, WEEK } from "../core/time.ts";
import { unixSeconds } from "../core/units.ts";
import type { Fund } from "../execute/contracts.ts";
import { openDatabase, placeOf } from "../site/index/database.ts";
import { Follower } from "../site/index/follow.ts";
import { DEFAULT_SIMULATION, simulateMarket } from "../market/simulate.ts";
import { openFund } from "./fund.ts";
import { type MadeLogs, makeLedger } from "./ledger-maker.ts";
import { serveLedger } from "./ledger-node.ts";
import { startMarket } from "./market.ts";

/** A made-up ledger of a real fund on a local chain, served by a node. */
export type BenchFund = {
  readonly fund: Fund;
  readonly rpc: string;
  readonly made: MadeLogs;
  readonly close: () => Promise<void>;
};

/** How long it took to index, from the node's answers to the database with every head checked. */
export type Indexed = {
  /** {s} Of this process's processor: what a machine that does nothing else needs, the node's own work included. */
  readonly processorSeconds: number;
  readonly lines: number;
  readonly seconds: number;
  readonly restartSeconds: number;
  readonly restartQuestions: number;
};

/** {s} 2016-01-04, a Monday: ten years of weeks end before the market's data do. */
const FIRST_MONDAY = unixSeconds(1_451_865_600);
const COINS = 30;

/** Opens a fund with some coins of the embedded market, and a ledger of so many weeks and legs. */
export async function openBenchFund(size: { readonly weeks: number; readonly legs: number }): Promise<BenchFund> {
  const market = await startMarket({ at: unixSeconds(FIRST_MONDAY + size.weeks * WEEK + DAY), coins: benchCoins() });
  const { deployment: deploymentOf } = await openFund(market);
  const deployment = { ...deploymentOf(), block: 1 };
  const place = { chainId: deployment.chainId, vault: deployment.addresses.vault };
  const made = makeLedger({
    place,
    assets: deployment.assets.map(({ token, coinId, decimals, pool }) => ({
      token,
      coinId,
      decimals,
      pool: pool ?? token,
    })),
    weeks: size.weeks,
    legsPerWeek: size.legs,
    firstMonday: FIRST_MONDAY,
    firstBlock: 1,
  });
  const node = await serveLedger(made, market.chain);
  const client = createPublicClient({ transport: http(node.url), cacheTime: 0 });
  const close = async (): Promise<void> => {
    await node.close();
    await market.close();
  };
  return { fund: { client, deployment }, rpc: node.url, made, close };
}

function benchCoins() {
  const [provider] = simulateMarket(DEFAULT_SIMULATION).providers;
  const others = (provider?.coins ?? []).slice(0, COINS).map(({ coinId, symbol }, i) => {
    return { coinId, symbol, priceUsd: 1 + i, volumeUsd: 1e9 };
  });
  const known = new Set(others.map(({ coinId }) => coinId));
  const frame = [
    { coinId: "bitcoin", symbol: "BTC", priceUsd: 50_000, volumeUsd: 3e10 },
    { coinId: "ethereum", symbol: "ETH", priceUsd: 4000, volumeUsd: 2e10 },
  ];
  return [...frame.filter(({ coinId }) => !known.has(coinId)), ...others];
}

/** Indexes the ledger into a new file, closes it, opens it again and looks once more. */
export async function benchIndex({ fund, made }: BenchFund): Promise<Indexed> {
  const folder = mkdtempSync(join(tmpdir(), "tm100-bench-"));
  try {
    const place = placeOf(fund.deployment.chainId, fund.deployment.addresses.vault, fund.deployment.block);
    const file = join(folder, "index.db");
    const before = process.cpuUsage();
    const seconds = await timed(file, { fund, place });
    const { user, system } = process.cpuUsage(before);
    let questions = 0;
    const counting = createPublicClient({
      transport: http(String(fund.client.transport["url"]), {
        onFetchRequest: () => {
          questions++;
        },
      }),
      cacheTime: 0,
    });
    const restartSeconds = await timed(file, { fund: { ...fund, client: counting }, place });
    const processorSeconds = (user + system) / 1e6;
    return { lines: made.end.sequence, seconds, processorSeconds, restartSeconds, restartQuestions: questions };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function timed(
  file: string,
  { fund, place }: { readonly fund: Fund; readonly place: ReturnType<typeof placeOf> },
): Promise<number> {
  const start = performance.now();
  const database = openDatabase(file, place);
  try {
    const { isProven } = await new Follower({ client: fund.client, place }, database).look();
    if (!isProven) throw new TypeError("the made-up ledger does not prove itself");
    return (performance.now() - start) / 1000;
  } finally {
    database.close();
  }
}
