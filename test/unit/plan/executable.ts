// Facts that the tests of whole plans share: a market of six assets, and a chain's refusals to run a plan against.
import { expect } from "chai";
import type { Address } from "viem";

import type { PlannedLeg } from "../../../src/plan/desk.ts";
import { CASH, TRANSIT, assetAt, fairOutput, valueOf } from "../../../src/plan/holdings.ts";
import type { Plan, PlanInput } from "../../../src/plan/plan.ts";
import { type PoolState, swapExactIn } from "../../../src/plan/pool.ts";
import { mayFallTo, mayRiseTo } from "../../../src/plan/target-band.ts";
import { BTC, DAI, type TestAsset, UNI, USDC, WETH, XEM, units, usd } from "./support.ts";

const ALL = [USDC, WETH, UNI, BTC, XEM, DAI] as const;
export const SHARES = 10n ** 24n;

/** All assets with values {USD} and weights {ppm} in the order of {@link ALL}. */
export function market(values: readonly number[], weights: readonly number[]): TestAsset[] {
  return ALL.map((asset, i) => ({
    ...asset,
    balance: units(asset, usd(values[i] ?? 0)),
    weight: weights[i] ?? 0,
  }));
}

/** Replays the legs on books and pools of their own, and fails where the chain would refuse one. */
export function requireExecutable(input: PlanInput, plan: Plan): ReadonlyMap<number, bigint> {
  const { assets, transit, depositsDue } = input.holdings;
  const balances = new Map<number, bigint>(assets.map(({ index, balance }) => [index, balance]));
  balances.set(TRANSIT, transit).set(CASH, (balances.get(CASH) ?? 0n) + depositsDue);
  const pools = new Map(input.pools.map((pool) => [pool.address, pool]));
  const held = (index: number) => balances.get(index) ?? 0n;
  const target = (index: number) => (index === TRANSIT ? 0n : (plan.aim.targets.get(index) ?? 0n));
  for (const leg of plan.legs.filter(({ outcome }) => outcome === "trade")) {
    const [sold, bought] = [assetAt(assets, leg.sold), assetAt(assets, leg.bought)];
    const pool = pools.get(leg.pool);
    if (sold === undefined || bought === undefined || pool === undefined) throw new TypeError("unknown asset or pool");
    const { nav } = plan.aim;
    expect(leg.amount > 0n && leg.amount < held(leg.sold), `${leg.soldSymbol} is held`).to.equal(true);
    const left = valueOf(sold, held(leg.sold) - leg.amount);
    expect(mayFallTo(left, target(leg.sold), nav), `${leg.soldSymbol} stays above target`).to.equal(true);
    if (leg.bought !== TRANSIT && leg.bought !== CASH) {
      const reached = valueOf(bought, held(leg.bought) + fairOutput(sold, bought, leg.amount));
      expect(mayRiseTo(reached, target(leg.bought), nav), `${leg.boughtSymbol} stays below target`).to.equal(true);
    }
    pools.set(pool.address, requireSwap(leg, sold.token, pool));
    balances.set(leg.sold, held(leg.sold) - leg.amount).set(leg.bought, held(leg.bought) + leg.expected);
  }
  return balances;
}

/** Swaps as the plan says, and fails where the venue would not. Returns the pool afterwards. */
function requireSwap(leg: PlannedLeg, token: Address, pool: PoolState): PoolState {
  const swap = swapExactIn(pool, token, leg.amount);
  if (swap === undefined) throw new TypeError("the pool does not take the whole amount");
  expect(swap.amountOut).to.equal(leg.expected);
  expect(leg.expected >= leg.minimum && leg.minimum * 10_000n >= leg.fair * 9700n, "3 % at most").to.equal(true);
  const [low = 0n, high = 0n] = [pool.sqrtPriceX96, swap.after.sqrtPriceX96].toSorted((a, b) => (a < b ? -1 : 1));
  // Half of 3 % on the root.
  expect(low * 20_000n >= high * 19_700n, "moves its pool by 3 % at most").to.equal(true);
  return swap.after;
}
