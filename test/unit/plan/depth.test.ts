// Tests of a pool's depth against the whitepaper's formulas and the swap itself.
import { expect } from "chai";

import { depthUnits } from "../../../src/plan/depth.ts";
import { type PoolState, swapExactIn } from "../../../src/plan/pool.ts";
import { expectClose } from "../../close.ts";

const TOKEN0 = "0x0000000000000000000000000000000000000001";
const TOKEN1 = "0x0000000000000000000000000000000000000002";

/** Price 1; liquidity 10^18 from tick -6000 to 6000, and as much again from -60 to 60. */
const POOL: PoolState = {
  address: "0x0000000000000000000000000000000000000009",
  token0: TOKEN0,
  token1: TOKEN1,
  fee: 3000,
  tickSpacing: 60,
  sqrtPriceX96: 2n ** 96n,
  liquidity: 2n * 10n ** 18n,
  tick: 0,
  ticks: [
    { index: -6000, liquidityNet: 10n ** 18n },
    { index: -60, liquidityNet: 10n ** 18n },
    { index: 60, liquidityNet: -(10n ** 18n) },
    { index: 6000, liquidityNet: -(10n ** 18n) },
  ],
  knownFrom: -15_360,
  knownTo: 15_300,
};

describe("depthUnits", function () {
  it("is the whitepaper's sum over the ranges on the way, for the lower token", function () {
    const edge = 1.0001 ** -30; // root at tick -60

    // 2e18 (1/edge - 1) down to tick -60, then 1e18 (1/sqrt(0.99) - 1/edge)
    const byHand = 2e18 * (1 / edge - 1) + 1e18 * (1 / Math.sqrt(0.99) - 1 / edge);
    expectClose(depthUnits(POOL, TOKEN0, 0.01) / byHand, 1, 1e-9);
  });

  it("is the same for the other token in a pool that is the same both ways", function () {
    expectClose(depthUnits(POOL, TOKEN1, 0.01) / depthUnits(POOL, TOKEN0, 0.01), 1, 1e-9);
  });

  it("moves the pool by that part when it is swapped with the fee on top", function () {
    const amount = BigInt(Math.round(depthUnits(POOL, TOKEN0, 0.01) / 0.997));

    const root = Number(swapExactIn(POOL, TOKEN0, amount)?.after.sqrtPriceX96) / 2 ** 96;
    expectClose(root ** 2, 0.99, 1e-6);
    expect(root).to.be.lessThan(1);
  });
});
