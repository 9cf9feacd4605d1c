// Turns a scenario into a market with a fund on it whose pools look like mainnet's: narrow positions, full observations.
import { type Address, type Hex, encodeFunctionData, maxUint256, parseAbi } from "viem";

import { DAY } from "../core/time.ts";
import { tokenUnits, unixSeconds } from "../core/units.ts";
import { POOL_ABI, contractsOf } from "../execute/contracts.ts";
import { readMany } from "../execute/read-many.ts";
import { type Call, sendSimulated } from "../execute/send.ts";
import { initCode, mockArtifact } from "./artifacts.ts";
import { type Coin, type CoinSpec, type Pool, UnknownCoinError } from "./coin.ts";
import { openFund } from "./fund.ts";
import { POSITIONS_ABI } from "./liquidity.ts";
import type { AccountName } from "./dev-accounts.ts";
import { TRANSACTION_GAS_CAP } from "./local-chain.ts";
import { startMarket } from "./market.ts";
import { ETHEREUM, STABLECOINS, USD_COIN } from "./rules.ts";
import { TICK_SPACING } from "./uniswap.ts";
import { type World, senderOf } from "./week.ts";

/** What is measured on one chain. */
export type Scenario = {
  readonly assets: number;
  /** Assets that are sold into wrapped ether; the others have a pool against the deposit coin. */
  readonly routed: number;
  readonly feeds: "half" | "none";
  /** Observations that every pool keeps. */
  readonly cardinality: number;
  /** Whether each transaction is traced, to say where its gas went. */
  readonly isTraced: boolean;
};

/** A world for measuring, and the coins that the fund is going to hold. */
export type BenchWorld = World & {
  readonly scenario: Scenario;
  readonly coins: readonly (Coin & { readonly pool: Pool })[];
  readonly arbitrageur: Address;
};

/** A mined transaction. */
export type Mined = { readonly gas: bigint; readonly hash: Hex };

/** 2021-09-06T00:00:00Z, a Monday. */
export const MONDAY = 1_630_886_400;
/** {USD} What the fund holds of each asset, about: moves a pool by a tenth of a percent. */
export const PER_ASSET = 10_000;

/** {USD/day} Gives a pool a depth of 200,000 USD within 2 %. */
const VOLUME = 4e7;
/** Deep enough to take what all others bring. */
const ETHER = { coinId: ETHEREUM, symbol: "ETH", priceUsd: 4000, volumeUsd: 2e10, fee: 500 } as const;
/** {USD} On each side of the position that is as narrow as the pool allows. */
const NARROW_POSITION = 2000;
/** {s} All observations together reach back this far, three windows. */
const OBSERVED = 1800;
/** A swap takes about 80,000 gas. */
const POOLS_PER_TRANSACTION = 60;
/** {tok} WETH of the arbitrageur. */
const ENDLESS_WETH = 10n ** 23n;

const ARBITRAGEUR_ABI = parseAbi(["function moveTo(address[] pools, uint160[] prices)"]);
const OBSERVATIONS_ABI = parseAbi(["function increaseObservationCardinalityNext(uint16 slots)"]);
const NO_DEADLINE = 10n ** 12n;

/** Opens the market on the Sunday before {@link MONDAY}, at noon, with a fund that is empty. */
export async function openBenchWorld(scenario: Scenario): Promise<BenchWorld> {
  const market = await startMarket({ at: unixSeconds(MONDAY - DAY / 2), coins: specs(scenario) });
  const fund = await openFund(market);
  const trader = market.chain.accounts.arbitrageur.address;
  const arbitrageur = await market.chain.deploy(trader, initCode(mockArtifact("Arbitrageur"), [market.weth]));
  await market.give(ETHEREUM, arbitrageur, tokenUnits(ENDLESS_WETH));
  const coins = specs(scenario).map(({ coinId }) => {
    const coin = market.coin(coinId);
    if (coin.pool === undefined) throw new UnknownCoinError(coinId);
    return { ...coin, pool: coin.pool };
  });
  const world = { market, fund, scenario, coins, arbitrageur };
  for (const coin of coins) await shapePool(world, coin);
  await liftCaps(world);
  return world;
}

/**
 * Names the coins without a feed bitcoin: by their own tier all of them could be 10 % of the fund, here they are half.
 * Delists the other stablecoins: with more than one, an exit may not end in a single one.
 */
async function liftCaps(world: BenchWorld): Promise<void> {
  const pooled = world.coins.filter(({ feed }) => feed === undefined).map(({ coinId }) => coinId);
  const others = STABLECOINS.map(({ coinId }) => coinId).filter((coinId) => coinId !== USD_COIN);
  const { vault } = contractsOf(world.fund.deployment());
  const ask = async (functionName: string, coinId: string): Promise<Mined> => {
    const args = [world.fund.indexOf(coinId)];
    return transact(world, "owner", { ...vault, functionName, args, action: `${functionName} ${coinId}` });
  };
  for (const coinId of pooled) await ask("nameBitcoin", coinId);
  for (const coinId of others) await ask("delistAsset", coinId);
}

/** Sends a call from an account with all the gas that a transaction may have. */
export async function transact(world: BenchWorld, account: AccountName, call: Omit<Call, "gas">): Promise<Mined> {
  const receipt = await sendSimulated(senderOf(world, account), { ...call, gas: TRANSACTION_GAS_CAP });
  return { gas: receipt.gasUsed, hash: receipt.transactionHash };
}

