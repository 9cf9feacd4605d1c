import { expect } from "chai";

import {
  BEAR,
  type Fixture,
  MONDAY,
  USDC,
  WEEK,
  WHOLE,
  advanceTo,
  depositNow,
  execute,
  executeAndFinish,
  finish,
  investedFund,
  publish,
  publishBull,
  requestDeposit,
  requestRedeem,
  stage,
  useFixture,
} from "./support.ts";

/**
 * Alice and bob bring 1,000,000 USDC each; bob burns 500,000 of his shares and leaves all cash to the others:
 * NAV 2,000,000 USD, supply 1,500,000 shares, 4/3 USD a share.
 */
async function shareAtFourThirds(fixture: Fixture): Promise<void> {
  const { vault, people } = fixture;
  await depositNow(fixture, "alice", 1_000_000n * USDC);
  await depositNow(fixture, "bob", 1_000_000n * USDC);
  await vault.connect(people.bob).redeemInKind(500_000n * WHOLE, people.bob, people.bob, [0], []);
}

describe("IndexVault: requests", function () {
  const get = useFixture();

  describe("as a standard", function () {
    it("answers for ERC-165, operators, asynchronous deposits and redemptions, and ERC-7575", async function () {
      const { vault } = get();

      // ERC-165, and of ERC-7540: operators, deposits, redemptions; then ERC-7575. Source: the three standards.
      const ids = ["0x01ffc9a7", "0xe3bc4e65", "0xce3bbe50", "0x620ee8e4", "0x2f0a18c5"];
      expect(await Promise.all(ids.map((id) => vault.supportsInterface(id)))).to.deep.equal(ids.map(() => true));
    });

    it("denies the id that ERC-165 forbids", async function () {
      expect(await get().vault.supportsInterface("0xffffffff")).to.equal(false);
    });

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

      await expect(vault.connect(people.alice).requestDeposit(5, people.bob, people.alice))
        .to.emit(vault, "DepositRequest")
        .withArgs(people.bob.address, people.alice.address, 1, people.alice.address, 5);
    });

    it("is a line of the ledger", async function () {
      const fixture = get();
      const { vault, people } = fixture;

      const request = await vault.connect(people.alice).requestDeposit(5, people.bob, people.alice);

      const [sequence, head] = await vault.ledger();
      await expect(request)
        .to.emit(vault, "DepositRequested")
        .withArgs(people.bob.address, people.alice.address, 1, 5, sequence, head);
    });

    it("is pending in its epoch", async function () {
      const fixture = get();

      await requestDeposit(fixture, "alice", 5n);

      expect(await fixture.vault.pendingDepositRequest(1, fixture.people.alice)).to.equal(5);
    });

    it("is not pending in another epoch", async function () {
      const fixture = get();

      await requestDeposit(fixture, "alice", 5n);

      expect(await fixture.vault.pendingDepositRequest(2, fixture.people.alice)).to.equal(0);
    });

    it("is not claimable before the strike", async function () {
      const fixture = get();

      await requestDeposit(fixture, "alice", 5n);

      expect(await fixture.vault.maxDeposit(fixture.people.alice)).to.equal(0);
    });

    it("adds up with another one of the same epoch", async function () {
      const fixture = get();

      await requestDeposit(fixture, "alice", 5n);
      await requestDeposit(fixture, "alice", 6n);

      expect(await fixture.vault.pendingDepositRequest(1, fixture.people.alice)).to.equal(11);
    });

    it("is counted apart from the holdings", async function () {
      const fixture = get();

      await requestDeposit(fixture, "alice", 5n);

      expect([await fixture.vault.depositsPending(), await fixture.vault.nav()]).to.deep.equal([5n, 0n]);
    });

    it("is refused when it is empty", async function () {
      const fixture = get();

      await expect(requestDeposit(fixture, "alice", 0n))
        .to.be.revertedWithCustomError(fixture.vault, "RequestEmpty")
        .withArgs();
    });

    it("is refused for the coins of another", async function () {
      const { vault, people } = get();

      await expect(vault.connect(people.bob).requestDeposit(5, people.bob, people.alice))
        .to.be.revertedWithCustomError(vault, "NotOwnerOrOperator")
        .withArgs(people.bob.address, people.alice.address);
    });

    it("can be made by an operator", async function () {
      const { vault, people } = get();
      await vault.connect(people.alice).setOperator(people.bob, true);

      await vault.connect(people.bob).requestDeposit(5, people.bob, people.alice);

      expect(await vault.pendingDepositRequest(1, people.bob)).to.equal(5);
    });

    it("is refused while one of an earlier week waits for its strike", async function () {
      const fixture = get();
      await requestDeposit(fixture, "alice", 5n);
      await advanceTo(fixture, MONDAY + 60);

      await expect(requestDeposit(fixture, "alice", 5n))
        .to.be.revertedWithCustomError(fixture.vault, "EarlierRequestPending")
        .withArgs(1);
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

  describe("the first strike", function () {
    stage(get, async (fixture) => {
      await requestDeposit(fixture, "alice", 1_000_000n * USDC);
      await fixture.rebalancer.strikeInStablecoins();
    });

    it("gives one share a USD", async function () {
      const { vault, people } = get();

      // 1,000,000 USDC of 6 decimals are 1,000,000 shares of 18.
      expect(await vault.maxMint(people.alice)).to.equal(1_000_000n * WHOLE);
    });

    it("brings the coins into the holdings", async function () {
      expect(await get().vault.nav()).to.equal(1_000_000n * WHOLE);
    });

    it("makes the request claimable in its epoch", async function () {
      const { vault, people } = get();

      expect(await vault.claimableDepositRequest(1, people.alice)).to.equal(1_000_000n * USDC);
    });

    it("leaves nothing pending", async function () {
      const { vault, people } = get();

      expect(await vault.pendingDepositRequest(1, people.alice)).to.equal(0);
    });

    it("counts a share as one coin", async function () {
      const { vault } = get();

      expect([
        await vault.totalAssets(),
        await vault.convertToAssets(3n * WHOLE),
        await vault.convertToShares(3n * USDC),
      ]).to.deep.equal([1_000_000n * USDC, 3n * USDC, 3n * WHOLE]);
    });
  });

  describe("the value of a share", function () {
    it("is one coin before there are any", async function () {
      const { vault } = get();

      // 7 USDC of 6 decimals, 18 - 6 = 12 more for the share.
      expect([await vault.convertToShares(7n * USDC), await vault.convertToAssets(7n * WHOLE)]).to.deep.equal([
        7n * WHOLE,
        0n,
      ]);
    });

    it("is unknown while the deposit coin has no fresh price", async function () {
      const fixture = get();
      await depositNow(fixture, "alice", 5n * USDC);
      await advanceTo(fixture, MONDAY + 2 * 86_400); // feeds are stale after 25 hours

      await expect(fixture.vault.totalAssets())
        .to.be.revertedWithCustomError(fixture.rebalancer, "PriceMissing")
        .withArgs(0);
    });
  });

  describe("when a share is worth 4/3 USD", function () {
    stage(get, shareAtFourThirds);

    it("converts both ways at that price, rounding down", async function () {
      const { vault } = get();

      // 100 USDC * 1.5/2 = 75 shares; 100 shares * 2/1.5 = 133.333333 USDC.
      expect([await vault.convertToShares(100n * USDC), await vault.convertToAssets(100n * WHOLE)]).to.deep.equal([
        75n * WHOLE,
        133_333_333n,
      ]);
    });

    it("strikes deposits at the NAV before them", async function () {
      const fixture = get();
      const { vault, people } = fixture;

      await depositNow(fixture, "carol", 400_000n * USDC);

      // 400,000 USD * 1,500,000 shares / 2,000,000 USD
      expect(await vault.balanceOf(people.carol)).to.equal(300_000n * WHOLE);
    });

    it("records the strike of deposits with the NAV and supply before it", async function () {
      const fixture = get();
      const { vault, rebalancer } = fixture;
      await requestDeposit(fixture, "carol", 400_000n * USDC);

      const strike = await rebalancer.strikeInStablecoins();

      const [sequence, head] = await vault.ledger();
      await expect(strike)
        .to.emit(vault, "DepositsStruck")
        .withArgs(3, 400_000n * USDC, 300_000n * WHOLE, 2_000_000n * WHOLE, 1_500_000n * WHOLE, sequence, head);
    });

    it("pays redemptions at that price, rounded down", async function () {
      const fixture = get();
      const { vault, rebalancer, people } = fixture;
      await requestRedeem(fixture, "bob", 100n * WHOLE);

      await rebalancer.strikeInStablecoins();

      expect(await vault.maxWithdraw(people.bob)).to.equal(133_333_333n); // 133.333333 USDC
    });

    it("records the strike of redemptions with the NAV and supply before it", async function () {
      const fixture = get();
      const { vault, rebalancer } = fixture;
      await requestRedeem(fixture, "bob", 100n * WHOLE);

      const strike = await rebalancer.strikeInStablecoins();

      const [sequence, head] = await vault.ledger();
      await expect(strike)
        .to.emit(vault, "RedemptionsStruck")
        .withArgs(1, 100n * WHOLE, 133_333_333n, 2_000_000n * WHOLE, 1_500_000n * WHOLE, sequence, head);
    });

    it("burns the redeemed shares at the strike", async function () {
      const fixture = get();
      await requestRedeem(fixture, "bob", 100n * WHOLE);

      await fixture.rebalancer.strikeInStablecoins();

      expect(await fixture.vault.totalSupply()).to.equal(1_499_900n * WHOLE);
    });

    it("sets the money of redemptions aside, outside the NAV", async function () {
      const fixture = get();
      await requestRedeem(fixture, "bob", 75n * WHOLE);

      await fixture.rebalancer.strikeInStablecoins();

      // 75 shares * 4/3 = 100 USDC
      expect([await fixture.vault.setAside(), await fixture.vault.nav()]).to.deep.equal([
        100n * USDC,
        1_999_900n * WHOLE,
      ]);
    });

    it("strikes deposits before redemptions at the same price", async function () {
      const fixture = get();
      const { vault, rebalancer, people } = fixture;
      await requestDeposit(fixture, "carol", 100n * USDC);
      await requestRedeem(fixture, "bob", 75n * WHOLE);

      await rebalancer.strikeInStablecoins();

      expect([await vault.maxMint(people.carol), await vault.maxWithdraw(people.bob)]).to.deep.equal([
        75n * WHOLE,
        100n * USDC,
      ]);
    });

    it("gives back no more than came in when a deposit is redeemed at once", async function () {
      const fixture = get();
      const { vault, rebalancer, people } = fixture;
      await depositNow(fixture, "carol", 1n);

      await requestRedeem(fixture, "carol", await vault.balanceOf(people.carol));
      await rebalancer.strikeInStablecoins();

      // 1 unit = 1e-6 USD -> 7.5e11 share units -> 1e-6 USD -> 1 unit
      expect(await vault.maxWithdraw(people.carol)).to.equal(1);
    });
  });

  describe("a claim of shares", function () {
    stage(get, async (fixture) => {
      await shareAtFourThirds(fixture);
      await requestDeposit(fixture, "carol", 400_000n * USDC); // struck to 300,000 shares
      await fixture.rebalancer.strikeInStablecoins();
    });

    it("hands out a part in proportion", async function () {
      const { vault, people } = get();

      await vault.connect(people.carol)["deposit"](100_000n * USDC, people.carol, people.carol);

      expect(await vault.balanceOf(people.carol)).to.equal(75_000n * WHOLE);
    });

    it("reports itself as ERC-4626 demands", async function () {
      const { vault, people } = get();

      await expect(vault.connect(people.carol).deposit(400n * USDC, people.dave, people.carol))
        .to.emit(vault, "Deposit")
        .withArgs(people.carol.address, people.dave.address, 400n * USDC, 300n * WHOLE);
    });

    it("is a line of the ledger", async function () {
      const { vault, people } = get();

      const claim = await vault.connect(people.carol).deposit(400n * USDC, people.dave, people.carol);

      const [sequence, head] = await vault.ledger();
      await expect(claim)
        .to.emit(vault, "DepositClaimed")
        .withArgs(people.carol.address, people.dave.address, 400n * USDC, 300n * WHOLE, sequence, head);
    });

    it("uses up a whole coin unit for a single share unit", async function () {
      const { vault, people } = get();

      await vault.connect(people.carol).mint(1, people.carol, people.carol);

      // 1 * 4e11 / 3e23, rounded up, is 1.
      expect(await vault.maxDeposit(people.carol)).to.equal(400_000n * USDC - 1n);
    });

    it("leaves nothing when everything is minted", async function () {
      const { vault, people } = get();

      await vault.connect(people.carol).mint(300_000n * WHOLE, people.carol, people.carol);

      expect([await vault.maxDeposit(people.carol), await vault.maxMint(people.carol)]).to.deep.equal([0n, 0n]);
    });

    it("cannot exceed what is claimable", async function () {
      const { vault, people } = get();

      await expect(vault.connect(people.carol).deposit(400_000n * USDC + 1n, people.carol, people.carol))
        .to.be.revertedWithCustomError(vault, "AboveClaimable")
        .withArgs(400_000n * USDC + 1n, 400_000n * USDC);
    });

    it("cannot mint more than is claimable", async function () {
      const { vault, people } = get();

      await expect(vault.connect(people.carol).mint(300_000n * WHOLE + 1n, people.carol, people.carol))
        .to.be.revertedWithCustomError(vault, "AboveClaimable")
        .withArgs(300_000n * WHOLE + 1n, 300_000n * WHOLE);
    });

    it("is refused to a stranger", async function () {
      const { vault, people } = get();

      await expect(vault.connect(people.stranger).deposit(1, people.stranger, people.carol))
        .to.be.revertedWithCustomError(vault, "NotOwnerOrOperator")
        .withArgs(people.stranger.address, people.carol.address);
    });

    it("hands out nothing for nothing", async function () {
      const { vault, people } = get();

      await vault.connect(people.carol).deposit(0, people.carol, people.carol);
      await vault.connect(people.carol).mint(0, people.carol, people.carol);

      expect(await vault.balanceOf(people.carol)).to.equal(0);
    });

    it("can wait while the next request is pending", async function () {
      const fixture = get();
      const { vault, people } = fixture;

      await requestDeposit(fixture, "carol", 7n);

      expect([await vault.maxMint(people.carol), await vault.pendingDepositRequest(4, people.carol)]).to.deep.equal([
        300_000n * WHOLE,
        7n,
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

  describe("a redemption request", function () {
    stage(get, (fixture) => depositNow(fixture, "alice", 1000n * USDC));

    it("hands the shares in", async function () {
      const fixture = get();
      const { vault, people, ethers } = fixture;

      await expect(requestRedeem(fixture, "alice", 5n)).to.changeTokenBalances(
        ethers,
        vault,
        [people.alice, vault],
        [-5, 5],
      );
    });

    it("reports itself as ERC-7540 demands", async function () {
      const { vault, people } = get();

      await expect(vault.connect(people.alice).requestRedeem(5, people.bob, people.alice))
        .to.emit(vault, "RedeemRequest")
        .withArgs(people.bob.address, people.alice.address, 1, people.alice.address, 5);
    });

    it("is a line of the ledger", async function () {
      const { vault, people } = get();

      const request = await vault.connect(people.alice).requestRedeem(5, people.bob, people.alice);

      const [sequence, head] = await vault.ledger();
      await expect(request)
        .to.emit(vault, "RedemptionRequested")
        .withArgs(people.bob.address, people.alice.address, 1, 5, sequence, head);
    });

    it("is refused when it is empty", async function () {
      const fixture = get();

      await expect(requestRedeem(fixture, "alice", 0n)).to.be.revertedWithCustomError(fixture.vault, "RequestEmpty");
    });

    it("needs an allowance from another", async function () {
      const { vault, people } = get();

      await expect(vault.connect(people.bob).requestRedeem(5, people.bob, people.alice))
        .to.be.revertedWithCustomError(vault, "ERC20InsufficientAllowance")
        .withArgs(people.bob.address, 0, 5);
    });

    it("uses up the allowance", async function () {
      const { vault, people } = get();
      await vault.connect(people.alice).approve(people.bob, 5);

      await vault.connect(people.bob).requestRedeem(5, people.bob, people.alice);

      expect(await vault.allowance(people.alice, people.bob)).to.equal(0);
    });

    it("needs no allowance from an operator", async function () {
      const { vault, people } = get();
      await vault.connect(people.alice).setOperator(people.bob, true);

      await vault.connect(people.bob).requestRedeem(5, people.alice, people.alice);

      expect(await vault.pendingRedeemRequest(1, people.alice)).to.equal(5);
    });

    it("is not due before its epoch closes", async function () {
      const fixture = get();

      await requestRedeem(fixture, "alice", 5n);

      expect(await fixture.vault.sharesDue()).to.equal(0);
    });
  });

  describe("the weekly cutoff", function () {
    stage(get, async (fixture) => {
      await requestDeposit(fixture, "alice", 100n * USDC); // Sunday 23:00
      await advanceTo(fixture, MONDAY + 60);
      await requestDeposit(fixture, "bob", 7n * USDC); // Monday 00:01
    });

    it("opens an epoch for the requests after it", async function () {
      const { vault, people } = get();

      expect([
        await vault.pendingDepositRequest(1, people.alice),
        await vault.pendingDepositRequest(2, people.bob),
      ]).to.deep.equal([100n * USDC, 7n * USDC]);
    });

    it("lets a start on Monday strike the requests of the week before", async function () {
      const fixture = get();

      await execute(fixture, await publish(fixture, "bear"), []);

      expect(await fixture.vault.maxMint(fixture.people.alice)).to.equal(100n * WHOLE);
    });

    it("keeps a request of this week from being struck by a start in it", async function () {
      const fixture = get();

      await execute(fixture, await publish(fixture, "bear"), []);

      expect(await fixture.vault.pendingDepositRequest(2, fixture.people.bob)).to.equal(7n * USDC);
    });

    it("lets a start in the week after strike it", async function () {
      const fixture = get();
      await executeAndFinish(fixture, await publish(fixture, "bear"), []);
      await fixture.market.moveTo({ prices: new Map(), at: (MONDAY + WEEK + 60) as never, steps: 1 });

      await execute(fixture, await publish(fixture, "bear"), []);

      expect(await fixture.vault.maxMint(fixture.people.bob)).to.equal(7n * WHOLE);
    });

    it("strikes two epochs together when no start came between", async function () {
      const fixture = get();
      await fixture.market.moveTo({ prices: new Map(), at: (MONDAY + WEEK + 60) as never, steps: 1 });

      const start = await execute(fixture, await publish(fixture, "bear"), []);

      await expect(start).to.emit(fixture.vault, "DepositsStruck");
      expect([
        await fixture.vault.maxMint(fixture.people.alice),
        await fixture.vault.maxMint(fixture.people.bob),
      ]).to.deep.equal([100n * WHOLE, 7n * WHOLE]);
    });
  });

  describe("in a rebalance", function () {
    stage(get, async (fixture) => {
      await shareAtFourThirds(fixture);
      await requestDeposit(fixture, "carol", 400_000n * USDC);
      await requestRedeem(fixture, "bob", 75_000n * WHOLE);
      await advanceTo(fixture, MONDAY + 60);
    });

    it("strikes deposits at the start", async function () {
      const fixture = get();

      await execute(fixture, await publish(fixture, "bear", BEAR), []);

      expect(await fixture.vault.maxMint(fixture.people.carol)).to.equal(300_000n * WHOLE);
    });

    it("records the start with NAV and supply before the deposits", async function () {
      const fixture = get();
      const { vault } = fixture;
      const signed = await publish(fixture, "bear", BEAR);
      const [before] = await vault.ledger();

      const start = await execute(fixture, signed, []);

      const { head } = await lineOf(fixture, start, "RebalanceStarted");
      await expect(start)
        .to.emit(vault, "RebalanceStarted")
        .withArgs(
          signed.target.id,
          "bear",
          signed.target.decisionHash,
          signed.target.membershipRoot,
          2_000_000n * WHOLE,
          1_500_000n * WHOLE,
          before + 1n,
          head,
        );
    });

    it("leaves redemptions for the finish", async function () {
      const fixture = get();

      await execute(fixture, await publish(fixture, "bear", BEAR), []);

      expect(await fixture.vault.maxWithdraw(fixture.people.bob)).to.equal(0);
    });

    it("counts the shares that are due", async function () {
      const fixture = get();

      await execute(fixture, await publish(fixture, "bear", BEAR), []);

      expect(await fixture.vault.sharesDue()).to.equal(75_000n * WHOLE);
    });

    it("strikes redemptions at the finish", async function () {
      const fixture = get();
      const signed = await publish(fixture, "bear", BEAR);
      await execute(fixture, signed, []);

      await finish(fixture, signed);

      expect(await fixture.vault.maxWithdraw(fixture.people.bob)).to.equal(100_000n * USDC);
    });

    it("records the finish with NAV and supply after the redemptions", async function () {
      const fixture = get();
      const { vault } = fixture;
      const signed = await publish(fixture, "bear", BEAR);
      await execute(fixture, signed, []);

      const end = await finish(fixture, signed);

      // 2,000,000 + 400,000 - 100,000 USD; 1,500,000 + 300,000 - 75,000 shares
      const [sequence, head] = await vault.ledger();
      await expect(end)
        .to.emit(vault, "RebalanceFinished")
        .withArgs(
          signed.target.id,
          "bear",
          2_300_000n * WHOLE,
          1_725_000n * WHOLE,
          0,
          0,
          0,
          1000n * WHOLE,
          sequence,
          head,
        );
    });
  });

  describe("while the fund holds other assets", function () {
    stage(get, investedFund);

    it("strikes redemptions at the NAV after the trades", async function () {
      const fixture = get();
      const { vault, people } = fixture;
      await requestRedeem(fixture, "alice", 50_000n * WHOLE);
      await fixture.market.moveTo({ prices: new Map(), at: (MONDAY + WEEK + 60) as never, steps: 1 });
      const signed = await publishBull(fixture);

      await executeAndFinish(fixture, signed, []);

      // A twentieth of the supply is due: a twentieth of the NAV before, which is 19/20 of it afterwards, in cash.
      const after = await vault.nav();
      expect((await vault.maxWithdraw(people.alice)) * 19n).to.be.closeTo(after / 10n ** 12n, 20n);
    });

    it("reverts when the deposit coin on hand does not pay what was redeemed", async function () {
      const fixture = get();
      const { vault } = fixture;
      await requestRedeem(fixture, "alice", 500_000n * WHOLE);
      await fixture.market.moveTo({ prices: new Map(), at: (MONDAY + WEEK + 60) as never, steps: 1 });
      const signed = await publishBull(fixture);
      await execute(fixture, signed, []);
      await advanceTo(fixture, MONDAY + WEEK + 60 + 36 * 3600 + 3600);
      await fixture.market.moveTo({ prices: new Map(), at: (MONDAY + WEEK + 2 * 86_400) as never, steps: 1 });
      const owed = (await vault.nav()) / 2n / 10n ** 12n;

      await expect(finish(fixture, signed))
        .to.be.revertedWithCustomError(vault, "CashShort")
        .withArgs(owed, 100_000n * USDC);
    });
  });
});

/** The sequence and head of the only line of a name that a transaction wrote. */
async function lineOf({ vault }: Fixture, sent: { wait: () => Promise<unknown> }, name: string) {
  const receipt = (await sent.wait()) as { logs: readonly { topics: readonly string[]; data: string }[] };
  const line = receipt.logs.map((log) => vault.interface.parseLog(log)).find((parsed) => parsed?.name === name);
  return { sequence: line?.args["sequence"] as bigint, head: line?.args["head"] as string };
}
