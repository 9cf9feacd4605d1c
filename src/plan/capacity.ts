// Turns sizes of a fund into what it pays to enter and leave a market, and how many names it can hold at a given cost.
import { PPM, type Ppm, bps, ppm, tokenUnits } from "../core/units.ts";
import { type CappedWeight, withinCaps } from "./caps.ts";
import { CASH, type PlanAsset, assetAt, bpsOf, unitsWorth } from "./holdings.ts";
import { type GasModel, type PlanLimits } from "./limits.ts";
import { type Plan, planRebalance } from "./plan.ts";
import type { PoolState } from "./pool.ts";

/** A market that an empty fund could enter. */
export type CapacityMarket = {
  /** By index, nothing held or targeted; the deposit coin and wrapped ether among them. */
  readonly assets: readonly PlanAsset[];
  /** What an index would hold of them, best rank first. */
  readonly names: readonly (CappedWeight & { readonly asset: number })[];
  readonly pools: readonly PoolState[];
  readonly gas: GasModel;
  readonly limits: PlanLimits;
};

/** One way, the deposit coin into names or back. */
export type OneWay = {
  /** {bps} of the fund's value, gas included, later rounds included. */
  readonly costBps: number;
  /** D18{USD} The parts of that cost. */
  readonly fee: bigint;
  readonly impact: bigint;
  readonly drift: bigint;
  readonly gas: bigint;
  readonly legs: number;
  /** {s} After the first legs, when the last ones are due. */
  readonly lasts: number;
  /** {ppm} of the fund's value that finds no place within a day. */
  readonly unfilled: Ppm;
};

/** What a fund of a size would pay. */
export type Capacity = {
  readonly nav: bigint; // D18{USD}
  readonly names: number;
  readonly enter: OneWay;
  readonly leave: OneWay;
  /** The most names, best ranks first, into which it comes whole at the cost asked for; zero when there are none. */
  readonly affordable: { readonly names: number; readonly costBps: number };
};

/** {1e-6} of the fund may stay in the deposit coin, for rounding and dust, and it still counts as whole. */
const WHOLE = 2000;

/**
 * What funds of several sizes pay for all names of a market, one way in and one way out.
 *
 * @param asked The sizes D18{USD}, and the cost {bps} of one way in that the count of names goes by. It is found by
 *   halving: where more names cost less than fewer, it may miss the larger count.
 */
export function capacityOf(
  market: CapacityMarket,
  asked: { readonly sizes: readonly bigint[]; readonly costBps: number },
): Capacity[] {
  return asked.sizes.map((nav) => {
    const count = market.names.length;
    const entered = enter(market, nav, count);
    const whole = oneWay(entered, nav);
    return {
      nav,
      names: count,
      enter: whole,
      leave: oneWay(leave(market, nav, entered), nav),
      affordable: mostNames(market, { nav, costBps: asked.costBps, all: whole }),
    };
  });
}

function mostNames(
  market: CapacityMarket,
  { nav, costBps, all }: { readonly nav: bigint; readonly costBps: number; readonly all: OneWay },
): Capacity["affordable"] {
  const isGood = (way: OneWay): boolean => way.costBps <= costBps && way.unfilled <= WHOLE;
  if (isGood(all)) return { names: market.names.length, costBps: all.costBps };
  let best = { names: 0, costBps: 0 };
  let bad = market.names.length;
  while (bad - best.names > 1) {
    const names = (best.names + bad) >> 1;
    const way = oneWay(enter(market, nav, names), nav);
    if (isGood(way)) best = { names, costBps: way.costBps };
    else bad = names;
  }
  return best;
}

function enter(market: CapacityMarket, nav: bigint, count: number): Plan {
  const names = market.names.slice(0, count);
  const { parts, rest } = withinCaps(names);
  const weights = new Map(names.map(({ asset }, i) => [asset, parts[i] ?? ppm(0)]));
  const cash = assetAt(market.assets, CASH);
  const assets = market.assets
    .filter(({ index }) => index <= 1 || weights.has(index))
    .map((asset) => ({
      ...asset,
      weight: asset.index === CASH ? rest : (weights.get(asset.index) ?? ppm(0)),
      balance: tokenUnits(asset.index === CASH && cash !== undefined ? unitsWorth(cash, nav) : 0n),
    }));
  return planOf(market, { assets, nav, transit: 0n, regime: "bull" });
}

/** Everything back into the deposit coin, from what the way in has brought at once and later. */
function leave(market: CapacityMarket, nav: bigint, entered: Plan): Plan {
  const held = new Map<number, bigint>(entered.expected);
  for (const { sold, bought, amount, expected } of entered.schedule.tranches.flatMap(({ legs }) => legs)) {
    held.set(sold, (held.get(sold) ?? 0n) - amount).set(bought, (held.get(bought) ?? 0n) + expected);
  }
  const assets = market.assets.map((asset) => ({
    ...asset,
    weight: asset.index === CASH ? ppm(PPM) : ppm(0),
    balance: tokenUnits(held.get(asset.index) ?? 0n),
  }));
  return planOf(market, { assets, nav, transit: 1n, regime: "bear" });
}

function planOf(
  { pools, gas, limits }: CapacityMarket,
  given: {
    readonly assets: readonly PlanAsset[];
    readonly nav: bigint;
    readonly transit: bigint;
    readonly regime: "bull" | "bear";
  },
): Plan {
  const { assets, nav, transit, regime } = given;
  const requests = { sharesDue: 0n, depositsDue: tokenUnits(0n), depositSwing: bps(0) };
  return planRebalance({
    regime,
    elapsed: 0,
    holdings: { assets, transit: tokenUnits(transit), supply: nav, ...requests },
    pools,
    gas,
    limits,
    blocked: new Set(),
    refusing: new Set(),
  });
}

function oneWay({ totals, legs, leftOut, schedule }: Plan, nav: bigint): OneWay {
  const later = schedule.tranches.flatMap((tranche) => tranche.legs);
  const sum = (part: "fee" | "impact" | "drift"): bigint =>
    later.reduce((total, { cost }) => total + cost[part], totals[part]);
  const parts = { fee: sum("fee"), impact: sum("impact"), drift: sum("drift") };
  const total = totals.total + schedule.tranches.reduce((all, { cost }) => all + cost, 0n);
  const isSplit = schedule.tranches.length > 0;
  const missed = isSplit ? schedule.unfilled : leftOut.reduce((all, { value }) => all + value, 0n);
  return {
    costBps: bpsOf(total, nav),
    ...parts,
    gas: total - parts.fee - parts.impact - parts.drift,
    legs: legs.length + later.length,
    lasts: schedule.tranches.at(-1)?.after ?? 0,
    unfilled: ppm(Number((missed * BigInt(PPM)) / nav)),
  };
}
