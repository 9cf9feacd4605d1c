// Turns weights into weights within the caps that the chain sets, what is cut spread over those that have room.
import { PPM, type Ppm, ppm } from "../core/units.ts";
import { CASH, ETHER } from "./holdings.ts";
import { apportion } from "./targets.ts";

/** {ppm} How much of a bull target an asset may be, as TargetCaps.sol has it. */
export const CAPS = {
  bitcoin: ppm(800_000),
  ether: ppm(400_000),
  feed: ppm(150_000),
  pool: ppm(10_000),
  /** All assets that pools price, together. */
  pools: ppm(100_000),
  young: ppm(10_000),
  /** Each stablecoin of a bear target. */
  issuer: ppm(600_000),
} as const;

/** Sets of asset indexes, one bit each, by which the chain tells the tiers. */
export type AssetTiers = {
  readonly stable: bigint;
  readonly young: bigint;
  readonly bitcoin: bigint;
  /** Priced by a feed. */
  readonly fed: bigint;
};

/** An asset's weight and what limits it. */
export type CappedWeight = {
  readonly part: number; // {ppm} or any other measure: parts are taken relative to their sum
  readonly cap: Ppm;
  /** True when it shares the cap of all assets that pools price. */
  readonly isPooled: boolean;
};

/** Weights within their caps. */
export type Fitted = {
  /** In the order given; they sum to 1,000,000 less the rest. */
  readonly parts: readonly Ppm[];
  /** {ppm} What no asset has room for; it stays in the deposit coin. */
  readonly rest: Ppm;
};

/** {ppm} The most of a bull target that an asset other than the deposit coin may be, as `TargetCaps.capOf`. */
export function capOfAsset(asset: number, tiers: AssetTiers): Ppm {
  if (has(tiers.young, asset)) return CAPS.young;
  if (has(tiers.stable, asset)) return CAPS.issuer;
  if (has(tiers.bitcoin, asset)) return CAPS.bitcoin;
  if (asset === ETHER) return CAPS.ether;
  return has(tiers.fed, asset) ? CAPS.feed : CAPS.pool;
}

/** Whether an asset shares the cap of those that pools price, as `TargetCaps.pooled`. */
export function isPooledAsset(asset: number, { stable, bitcoin, fed }: AssetTiers): boolean {
  return asset !== CASH && asset !== ETHER && !has(stable | bitcoin | fed, asset);
}

function has(set: bigint, asset: number): boolean {
  return ((set >> BigInt(asset)) & 1n) === 1n;
}

/**
 * Cuts each weight to its cap and spreads what was cut over the others pro rata, again and again until all hold.
 *
 * Equal weights stay equal, and the order of sizes among assets of one cap stays.
 */
export function withinCaps(weights: readonly CappedWeight[]): Fitted {
  const every = weights.map((_, i) => i);
  const [pooled, others] = [every.filter((i) => weights[i]?.isPooled), every.filter((i) => !weights[i]?.isPooled)];
  const free = fill(weights, every, PPM);
  // Giving back what the pooled cut can only raise the others, so that their common cap stays reached.
  const parts = sumOf(free, pooled) <= CAPS.pools ? free : fillApart(weights, { pooled, others, total: CAPS.pools });
  return { parts, rest: ppm(PPM - sumOf(parts, every)) };
}

function fillApart(
  weights: readonly CappedWeight[],
  split: { readonly pooled: readonly number[]; readonly others: readonly number[]; readonly total: number },
): Ppm[] {
  const inside = fill(weights, split.pooled, split.total);
  const outside = fill(weights, split.others, PPM - sumOf(inside, split.pooled));
  return weights.map(({ isPooled }, i) => (isPooled ? inside[i] : outside[i]) ?? ppm(0));
}

/** Gives the members `total` {ppm}, or as much as their caps take; all others get nothing. */
function fill(weights: readonly CappedWeight[], members: readonly number[], total: number): Ppm[] {
  const result = weights.map(() => ppm(0));
  let open = members.filter((i) => partOf(weights, i) > 0);
  let left = total;
  for (;;) {
    const sum = open.reduce((all, i) => all + partOf(weights, i), 0);
    const over = open.filter((i) => (partOf(weights, i) / sum) * left > capOf(weights, i));
    if (over.length === 0) break;
    for (const i of over) {
      result[i] = ppm(capOf(weights, i));
      left -= capOf(weights, i);
    }
    open = open.filter((i) => !over.includes(i));
  }
  const shares = open.map((i) => partOf(weights, i));
  // Rounding up cannot leave a cap behind: a cap is a whole number at or above what is rounded.
  if (open.length > 0) apportion(shares, left).forEach((part, place) => (result[open[place] ?? 0] = part));
  return result;
}

function partOf(weights: readonly CappedWeight[], i: number): number {
  return weights[i]?.part ?? 0;
}

function capOf(weights: readonly CappedWeight[], i: number): number {
  return weights[i]?.cap ?? 0;
}

function sumOf(parts: readonly number[], members: readonly number[]): number {
  return members.reduce((sum, i) => sum + (parts[i] ?? 0), 0);
}
