import { expect } from "chai";

import { unixSeconds } from "../../src/core/units.ts";
import { type Fixture, now, stage, USDC, useFixture } from "./support/fixture.ts";
import { reasonsOf } from "./support/reading.ts";
import { batchFrom, execute, executeAndFinish, finish, held, leg, publish, sales } from "./support/rebalance.ts";
import { enterBull, cashFund } from "./support/situations.ts";

const ALL_TETHER = { tether: 1_000_000 } as const;

/** The market goes there within the hour, feeds and pools alike. */
async function moveTo(fixture: Fixture, prices: Readonly<Record<string, number>>): Promise<void> {
  const at = unixSeconds((await now(fixture)) + 3600);
  await fixture.market.moveTo({ prices: new Map(Object.entries(prices)), at, steps: 1 });
}

describe("Rebalancer: a stablecoin away from a dollar", function () {
  const get = useFixture(cashFund);

  describe("with the deposit coin at 0.90 and another one at 1", function () {
    stage(get, (fixture) => moveTo(fixture, { "usd-coin": 0.9, tether: 1 }));

    it("is rotated out on any day, and back when it has recovered", async function () {
      const fixture = get();
      const out = await publish(fixture, "bear", ALL_TETHER);
      const all = (await held(fixture, "usd-coin")) - 1n;
      await executeAndFinish(fixture, out, [leg(fixture, ["usd-coin", "tether"], all)]);
      // 1,000,000 USDC at 0.90 are 900,000 USDT, less 0.01 % for the pool and 0.02 % of impact.
      expect(await held(fixture, "tether")).to.be.within(899_500n * USDC, 900_000n * USDC);
      expect(await fixture.vault.heldSet()).to.equal(1n << BigInt(fixture.fund.indexOf("tether")));

      await moveTo(fixture, { "usd-coin": 1 });
      const back = await publish(fixture, "bear", { "usd-coin": 600_000, tether: 400_000 });
      await executeAndFinish(fixture, back, [leg(fixture, ["tether", "usd-coin"], 540_000n * USDC)]);

      expect(await held(fixture, "usd-coin")).to.be.within(539_600n * USDC, 540_000n * USDC);
    });

    it("is charged to the exit, not to the rebalances", async function () {
      const fixture = get();
      const out = await publish(fixture, "bear", ALL_TETHER);

      await execute(fixture, out, [leg(fixture, ["usd-coin", "tether"], 500_000n * USDC)]);

      expect((await fixture.rebalancer.running()).spent).to.be.above(0);
      expect(await fixture.rebalancer.lossInWindow()).to.equal(0);
    });

    it("may go through ether in bear", async function () {
      const fixture = get();
      const out = await publish(fixture, "bear", ALL_TETHER);

      const sent = await execute(fixture, out, [leg(fixture, ["usd-coin", "transit"], 500_000n * USDC)]);

      expect(await reasonsOf(fixture, sent)).to.deep.equal([]);
    });

    it("is not bought, the deposit coin neither", async function () {
      const fixture = get();
      const out = await publish(fixture, "bear", ALL_TETHER);
      await execute(fixture, out, [leg(fixture, ["usd-coin", "transit"], 500_000n * USDC)]);

      const sent = await execute(fixture, out, batchFrom(1, await sales(fixture, ["transit"])));

      expect(await reasonsOf(fixture, sent)).to.deep.equal(["off its peg"]);
    });
  });

  it("keeps an exit open with the proceeds in transit when no other is near a dollar", async function () {
    const fixture = get();
    await enterBull(fixture, 1_000_000n * USDC, { "usd-coin": 800_000, gamma: 200_000 });
    await moveTo(fixture, { "usd-coin": 0.9 }); // tether and dai stand at 0.98
    const signed = await publish(fixture, "bear");

    await execute(fixture, signed, await sales(fixture, ["gamma"]));
    const sent = await execute(fixture, signed, batchFrom(1, await sales(fixture, ["transit"])));

    expect(await reasonsOf(fixture, sent)).to.deep.equal(["off its peg"]);
    await expect(finish(fixture, signed))
      .to.be.revertedWithCustomError(fixture.rebalancer, "TransitLeft")
      .withArgs(await held(fixture, "transit"));
  });

  for (const [price, isBought] of [
    [0.986, true],
    [0.984, false],
    [1.014, true],
    [1.016, false],
  ] as const) {
    it(`${isBought ? "is" : "is not"} bought at ${price}`, async function () {
      const fixture = get();
      await moveTo(fixture, { dai: price });
      const signed = await publish(fixture, "bear", { "usd-coin": 500_000, dai: 500_000 });

      const sent = await execute(fixture, signed, [leg(fixture, ["usd-coin", "dai"], 1000n * USDC)]);

      expect(await reasonsOf(fixture, sent)).to.deep.equal(isBought ? [] : ["off its peg"]);
    });
  }
});