/** Runs something and takes back all that it did to the chain. */
export async function aside<Value>({ market }: BenchWorld, run: () => Promise<Value>): Promise<Value> {
  const saved = await market.snapshot();
  try {
    return await run();
  } finally {
    await market.revert(saved);
  }
}

/**
 * Brings the market to `at` with unmoved prices, fresh feeds, and swaps on every pool until the last moment, so that a
 * mean over the window has to search for its beginning.
 */
export async function refresh(world: BenchWorld, at: number): Promise<void> {
  const { market, coins, scenario } = world;
  const rounds = scenario.cardinality + 2;
  const step = Math.ceil(OBSERVED / scenario.cardinality);
  const start = at - rounds * step;
  await market.moveTo({ prices: new Map(), at: unixSeconds(start - 1), steps: 1 });
  const pools = coins.map(({ pool }) => pool.address);
  const prices = await slotsOf(world).then((slots) => slots.map(({ sqrtPrice }) => sqrtPrice));
  for (let round = 0; round < rounds; round++) {
    await market.chain.setNextBlockTime(unixSeconds(start + round * step));
    // There and back again: 0.001 % off, and after an even number of rounds at the old price.
    const targets = round % 2 === 0 ? prices.map((price) => price + price / 200_000n) : prices;
    for (let from = 0; from < pools.length; from += POOLS_PER_TRANSACTION) {
      const to = from + POOLS_PER_TRANSACTION;
      const args = [pools.slice(from, to), targets.slice(from, to)] as const;
      const data = encodeFunctionData({ abi: ARBITRAGEUR_ABI, functionName: "moveTo", args });
      await market.chain.send(market.chain.accounts.arbitrageur.address, { to: world.arbitrageur, data });
    }
  }
}

/** Price and tick of every coin's pool, in the order of the coins. */
export async function slotsOf({
  market,
  coins,
}: BenchWorld): Promise<{ readonly sqrtPrice: bigint; readonly tick: number }[]> {
  const { publicClient } = market.chain;
  const reads = coins.map(({ pool }) => ({ address: pool.address, abi: POOL_ABI, functionName: "slot0" }));
  const slots = await readMany(publicClient, reads, await publicClient.getBlockNumber());
  return (slots as (readonly [bigint, number])[]).map(([sqrtPrice, tick]) => ({ sqrtPrice, tick }));
}

/** Ether first, then coins whose prices fall from 250 USD; those that are routed are spread over the whole list. */
function specs({ assets, routed, feeds }: Scenario): CoinSpec[] {
  const routedUpTo = (place: number): number => Math.floor((place * routed) / (assets - 1));
  return Array.from({ length: assets }, (_, place): CoinSpec => {
    const hasFeed = feeds === "half" && place % 2 === 0;
    if (place === 0) return { ...ETHER, hasFeed };
    return {
      coinId: `coin-${place}`,
      symbol: `C${place}`,
      priceUsd: 1000 / (place + 1) ** 2,
      volumeUsd: VOLUME,
      fee: 3000,
      quote: routedUpTo(place) > routedUpTo(place - 1) ? "WETH" : "USDC",
      hasFeed,
    };
  });
}

/** Adds a position that ends at the ticks beside the price, and room for observations. */
async function shapePool({ market, scenario }: BenchWorld, coin: Coin & { readonly pool: Pool }): Promise<void> {
  const { chain, uniswap } = market;
  const { pool } = coin;
  const maker = chain.accounts.maker.address;
  const data = encodeFunctionData({
    abi: OBSERVATIONS_ABI,
    functionName: "increaseObservationCardinalityNext",
    args: [scenario.cardinality],
  });
  await chain.send(maker, { to: pool.address, data });
  const slot = await chain.publicClient.readContract({ address: pool.address, abi: POOL_ABI, functionName: "slot0" });
  const spacing = TICK_SPACING[pool.fee];
  const tickLower = Math.floor(slot[1] / spacing) * spacing;
  const own = unitsWorth(market.priceOf(coin.coinId), coin.decimals);
  const quote = pool.quote === "WETH" ? unitsWorth(market.priceOf(ETHEREUM), 18) : unitsWorth(1, 6);
  const params = {
    token0: pool.quoteIsToken1 ? coin.token : pool.quoteToken,
    token1: pool.quoteIsToken1 ? pool.quoteToken : coin.token,
    fee: pool.fee,
    tickLower,
    tickUpper: tickLower + spacing,
    amount0Desired: pool.quoteIsToken1 ? own : quote,
    amount1Desired: pool.quoteIsToken1 ? quote : own,
    amount0Min: 0n,
    amount1Min: 0n,
    recipient: maker,
    deadline: NO_DEADLINE,
  };
  const mint = encodeFunctionData({ abi: POSITIONS_ABI, functionName: "mint", args: [params] });
  await chain.send(maker, { to: uniswap.positionManager, data: mint });
}

/** {tok} worth {@link NARROW_POSITION}. */
function unitsWorth(priceUsd: number, decimals: number): bigint {
  return (BigInt(Math.round((NARROW_POSITION / priceUsd) * 1e6)) * 10n ** BigInt(decimals)) / 10n ** 6n;
}

/** Lets `spender` take an account's tokens. */
export function approval(token: Address, spender: Address): Omit<Call, "gas"> {
  const abi = parseAbi(["function approve(address spender, uint256 amount)"]);
  return { address: token, abi, functionName: "approve", args: [spender, maxUint256], action: "approve" };
}
