// Turns a coin's facts into its token, its pool with liquidity, and its feed, on the local chain.
import { type Address, encodeFunctionData, parseAbi } from "viem";

import { FACTORY_ABI } from "../execute/contracts.ts";
import { initCode, mockArtifact } from "./artifacts.ts";
import type { Coin, CoinState, Feed, Pool } from "./coin.ts";
import { POSITIONS_ABI, type PoolPair, mintCall, poolTarget } from "./liquidity.ts";
import type { Ratio } from "./pool-price.ts";
import { ETHEREUM, type ListedSpec, USD_COIN, feedDecimals, observationSlots } from "./rules.ts";
import { type Site, TOKEN_ABI, approvePositions } from "./site.ts";

const POOL_ABI = parseAbi(["function increaseObservationCardinalityNext(uint16 slots)"]);

/** {tok} More than any pool takes of any token. */
const ENDLESS_SUPPLY = 2n ** 160n;

/**
 * Deploys a coin. Its pool has the price and depth of `prices` and the rule; its feed has no answer yet.
 *
 * @param surroundings The prices {USD/wholeTok} of the coin, usd-coin and ethereum, and the token of usd-coin, which is
 *   missing while that coin itself is listed.
 */
export async function listCoin(
  site: Site,
  spec: ListedSpec,
  surroundings: { readonly prices: ReadonlyMap<string, Ratio>; readonly usdc: Address | undefined },
): Promise<CoinState> {
  const { prices, usdc } = surroundings;
  const token = spec.coinId === ETHEREUM ? site.uniswap.weth : await createToken(site, spec);
  const opened =
    spec.coinId === USD_COIN || usdc === undefined
      ? { pool: undefined, liquidity: 0n }
      : await openPool(site, spec, { token, quoteToken: spec.quote === "WETH" ? site.uniswap.weth : usdc, prices });
  const coin: Coin = {
    coinId: spec.coinId,
    symbol: spec.symbol,
    token,
    decimals: spec.decimals,
    quirk: spec.quirk,
    pool: opened.pool,
    feed: spec.hasFeed ? await createFeed(site, spec) : undefined,
  };
  return {
    coin,
    price: spec.priceUsd,
    volume: spec.volumeUsd,
    liquidity: opened.liquidity,
    isFrozen: false,
    isFeedStopped: false,
  };
}

async function createToken(site: Site, spec: ListedSpec): Promise<Address> {
  const { chain, maker } = site;
  const artifact = mockArtifact(spec.quirk === "no-return" ? "NoReturnToken" : "MockToken");
  const token = await chain.deploy(maker, initCode(artifact, [spec.coinId, spec.symbol, spec.decimals]));
  const mint = encodeFunctionData({ abi: TOKEN_ABI, functionName: "mint", args: [maker, ENDLESS_SUPPLY] });
  await chain.send(maker, { to: token, data: mint });
  await approvePositions(site, token);
  return token;
}

async function createFeed(site: Site, spec: ListedSpec): Promise<Feed> {
  const { chain, maker } = site;
  const description = `${spec.symbol} / USD`;
  const decimals = feedDecimals(spec.priceUsd);
  const aggregator = await chain.deploy(maker, initCode(mockArtifact("MockFeed"), [description, decimals]));
  const address = await chain.deploy(maker, initCode(mockArtifact("MockFeedProxy"), [aggregator]));
  return { address, aggregator, decimals, description };
}

async function openPool(
  site: Site,
  spec: ListedSpec,
  at: { readonly token: Address; readonly quoteToken: Address; readonly prices: ReadonlyMap<string, Ratio> },
): Promise<{ readonly pool: Pool; readonly liquidity: bigint }> {
  const { chain, maker, uniswap } = site;
  const { token, quoteToken } = at;
  const quoteIsToken1 = BigInt(token) < BigInt(quoteToken);
  const [token0, token1] = quoteIsToken1 ? [token, quoteToken] : [quoteToken, token];
  const pair: PoolPair = { token0, token1, fee: spec.fee };
  const shape = { quote: spec.quote, quoteIsToken1 };
  const target = poolTarget({ ...spec, volume: spec.volumeUsd }, shape, at.prices);

  const create = encodeFunctionData({
    abi: POSITIONS_ABI,
    functionName: "createAndInitializePoolIfNecessary",
    args: [token0, token1, spec.fee, target.sqrtPrice],
  });
  const calls = encodeFunctionData({
    abi: POSITIONS_ABI,
    functionName: "multicall",
    args: [[create, mintCall(site, pair, target)]],
  });
  await chain.send(maker, { to: uniswap.positionManager, data: calls });
  const address = await chain.publicClient.readContract({
    address: uniswap.factory,
    abi: FACTORY_ABI,
    functionName: "getPool",
    args: [token0, token1, spec.fee],
  });
  await widenObservations(site, address, observationSlots(spec.coinId));
  // Positions are numbered from 1 and none is ever burned.
  const positionId = await chain.publicClient.readContract({
    address: uniswap.positionManager,
    abi: POSITIONS_ABI,
    functionName: "totalSupply",
  });
  return { pool: { address, quoteToken, fee: spec.fee, positionId, ...shape }, liquidity: target.liquidity };
}

async function widenObservations(site: Site, pool: Address, slots: number): Promise<void> {
  const data = encodeFunctionData({ abi: POOL_ABI, functionName: "increaseObservationCardinalityNext", args: [slots] });
  await site.chain.send(site.maker, { to: pool, data });
}
