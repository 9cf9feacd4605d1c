// Turns one scenario into measured rows: the life of a fund from its first deposit to its second entry.
import type { Address } from "viem";

import { DAY } from "../core/time.ts";
import { ppm, tokenUnits } from "../core/units.ts";
import { contractsOf } from "../execute/contracts.ts";
import { type BenchCoin, type BenchLeg, type Signed, booksOf, carryOut, fullExit, publish } from "./gas-bench-legs.ts";
import { bareTransfers, measureRivals } from "./gas-bench-rivals.ts";
import { FIRST_ID, enter, entryLegs, movedWeights, openTarget, steadyWeights, weekLegs } from "./gas-bench-weeks.ts";
import { type Part, breakdown } from "./gas-bench-trace.ts";
import {
  type BenchWorld,
  type Mined,
  PER_ASSET,
  approval,
  aside,
  refresh,
  slotsOf,
  transact,
} from "./gas-bench-world.ts";
import type { AccountName } from "./dev-accounts.ts";
import { USD_COIN } from "./rules.ts";
import { TICK_SPACING } from "./uniswap.ts";

/** One measured line. */
export type Measured = {
  readonly name: string;
  readonly gas: bigint;
  readonly limit: bigint;
  /** {gas} Pool swaps or transfers alone; undefined where nothing is traded. */
  readonly bare?: bigint;
  readonly router?: bigint;
  /** Pools whose price went past an initialized tick. */
  readonly crossed?: number;
  readonly transactions: readonly Mined[];
  /** Where the gas went; empty unless the world is traced. */
  readonly parts: readonly Part[];
};

/** {tok/USD} */
const USDC = 10n ** 6n;
const BEAR = { assets: [0], parts: [ppm(1_000_000)] };

type Rivalled = { readonly name: string; readonly limit: bigint; readonly legs: readonly BenchLeg[] };

/** Every row of a scenario in which all pools are against the deposit coin. */
export async function measureLife(world: BenchWorld): Promise<Measured[]> {
  const rows: Measured[] = [];
  const { assets } = world.scenario;
  const scale = BigInt(Math.ceil(assets / 100));
  await found(world);
  const first = await openTarget(world, 0, steadyWeights(world));
  const entry = { limit: 14_000_000n * scale, legs: await entryLegs(world) };
  rows.push(await measure(world, first, { name: `entry into ${assets} assets from empty balances`, ...entry }));
  if (scale === 1n) rows.push(...(await measureRequests(world)));
  else await depositor(world, "bob", 20_000n);
  rows.push(...(await measureWeek(world)));
  if (scale === 1n) rows.push(...(await measureClaims(world)));
  rows.push(...(await measureInKind(world)));
  rows.push(await measureExit(world, { name: `exit of ${assets} assets to one stablecoin`, id: FIRST_ID + 10 }));
  // The fund stays out of the market for 14 days at least.
  const second = await openTarget(world, 4, steadyWeights(world));
  const again = { limit: 12_000_000n * scale, legs: await entryLegs(world) };
  rows.push(await measure(world, second, { name: `entry into ${assets} assets with 1 wei kept`, ...again }));
  return rows;
}

/** The exit alone, of a fund whose assets may be routed or without feeds. */
export async function measureExitAlone(
  world: BenchWorld,
  row: { readonly name: string; readonly limit: bigint },
): Promise<Measured[]> {
  await found(world);
  const entry = await openTarget(world, 0, steadyWeights(world));
  await enter(world, entry);
  return [await measureExit(world, { ...row, id: FIRST_ID + 1 })];
}

async function measureExit(
  world: BenchWorld,
  { name, id, limit }: { readonly name: string; readonly id: number; readonly limit?: bigint },
): Promise<Measured> {
  const signed = await publish(world, "bear", { id, weights: BEAR });
  await refresh(world, (await world.market.chain.now()) + DAY / 4);
  const legs = await fullExit(world, signed);
  const before = await slotsOf(world);
  const row = await measure(world, signed, { name, limit: limit ?? 0n, legs });
  const after = await slotsOf(world);
  const crossed = world.coins.filter((coin, i) => word(coin, before[i]?.tick) !== word(coin, after[i]?.tick)).length;
  const scale = BigInt(Math.ceil(world.scenario.assets / 100));
  // 1.55 times the bare loop, where no limit of its own is given.
  const own = 12_000_000n * scale;
  const relative = ((row.bare ?? 0n) * 155n) / 100n;
  return { ...row, crossed, limit: limit ?? (relative < own ? relative : own) };
}

/** Pools have a position from each multiple of the spacing beside their price to the next. */
function word({ pool }: BenchCoin, tick = 0): number {
  return Math.floor(tick / TICK_SPACING[pool.fee]);
}

async function measure(world: BenchWorld, signed: Signed, { name, limit, legs }: Rivalled): Promise<Measured> {
  const rivals = await measureRivals(world, legs);
  const { gas, transactions } = await carryOut(world, signed, legs);
  return { name, gas, limit, ...rivals, transactions, parts: await breakdown(world, transactions) };
}

/* MONEY IN AND OUT */

