// Tests of src/plan/worth-gas.ts: what costs more gas than it is worth is left out where a rebalance can end without it.
import { expect } from "chai";
import fc from "fast-check";

import { WAD, wad } from "../../../src/core/units.ts";
import { finishBand } from "../../../src/plan/target-band.ts";
import type { Change } from "../../../src/plan/trade-band.ts";
import { worthTheirGas } from "../../../src/plan/worth-gas.ts";

const usd = (amount: number) => wad(BigInt(Math.round(amount * 100)) * 10n ** 16n);

/** Assets with the value held and the target, in whole dollars, of a fund of 100,000; each leg costs 20 USD of gas. */
function kept(
  assets: readonly (readonly [value: number, target: number])[],
  {
    isBound = () => false,
    cashTarget = 1000,
    spare,
  }: { isBound?: (change: Change) => boolean; cashTarget?: number; spare?: number } = {},
): number[] {
  const positions = assets.map(([value, target], asset) => ({ asset, value: usd(value), target: usd(target) }));
  const changes = positions.flatMap(({ asset, value, target }): Change[] =>
    value === target ? [] : [{ asset, amount: target - value, cause: "below target" }],
  );
  const sum = assets.reduce((total, [value, target]) => total + target - value, 0);
  return worthTheirGas({
    ...{ changes, positions, nav: usd(100_000), cashTarget: usd(cashTarget), isBound },
    spareCash: BigInt(spare ?? sum) * WAD, // the cash just pays for the changes
    gasOf: () => 20n * WAD,
  }).map(({ asset }) => asset);
}

describe("worthTheirGas", function () {
  // A rebalance may end 3 bps of 100,000 USD = 30 USD or 30 % of a target off it; nine tenths of that count here.

  it("leaves out what is worth less than its gas, and nothing that is worth as much", function () {
    expect(
      kept([
        [0, 19],
        [0, 20],
        [0, 500],
      ]),
    ).to.deep.equal([1, 2]);
    expect(
      kept([
        [19, 0],
        [20, 0],
      ]),
    ).to.deep.equal([1]);
  });

  it("trades what the rebalance cannot end without", function () {
    expect(kept([[50, 31]])).to.deep.equal([]); // 19 USD off 31: within 27 USD
    expect(kept([[0, 28]])).to.deep.equal([0]); // worth 28 USD of 20
  });

  it("trades what it must, whatever it costs", function () {
    expect(
      kept(
        [
          [5, 0],
          [6, 0],
        ],
        { isBound: ({ asset }) => asset === 0 },
      ),
    ).to.deep.equal([0]);
  });

  it("leaves out no more than the deposit coin may be off its target, the smallest first", function () {
    // Nine tenths of 30 % of 100 USD are 27 USD, of 3 bps of NAV as well: 12 and 13 USD fit, 14 more do not.
    expect(
      kept(
        [
          [0, 14],
          [0, 12],
          [0, 13],
        ],
        { cashTarget: 0 },
      ),
    ).to.deep.equal([0]);
  });

  it("lets sales and purchases that are left out pay for each other", function () {
    expect(
      kept(
        [
          [0, 15],
          [16, 0],
          [0, 17],
          [18, 0],
        ],
        { cashTarget: 0 },
      ),
    ).to.deep.equal([]);
  });

  it("keeps the end of the rebalance within the contract's bands (law)", function () {
    const cents = fc.integer({ min: 0, max: 60 });
    fc.assert(
      fc.property(fc.array(fc.tuple(cents, cents), { maxLength: 40 }), (assets) => {
        const left = new Set(kept(assets, { cashTarget: 0 }));
        const out = assets.map(([value, target], asset) => ({ off: target - value, target, asset }));
        const dropped = out.filter(({ asset, off }) => off !== 0 && !left.has(asset));
        const isFine = (off: number, target: number): boolean =>
          usd(Math.abs(off)) <= finishBand(usd(target), usd(100_000));
        expect(dropped.every(({ off, target }) => isFine(off, target))).to.equal(true);
        expect(
          isFine(
            dropped.reduce((sum, { off }) => sum + off, 0),
            0,
          ),
        ).to.equal(true);
      }),
    );
  });
});
