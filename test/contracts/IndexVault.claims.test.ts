import { expect } from "chai";

import { stage, USDC, useFixture, WHOLE } from "./support/fixture.ts";
import { requestDeposit, requestRedeem, shareAtFourThirds } from "./support/situations.ts";

describe("IndexVault: claims", function () {
  const get = useFixture();

  describe("a claim of shares", function () {
    stage(get, async (fixture) => {
      await shareAtFourThirds(fixture);
      await requestDeposit(fixture, "carol", 400_000n * USDC); // struck to 300,000 shares
      await fixture.rebalancer.strikeInStablecoins();
    });

    it("hands out a part in proportion", async function () {
      const { vault, people } = get();

      await vault
        .connect(people.carol)
        ["deposit(uint256,address,address)"](100_000n * USDC, people.carol, people.carol);

      expect(await vault.balanceOf(people.carol)).to.equal(75_000n * WHOLE);
    });

    it("reports itself as ERC-4626 demands", async function () {
      const { vault, people } = get();

      await expect(
        vault.connect(people.carol)["deposit(uint256,address,address)"](400n * USDC, people.dave, people.carol),
      )
        .to.emit(vault, "Deposit")
        .withArgs(people.carol.address, people.dave.address, 400n * USDC, 300n * WHOLE);
    });

    it("is a line of the ledger", async function () {
      const { vault, people } = get();

      const claim = await vault
        .connect(people.carol)
        ["deposit(uint256,address,address)"](400n * USDC, people.dave, people.carol);

      const [sequence, head] = await vault.ledger();
      await expect(claim)
        .to.emit(vault, "DepositClaimed")
        .withArgs(people.carol.address, people.dave.address, 400n * USDC, 300n * WHOLE, sequence, head);
    });

    it("of the caller's own needs no controller", async function () {
      const { vault, people } = get();

      await vault.connect(people.carol)["deposit(uint256,address)"](100_000n * USDC, people.dave);
      await vault.connect(people.carol)["mint(uint256,address)"](25_000n * WHOLE, people.dave);

      // 100,000 of 400,000 USDC are 75,000 of 300,000 shares.
      expect([await vault.balanceOf(people.dave), await vault.maxMint(people.carol)]).to.deep.equal([
        100_000n * WHOLE,
        200_000n * WHOLE,
      ]);
    });

    it("of the caller's own takes nothing from another", async function () {
      const { vault, people } = get();

      await expect(vault.connect(people.stranger)["deposit(uint256,address)"](1, people.stranger))
        .to.be.revertedWithCustomError(vault, "AboveClaimable")
        .withArgs(1, 0);
      await expect(vault.connect(people.stranger)["mint(uint256,address)"](1, people.stranger))
        .to.be.revertedWithCustomError(vault, "AboveClaimable")
        .withArgs(1, 0);
    });

    it("uses up a whole coin unit for a single share unit", async function () {
      const { vault, people } = get();

      await vault.connect(people.carol)["mint(uint256,address,address)"](1, people.carol, people.carol);

      // 1 * 4e11 / 3e23, rounded up, is 1.
      expect(await vault.maxDeposit(people.carol)).to.equal(400_000n * USDC - 1n);
    });

    it("leaves nothing when everything is minted", async function () {
      const { vault, people } = get();

      await vault.connect(people.carol)["mint(uint256,address,address)"](300_000n * WHOLE, people.carol, people.carol);

      expect([await vault.maxDeposit(people.carol), await vault.maxMint(people.carol)]).to.deep.equal([0n, 0n]);
    });

    it("cannot exceed what is claimable", async function () {
      const { vault, people } = get();

      await expect(
        vault
          .connect(people.carol)
          ["deposit(uint256,address,address)"](400_000n * USDC + 1n, people.carol, people.carol),
      )
        .to.be.revertedWithCustomError(vault, "AboveClaimable")
        .withArgs(400_000n * USDC + 1n, 400_000n * USDC);
    });

    it("cannot mint more than is claimable", async function () {
      const { vault, people } = get();

      await expect(
        vault.connect(people.carol)["mint(uint256,address,address)"](300_000n * WHOLE + 1n, people.carol, people.carol),
      )
        .to.be.revertedWithCustomError(vault, "AboveClaimable")
        .withArgs(300_000n * WHOLE + 1n, 300_000n * WHOLE);
    });

    it("is refused to a stranger", async function () {
      const { vault, people } = get();

      await expect(vault.connect(people.stranger)["deposit(uint256,address,address)"](1, people.stranger, people.carol))
        .to.be.revertedWithCustomError(vault, "NotOwnerOrOperator")
        .withArgs(people.stranger.address, people.carol.address);
    });

    it("hands out nothing for nothing", async function () {
      const { vault, people } = get();

      await vault.connect(people.carol)["deposit(uint256,address,address)"](0, people.carol, people.carol);
      await vault.connect(people.carol)["mint(uint256,address,address)"](0, people.carol, people.carol);

      expect(await vault.balanceOf(people.carol)).to.equal(0);
    });

    it("comes with the next request of the same account", async function () {
      const fixture = get();
      const { vault, people } = fixture;

      await requestDeposit(fixture, "carol", 7n * USDC);

      expect([
        await vault.balanceOf(people.carol),
        await vault.maxMint(people.carol),
        await vault.pendingDepositRequest(4, people.carol),
      ]).to.deep.equal([300_000n * WHOLE, 0n, 7n * USDC]);
    });

    it("can wait while a stranger requests in its name", async function () {
      const { vault, people } = get();

      await vault.connect(people.bob).requestDeposit(7n * USDC, people.carol, people.bob);

      expect([await vault.maxMint(people.carol), await vault.pendingDepositRequest(4, people.carol)]).to.deep.equal([
        300_000n * WHOLE,
        7n * USDC,
      ]);
    });
  });

  describe("a claim of money", function () {
    stage(get, async (fixture) => {
      await shareAtFourThirds(fixture);
      await requestRedeem(fixture, "bob", 100n * WHOLE); // struck to 133.333333 USDC
      await fixture.rebalancer.strikeInStablecoins();
    });

    it("pays everything for all shares", async function () {
      const { vault, people, usdc, ethers } = get();

      await expect(vault.connect(people.bob).redeem(100n * WHOLE, people.dave, people.bob)).to.changeTokenBalance(
        ethers,
        usdc,
        people.dave,
        133_333_333n,
      );
    });

    it("reduces what is set aside", async function () {
      const { vault, people } = get();

      await vault.connect(people.bob).redeem(100n * WHOLE, people.bob, people.bob);

      expect(await vault.setAside()).to.equal(0);
    });

    it("rounds the money down", async function () {
      const { vault, people, usdc, ethers } = get();

      // 1e12 * 133,333,333 / 1e20 = 1.33
      await expect(vault.connect(people.bob).redeem(10n ** 12n, people.bob, people.bob)).to.changeTokenBalance(
        ethers,
        usdc,
        people.bob,
        1,
      );
    });

    it("rounds the shares that an exact amount uses up", async function () {
      const { vault, people } = get();

      await vault.connect(people.bob).withdraw(1, people.bob, people.bob);

      // 1 * 1e20 / 133,333,333 = 750,000,001,875.000005, rounded up
      expect(await vault.maxRedeem(people.bob)).to.equal(100n * WHOLE - 750_000_001_876n);
    });

    it("reports itself as ERC-4626 demands", async function () {
      const { vault, people } = get();

      await expect(vault.connect(people.bob).redeem(100n * WHOLE, people.dave, people.bob))
        .to.emit(vault, "Withdraw")
        .withArgs(people.bob.address, people.dave.address, people.bob.address, 133_333_333n, 100n * WHOLE);
    });

    it("is a line of the ledger", async function () {
      const { vault, people } = get();

      const claim = await vault.connect(people.bob).redeem(100n * WHOLE, people.dave, people.bob);

      const [sequence, head] = await vault.ledger();
      await expect(claim)
        .to.emit(vault, "RedemptionClaimed")
        .withArgs(people.bob.address, people.dave.address, 100n * WHOLE, 133_333_333n, sequence, head);
    });

    it("cannot exceed what is claimable", async function () {
      const { vault, people } = get();

      await expect(vault.connect(people.bob).withdraw(133_333_334n, people.bob, people.bob))
        .to.be.revertedWithCustomError(vault, "AboveClaimable")
        .withArgs(133_333_334n, 133_333_333n);
    });

    it("is refused to a stranger", async function () {
      const { vault, people } = get();

      await expect(vault.connect(people.stranger).withdraw(1, people.stranger, people.bob))
        .to.be.revertedWithCustomError(vault, "NotOwnerOrOperator")
        .withArgs(people.stranger.address, people.bob.address);
    });

    it("is claimable in its epoch", async function () {
      const { vault, people } = get();

      expect([
        await vault.claimableRedeemRequest(1, people.bob),
        await vault.pendingRedeemRequest(1, people.bob),
      ]).to.deep.equal([100n * WHOLE, 0n]);
    });
  });
});
