// Turns a coin's id, price and volume into the token, pool and feed it gets: the same for the same coin, always.
import { keccak256, stringToHex } from "viem";

import type { CoinSpec, Quirk, Quote } from "./coin.ts";
import type { FeeTier } from "./uniswap.ts";

/** The deposit coin, in which all USDC pools are priced. */
export const USD_COIN = "usd-coin";
/** The coin whose token is WETH. */
export const ETHEREUM = "ethereum";

/** The stablecoins that every market has, with what is assumed when the caller gives no price or volume. */
export const STABLECOINS: readonly CoinSpec[] = [
  { coinId: USD_COIN, symbol: "USDC", priceUsd: 1, volumeUsd: 3e9, decimals: 6 },
  { coinId: "tether", symbol: "USDT", priceUsd: 1, volumeUsd: 5e10, decimals: 6, quirk: "no-return" },
  { coinId: "dai", symbol: "DAI", priceUsd: 1, volumeUsd: 3e8, decimals: 18 },
];

/** A coin with every choice made. */
export type ListedSpec = Required<CoinSpec>;

const STABLE_IDS: ReadonlySet<string> = new Set(STABLECOINS.map((coin) => coin.coinId));
/** Coins that have a feed wherever they stand in the list. */
const ALWAYS_FED: ReadonlySet<string> = new Set([...STABLE_IDS, "bitcoin", ETHEREUM]);
/** Tokens that return nothing from `transfer` on mainnet too. */
const NO_RETURN: ReadonlySet<string> = new Set(["tether", "binancecoin", "omisego"]);

/** {USD/day} From here a pool has the 0.05 % tier: pairs this busy live there on mainnet. */
const DEEP_VOLUME = 500e6;
/** {USD/day} Below, a pool has the 1 % tier. */
const THIN_VOLUME = 10e6;

/** {1} Depth within 2 % as a part of a day's volume. */
const DEPTH_PER_VOLUME = 0.005;
/** {USD} */
const MIN_DEPTH = 2000;
/** {USD} */
const MAX_DEPTH = 50e6;

/** {1} From twice too deep or half too thin, a position is sized anew. */
const RESIZE_FACTOR = 2;

/** {USD/wholeTok} Below, a feed has 18 decimals instead of 8, so that the answer keeps its digits. */
const SMALL_PRICE = 0.01;

/**
 * Fills in what the caller left open.
 *
 * Decimals: bitcoin 8; of the others one in ten 6, one in ten 8, the rest 18. Quote: USDC for stablecoins and ether and
 * for three in ten others, else WETH. Fee: 0.01 % for stablecoins, 0.05 % from 500 M USD of volume a day and for ether,
 * 1 % below 10 M USD, else 0.3 %. Feed: as `isUpperHalf` says, and always for stablecoins, bitcoin and ether. "One in
 * ten" goes by the hash of the coin's id, so that a coin is the same token in every market and whenever it is listed.
 *
 * @param isUpperHalf Whether the coin stands in the larger half by market cap.
 */
export function completeSpec(spec: CoinSpec, isUpperHalf: boolean): ListedSpec {
  return {
    decimals: decimalsOf(spec.coinId),
    quote: quoteOf(spec.coinId),
    fee: feeOf(spec),
    quirk: quirkOf(spec.coinId),
    hasFeed: isUpperHalf || ALWAYS_FED.has(spec.coinId),
    ...spec,
  };
}

/**
 * The USD that move a pool's price by 2 %: 0.5 % of a day's volume on all venues, from 2,000 to 50 M USD.
 *
 * An assumption of the order of magnitude that large pools and order books show, not a measurement: a coin traded for
 * 200 million a day moves by 2 % for one million, ether for some tens of millions.
 */
export function depthUsd(volumeUsd: number): number {
  return Math.min(MAX_DEPTH, Math.max(MIN_DEPTH, volumeUsd * DEPTH_PER_VOLUME));
}

/** Whether a position with `liquidity` must be sized anew when the rule asks for `target`. */
export function needsResize(liquidity: bigint, target: bigint): boolean {
  const factor = BigInt(RESIZE_FACTOR);
  return liquidity > target * factor || target > liquidity * factor;
}

/** Decimals of the coin's feed: 8 as nearly all of Chainlink's USD feeds have, 18 for prices below a cent. */
export function feedDecimals(priceUsd: number): number {
  return priceUsd < SMALL_PRICE ? 18 : 8;
}

/** Slots for observations: ether's pool is traded in most transactions of a rebalance, others in one or two. */
export function observationSlots(coinId: string): number {
  return coinId === ETHEREUM || STABLE_IDS.has(coinId) ? 200 : 30;
}

function decimalsOf(coinId: string): number {
  if (coinId === "bitcoin") return 8; // WBTC
  if (coinId === ETHEREUM) return 18;
  const draw = lot(coinId, "decimals");
  if (draw < 10) return 6;
  return draw < 20 ? 8 : 18;
}

function quoteOf(coinId: string): Quote {
  if (coinId === ETHEREUM || STABLE_IDS.has(coinId)) return "USDC";
  return lot(coinId, "quote") < 30 ? "USDC" : "WETH";
}

function feeOf(spec: CoinSpec): FeeTier {
  if (STABLE_IDS.has(spec.coinId)) return 100;
  if (spec.coinId === ETHEREUM || spec.volumeUsd >= DEEP_VOLUME) return 500;
  return spec.volumeUsd < THIN_VOLUME ? 10_000 : 3000;
}

function quirkOf(coinId: string): Quirk {
  return NO_RETURN.has(coinId) ? "no-return" : "none";
}

/** A number from 0 to 99 that belongs to the coin and the question. */
function lot(coinId: string, question: string): number {
  return Number(BigInt(keccak256(stringToHex(`${question}:${coinId}`))) % 100n);
}
