// Turns coins with caps, prices and volumes into the pools that the local market would give them, without any chain.
import type { Address } from "viem";

import { WAD, bps, ppm, tokenUnits, wad, wadFromNumber } from "../core/units.ts";
import type { CapacityMarket } from "../plan/capacity.ts";
import { type AssetTiers, capOfAsset, isPooledAsset } from "../plan/caps.ts";
import { CASH, ETHER, type PlanAsset } from "../plan/holdings.ts";
import { ORDINARY_LIMIT } from "../plan/limits.ts";
import type { PoolState } from "../plan/pool.ts";
import { MAX_TICK, toSdk, v3Sdk } from "../plan/uniswap.ts";
import { type CoinSpec, UnknownCoinError } from "./coin.ts";
import { poolTarget } from "./liquidity.ts";
import { ratioOf } from "./pool-price.ts";
import { ETHEREUM, type ListedSpec, STABLECOINS, USD_COIN, completeSpec } from "./rules.ts";
import { TICK_SPACING } from "./uniswap.ts";

/** A coin of an index, and what all of it is worth. */
export type IndexCoin = CoinSpec & { readonly capUsd: number };

/** A market without its gas; `coinIds` are those of its assets, in their order. */
export type PaperMarket = Pick<CapacityMarket, "assets" | "names" | "pools"> & { readonly coinIds: readonly string[] };

/**
 * The market that {@link startMarket} would open with these coins, and the names of their index.
 *
 * @param coins Best rank first: the first half would have feeds. Ethereum must be there.
 * @throws UnknownCoinError without ethereum.
 */
export function paperMarket(coins: readonly IndexCoin[]): PaperMarket {
  const [cash] = STABLECOINS;
  const ether = coins.find(({ coinId }) => coinId === ETHEREUM);
  if (ether === undefined || cash === undefined) throw new UnknownCoinError(ETHEREUM);
  const others = coins.filter(({ coinId }) => coinId !== ETHEREUM && coinId !== USD_COIN);
  const upperHalf = new Set(coins.slice(0, Math.ceil(coins.length / 2)).map(({ coinId }) => coinId));
  const specs = [cash, ether, ...others].map((spec) => completeSpec(spec, upperHalf.has(spec.coinId)));
  const prices = new Map(specs.map(({ coinId, priceUsd }) => [coinId, ratioOf(priceUsd)]));
  const indexes = new Map(specs.map(({ coinId }, index) => [coinId, index]));
  const tiers = tiersOf(specs);
  return {
    coinIds: specs.map(({ coinId }) => coinId),
    assets: specs.map(assetOf),
    names: coins.flatMap(({ coinId, capUsd }) => {
      const asset = indexes.get(coinId);
      if (asset === undefined || asset === CASH) return [];
      return [{ asset, part: capUsd, cap: capOfAsset(asset, tiers), isPooled: isPooledAsset(asset, tiers) }];
    }),
    pools: specs.flatMap((spec, index) => (index === CASH ? [] : [poolOf(spec, index, prices)])),
  };
}

/** As the fund of the local market has them: bitcoin by its name, the upper half with feeds. */
function tiersOf(specs: readonly ListedSpec[]): AssetTiers {
  const setOf = (isMember: (spec: ListedSpec) => boolean): bigint =>
    specs.reduce((set, spec, index) => (isMember(spec) ? set | (1n << BigInt(index)) : set), 0n);
  return {
    stable: setOf(({ coinId }) => STABLECOINS.some((coin) => coin.coinId === coinId)),
    young: 0n,
    bitcoin: setOf(({ coinId }) => coinId === "bitcoin"),
    fed: setOf(({ hasFeed }) => hasFeed),
  };
}

function assetOf(spec: ListedSpec, index: number): PlanAsset {
  return {
    index,
    symbol: spec.symbol,
    token: addressOf(index),
    decimals: spec.decimals,
    isStable: index === CASH,
    balance: tokenUnits(0n),
    price: index === CASH ? wad(WAD) : wad(wadFromNumber(spec.priceUsd)),
    weight: ppm(0),
    priceLimit: bps(ORDINARY_LIMIT),
  };
}

/** Over the full range, priced in USDC or WETH, whose addresses come before all others. */
function poolOf(spec: ListedSpec, index: number, prices: Parameters<typeof poolTarget>[2]): PoolState {
  const { sqrtPrice, liquidity } = poolTarget(
    { ...spec, volume: spec.volumeUsd },
    { quote: spec.quote, quoteIsToken1: false },
    prices,
  );
  const tickSpacing = TICK_SPACING[spec.fee];
  const end = Math.floor(MAX_TICK / tickSpacing) * tickSpacing;
  return {
    address: addressOf(0x10_000 + index),
    token0: addressOf(spec.quote === "WETH" ? ETHER : CASH),
    token1: addressOf(index),
    fee: spec.fee,
    tickSpacing,
    sqrtPriceX96: sqrtPrice,
    liquidity,
    tick: v3Sdk.TickMath.getTickAtSqrtRatio(toSdk(sqrtPrice)),
    ticks: [
      { index: -end, liquidityNet: liquidity },
      { index: end, liquidityNet: -liquidity },
    ],
    knownFrom: -MAX_TICK,
    knownTo: MAX_TICK,
  };
}

function addressOf(number: number): Address {
  return `0x${(number + 1).toString(16).padStart(40, "0")}`;
}
