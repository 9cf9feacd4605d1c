import { expect } from "chai";
import fc from "fast-check";

import { type PoolState, spotOutput, swapExactIn } from "../../../src/plan/pool.ts";
import { OutOfRangeError } from "../../../src/core/errors.ts";
import { BTC, UNI, USDC, WETH, addressOf, fullRangePool, units, usd } from "./support.ts";

/** Price one, liquidity 10^18, fee 0.3 %: small enough to work out by hand. */
const EVEN: PoolState = {
  address: addressOf(9),
  token0: addressOf(0),
  token1: addressOf(1),
  fee: 3000,
  tickSpacing: 60,
  sqrtPriceX96: 2n ** 96n,
  liquidity: 10n ** 18n,
  tick: 0,
  ticks: [
    { index: -120, liquidityNet: 10n ** 18n },
    { index: 120, liquidityNet: -(10n ** 18n) },
  ],
  knownFrom: -256 * 60,
  knownTo: 256 * 60 - 60,
};

describe("swapExactIn", function () {
  it("gives what the constant product gives", function () {
    // 10^15 in, less 0.3 %: 997 * 10^12 added to 10^18; out = 10^18 - 10^36 / (10^18 + 997 * 10^12)
    const expected = 10n ** 18n - (10n ** 36n + 10n ** 18n + 997n * 10n ** 12n - 1n) / (10n ** 18n + 997n * 10n ** 12n);

    const swap = swapExactIn(EVEN, addressOf(1), 10n ** 15n);

    expect(Number((swap?.amountOut ?? 0n) - expected)).to.be.within(-2, 2); // Q64.96 keeps about 10^-28 of the price
  });

  it("moves the pool, so that the same swap brings less the next time", function () {
    const first = swapExactIn(EVEN, addressOf(0), 10n ** 15n);
    const second = swapExactIn(first?.after ?? EVEN, addressOf(0), 10n ** 15n);

    expect(second?.amountOut).to.be.lessThan(Number(first?.amountOut));
    expect(EVEN.sqrtPriceX96).to.equal(2n ** 96n);
  });

  it("takes nothing that the known liquidity cannot hold", function () {
    expect(swapExactIn(EVEN, addressOf(0), 10n ** 18n)).to.equal(undefined);
  });

  it("goes on with the liquidity behind a tick", function () {
    const deeper: PoolState = {
      ...EVEN,
      ticks: [
        { index: -600, liquidityNet: 10n ** 18n },
        { index: -120, liquidityNet: 0n },
        { index: 120, liquidityNet: -(10n ** 18n) },
      ],
    };

    // 120 ticks are 0.6 % of the liquidity in token 0, so 10^16 crosses one of them
    const swap = swapExactIn(deeper, addressOf(0), 10n ** 16n);

    expect(swap?.after.tick).to.be.within(-600, -121);
  });

  it("refuses a token that is not in the pool", function () {
    expect(() => swapExactIn(EVEN, addressOf(7), 1n)).to.throw(OutOfRangeError);
  });

  it("never brings more than the spot price, and never profits on the way back", function () {
    const pools = [fullRangePool(UNI, WETH), fullRangePool(BTC, USDC)] as const;
    fc.assert(
      fc.property(fc.bigInt(10n ** 4n, 10n ** 12n), fc.constantFrom(...pools), (amount, pool) => {
        const there = swapExactIn(pool, pool.token0, amount);
        if (there === undefined || there.amountOut === 0n) return;
        const back = swapExactIn(there.after, pool.token1, there.amountOut);

        expect(there.amountOut <= spotOutput(pool, pool.token0, amount)).to.equal(true);
        expect((back?.amountOut ?? 0n) < amount).to.equal(true);
      }),
      { numRuns: 50 },
    );
  });
});

describe("spotOutput", function () {
  it("is the price less the fee", function () {
    const pool = fullRangePool(WETH, USDC, 500);

    const output = spotOutput(pool, addressOf(1), 10n ** 18n);

    expect(output).to.be.within(1_998_999_998n, 1_999_000_002n); // 2,000 USDC less 0.05 %
    expect(units(WETH, usd(2000))).to.equal(10n ** 18n);
  });
});
