import { expect } from "chai";

import { BULL, HOUR, MONDAY, refreshTo, USDC, useFixture, WEEK_NUMBER, WHOLE } from "./support/fixture.ts";
import { batchFrom, buysWithUsdc, execute, executeAndFinish, finish, held, leg, publish } from "./support/rebalance.ts";
import { publishBull, cashFund } from "./support/situations.ts";

const PAIR = { "usd-coin": 800_000, alpha: 200_000 } as const;

describe("Rebalancer: the end of a rebalance", function () {
  const get = useFixture(cashFund);

  it("is refused to anyone but the keeper", async function () {
    const fixture = get();
    const { rebalancer, people } = fixture;
    const { target, weights } = await publish(fixture, "bear");

    await expect(rebalancer.connect(people.alice).finish(target, weights))
      .to.be.revertedWithCustomError(rebalancer, "RoleMissing")
      .withArgs(people.alice, 1);
  });

  it("is refused before the start", async function () {
    const fixture = get();
    const signed = await publish(fixture, "bear");

    await expect(finish(fixture, signed))
      .to.be.revertedWithCustomError(fixture.rebalancer, "NoRebalanceUnderWay")
      .withArgs(signed.target.id);
  });

  it("is refused twice", async function () {
    const fixture = get();
    const signed = await publish(fixture, "bear");
    await executeAndFinish(fixture, signed, []);

    await expect(finish(fixture, signed))
      .to.be.revertedWithCustomError(fixture.rebalancer, "NoRebalanceUnderWay")
      .withArgs(signed.target.id);
  });

  it("is refused with weights that were not signed", async function () {
    const fixture = get();
    const signed = await publish(fixture, "bear");
    await execute(fixture, signed, []);

    await expect(
      finish(fixture, { ...signed, weights: { assets: [2], parts: [1_000_000] } }),
    ).to.be.revertedWithCustomError(fixture.rebalancer, "WeightsNotSigned");
  });

  it("leaves no rebalance under way", async function () {
    const fixture = get();

    await executeAndFinish(fixture, await publish(fixture, "bear"), []);

    expect((await fixture.rebalancer.running()).id).to.equal(0);
  });

  describe("with wrapped ether in transit", function () {
    it("is refused", async function () {
      const fixture = get();
      const signed = await publishBull(fixture);
      await execute(fixture, signed, buysWithUsdc(fixture, BULL, 1_000_000n * USDC));

      await expect(finish(fixture, signed))
        .to.be.revertedWithCustomError(fixture.rebalancer, "TransitLeft")
        .withArgs(await held(fixture, "transit"));
    });

    it("is refused after the deadline too", async function () {
      const fixture = get();
      const signed = await publishBull(fixture);
      await execute(fixture, signed, buysWithUsdc(fixture, BULL, 1_000_000n * USDC));
      await refreshTo(fixture, MONDAY + 48 * HOUR);

      await expect(finish(fixture, signed)).to.be.revertedWithCustomError(fixture.rebalancer, "TransitLeft");
    });
  });

  describe("with an asset outside its band", function () {
    it("is refused when nothing was bought", async function () {
      const fixture = get();
      const signed = await publishBull(fixture, PAIR);
      await execute(fixture, signed, []);

      // 20 % of 1,000,000 USD
      await expect(finish(fixture, signed))
        .to.be.revertedWithCustomError(fixture.rebalancer, "AssetOutsideBand")
        .withArgs(fixture.fund.indexOf("alpha"), 0, 200_000n * WHOLE);
    });

    it("passes at 70 % of the target", async function () {
      const fixture = get();
      const signed = await publishBull(fixture, PAIR);
      // The band is 30 % of 200,000 USD: from 140,000 USD on, and the pool's fee and the impact cost less than 100.
      const buy = leg(fixture, ["usd-coin", "alpha"], 140_100n * USDC);

      await executeAndFinish(fixture, signed, [buy]);

      expect((await fixture.rebalancer.running()).id).to.equal(0);
    });

    it("is refused below 70 % of the target", async function () {
      const fixture = get();
      const signed = await publishBull(fixture, PAIR);
      await execute(fixture, signed, [leg(fixture, ["usd-coin", "alpha"], 139_900n * USDC)]);

      await expect(finish(fixture, signed)).to.be.revertedWithCustomError(fixture.rebalancer, "AssetOutsideBand");
    });

    it("stays open below 70 % of the target, with what its legs have done", async function () {
      const fixture = get();
      const signed = await publishBull(fixture, PAIR);

      await executeAndFinish(fixture, signed, [leg(fixture, ["usd-coin", "alpha"], 139_900n * USDC)]);

      const { id, executed, position } = await fixture.rebalancer.running();
      expect([id, executed, position]).to.deep.equal([signed.target.id, 1n, 1n]);
      expect(await held(fixture, "alpha")).to.be.above(0n);
    });

    it("stays open with ether in transit", async function () {
      const fixture = get();
      const signed = await publishBull(fixture, PAIR);

      await executeAndFinish(fixture, signed, [
        leg(fixture, ["usd-coin", "alpha"], 200_000n * USDC),
        leg(fixture, ["usd-coin", "transit"], 1000n * USDC),
      ]);

      expect((await fixture.rebalancer.running()).id).to.equal(signed.target.id);
      await expect(finish(fixture, signed)).to.be.revertedWithCustomError(fixture.rebalancer, "TransitLeft");
    });

    it("passes when its token does not move", async function () {
      const fixture = get();
      const signed = await publishBull(fixture, PAIR);
      await fixture.market.freezeToken("alpha");

      await executeAndFinish(fixture, signed, [leg(fixture, ["usd-coin", "alpha"], 200_000n * USDC)]);

      expect((await fixture.rebalancer.running()).id).to.equal(0);
    });

    it("counts the skipped legs", async function () {
      const fixture = get();
      const { vault } = fixture;
      const signed = await publishBull(fixture, PAIR);
      await fixture.market.freezeToken("alpha");
      const hopeless = leg(fixture, ["usd-coin", "alpha"], 200_000n * USDC);

      const sent = await executeAndFinish(fixture, signed, [hopeless, hopeless]);

      const [sequence, head] = await vault.ledger();
      await expect(sent)
        .to.emit(vault, "RebalanceFinished")
        .withArgs(
          ...[signed.target.id, "bull", 1_000_000n * WHOLE, 1_000_000n * WHOLE, 0, 0, 2, 1000n * WHOLE],
          ...[sequence, head],
        );
    });

    it("is refused when a leg after the skipped one was executed", async function () {
      const fixture = get();
      const signed = await publishBull(fixture, PAIR);
      const small = leg(fixture, ["usd-coin", "alpha"], 1000n * USDC);
      await fixture.market.freezeToken("alpha");
      await execute(fixture, signed, [small]);
      await fixture.market.thawToken("alpha");
      await execute(fixture, signed, batchFrom(1, [small]));

      await expect(finish(fixture, signed)).to.be.revertedWithCustomError(fixture.rebalancer, "AssetOutsideBand");
    });

    it("passes after the deadline", async function () {
      const fixture = get();
      const signed = await publishBull(fixture, PAIR);
      await execute(fixture, signed, []);
      await refreshTo(fixture, MONDAY + 48 * HOUR);

      await finish(fixture, signed);

      expect((await fixture.rebalancer.running()).id).to.equal(0);
    });
  });

  it("leaves the id of the target as the last one", async function () {
    const fixture = get();

    await executeAndFinish(fixture, await publish(fixture, "bear"), []);

    expect(await fixture.rebalancer.lastId()).to.equal(WEEK_NUMBER * 8n);
  });
});
