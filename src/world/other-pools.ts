// Turns a market with one pool a coin into one with several, of other fee tiers, all listed in the fund.
import { type Address, encodeFunctionData } from "viem";

import { uniswapV3VenueAbi } from "../core/abi.ts";
import { OutOfRangeError } from "../core/errors.ts";
import { FACTORY_ABI } from "../execute/contracts.ts";
import type { Deployment } from "../execute/deployment.ts";
import { send } from "../execute/send.ts";
import type { Coin } from "./coin.ts";
import { POSITIONS_ABI, mintCall, poolTarget } from "./liquidity.ts";
import type { Market } from "./market.ts";
import { ratioOf } from "./pool-price.ts";
import { ETHEREUM, USD_COIN } from "./rules.ts";
import type { FeeTier } from "./uniswap.ts";

const TIERS: readonly FeeTier[] = [500, 3000, 10_000];
/** {USD/day} */
const VOLUME = 1e7;

/**
 * Opens and lists more pools of each coin, as deep as one of a coin traded for 10 million USD a day, of the fee tiers that
 * it does not have yet.
 *
 * @param count Of each coin, two at most.
 * @returns The deployment with them.
 */
export async function openOtherPools(market: Market, deployment: Deployment, count: number): Promise<Deployment> {
  const others = new Map<string, Address[]>();
  for (const coin of market.coins()) {
    const { pool } = coin;
    if (pool === undefined) continue;
    const fees = TIERS.filter((fee) => fee !== pool.fee).slice(0, count);
    for (const fee of fees) {
      const address = await openPool(market, coin, fee);
      others.set(coin.coinId, [...(others.get(coin.coinId) ?? []), address]);
      await send(
        { client: market.chain.publicClient, wallet: market.chain.wallets.owner },
        {
          address: deployment.addresses.venue,
          abi: uniswapV3VenueAbi,
          functionName: "listPool",
          args: [address],
          action: "list a pool",
        },
      );
    }
  }
  const assets = deployment.assets.map((asset) => ({ ...asset, otherPools: others.get(asset.coinId) ?? [] }));
  return { ...deployment, assets };
}

/** Opens a coin's pool of another fee tier, as deep, with the memory of one observation that every pool has at first. */
export async function openPool({ chain, uniswap, ...market }: Market, coin: Coin, fee: FeeTier): Promise<Address> {
  const { pool } = coin;
  if (pool === undefined) throw new OutOfRangeError("coin", coin.coinId, "a coin with a pool");
  const [token0, token1] = pool.quoteIsToken1 ? [coin.token, pool.quoteToken] : [pool.quoteToken, coin.token];
  const prices = new Map([coin.coinId, ETHEREUM, USD_COIN].map((id) => [id, ratioOf(market.priceOf(id))]));
  const target = poolTarget({ ...coin, volume: VOLUME }, pool, prices);
  const create = encodeFunctionData({
    abi: POSITIONS_ABI,
    functionName: "createAndInitializePoolIfNecessary",
    args: [token0, token1, fee, target.sqrtPrice],
  });
  const maker = chain.accounts.maker.address;
  const mint = mintCall({ maker }, { token0, token1, fee }, target);
  const data = encodeFunctionData({ abi: POSITIONS_ABI, functionName: "multicall", args: [[create, mint]] });
  await chain.send(maker, { to: uniswap.positionManager, data });
  return chain.publicClient.readContract({
    address: uniswap.factory,
    abi: FACTORY_ABI,
    functionName: "getPool",
    args: [token0, token1, fee],
  });
}
