import { expect } from "chai";

import { WAD } from "../../../src/core/units.ts";
import { PoolStatesMalformedError, parsePoolStates } from "../../../src/plan/pool-states.ts";
import { marketOfPools } from "../../../src/plan/pools-market.ts";
import { usdcWeth, wbtcWeth } from "./pool-state-documents.ts";

describe("parsePoolStates", function () {
  it("reads price, liquidity and ticks, ascending", function () {
    const document = usdcWeth();

    const [state] = parsePoolStates([{ ...document, ticks: document.ticks.toReversed() }]);

    expect(state?.pool.ticks.map(({ index }) => index)).to.deep.equal([-887_270, 887_270]);
    expect(state?.pool.liquidity).to.equal(10n ** 18n);
    expect(state?.grossLiquidity).to.deep.equal([10n ** 18n, 10n ** 18n]);
    expect([state?.token0.symbol, state?.token1.symbol]).to.deep.equal(["USDC", "WETH"]);
  });

  it("refuses ticks that do not add up to the liquidity", function () {
    expect(() => parsePoolStates([{ ...usdcWeth(), liquidity: "5" }])).to.throw(
      PoolStatesMalformedError,
      "with liquidity 5, but 1000000000000000000 from its ticks",
    );
  });

  it("refuses liquidity without an end", function () {
    const { ticks, ...rest } = usdcWeth();

    expect(() => parsePoolStates([{ ...rest, ticks: ticks.slice(0, 1) }])).to.throw(
      PoolStatesMalformedError,
      "without an end",
    );
  });

  it("names the field that is missing or no number", function () {
    expect(() => parsePoolStates([{ ...usdcWeth(), sqrt_price_x96: "1e30" }])).to.throw(
      PoolStatesMalformedError,
      "sqrt_price_x96",
    );
    expect(() => parsePoolStates({ pools: [] })).to.throw(PoolStatesMalformedError);
  });
});

describe("marketOfPools", function () {
  it("prices each token by its own pool, in dollars of USDC", function () {
    const { assets, names, pools } = marketOfPools(parsePoolStates([usdcWeth(), wbtcWeth()]));

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

    const { pools } = marketOfPools(parsePoolStates([usdcWeth(), { ...deep, pool: `0x${"d".repeat(40)}` }]));

    expect(pools.map(({ address }) => address)).to.deep.equal([`0x${"d".repeat(40)}`]);
  });

  it("needs a pool of USDC and WETH", function () {
    expect(() => marketOfPools(parsePoolStates([wbtcWeth()]))).to.throw(PoolStatesMalformedError, "USDC and WETH");
  });
});
