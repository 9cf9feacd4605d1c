import { expect } from "chai";

import { advanceTo, type Fixture, MONDAY, USDC, useFixture } from "./support/fixture.ts";
import { execute, batchFrom, type Leg, leg, type Signed } from "./support/rebalance.ts";
import { depositNow, publishBull } from "./support/situations.ts";

describe("Rebalancer: legs out of stablecoins", function () {
  let signed: Signed;

  const get = useFixture(async (fixture) => {
    await depositNow(fixture, "alice", 1_000_000n * USDC);
    await advanceTo(fixture, MONDAY + 60);
    signed = await publishBull(fixture);
  });

  describe("in batches", function () {
    const small = (fixture: Fixture): Leg => leg(fixture, ["usd-coin", "alpha"], 1000n * USDC);

    it("refuses a late duplicate by the position", async function () {
      const fixture = get();
      await execute(fixture, signed, [small(fixture)]);

      await expect(execute(fixture, signed, [small(fixture)]))
        .to.be.revertedWithCustomError(fixture.rebalancer, "PositionNotExpected")
        .withArgs(1, 0);
    });

    it("refuses a first batch that does not begin at zero", async function () {
      const fixture = get();

      await expect(execute(fixture, signed, batchFrom(1, [small(fixture)])))
        .to.be.revertedWithCustomError(fixture.rebalancer, "PositionNotExpected")
        .withArgs(0, 1);
    });

    it("end cleanly when gas is short", async function () {
      const fixture = get();
      const legs = Array.from({ length: 5 }, () => small(fixture));

      const { position, skipped } = await runWith(1_800_000n, legs);

      expect([position > 0n && position < 5n, skipped]).to.deep.equal([true, 0n]);
    });

    it("continue where gas was short", async function () {
      const fixture = get();
      const legs = Array.from({ length: 5 }, () => small(fixture));
      const { position } = await runWith(1_800_000n, legs);

      await execute(fixture, signed, batchFrom(Number(position), legs.slice(Number(position))));

      const { executed } = await fixture.rebalancer.running();
      expect(executed).to.equal(5);
    });

    it("run no leg at all without the gas for one", async function () {
      const fixture = get();

      const { position } = await runWith(1_200_000n, [small(fixture)]);

      expect(position).to.equal(0);
    });

    it("give the same holdings and head however the plan is split", async function () {
      const fixture = get();
      const legs = ["bitcoin", "alpha", "binancecoin"].map((id) => leg(fixture, ["usd-coin", id], 90_000n * USDC));
      const saved = await fixture.market.snapshot();
      await execute(fixture, signed, legs);
      const together = [await fixture.vault.ledger(), await fixture.vault.balances(2n ** 256n - 1n)];
      await fixture.market.revert(saved);

      for (const [position, single] of legs.entries()) await execute(fixture, signed, batchFrom(position, [single]));

      expect([await fixture.vault.ledger(), await fixture.vault.balances(2n ** 256n - 1n)]).to.deep.equal(together);
    });

    async function runWith(gasLimit: bigint, legs: readonly Leg[]) {
      const { rebalancer, people } = get();
      await rebalancer.connect(people.keeper).execute(signed.target, signed.weights, [...legs], 0, { gasLimit });
      return rebalancer.running();
    }
  });
});
