import { expect } from "chai";

import {
  advanceBy,
  advanceTo,
  GAS_CAP,
  HOUR,
  MONDAY,
  refreshTo,
  stage,
  USDC,
  useFixture,
  VETO_DELAY,
} from "./support/fixture.ts";
import { publish, type Signed, sales } from "./support/rebalance.ts";
import { depositNow, enterBull } from "./support/situations.ts";

const PAIR = { "usd-coin": 800_000, alpha: 200_000 } as const;
const KEEPER = 1n;
/** An estimate would find the least gas with which the call passes: without running a leg. */
const FULL_GAS = { gasLimit: GAS_CAP };

describe("Rebalancer: when the keeper is silent", function () {
  const get = useFixture(async (fixture) => {
    await depositNow(fixture, "alice", 1_000_000n * USDC);
    await advanceTo(fixture, MONDAY + 60);
    await enterBull(fixture, 1_000_000n * USDC, PAIR);
  });

  describe("about a signed exit", function () {
    let signed: Signed;
    stage(get, async (fixture) => {
      signed = await publish(fixture, "bear");
    });

    it("lets nobody else act within two hours", async function () {
      const fixture = get();
      const { rebalancer, people } = fixture;
      await advanceBy(fixture, 2 * HOUR - 60);

      await expect(rebalancer.connect(people.stranger).execute(signed.target, signed.weights, [], 0))
        .to.be.revertedWithCustomError(rebalancer, "RoleMissing")
        .withArgs(people.stranger.address, KEEPER);
    });

    it("lets anyone leave the market after two hours", async function () {
      const fixture = get();
      const { rebalancer, people, vault } = fixture;
      await advanceBy(fixture, 2 * HOUR);
      const legs = await sales(fixture, ["alpha"]);

      await rebalancer.connect(people.stranger).executeAndFinish(signed.target, signed.weights, legs, 0, FULL_GAS);

      expect(await vault.heldSet()).to.equal(1n); // nothing but the deposit coin
    });

    it("lets anyone go on two hours after the keeper began", async function () {
      const fixture = get();
      const { rebalancer, people } = fixture;
      await rebalancer.connect(people.keeper).execute(signed.target, signed.weights, [], 0);
      await advanceBy(fixture, 2 * HOUR);
      const legs = await sales(fixture, ["alpha"]);
      await rebalancer.connect(people.stranger).execute(signed.target, signed.weights, legs, 0, FULL_GAS);

      await rebalancer.connect(people.alice).finish(signed.target, signed.weights);

      expect((await rebalancer.running()).id).to.equal(0);
    });

    it("lets nobody else end it before", async function () {
      const { rebalancer, people } = get();
      await rebalancer.connect(people.keeper).execute(signed.target, signed.weights, [], 0);

      await expect(rebalancer.connect(people.stranger).finish(signed.target, signed.weights))
        .to.be.revertedWithCustomError(rebalancer, "RoleMissing")
        .withArgs(people.stranger.address, KEEPER);
    });
  });

  it("lets nobody else enter the market, however late", async function () {
    const fixture = get();
    const { rebalancer, people } = fixture;
    await refreshTo(fixture, MONDAY + 7 * 24 * HOUR);
    const signed = await publish(fixture, "bull", PAIR);
    await advanceBy(fixture, VETO_DELAY + 3 * HOUR);

    await expect(rebalancer.connect(people.stranger).execute(signed.target, signed.weights, [], 0))
      .to.be.revertedWithCustomError(rebalancer, "RoleMissing")
      .withArgs(people.stranger.address, KEEPER);
  });
});
