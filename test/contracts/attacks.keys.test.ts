// What one stolen, lost or dishonest key can do alone.
import { anyValue } from "@nomicfoundation/hardhat-ethers-chai-matchers/withArgs";
import { expect } from "chai";

import {
  advanceBy,
  advanceTo,
  type Fixture,
  GAS_CAP,
  HOUR,
  MONDAY,
  openCappedFixture,
  stage,
  USDC,
  useFixture,
  VETO_DELAY,
  type WeightsByCoin,
  WHOLE,
  refreshTo,
  WEEK,
} from "./support/fixture.ts";
import { execute, held, publish, sales, send, sign, type TargetChange, weightsOf } from "./support/rebalance.ts";
import { depositNow, investedFund, publishBull } from "./support/situations.ts";

/** A bull target with all its parts within the caps. */
const MODEST: WeightsByCoin = { "usd-coin": 300_000, bitcoin: 700_000 };

function signBull(fixture: Fixture, change: TargetChange) {
  return sign(fixture, "bull", { weights: weightsOf(fixture, MODEST), change });
}

describe("Attack: a signature used again elsewhere", function () {
  const get = useFixture((fixture) => advanceTo(fixture, MONDAY + 60));

  it("on another chain is nobody's", async function () {
    const fixture = get();
    const signed = await signBull(fixture, { chainId: 1 });

    await expect(send(fixture, signed))
      .to.be.revertedWithCustomError(fixture.registry, "SignerUnknown")
      .withArgs(anyValue);
  });

  it("for another fund is nobody's", async function () {
    const fixture = get();
    const signed = await signBull(fixture, { verifyingContract: fixture.fund.addresses.lens });

    await expect(send(fixture, signed))
      .to.be.revertedWithCustomError(fixture.registry, "SignerUnknown")
      .withArgs(anyValue);
  });

  it("for the same target is refused", async function () {
    const fixture = get();
    const signed = await signBull(fixture, {});
    await send(fixture, signed);

    await expect(send(fixture, signed))
      .to.be.revertedWithCustomError(fixture.registry, "TargetIdUsed")
      .withArgs(signed.target.id, signed.target.id);
  });

  it("after a veto is refused once there is a newer target", async function () {
    const fixture = get();
    const { registry, people } = fixture;
    const signed = await signBull(fixture, {});
    await send(fixture, signed);
    const newer = await publish(fixture, "bear");

    await expect(send(fixture, signed))
      .to.be.revertedWithCustomError(registry, "TargetIdUsed")
      .withArgs(signed.target.id, newer.target.id);
    await expect(registry.connect(people.guardian).veto(signed.target.id))
      .to.be.revertedWithCustomError(registry, "TargetNotVetoable")
      .withArgs(signed.target.id);
  });
});

describe("Attack: a stolen signer's key", function () {
  const get = useFixture(async (fixture) => {
    await depositNow(fixture, "alice", 1_000_000n * USDC);
    await advanceTo(fixture, MONDAY + 60);
  }, openCappedFixture);

  async function publishes(fixture: Fixture, regime: "bear" | "bull", parts: WeightsByCoin) {
    return send(fixture, await sign(fixture, regime, { weights: weightsOf(fixture, parts) }));
  }

  it("cannot put everything into one coin", async function () {
    const fixture = get();

    await expect(publishes(fixture, "bull", { "usd-coin": 0, alpha: 1_000_000 }))
      .to.be.revertedWithCustomError(fixture.registry, "PartAboveCap")
      .withArgs(fixture.fund.indexOf("alpha"), 1_000_000, 150_000);
  });

  it("cannot hold coins in a bear target", async function () {
    const fixture = get();

    await expect(publishes(fixture, "bear", { "usd-coin": 900_000, alpha: 100_000 }))
      .to.be.revertedWithCustomError(fixture.registry, "WeightNotAllowed")
      .withArgs(fixture.fund.indexOf("alpha"));
  });

  it("cannot start what it signed before people could look at it", async function () {
    const fixture = get();
    const signed = await publish(fixture, "bull", MODEST);
    const { executableAt } = await fixture.registry.pending();

    await expect(execute(fixture, signed, []))
      .to.be.revertedWithCustomError(fixture.registry, "TargetNotExecutableYet")
      .withArgs(signed.target.id, executableAt);
  });

  it("is stopped by the guardian's veto", async function () {
    const fixture = get();
    const signed = await publish(fixture, "bull", MODEST);
    await fixture.registry.connect(fixture.people.guardian).veto(signed.target.id);
    await advanceBy(fixture, VETO_DELAY);

    await expect(execute(fixture, signed, []))
      .to.be.revertedWithCustomError(fixture.registry, "TargetUnknown")
      .withArgs(signed.target.id);
  });

  it("trades nothing itself", async function () {
    const fixture = get();
    const { rebalancer, people } = fixture;
    const { target, weights } = await publishBull(fixture, MODEST);

    await expect(rebalancer.connect(people.signer).execute(target, weights, [], 0))
      .to.be.revertedWithCustomError(rebalancer, "RoleMissing")
      .withArgs(people.signer, 1);
  });
});

describe("Attack: a guardian in bad faith", function () {
  const get = useFixture(investedFund);

  it("cannot veto an exit", async function () {
    const fixture = get();
    const { registry, people } = fixture;
    const { target } = await publish(fixture, "bear");

    await expect(registry.connect(people.guardian).veto(target.id))
      .to.be.revertedWithCustomError(registry, "TargetNotVetoable")
      .withArgs(target.id);
  });

  it("cannot stop an exit in kind by vetoing all else", async function () {
    const fixture = get();
    const { vault, registry, people } = fixture;
    await refreshTo(fixture, MONDAY + WEEK + 60);
    const { target } = await publish(fixture, "bull");
    await registry.connect(people.guardian).veto(target.id);

    await vault
      .connect(people.alice)
      .redeemInKind(1_000_000n * WHOLE, people.alice, people.alice, [], [], { gasLimit: GAS_CAP });

    expect(await vault.totalSupply()).to.equal(0);
  });

  it("opens the extra budget of an exit once and no further", async function () {
    const fixture = get();
    const { rebalancer, people, lens } = fixture;
    await execute(fixture, await publish(fixture, "bear"), []);

    await rebalancer.connect(people.guardian).agreeToExtraExit();
    await rebalancer.connect(people.guardian).agreeToExtraExit();

    const { budgets } = await lens.status();
    // 1.5 % and 3 % more, whatever is agreed to.
    expect([budgets.isExtraOpen, budgets.exitLimit + budgets.exitExtra]).to.deep.equal([true, 45n * 10n ** 15n]);
  });
});

describe("Attack: a keeper who is silent", function () {
  const get = useFixture(investedFund);

  it("holds no exit up for longer than two hours", async function () {
    const fixture = get();
    const { rebalancer, people } = fixture;
    const { target, weights } = await publish(fixture, "bear");
    const legs = await sales(fixture, ["bitcoin"]);
    await advanceBy(fixture, 2 * HOUR);

    await rebalancer.connect(people.stranger).execute(target, weights, legs, 0, { gasLimit: GAS_CAP });

    expect(await held(fixture, "bitcoin")).to.equal(1);
  });

  describe("while nobody signs anything either", function () {
    stage(get, (fixture) => advanceBy(fixture, 60 * 86_400));

    it("leaves the way out in kind", async function () {
      const { vault, people } = get();

      await vault
        .connect(people.alice)
        .redeemInKind(1_000_000n * WHOLE, people.alice, people.alice, [], [], { gasLimit: GAS_CAP });

      expect(await vault.heldSet()).to.equal(0);
    });
  });
});
