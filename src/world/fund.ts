// Turns a local market into one with a fund on it: contracts deployed, every coin of the market listed.
import { tokenUnits, wadFromNumber } from "../core/units.ts";
import type { Deployment } from "../execute/deployment.ts";
import {
  type FeedBounds,
  type FundAddresses,
  type Listing,
  PROBE_UNITS,
  type PriceSource,
  deployFund,
  listAssets,
} from "../execute/deploy.ts";
import { type Coin, UnknownCoinError } from "./coin.ts";
import type { AccountName } from "./dev-accounts.ts";
import type { Market } from "./market.ts";
import { ETHEREUM, STABLECOINS, USD_COIN } from "./rules.ts";

/** {s} Feeds of the local market are written at every move; older than this they count as stale. */
const HEARTBEAT = 90_000;
/** {1} A replay lives through years: a coin may rise a million times above the price it was listed at. */
const HIGHEST_RISE = 1_000_000n;
/** {1} And it may fall a billion times below, as one did in 2022. */
const DEEPEST_FALL = 1_000_000_000n;
/** Index of the coins that price a pool: the deposit coin and wrapped ether. */
const QUOTE_INDEX = { USDC: 0, WETH: 1 } as const;

const STABLE_IDS: ReadonlySet<string> = new Set(STABLECOINS.map((coin) => coin.coinId));

export type LocalFund = {
  readonly addresses: FundAddresses;
  /** Where the fund is, with every asset listed so far. */
  readonly deployment: () => Deployment;
  /** @throws UnknownCoinError when the fund has not listed the coin. */
  readonly indexOf: (coinId: string) => number;
  /** Lists every coin of the market that the fund does not know yet. */
  readonly listNewCoins: () => Promise<void>;
};

/**
 * Deploys a fund with each role at the account of its name. Its admin is the owner account, or another one, and stays
 * without a delay: the local world lists coins from week to week, which an owner has to announce nine days before.
 */
export async function openFund(market: Market, admin: AccountName = "owner"): Promise<LocalFund> {
  const { chain, uniswap } = market;
  const { keeper, guardian, signer } = chain.accounts;
  const firstBlock = Number(await chain.publicClient.getBlockNumber()) + 1;
  const deployer = { wallet: chain.wallets[admin], reader: chain.publicClient };
  const addresses = await deployFund(
    deployer,
    { coin: market.usdc, weth: market.weth, factory: uniswap.factory },
    { keeper: keeper.address, guardian: guardian.address, signer: signer.address },
  );
  const indexes = new Map<string, number>();
  const listNewCoins = async (): Promise<void> => {
    const fresh = market.coins().filter((coin) => !indexes.has(coin.coinId));
    const ordered = [...fresh.filter(isFrame), ...fresh.filter((coin) => !isFrame(coin))];
    const listings = ordered.map((coin) => listingOf(coin, market.priceOf(coin.coinId)));
    for (const coin of ordered.filter((one) => !isFrame(one))) {
      await market.give(coin.coinId, addresses.vault, tokenUnits(PROBE_UNITS));
    }
    const given = await listAssets(deployer, addresses, listings);
    ordered.forEach((coin, position) => indexes.set(coin.coinId, given[position] ?? 0));
  };
  await listNewCoins();
  return {
    addresses,
    deployment: () => ({
      chainId: chain.publicClient.chain.id,
      block: firstBlock,
      addresses,
      assets: market.coins().flatMap((coin) => deployedAsset(coin, indexes.get(coin.coinId))),
    }),
    indexOf: (coinId) => {
      const index = indexes.get(coinId);
      if (index === undefined) throw new UnknownCoinError(coinId);
      return index;
    },
    listNewCoins,
  };
}

/** Nothing for a coin of the market that the fund has not listed yet. */
function deployedAsset(coin: Coin, index: number | undefined): Deployment["assets"] {
  if (index === undefined) return [];
  const { coinId, symbol, token, decimals, pool } = coin;
  const isStable = STABLE_IDS.has(coinId);
  return [{ index, coinId, symbol, token, decimals, isStable, ...(pool === undefined ? {} : { pool: pool.address }) }];
}

/** The vault lists these two itself; the others are priced against them, so they come first. */
function isFrame(coin: Coin): boolean {
  return coin.coinId === USD_COIN || coin.coinId === ETHEREUM;
}

function listingOf(coin: Coin, price: number): Listing {
  return {
    token: coin.token,
    coinId: coin.coinId,
    isStable: STABLE_IDS.has(coin.coinId),
    isListed: isFrame(coin),
    price: priceSourceOf(coin, boundsAround(price)),
    pools: coin.pool === undefined ? [] : [coin.pool.address],
  };
}

function priceSourceOf({ coinId, feed, pool }: Coin, bounds: FeedBounds): PriceSource {
  if (feed !== undefined) return { kind: "feed", feed: feed.address, heartbeat: HEARTBEAT, bounds };
  if (pool === undefined) throw new UnknownCoinError(coinId);
  return { kind: "pool", pool: pool.address, quote: QUOTE_INDEX[pool.quote] };
}

function boundsAround(price: number): FeedBounds {
  const listedAt = wadFromNumber(price);
  return { low: listedAt / DEEPEST_FALL, high: listedAt * HIGHEST_RISE };
}
