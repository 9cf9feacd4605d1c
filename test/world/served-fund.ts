// A fund on a small market, served on a free port: one week is over, and the next week's target is pending.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { type Hex, keccak256, stringToHex } from "viem";

import { DAY, dateOf, weeklyTargetId } from "../../src/core/time.ts";
import { type UnixSeconds, ppm, tokenUnits, unixSeconds } from "../../src/core/units.ts";
import { type Depositor, claimDeposit, requestDeposit } from "../../src/execute/depositor.ts";
import { writeDeployment } from "../../src/execute/deployment.ts";
import { type Target, publishTarget, signTarget } from "../../src/execute/publish.ts";
import { runRebalance } from "../../src/execute/rebalance.ts";
import { planLimitsSchema } from "../../src/plan/limits.ts";
import { openFund } from "../../src/world/fund.ts";
import type { AccountName } from "../../src/world/dev-accounts.ts";
import { startMarket } from "../../src/world/market.ts";
import { type World, senderOf } from "../../src/world/week.ts";
import { type CliRun, runCli } from "../cli-run.ts";
import { COINS, MONDAY, NEXT_MONDAY, liftCaps } from "./support.ts";

/** A fund that commands can be run against. */
export type ServedFund = {
  readonly world: World;
  readonly rpc: string;
  /** The deployment file, in a folder of its own. */
  readonly deployment: string;
  readonly folder: string;
  readonly close: () => Promise<void>;
};

/** A JSON document, or a part of one. */
export type Document = Readonly<Record<string, unknown>>;

/** Commands against a served fund, which is as new for each test. */
export type FundCommands = {
  readonly served: () => ServedFund;
  /** Runs a command. */
  readonly tm100: (...args: string[]) => Promise<CliRun>;
  /** The document that a command prints with --json; it must succeed and print nothing else. */
  readonly json: (...args: string[]) => Promise<Document>;
};

/** Id of the target that is pending. */
export const PENDING_ID = weeklyTargetId(dateOf(NEXT_MONDAY));

/** {tok} of the deposit coin, which has 6 decimals. */
const USDC = 10n ** 6n;
/** {s} Of a Monday. */
const MARKET_READY = 1200;
const PUBLICATION = 1800;
const NOON = DAY / 2;

/** Parts per million by coin; those of the second week lead to legs. */
const FIRST_WEEK = { bitcoin: 500_000, ethereum: 300_000, chainlink: 100_000, uniswap: 100_000 };
const SECOND_WEEK = { bitcoin: 400_000, ethereum: 300_000, chainlink: 150_000, "shiba-inu": 150_000 };

/** Serves a fund for the tests of a `describe`. */
export function useServedFund(): FundCommands {
  let served: ServedFund | undefined;
  let snapshot: Hex;
  const now = (): ServedFund => {
    if (served === undefined) throw new TypeError("the fund is served while tests run");
    return served;
  };
  before(async function () {
    served = await serveFund();
  });
  after(async function () {
    await served?.close();
  });
  beforeEach(async function () {
    snapshot = await now().world.market.chain.snapshot();
  });
  afterEach(async function () {
    await now().world.market.chain.revert(snapshot);
  });
  const tm100 = (...args: string[]): Promise<CliRun> =>
    runCli([...args, "--rpc", now().rpc, "--deployment", now().deployment]);
  const json = async (...args: string[]): Promise<Document> => {
    const { code, out, err } = await tm100(...args, "--json");
    expect([code, err]).to.deep.equal([0, ""]);
    return JSON.parse(out) as Document;
  };
  return { served: now, tm100, json };
}

/**
 * Alice deposited 100,000 USDC and holds the shares; bob deposited 50,000, which the pending target will strike; carol
 * has 5,000 and did nothing yet.
 */
async function serveFund(): Promise<ServedFund> {
  const market = await startMarket({ at: unixSeconds(MONDAY - 1.5 * DAY), coins: COINS });
  const world: World = { market, fund: await openFund(market) };
  await liftCaps(world, ["chainlink", "uniswap", "shiba-inu"]);
  await give(world, "alice", 100_000n * USDC);
  await requestDeposit(depositor(world, "alice"), 100_000n * USDC);
  const first = await publishAt(world, MONDAY, FIRST_WEEK);
  const { wallet, client, deployment } = depositor(world, "keeper");
  await runRebalance({ wallet, client, deployment, target: first, limits: planLimitsSchema.parse({}) });
  await claimDeposit(depositor(world, "alice"));
  await give(world, "bob", 50_000n * USDC);
  await give(world, "carol", 5_000n * USDC);
  await requestDeposit(depositor(world, "bob"), 50_000n * USDC);
  await publishAt(world, NEXT_MONDAY, SECOND_WEEK);

  const folder = mkdtempSync(join(tmpdir(), "tm100-"));
  const file = join(folder, "fund.json");
  await writeDeployment(file, world.fund.deployment());
  const rpc = await market.chain.serve(0);
  const close = async (): Promise<void> => {
    rmSync(folder, { recursive: true });
    await market.close();
  };
  return { world, rpc, deployment: file, folder, close };
}

function depositor(world: World, name: AccountName): Depositor {
  return { ...senderOf(world, name), deployment: world.fund.deployment() };
}

async function give({ market }: World, name: AccountName, amount: bigint): Promise<void> {
  await market.give("usd-coin", market.chain.accounts[name].address, tokenUnits(amount));
}

/** Prices as they are, the target at half past midnight, and then it is noon. */
async function publishAt(world: World, monday: UnixSeconds, parts: Readonly<Record<string, number>>): Promise<Target> {
  const { market, fund } = world;
  await market.moveTo({ prices: new Map(), at: unixSeconds(monday + MARKET_READY), steps: 1 });
  await market.chain.setNextBlockTime(unixSeconds(monday + PUBLICATION));
  const target = targetFor(world, monday, parts);
  const deployment = fund.deployment();
  const place = { chainId: deployment.chainId, registry: deployment.addresses.registry };
  const signature = await signTarget(market.chain.accounts.signer, target, place);
  await publishTarget(senderOf(world, "keeper"), deployment, { target, signature });
  await market.chain.advanceTo(unixSeconds(monday + NOON));
  return target;
}

function targetFor({ fund }: World, monday: UnixSeconds, parts: Readonly<Record<string, number>>): Target {
  const weights = Object.entries(parts)
    .map(([coinId, part]) => ({ asset: fund.indexOf(coinId), part: ppm(part) }))
    .sort((a, b) => a.asset - b.asset);
  return {
    id: weeklyTargetId(dateOf(monday)),
    regime: "bull",
    weights: { assets: weights.map(({ asset }) => asset), parts: weights.map(({ part }) => part) },
    decisionHash: keccak256(stringToHex("a decision")),
    membershipRoot: keccak256(stringToHex("its members")),
    twinLevel: 10n ** 21n,
    validFrom: unixSeconds(monday + PUBLICATION),
    validUntil: unixSeconds(monday + 6 * DAY),
  };
}
