import { expect } from "chai";
import fc from "fast-check";

import { tokenUnits } from "../../../src/core/units.ts";
import { CASH, TRANSIT } from "../../../src/plan/holdings.ts";
import { type PlanInput, planRebalance } from "../../../src/plan/plan.ts";
import { SHARES, market, requireExecutable } from "./executable.ts";
import { WETH, inputOf, units, usd } from "./support.ts";

describe("laws of planRebalance", function () {
  const value = fc.integer({ min: 0, max: 400_000 });
  const weight = fc.integer({ min: 0, max: 100 });
  const books = fc.record({
    values: fc.tuple(value, value, value, value, value, value),
    parts: fc.tuple(weight, weight, weight, weight, weight),
    redeemed: fc.integer({ min: 0, max: 50 }),
    deposits: fc.integer({ min: 0, max: 500_000 }),
    transit: fc.integer({ min: 0, max: 50_000 }),
  });
  const inputFrom = (drawn: typeof books extends fc.Arbitrary<infer Drawn> ? Drawn : never): PlanInput => {
    const total = drawn.parts.reduce((sum, part) => sum + part, 0) || 1;
    const parts = drawn.parts.map((part) => Math.floor((part / total) * 1_000_000));
    const assets = market(drawn.values, [1_000_000 - parts.reduce((sum, part) => sum + part, 0), ...parts]);
    return inputOf({
      assets,
      supply: SHARES,
      sharesDue: (SHARES * BigInt(drawn.redeemed)) / 100n,
      depositsDue: tokenUnits(BigInt(drawn.deposits) * 10n ** 6n),
      transit: tokenUnits(units(WETH, usd(drawn.transit))),
    });
  };

  it("never sells more than is held, never passes a target and leaves one unit in transit", function () {
    fc.assert(
      fc.property(books, (drawn) => {
        const input = inputFrom(drawn);
        const plan = planRebalance(input);

        const balances = requireExecutable(input, plan);

        // What the ether pool does not take within the limits stays, and is said.
        const isThin = plan.leftOut.some(({ asset }) => asset === TRANSIT);
        expect(isThin || (balances.get(TRANSIT) ?? 0n) <= 1n).to.equal(true);
      }),
      { numRuns: 150, seed: 1 },
    );
  });

  it("always has the deposit coin that the redemptions take", function () {
    fc.assert(
      fc.property(books, (drawn) => {
        const plan = planRebalance(inputFrom(drawn));

        // Where the ether pool does not take all within the limits, the finish waits for the next plan.
        const isThin = plan.leftOut.some(({ asset }) => asset === TRANSIT);
        expect(isThin || (plan.expected.get(CASH) ?? 0n) * 10n ** 12n >= plan.aim.owed).to.equal(true);
      }),
      {
        numRuns: 100,
        seed: 1,
        // Once 0.18 USD short: less than the band in which a lack of cash moves nothing.
        examples: [
          [
            {
              values: [0, 0, 27_872, 14_717, 31_884, 32_754],
              parts: [0, 80, 42, 91, 0],
              redeemed: 47,
              deposits: 4,
              transit: 33_559,
            },
          ],
        ],
      },
    );
  });

  it("is the same plan for the same input", function () {
    fc.assert(
      fc.property(books, (drawn) => {
        expect(planRebalance(inputFrom(drawn)).hash).to.equal(planRebalance(inputFrom(drawn)).hash);
      }),
      { numRuns: 20 },
    );
  });
});
