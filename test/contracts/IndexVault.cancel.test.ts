import { expect } from "chai";

import { unixSeconds } from "../../src/core/units.ts";
import { advanceTo, type Fixture, MONDAY, refreshTo, stage, USDC, useFixture, WHOLE } from "./support/fixture.ts";
import { execute, publish } from "./support/rebalance.ts";
import { depositNow, requestDeposit, requestRedeem } from "./support/situations.ts";

/** Takes alice's requests of an epoch back for her, unless told otherwise. */
function cancelDeposit({ vault, people }: Fixture, epoch: number, sender = people.alice) {
  return vault.connect(sender).cancelDepositRequest(epoch, people.alice, people.alice);
}

describe("IndexVault: cancelling", function () {
  const get = useFixture();

  describe("a deposit request of this week", function () {
    stage(get, (fixture) => requestDeposit(fixture, "alice", 5n * USDC));

    it("returns the coins to the receiver at once", async function () {
      const { vault, people, usdc, ethers } = get();

      await expect(
        vault.connect(people.alice).cancelDepositRequest(1, people.alice, people.dave),
      ).to.changeTokenBalances(ethers, usdc, [people.dave, vault], [5n * USDC, -5n * USDC]);
    });

    it("is a line of the ledger", async function () {
      const { vault, people } = get();

      const cancel = await vault.connect(people.alice).cancelDepositRequest(1, people.alice, people.dave);

      const [sequence, head] = await vault.ledger();
      await expect(cancel)
        .to.emit(vault, "DepositCancelled")
        .withArgs(people.alice.address, people.dave.address, 1, 5n * USDC, sequence, head);
    });

    it("leaves nothing pending", async function () {
      const fixture = get();
      const { vault, people } = fixture;

      await cancelDeposit(fixture, 1);

      expect([await vault.pendingDepositRequest(1, people.alice), await vault.depositsPending()]).to.deep.equal([
        0n,
        0n,
      ]);
    });

    it("is refused a second time", async function () {
      const fixture = get();
      await cancelDeposit(fixture, 1);

      await expect(cancelDeposit(fixture, 1))
        .to.be.revertedWithCustomError(fixture.vault, "RequestNotCancellable")
        .withArgs(1);
    });

    it("is refused for another epoch", async function () {
      const fixture = get();

      await expect(cancelDeposit(fixture, 2))
        .to.be.revertedWithCustomError(fixture.vault, "RequestNotCancellable")
        .withArgs(2);
    });

    it("is refused to a stranger", async function () {
      const fixture = get();
      const { vault, people } = fixture;

      await expect(cancelDeposit(fixture, 1, people.stranger))
        .to.be.revertedWithCustomError(vault, "NotOwnerOrOperator")
        .withArgs(people.stranger.address, people.alice.address);
    });

    it("is granted to an operator", async function () {
      const fixture = get();
      const { vault, people, usdc, ethers } = fixture;
      await vault.connect(people.alice).setOperator(people.bob, true);

      await expect(cancelDeposit(fixture, 1, people.bob)).to.changeTokenBalance(ethers, usdc, people.alice, 5n * USDC);
    });

    it("works in the last second of the week", async function () {
      const fixture = get();
      await fixture.market.chain.setNextBlockTime(unixSeconds(MONDAY - 1));

      await cancelDeposit(fixture, 1);

      expect(await fixture.vault.depositsPending()).to.equal(0);
    });

    it("is refused from Monday 00:00 on, before anybody closed the epoch", async function () {
      const fixture = get();
      await fixture.market.chain.setNextBlockTime(unixSeconds(MONDAY));

      await expect(cancelDeposit(fixture, 1))
        .to.be.revertedWithCustomError(fixture.vault, "RequestNotCancellable")
        .withArgs(1);
    });

    it("is refused after the strike", async function () {
      const fixture = get();
      await fixture.rebalancer.strikeInStablecoins();

      await expect(cancelDeposit(fixture, 1)).to.be.revertedWithCustomError(fixture.vault, "RequestNotCancellable");
    });

    it("leaves no deposit to the next strike", async function () {
      const fixture = get();
      await cancelDeposit(fixture, 1);
      await refreshTo(fixture, MONDAY + 60);

      await expect(execute(fixture, await publish(fixture, "bear"), [])).not.to.emit(fixture.vault, "DepositsStruck");
    });
  });

  describe("a deposit request beside one that is due", function () {
    stage(get, async (fixture) => {
      await requestDeposit(fixture, "alice", 5n * USDC);
      await advanceTo(fixture, MONDAY + 60);
      await requestDeposit(fixture, "alice", 7n * USDC);
    });

    it("returns only what is in the open epoch", async function () {
      const fixture = get();

      await expect(cancelDeposit(fixture, 2)).to.changeTokenBalance(
        fixture.ethers,
        fixture.usdc,
        fixture.people.alice,
        7n * USDC,
      );
    });

    it("is refused for the one that is due", async function () {
      const fixture = get();

      await expect(cancelDeposit(fixture, 1))
        .to.be.revertedWithCustomError(fixture.vault, "RequestNotCancellable")
        .withArgs(1);
    });
  });

  describe("a redemption request of this week", function () {
    stage(get, async (fixture) => {
      await depositNow(fixture, "alice", 1000n * USDC);
      await requestRedeem(fixture, "alice", 5n * WHOLE);
    });

    it("returns the shares to the receiver at once", async function () {
      const { vault, people, ethers } = get();

      await expect(
        vault.connect(people.alice).cancelRedeemRequest(1, people.alice, people.dave),
      ).to.changeTokenBalances(ethers, vault, [people.dave, vault], [5n * WHOLE, -5n * WHOLE]);
    });

    it("is a line of the ledger", async function () {
      const { vault, people } = get();

      const cancel = await vault.connect(people.alice).cancelRedeemRequest(1, people.alice, people.dave);

      const [sequence, head] = await vault.ledger();
      await expect(cancel)
        .to.emit(vault, "RedemptionCancelled")
        .withArgs(people.alice.address, people.dave.address, 1, 5n * WHOLE, sequence, head);
    });

    it("is refused to a stranger", async function () {
      const { vault, people } = get();

      await expect(vault.connect(people.stranger).cancelRedeemRequest(1, people.alice, people.stranger))
        .to.be.revertedWithCustomError(vault, "NotOwnerOrOperator")
        .withArgs(people.stranger.address, people.alice.address);
    });

    it("is refused when its week has ended", async function () {
      const fixture = get();
      const { vault, people } = fixture;
      await advanceTo(fixture, MONDAY);

      await expect(vault.connect(people.alice).cancelRedeemRequest(1, people.alice, people.alice))
        .to.be.revertedWithCustomError(vault, "RequestNotCancellable")
        .withArgs(1);
    });
  });
});
