import { expect } from "chai";

import { type Fixture, MONDAY, refreshTo, stage, USDC, useFixture, WEEK, WHOLE } from "./support/fixture.ts";
import { gasOf } from "./support/reading.ts";
import { depositNow, requestDeposit, requestRedeem } from "./support/situations.ts";

/** {gas} For one request and for one claim. */
const LIMIT = 110_000n;

/** Requests of two earlier epochs are due, and this week's is the third. */
async function waitInThreeEpochs(fixture: Fixture): Promise<void> {
  for (const week of [1, 2]) {
    await refreshTo(fixture, MONDAY + week * WEEK);
    await requestDeposit(fixture, "bob", 10n * USDC);
    await requestRedeem(fixture, "alice", 10n * WHOLE);
  }
  await refreshTo(fixture, MONDAY + 3 * WEEK);
}

describe("IndexVault: gas of a request and a claim", function () {
  // Somebody else is in the queue already: the first request of all pays for the queue's own slots, once.
  const get = useFixture(async (fixture) => {
    await depositNow(fixture, "alice", 1000n * USDC);
    await requestRedeem(fixture, "alice", 100n * WHOLE);
    await requestDeposit(fixture, "carol", 10n * USDC);
  });

  for (const what of ["first", "second"] as const) {
    it(`the ${what} deposit request of an account is within the limit`, async function () {
      const fixture = get();
      if (what === "second") await depositNow(fixture, "bob", 10n * USDC);

      expect(await gasOf(await requestDeposit(fixture, "bob", 10n * USDC))).to.be.below(LIMIT);
    });

    it(`the ${what} redemption request of an account is within the limit`, async function () {
      const fixture = get();
      const { vault, people } = fixture;
      await vault.connect(people.alice).transfer(people.bob, 100n * WHOLE);
      if (what === "second") await requestRedeem(fixture, "bob", 10n * WHOLE);

      expect(await gasOf(await requestRedeem(fixture, "bob", 10n * WHOLE))).to.be.below(LIMIT);
    });
  }

  describe("when two earlier epochs are due", function () {
    stage(get, waitInThreeEpochs);

    it("a deposit request is within the limit", async function () {
      const fixture = get();

      expect(await gasOf(await requestDeposit(fixture, "bob", 10n * USDC))).to.be.below(LIMIT);
    });

    it("a redemption request is within the limit", async function () {
      const fixture = get();

      expect(await gasOf(await requestRedeem(fixture, "alice", 10n * WHOLE))).to.be.below(LIMIT);
    });

    describe("and a third is struck with them", function () {
      stage(get, async (fixture) => {
        await requestDeposit(fixture, "bob", 10n * USDC);
        await requestRedeem(fixture, "alice", 10n * WHOLE);
        await fixture.rebalancer.strikeInStablecoins();
      });

      it("a claim of shares is within the limit", async function () {
        const { vault, people } = get();

        const claim = await vault
          .connect(people.bob)
          ["deposit(uint256,address,address)"](30n * USDC, people.bob, people.bob);

        expect(await gasOf(claim)).to.be.below(LIMIT);
      });

      it("a claim of money is within the limit", async function () {
        const { vault, people } = get();

        const claim = await vault.connect(people.alice).redeem(130n * WHOLE, people.alice, people.alice);

        expect(await gasOf(claim)).to.be.below(LIMIT);
      });
    });
  });

  it("a claim of a part is within the limit", async function () {
    const fixture = get();
    const { vault, people, rebalancer } = fixture;
    await requestDeposit(fixture, "bob", 10n * USDC);
    await rebalancer.strikeInStablecoins();

    const claim = await vault
      .connect(people.bob)
      ["deposit(uint256,address,address)"](7n * USDC, people.bob, people.bob);

    expect(await gasOf(claim)).to.be.below(LIMIT);
  });
});