/** The first deposit, struck at once. */
async function found(world: BenchWorld): Promise<void> {
  const amount = BigInt(PER_ASSET * world.scenario.assets);
  await depositor(world, "alice", amount);
  const { rebalancer, vault } = contractsOf(world.fund.deployment());
  await transact(world, "keeper", { ...rebalancer, functionName: "strikeInStablecoins", args: [], action: "strike" });
  const alice = addressOf(world, "alice");
  const args = [amount * USDC, alice, alice];
  await transact(world, "alice", { ...vault, functionName: "deposit", args, action: "claim" });
}

async function depositor(world: BenchWorld, name: AccountName, usd: bigint): Promise<Mined> {
  const { market, fund } = world;
  const account = addressOf(world, name);
  // One unit more than is handed in: a balance that is emptied would be paid for.
  await market.give(USD_COIN, account, tokenUnits(usd * USDC + 1n));
  await transact(world, name, approval(market.usdc, fund.addresses.vault));
  const args = [usd * USDC, account, account];
  const { vault } = contractsOf(fund.deployment());
  return transact(world, name, { ...vault, functionName: "requestDeposit", args, action: "request a deposit" });
}

/** A new controller's first requests, which are also the first of their epoch. */
async function measureRequests(world: BenchWorld): Promise<Measured[]> {
  const deposit = await depositor(world, "bob", 20_000n);
  const alice = addressOf(world, "alice");
  const args = [5000n * 10n ** 18n, alice, alice];
  const call = {
    ...contractsOf(world.fund.deployment()).vault,
    functionName: "requestRedeem",
    args,
    action: "request a redemption",
  };
  const redemption = await transact(world, "alice", call);
  return [
    await single(world, deposit, { name: "request a deposit", limit: 110_000n }),
    await single(world, redemption, { name: "request a redemption", limit: 110_000n }),
  ];
}

async function measureClaims(world: BenchWorld): Promise<Measured[]> {
  const { vault } = contractsOf(world.fund.deployment());
  const { publicClient } = world.market.chain;
  const [bob, alice] = [addressOf(world, "bob"), addressOf(world, "alice")];
  const shares = await publicClient.readContract({ ...vault, functionName: "maxDeposit", args: [bob] });
  const money = await publicClient.readContract({ ...vault, functionName: "maxRedeem", args: [alice] });
  const claim = { ...vault, functionName: "deposit", args: [shares, bob, bob], action: "claim shares" };
  const pay = { ...vault, functionName: "redeem", args: [money, alice, alice], action: "claim money" };
  return [
    await single(world, await transact(world, "bob", claim), { name: "claim shares", limit: 110_000n }),
    await single(world, await transact(world, "alice", pay), { name: "claim money", limit: 110_000n }),
  ];
}

/** To an account that has none of the tokens, and to one that has all of them. */
async function measureInKind(world: BenchWorld): Promise<Measured[]> {
  const { assets } = world.scenario;
  const scale = BigInt(Math.ceil(assets / 100));
  const alice = addressOf(world, "alice");
  const { vault } = contractsOf(world.fund.deployment());
  const { publicClient } = world.market.chain;
  const [books, balance] = await Promise.all([
    booksOf(world),
    publicClient.readContract({ ...vault, functionName: "balanceOf", args: [alice] }),
  ]);
  const amounts = new Map(
    world.coins.map(({ coinId, token }): [Address, bigint] => [token, (books[world.fund.indexOf(coinId)] ?? 0n) / 4n]),
  );
  const run = async (name: string, receiver: Address, limit: bigint): Promise<Measured> => {
    const bare = await bareTransfers(world, receiver, amounts);
    const args = [balance / 4n, receiver, alice, [], []];
    const call = { ...vault, functionName: "redeemInKind", args, action: "redeem in kind" };
    return { ...(await single(world, await transact(world, "alice", call), { name, limit: limit * scale })), bare };
  };
  return aside(world, async () => [
    await run(`redeem in kind, ${assets} assets, new holder`, addressOf(world, "carol"), 4_600_000n),
    await run(`redeem in kind, ${assets} assets, existing holder`, addressOf(world, "carol"), 2_900_000n),
  ]);
}

async function single(
  world: BenchWorld,
  mined: Mined,
  row: { readonly name: string; readonly limit: bigint },
): Promise<Measured> {
  return { ...row, gas: mined.gas, transactions: [mined], parts: await breakdown(world, [mined]) };
}

function addressOf({ market }: BenchWorld, name: AccountName): Address {
  return market.chain.accounts[name].address;
}

/** A week in which 15 assets are sold in part and 15 bought, with requests due; and the same week without a leg. */
async function measureWeek(world: BenchWorld): Promise<Measured[]> {
  const { assets } = world.scenario;
  const scale = BigInt(Math.ceil(assets / 100));
  const strike = await aside(world, async () => {
    const signed = await openTarget(world, 1, steadyWeights(world));
    const { gas, transactions } = await carryOut(world, signed, []);
    const parts = await breakdown(world, transactions);
    const name = `strike with ${assets} assets, deposits and redemptions`;
    return { name, gas, limit: 3_500_000n * scale, transactions, parts };
  });
  const touched = (assets * 3) / 10;
  const signed = await openTarget(world, 1, movedWeights(world));
  const published = await single(world, signed.published, {
    name: `publish a target of ${assets} weights`,
    limit: 150_000n * scale,
  });
  const legs = await weekLegs(world, touched);
  const name = `weekly rebalance touching ${touched} of ${assets} assets, both strikes`;
  return [published, strike, await measure(world, signed, { name, limit: 7_500_000n * scale, legs })];
}
