// Turns states of real pools into a market that a fund could enter, priced by these pools alone.
import { AppError } from "../core/errors.ts";
import { PPM, WAD, bps, ppm, tokenUnits, wad } from "../core/units.ts";
import type { CapacityMarket } from "./capacity.ts";
import { CASH, ETHER, type PlanAsset } from "./holdings.ts";
import { ORDINARY_LIMIT } from "./limits.ts";
import type { FullPoolState, StateToken } from "./pool-states.ts";
import type { PoolState } from "./pool.ts";

/** The deposit coin and wrapped ether, as the pools name them. */
const [COIN, WRAPPED] = ["USDC", "WETH"] as const;
/** {1e-6} of a dollar: within this a token is a stablecoin, and no name of an index. Blocks may differ. */
const PEG = 50_000n;
const Q192 = 2n ** 192n;

/** No pool says what ether is worth in the deposit coin. */
export class BasePoolMissingError extends AppError {
  readonly code = "BASE_POOL_MISSING";
  readonly kind = "data";

  constructor(pools: number) {
    super(`Expected a pool of ${COIN} and ${WRAPPED} among the pool states, found none in ${pools}. Add its state.`);
  }
}

/**
 * Every token with a pool against USDC or WETH, at that pool's own price, so that the blocks of the pools may differ; of
 * several pools of a pair only the one with the most liquidity counts for the same reason. The names are weighted
 * equally.
 *
 * @throws BasePoolMissingError without a pool of USDC and WETH.
 */
export function marketOfPools(states: readonly FullPoolState[]): Pick<CapacityMarket, "assets" | "names" | "pools"> {
  const deepest = deepestOfPairs(states);
  const base = deepest.find((state) => isPair(state, COIN, WRAPPED));
  if (base === undefined) throw new BasePoolMissingError(states.length);
  const coin = assetOf(tokenOf(base, COIN), CASH, WAD);
  const ether = assetOf(tokenOf(base, WRAPPED), ETHER, priceIn(base, WRAPPED, coin));
  const used = [base];
  const others: PlanAsset[] = [];
  for (const quote of [coin, ether]) {
    for (const state of deepest) {
      const token = otherThan(state, quote.symbol);
      if (token === undefined || [COIN, WRAPPED].some((symbol) => symbol === token.symbol)) continue;
      used.push(state);
      if (others.some(({ symbol }) => symbol === token.symbol)) continue;
      others.push(assetOf(token, others.length + 2, priceIn(state, token.symbol, quote)));
    }
  }
  const named = [ether, ...others.filter(({ price }) => !isStable(price))];
  return {
    assets: [coin, ether, ...others].map((asset) => ({ ...asset, isStable: isStable(asset.price) })),
    names: named.map(({ index }) => ({ asset: index, part: 1, cap: ppm(PPM), isPooled: false })),
    pools: used.map(({ pool }) => pool),
  };
}

function deepestOfPairs(states: readonly FullPoolState[]): FullPoolState[] {
  const byPair = new Map<string, FullPoolState>();
  for (const state of states) {
    const pair = [state.token0.symbol, state.token1.symbol].join("/");
    const known = byPair.get(pair);
    if (known === undefined || known.pool.liquidity < state.pool.liquidity) byPair.set(pair, state);
  }
  return [...byPair.values()];
}

function isPair({ token0, token1 }: FullPoolState, a: string, b: string): boolean {
  return (token0.symbol === a && token1.symbol === b) || (token0.symbol === b && token1.symbol === a);
}

function otherThan({ token0, token1 }: FullPoolState, symbol: string): StateToken | undefined {
  if (token0.symbol === symbol) return token1;
  return token1.symbol === symbol ? token0 : undefined;
}

function tokenOf({ token0, token1 }: FullPoolState, symbol: string): StateToken {
  return token0.symbol === symbol ? token0 : token1;
}

/** D18{USD/wholeTok} of a token at its pool's price against another one, before the fee. */
function priceIn({ pool, token0, token1 }: FullPoolState, symbol: string, quote: PlanAsset): bigint {
  const token = token0.symbol === symbol ? token0 : token1;
  const out = outputAt(pool, token === token0, 10n ** BigInt(token.decimals));
  // D18{USD/wholeTok} = {tokQuote/wholeTok} * D18{USD/wholeQuote} / {tokQuote/wholeQuote}
  return (out * quote.price) / 10n ** BigInt(quote.decimals);
}

function outputAt({ sqrtPriceX96 }: PoolState, isToken0: boolean, amount: bigint): bigint {
  const priceX192 = sqrtPriceX96 * sqrtPriceX96;
  return isToken0 ? (amount * priceX192) / Q192 : (amount * Q192) / priceX192;
}

function isStable(price: bigint): boolean {
  const away = price > WAD ? price - WAD : WAD - price;
  return away * 1_000_000n <= PEG * WAD;
}

function assetOf({ address, symbol, decimals }: StateToken, index: number, price: bigint): PlanAsset {
  return {
    index,
    symbol,
    token: address,
    decimals,
    isStable: false,
    balance: tokenUnits(0n),
    price: wad(price),
    weight: ppm(0),
    priceLimit: bps(ORDINARY_LIMIT),
  };
}
