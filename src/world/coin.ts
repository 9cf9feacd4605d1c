// Names what a coin is in the local market: the facts that start it, and where its contracts are.
import type { Address } from "viem";

import { AppError } from "../core/errors.ts";
import type { FeeTier } from "./uniswap.ts";

/** What a coin's pool is priced in. */
export type Quote = "WETH" | "USDC";

/** How a token departs from OpenZeppelin's ERC-20: "no-return" answers nothing to `transfer`, as USDT. */
export type Quirk = "none" | "no-return";

/** A coin to be listed. What is left out is filled in by rules.ts. */
export type CoinSpec = {
  /** Id in the market data, for example `bitcoin`. */
  readonly coinId: string;
  readonly symbol: string;
  readonly priceUsd: number; // {USD/wholeTok} > 0
  readonly volumeUsd: number; // {USD/day} median of 30 days
  readonly decimals?: number;
  readonly quote?: Quote;
  readonly fee?: FeeTier;
  readonly quirk?: Quirk;
  readonly hasFeed?: boolean;
};

/** A coin's deep pool. */
export type Pool = {
  readonly address: Address;
  readonly quote: Quote;
  readonly quoteToken: Address;
  readonly fee: FeeTier; // {1e-6}
  /** True when the quote token is token1, so that the pool's own price rises with the coin's. */
  readonly quoteIsToken1: boolean;
  /** The market maker's position over the full range. */
  readonly positionId: bigint;
};

/** A Chainlink-style feed in USD. */
export type Feed = {
  /** The proxy: the address to read. */
  readonly address: Address;
  readonly aggregator: Address;
  readonly decimals: number;
  readonly description: string;
};

/** A listed coin. */
export type Coin = {
  readonly coinId: string;
  readonly symbol: string;
  readonly token: Address;
  readonly decimals: number;
  readonly quirk: Quirk;
  /** Missing for usd-coin alone, which the other pools are priced in. */
  readonly pool: Pool | undefined;
  readonly feed: Feed | undefined;
};

/** A coin and what changes about it. */
export type CoinState = {
  readonly coin: Coin;
  readonly price: number; // {USD/wholeTok} at the last move
  readonly volume: number; // {USD/day}
  readonly liquidity: bigint; // Uniswap's L of the maker's position
  readonly isFrozen: boolean;
  readonly isFeedStopped: boolean;
};

/** Every listed coin by its id, in the order of listing. */
export type CoinStates = ReadonlyMap<string, CoinState>;

/** A coin that this market does not know. */
export class UnknownCoinError extends AppError {
  readonly code = "UNKNOWN_COIN";
  readonly kind = "usage";
  readonly coinId: string;

  constructor(coinId: string) {
    super(`Expected the id of a coin listed in the local market, found "${coinId}". List it with addCoins first.`);
    this.coinId = coinId;
  }
}

/** @throws UnknownCoinError when the coin is not listed. */
export function stateOf(states: CoinStates, coinId: string): CoinState {
  const state = states.get(coinId);
  if (state === undefined) throw new UnknownCoinError(coinId);
  return state;
}
