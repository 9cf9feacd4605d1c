// Facts that tests of pool states share: two pools over the full range with round prices, as a file has them.
import type { PoolStateRecord } from "../../../src/market/sources/pool-state-schema.ts";

const Q96 = 2n ** 96n;
const USDC = `0x${"a".repeat(40)}`;
const WETH = `0x${"b".repeat(40)}`;
const WBTC = `0x${"9".repeat(40)}`;

/** 2,500 USDC a WETH. */
export function usdcWeth(liquidity = 10n ** 18n): PoolStateRecord {
  const tokens = { token0: USDC, token0_symbol: "USDC", token0_decimals: 6, token1: WETH };
  // ln(4 * 10^8) / ln(1.0001) = 198,079.9
  return {
    ...tokens,
    token1_symbol: "WETH",
    token1_decimals: 18,
    ...stateOf("1", liquidity),
    sqrt_price_x96: String(Q96 * 20_000n),
    tick: 198_079,
    price_token1_per_token0: 0.0004,
  };
}

/** 16 WETH a WBTC. */
export function wbtcWeth(liquidity = 10n ** 18n): PoolStateRecord {
  const tokens = { token0: WBTC, token0_symbol: "WBTC", token0_decimals: 8, token1: WETH };
  // ln(1.6 * 10^11) / ln(1.0001) = 257,997.3
  return {
    ...tokens,
    token1_symbol: "WETH",
    token1_decimals: 18,
    ...stateOf("2", liquidity),
    sqrt_price_x96: String(Q96 * 400_000n),
    tick: 257_997,
    price_token1_per_token0: 16,
  };
}

function stateOf(digit: string, liquidity: bigint) {
  const ticks: PoolStateRecord["ticks"] = [
    [-887_270, String(liquidity), String(liquidity)],
    [887_270, String(liquidity), String(-liquidity)],
  ];
  const place = { chain_id: 1, dex: "uniswap_v3", pool: `0x${digit.repeat(40)}`, block: 1 };
  return { ...place, fee_pips: 500, tick_spacing: 10, liquidity: String(liquidity), ticks };
}
