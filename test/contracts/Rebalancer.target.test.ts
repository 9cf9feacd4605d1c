import { expect } from "chai";

import {
  advanceBy,
  advanceTo,
  BULL,
  HOUR,
  now,
  USDC,
  useFixture,
  VETO_DELAY,
  WEEK_NUMBER,
  refreshTo,
} from "./support/fixture.ts";
import { execute, publish, send, sign, type TargetChange, type Weights, weightsOf } from "./support/rebalance.ts";
import { enterBull, publishBull, cashFund } from "./support/situations.ts";

describe("Rebalancer: targets", function () {
  const get = useFixture(cashFund);

  /** Signs the ordinary bull target but for a change. */
  const bull = (change: TargetChange = {}, weights: Weights = weightsOf(get(), BULL)) =>
    sign(get(), "bull", { weights, change });

  const bear = (change: TargetChange = {}) => sign(get(), "bear", { weights: { assets: [0], parts: [1e6] }, change });

  describe("starting", function () {
    it("refuses a bull target a second before its veto delay is over", async function () {
      const fixture = get();
      const signed = await publish(fixture, "bull");
      const executableAt = (await now(fixture)) + VETO_DELAY;
      await advanceTo(fixture, executableAt - 2);

      await expect(execute(fixture, signed, []))
        .to.be.revertedWithCustomError(fixture.registry, "TargetNotExecutableYet")
        .withArgs(signed.target.id, executableAt);
    });

    it("allows it when the veto delay is over", async function () {
      const fixture = get();
      const signed = await publish(fixture, "bull");
      await advanceBy(fixture, VETO_DELAY - 1);

      await execute(fixture, signed, []);

      expect((await fixture.rebalancer.running()).id).to.equal(signed.target.id);
    });

    it("allows a bear target at once", async function () {
      const fixture = get();
      const signed = await publish(fixture, "bear");

      await execute(fixture, signed, []);

      expect((await fixture.rebalancer.running()).id).to.equal(signed.target.id);
    });

    it("waits until a target is valid", async function () {
      const fixture = get();
      const validFrom = BigInt((await now(fixture)) + HOUR);
      const signed = await bear({ validFrom });
      await send(fixture, signed);

      await expect(execute(fixture, signed, []))
        .to.be.revertedWithCustomError(fixture.registry, "TargetNotExecutableYet")
        .withArgs(signed.target.id, validFrom);
    });

    it("refuses a target that has expired", async function () {
      const fixture = get();
      const validUntil = BigInt((await now(fixture)) + HOUR);
      const signed = await bear({ validUntil });
      await send(fixture, signed);
      await advanceBy(fixture, HOUR);

      await expect(execute(fixture, signed, []))
        .to.be.revertedWithCustomError(fixture.registry, "TargetExpired")
        .withArgs(signed.target.id, validUntil);
    });

    it("refuses a target that was never published", async function () {
      const fixture = get();
      const signed = await bear();

      await expect(execute(fixture, signed, []))
        .to.be.revertedWithCustomError(fixture.registry, "TargetUnknown")
        .withArgs(signed.target.id);
    });

    it("refuses another target with the id of the pending one", async function () {
      const fixture = get();
      const { target } = await publish(fixture, "bear");
      const other = await bear({ id: target.id, twinLevel: 7n });

      await expect(execute(fixture, other, []))
        .to.be.revertedWithCustomError(fixture.registry, "TargetUnknown")
        .withArgs(target.id);
    });

    it("refuses weights that were not signed", async function () {
      const fixture = get();
      const signed = await publish(fixture, "bear");
      const weights = { assets: [2], parts: [1_000_000] };

      await expect(execute(fixture, { ...signed, weights }, [])).to.be.revertedWithCustomError(
        fixture.rebalancer,
        "WeightsNotSigned",
      );
    });

    it("never runs a used id again", async function () {
      const fixture = get();
      await enterBull(fixture, 1_000_000n * USDC);
      const used = await fixture.rebalancer.lastId();

      await expect(send(fixture, await bull({ id: used })))
        .to.be.revertedWithCustomError(fixture.registry, "TargetIdUsed")
        .withArgs(used, used);
    });

    it("sets the regime", async function () {
      const fixture = get();

      await execute(fixture, await publishBull(fixture), []);

      expect([await fixture.rebalancer.regime(), await fixture.rebalancer.lastId()]).to.deep.equal([
        1n,
        WEEK_NUMBER * 8n,
      ]);
    });
  });

  describe("a veto", function () {
    it("withdraws a pending bull target", async function () {
      const fixture = get();
      const { target } = await publish(fixture, "bull");

      await fixture.registry.connect(fixture.people.guardian).veto(target.id);

      expect((await fixture.registry.pending()).id).to.equal(0);
    });

    it("is a line of the ledger", async function () {
      const fixture = get();
      const { vault, registry, people } = fixture;
      const { target } = await publish(fixture, "bull");

      const sent = await registry.connect(people.guardian).veto(target.id);

      const [sequence, head] = await vault.ledger();
      await expect(sent).to.emit(vault, "TargetVetoed").withArgs(target.id, people.guardian, sequence, head);
    });

    it("keeps the target from starting", async function () {
      const fixture = get();
      const signed = await publishBull(fixture);

      await fixture.registry.connect(fixture.people.guardian).veto(signed.target.id);

      await expect(execute(fixture, signed, []))
        .to.be.revertedWithCustomError(fixture.registry, "TargetUnknown")
        .withArgs(signed.target.id);
    });

    it("is refused from anyone but the guardian", async function () {
      const fixture = get();
      const { registry, rebalancer, people } = fixture;
      const { target } = await publish(fixture, "bull");

      await expect(registry.connect(people.keeper).veto(target.id))
        .to.be.revertedWithCustomError(rebalancer, "RoleMissing")
        .withArgs(people.keeper, 2);
    });

    it("is refused against a bear target", async function () {
      const fixture = get();
      const { registry, people } = fixture;
      const { target } = await publish(fixture, "bear");

      await expect(registry.connect(people.guardian).veto(target.id))
        .to.be.revertedWithCustomError(registry, "TargetNotVetoable")
        .withArgs(target.id);
    });

    it("is refused when nothing is pending", async function () {
      const { registry, people } = get();

      await expect(registry.connect(people.guardian).veto(0))
        .to.be.revertedWithCustomError(registry, "TargetNotVetoable")
        .withArgs(0);
    });

    it("is refused when the rebalance has begun", async function () {
      const fixture = get();
      const { registry, people } = fixture;
      const signed = await publishBull(fixture);
      await execute(fixture, signed, []);

      await expect(registry.connect(people.guardian).veto(signed.target.id))
        .to.be.revertedWithCustomError(registry, "TargetNotVetoable")
        .withArgs(signed.target.id);
    });
  });

  describe("while a bull target is pending", function () {
    it("voids it when a bear target is published", async function () {
      const fixture = get();
      const signed = await publish(fixture, "bull");
      await publish(fixture, "bear");
      await advanceBy(fixture, VETO_DELAY);

      await expect(execute(fixture, signed, []))
        .to.be.revertedWithCustomError(fixture.registry, "TargetUnknown")
        .withArgs(signed.target.id);
    });

    it("keeps everyone from striking at once", async function () {
      const fixture = get();
      await publish(fixture, "bull");

      await expect(fixture.rebalancer.strikeInStablecoins())
        .to.be.revertedWithCustomError(fixture.rebalancer, "NotInStablecoins")
        .withArgs();
    });

    it("keeps nobody from striking once it has expired", async function () {
      const fixture = get();
      const { target } = await publish(fixture, "bull");
      await refreshTo(fixture, Number(target.validUntil) + HOUR);

      await expect(fixture.rebalancer.strikeInStablecoins()).not.to.revert(fixture.ethers);
    });
  });
});
