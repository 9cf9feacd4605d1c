import { expect } from "chai";

import { stage, USDC, useFixture, WHOLE } from "./support/fixture.ts";
import { depositNow, requestDeposit, requestRedeem } from "./support/situations.ts";

describe("IndexVault: requests", function () {
  const get = useFixture();

  describe("as a standard", function () {
    it("names the deposit coin as its asset", async function () {
      const { vault, usdc } = get();

      expect(BigInt(await vault.asset())).to.equal(BigInt(await usdc.getAddress()));
    });

    it("is its own share", async function () {
      const { vault } = get();

      expect(await vault.share()).to.equal(await vault.getAddress());
    });

    for (const preview of ["previewDeposit", "previewMint", "previewRedeem", "previewWithdraw"] as const) {
      it(`refuses ${preview}`, async function () {
        const { vault } = get();

        await expect(vault[preview](1)).to.be.revertedWithCustomError(vault, "PreviewNotSupported").withArgs();
      });
    }
  });

  describe("a deposit request", function () {
    it("takes the coins at once", async function () {
      const fixture = get();

      await expect(requestDeposit(fixture, "alice", 100n * USDC)).to.changeTokenBalances(
        fixture.ethers,
        fixture.usdc,
        [fixture.people.alice, fixture.vault],
        [-100n * USDC, 100n * USDC],
      );
    });

    it("reports itself as ERC-7540 demands", async function () {
      const fixture = get();
      const { vault, people } = fixture;

      await expect(vault.connect(people.alice).requestDeposit(5n * USDC, people.bob, people.alice))
        .to.emit(vault, "DepositRequest")
        .withArgs(people.bob.address, people.alice.address, 1, people.alice.address, 5n * USDC);
    });

    it("is a line of the ledger", async function () {
      const fixture = get();
      const { vault, people } = fixture;

      const request = await vault.connect(people.alice).requestDeposit(5n * USDC, people.bob, people.alice);

      const [sequence, head] = await vault.ledger();
      await expect(request)
        .to.emit(vault, "DepositRequested")
        .withArgs(people.bob.address, people.alice.address, 1, 5n * USDC, sequence, head);
    });

    it("is pending in its epoch", async function () {
      const fixture = get();

      await requestDeposit(fixture, "alice", 5n * USDC);

      expect(await fixture.vault.pendingDepositRequest(1, fixture.people.alice)).to.equal(5n * USDC);
    });

    it("is not pending in another epoch", async function () {
      const fixture = get();

      await requestDeposit(fixture, "alice", 5n * USDC);

      expect(await fixture.vault.pendingDepositRequest(2, fixture.people.alice)).to.equal(0);
    });

    it("is not claimable before the strike", async function () {
      const fixture = get();

      await requestDeposit(fixture, "alice", 5n * USDC);

      expect(await fixture.vault.maxDeposit(fixture.people.alice)).to.equal(0);
    });

    it("adds up with another one of the same epoch", async function () {
      const fixture = get();

      await requestDeposit(fixture, "alice", 5n * USDC);
      await requestDeposit(fixture, "alice", 6n * USDC);

      expect(await fixture.vault.pendingDepositRequest(1, fixture.people.alice)).to.equal(11n * USDC);
    });

    it("is counted apart from the holdings", async function () {
      const fixture = get();

      await requestDeposit(fixture, "alice", 5n * USDC);

      expect([await fixture.vault.depositsPending(), await fixture.vault.nav()]).to.deep.equal([5n * USDC, 0n]);
    });

    it("is refused when it is empty", async function () {
      const fixture = get();

      await expect(requestDeposit(fixture, "alice", 0n))
        .to.be.revertedWithCustomError(fixture.vault, "RequestBelowMinimum")
        .withArgs(0, USDC);
    });

    it("is refused below one whole coin", async function () {
      const fixture = get();

      await expect(requestDeposit(fixture, "alice", USDC - 1n))
        .to.be.revertedWithCustomError(fixture.vault, "RequestBelowMinimum")
        .withArgs(USDC - 1n, USDC);
    });

    it("may be one whole coin", async function () {
      const fixture = get();

      await requestDeposit(fixture, "alice", USDC);

      expect(await fixture.vault.depositsPending()).to.equal(USDC);
    });

    it("is refused for the coins of another", async function () {
      const { vault, people } = get();

      await expect(vault.connect(people.bob).requestDeposit(5n * USDC, people.bob, people.alice))
        .to.be.revertedWithCustomError(vault, "NotOwnerOrOperator")
        .withArgs(people.bob.address, people.alice.address);
    });

    it("can be made by an operator", async function () {
      const { vault, people } = get();
      await vault.connect(people.alice).setOperator(people.bob, true);

      await vault.connect(people.bob).requestDeposit(5n * USDC, people.bob, people.alice);

      expect(await vault.pendingDepositRequest(1, people.bob)).to.equal(5n * USDC);
    });
  });

  describe("an operator", function () {
    it("is named with an event", async function () {
      const { vault, people } = get();

      await expect(vault.connect(people.alice).setOperator(people.bob, true))
        .to.emit(vault, "OperatorSet")
        .withArgs(people.alice.address, people.bob.address, true);
    });

    it("is one after being named", async function () {
      const { vault, people } = get();

      await vault.connect(people.alice).setOperator(people.bob, true);

      expect(await vault.isOperator(people.alice, people.bob)).to.equal(true);
    });

    it("is none after being dismissed", async function () {
      const { vault, people } = get();
      await vault.connect(people.alice).setOperator(people.bob, true);

      await vault.connect(people.alice).setOperator(people.bob, false);

      expect(await vault.isOperator(people.alice, people.bob)).to.equal(false);
    });
  });

  describe("a redemption request", function () {
    stage(get, (fixture) => depositNow(fixture, "alice", 1000n * USDC));

    it("hands the shares in", async function () {
      const fixture = get();
      const { vault, people, ethers } = fixture;

      await expect(requestRedeem(fixture, "alice", 5n * WHOLE)).to.changeTokenBalances(
        ethers,
        vault,
        [people.alice, vault],
        [-5n * WHOLE, 5n * WHOLE],
      );
    });

    it("reports itself as ERC-7540 demands", async function () {
      const { vault, people } = get();

      await expect(vault.connect(people.alice).requestRedeem(5n * WHOLE, people.bob, people.alice))
        .to.emit(vault, "RedeemRequest")
        .withArgs(people.bob.address, people.alice.address, 1, people.alice.address, 5n * WHOLE);
    });

    it("is a line of the ledger", async function () {
      const { vault, people } = get();

      const request = await vault.connect(people.alice).requestRedeem(5n * WHOLE, people.bob, people.alice);

      const [sequence, head] = await vault.ledger();
      await expect(request)
        .to.emit(vault, "RedemptionRequested")
        .withArgs(people.bob.address, people.alice.address, 1, 5n * WHOLE, sequence, head);
    });

    it("is refused when it is empty", async function () {
      const fixture = get();

      await expect(requestRedeem(fixture, "alice", 0n)).to.be.revertedWithCustomError(fixture.vault, "RequestEmpty");
    });

    it("is refused below one whole share", async function () {
      const fixture = get();

      await expect(requestRedeem(fixture, "alice", WHOLE - 1n))
        .to.be.revertedWithCustomError(fixture.vault, "RequestBelowMinimum")
        .withArgs(WHOLE - 1n, WHOLE);
    });

    it("may be less when it is all that the owner has", async function () {
      const fixture = get();
      const { vault, people } = fixture;
      await vault.connect(people.alice).transfer(people.bob, 7n);

      await requestRedeem(fixture, "bob", 7n);

      expect(await vault.pendingRedeemRequest(1, people.bob)).to.equal(7);
    });

    it("is refused below all that the owner has when that is less than a share", async function () {
      const fixture = get();
      const { vault, people } = fixture;
      await vault.connect(people.alice).transfer(people.bob, 7n);

      await expect(requestRedeem(fixture, "bob", 6n))
        .to.be.revertedWithCustomError(vault, "RequestBelowMinimum")
        .withArgs(6, 7);
    });

    it("needs an allowance from another", async function () {
      const { vault, people } = get();

      await expect(vault.connect(people.bob).requestRedeem(5n * WHOLE, people.bob, people.alice))
        .to.be.revertedWithCustomError(vault, "ERC20InsufficientAllowance")
        .withArgs(people.bob.address, 0, 5n * WHOLE);
    });

    it("uses up the allowance", async function () {
      const { vault, people } = get();
      await vault.connect(people.alice).approve(people.bob, 5n * WHOLE);

      await vault.connect(people.bob).requestRedeem(5n * WHOLE, people.bob, people.alice);

      expect(await vault.allowance(people.alice, people.bob)).to.equal(0);
    });

    it("needs no allowance from an operator", async function () {
      const { vault, people } = get();
      await vault.connect(people.alice).setOperator(people.bob, true);

      await vault.connect(people.bob).requestRedeem(5n * WHOLE, people.alice, people.alice);

      expect(await vault.pendingRedeemRequest(1, people.alice)).to.equal(5n * WHOLE);
    });

    it("is not due before its epoch closes", async function () {
      const fixture = get();

      await requestRedeem(fixture, "alice", 5n * WHOLE);

      expect(await fixture.vault.sharesDue()).to.equal(0);
    });
  });
});
