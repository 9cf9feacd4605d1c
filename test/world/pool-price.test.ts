import { createRequire } from "node:module";

import { expect } from "chai";
import fc from "fast-check";

import { OutOfRangeError } from "../../src/core/errors.ts";
import { fullRangeAmounts, liquidityForDepth, ratioOf, sqrtPriceX96 } from "../../src/world/pool-price.ts";

const { encodeSqrtRatioX96 } = createRequire(import.meta.url)("@uniswap/v3-sdk") as {
  encodeSqrtRatioX96: (amount1: string, amount0: string) => { toString: () => string };
};

const Q96 = 2n ** 96n;

describe("ratioOf", function () {
  it("keeps every digit of a price of 5e-9 USD", function () {
    expect(ratioOf(5e-9)).to.deep.equal({ numerator: 5n, denominator: 10n ** 9n });
  });

  it("keeps the digits behind the point", function () {
    expect(ratioOf(51750.25)).to.deep.equal({ numerator: 5175025n, denominator: 100n });
  });

  it("rejects zero", function () {
    expect(() => ratioOf(0)).to.throw(OutOfRangeError);
  });

  it("rejects what is not a number", function () {
    expect(() => ratioOf(Number.NaN)).to.throw(OutOfRangeError);
  });
});

describe("sqrtPriceX96", function () {
  it("is 2^96 for two equal tokens", function () {
    const token = { price: ratioOf(3), decimals: 18 };

    expect(sqrtPriceX96(token, token)).to.equal(Q96);
  });

  it("takes the decimals into account", function () {
    const ether = { price: ratioOf(4000), decimals: 18 };
    const dollar = { price: ratioOf(1), decimals: 6 };

    // {tok1/tok0} = 4000 * 10^6 / 10^18 = 4e-9; its root is 6.32455532033675…e-5
    const root = Number(sqrtPriceX96(ether, dollar)) / 2 ** 96;
    expect(root).to.be.within(6.3245553203367e-5, 6.3245553203368e-5);
  });

  it("equals Uniswap's own encodeSqrtRatioX96", function () {
    const token = fc.record({
      price: fc.double({ min: 1e-10, max: 1e6, noNaN: true }).map(ratioOf),
      decimals: fc.constantFrom(6, 8, 18),
    });
    fc.assert(
      fc.property(token, token, (token0, token1) => {
        const amount1 = token0.price.numerator * token1.price.denominator * 10n ** BigInt(token1.decimals);
        const amount0 = token0.price.denominator * token1.price.numerator * 10n ** BigInt(token0.decimals);

        const expected = encodeSqrtRatioX96(amount1.toString(), amount0.toString()).toString();

        expect(sqrtPriceX96(token0, token1).toString()).to.equal(expected);
      }),
      { numRuns: 50 },
    );
  });

  it("rejects a price that no pool can have", function () {
    const dear = { price: ratioOf(1e30), decimals: 6 };
    const cheap = { price: ratioOf(1e-10), decimals: 18 };

    expect(() => sqrtPriceX96(cheap, dear)).to.throw(OutOfRangeError);
  });
});

describe("liquidityForDepth", function () {
  it("divides by the growth of the root", function () {
    // At price 1: L = depth / (√1.02 − 1) = 1e18 / 0.00995049383620779… = 1.0049752… * 1e20
    const liquidity = liquidityForDepth(10n ** 18n, Q96, true);

    expect(Number(liquidity) / 1e20).to.be.within(1.004975, 1.004976);
  });

  it("multiplies by the root when the quote is token0", function () {
    const aside = liquidityForDepth(10n ** 18n, 2n * Q96, false);

    // {tok0} = L / √P * (√1.02 − 1): at √P = 2 twice the liquidity of √P = 1
    expect(Number(aside) / 1e20).to.be.within(2.00995, 2.009952);
  });
});

describe("fullRangeAmounts", function () {
  it("asks for L/√P and L√P, rounded up", function () {
    // √P = 2: 1000 / 2 = 500 and 1000 * 2 = 2000, each plus one unit
    expect(fullRangeAmounts(1000n, 2n * Q96)).to.deep.equal([501n, 2001n]);
  });
});
