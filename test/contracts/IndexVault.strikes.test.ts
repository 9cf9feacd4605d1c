import { expect } from "chai";

import { advanceTo, MONDAY, stage, USDC, useFixture, WEEK, WHOLE, refreshTo } from "./support/fixture.ts";
import { execute, executeAndFinish, publish } from "./support/rebalance.ts";
import { depositNow, requestDeposit, requestRedeem, shareAtFourThirds } from "./support/situations.ts";

describe("IndexVault: strikes", function () {
  const get = useFixture();

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

  it("rounds the shares of a deposit down", async function () {
    const fixture = get();
    const { vault, people } = fixture;
    await depositNow(fixture, "alice", 1_000_000n * USDC);
    await depositNow(fixture, "bob", 2_000_000n * USDC);
    await vault.connect(people.bob).redeemInKind(500_000n * WHOLE, people.bob, people.bob, [0], []);

    await depositNow(fixture, "carol", 100n * USDC);

    // 100 USD * 2,500,000 shares / 3,000,000 USD = 83.333… shares
    expect(await vault.balanceOf(people.carol)).to.equal(83_333_333_333_333_333_333n);
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
        .withArgs(3, 400_000n * USDC, 300_000n * WHOLE, 2_000_000n * WHOLE, 1_500_000n * WHOLE, 0, sequence, head);
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
        .withArgs(1, 100n * WHOLE, 133_333_333n, 2_000_000n * WHOLE, 1_500_000n * WHOLE, 0, sequence, head);
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

    it("counts what is set aside for others in no later strike", async function () {
      const fixture = get();
      const { vault, people } = fixture;
      await requestRedeem(fixture, "bob", 300_000n * WHOLE);
      await fixture.rebalancer.strikeInStablecoins(); // 400,000 USDC are bob's, and he leaves them there

      await depositNow(fixture, "carol", 400_000n * USDC);

      // 400,000 USD * 1,200,000 shares / 1,600,000 USD
      expect(await vault.balanceOf(people.carol)).to.equal(300_000n * WHOLE);
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
      await depositNow(fixture, "carol", USDC + 1n);

      await requestRedeem(fixture, "carol", await vault.balanceOf(people.carol));
      await rebalancer.strikeInStablecoins();

      // 1,000,001 units -> 750,000,750,000,000,000 share units, all that she has -> 1,000,001 units
      expect(await vault.maxWithdraw(people.carol)).to.equal(USDC + 1n);
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
      await refreshTo(fixture, MONDAY + WEEK + 60);

      await execute(fixture, await publish(fixture, "bear"), []);

      expect(await fixture.vault.maxMint(fixture.people.bob)).to.equal(7n * WHOLE);
    });

    it("strikes two epochs together when no start came between", async function () {
      const fixture = get();
      await refreshTo(fixture, MONDAY + WEEK + 60);

      const start = await execute(fixture, await publish(fixture, "bear"), []);

      await expect(start).to.emit(fixture.vault, "DepositsStruck");
      expect([
        await fixture.vault.maxMint(fixture.people.alice),
        await fixture.vault.maxMint(fixture.people.bob),
      ]).to.deep.equal([100n * WHOLE, 7n * WHOLE]);
    });
  });
});
