// Tests of src/plan/pool-states.ts and pools-market.ts: pools as a file has them, as a market to plan on.
import { expect } from "chai";
import { getAddress } from "viem";

import { WAD } from "../../../src/core/units.ts";
import { fullPoolState } from "../../../src/plan/pool-states.ts";
import { BasePoolMissingError, marketOfPools } from "../../../src/plan/pools-market.ts";
import { usdcWeth, wbtcWeth } from "./pool-state-documents.ts";

describe("fullPoolState", function () {
  it("has price, liquidity, ticks and tokens of the record", function () {
    const { pool, grossLiquidity, token0, token1 } = fullPoolState(usdcWeth());

    expect(pool.sqrtPriceX96).to.equal(20_000n * 2n ** 96n);
    expect(pool.ticks).to.deep.equal([
      { index: -887_270, liquidityNet: 10n ** 18n },
      { index: 887_270, liquidityNet: -(10n ** 18n) },
    ]);
    expect(pool.liquidity).to.equal(10n ** 18n);
    expect(grossLiquidity).to.deep.equal([10n ** 18n, 10n ** 18n]);
    expect([token0.symbol, token1.symbol, token0.decimals, token1.decimals]).to.deep.equal(["USDC", "WETH", 6, 18]);
    expect([pool.token0, pool.token1]).to.deep.equal([token0.address, token1.address]);
  });
});

describe("marketOfPools", function () {
  it("prices each token by its own pool, in dollars of USDC", function () {
    const { assets, names, pools } = marketOfPools([usdcWeth(), wbtcWeth()].map(fullPoolState));

    // Roots of 2^96 * 2 * 10^4: 4 * 10^8 units of WETH a unit of USDC, so 2,500 USDC a WETH;
    // and of 2^96 * 4 * 10^5: 1.6 * 10^11 units of WETH a unit of WBTC, so 16 WETH, 40,000 USD
    expect(assets.map(({ symbol, price }) => [symbol, price])).to.deep.equal([
      ["USDC", WAD],
      ["WETH", 2500n * WAD],
      ["WBTC", 40_000n * WAD],
    ]);
    expect(names.map(({ asset }) => asset)).to.deep.equal([1, 2]);
    expect(pools.length).to.equal(2);
  });

  it("uses the pool with the most liquidity of a pair", function () {
    const deep = usdcWeth(3n * 10n ** 18n);

    const pool = `0x${"d".repeat(40)}` as const;

    const { pools } = marketOfPools([usdcWeth(), { ...deep, pool }].map(fullPoolState));

    expect(pools.map(({ address }) => address)).to.deep.equal([getAddress(pool)]);
  });

  it("needs a pool of USDC and WETH", function () {
    expect(() => marketOfPools([fullPoolState(wbtcWeth())])).to.throw(BasePoolMissingError, "USDC and WETH");
  });
});
