import { expect } from "chai";

import {
  advanceTo,
  BULL,
  type Fixture,
  HOUR,
  MONDAY,
  refreshTo,
  USDC,
  useFixture,
  WEEK,
  WHOLE,
} from "./support/fixture.ts";
import { linesOf } from "./support/reading.ts";
import { execute, executeAndFinish, batchFrom, publish, sales } from "./support/rebalance.ts";
import { depositNow, investedFund, requestDeposit, requestRedeem } from "./support/situations.ts";

type Name = "alice" | "bob";

/** Leaves in kind with all shares but `kept` units, and leaves the cash to nobody. */
async function burnAllBut({ vault, people }: Fixture, name: Name, kept: bigint): Promise<void> {
  const shares = (await vault.balanceOf(people[name])) - kept;
  await vault.connect(people[name]).redeemInKind(shares, people[name], people[name], [0], []);
}

describe("Attack: inflation of the share at the first deposit (Uniswap v2 and every ERC-4626 since)", function () {
  const get = useFixture();

  it("costs the next depositor nothing", async function () {
    const fixture = get();
    const { vault, people, rebalancer } = fixture;
    await depositNow(fixture, "bob", 1_000_000n * USDC);
    await requestDeposit(fixture, "alice", 1_500_000n * USDC);
    await burnAllBut(fixture, "bob", 1n); // one unit of a share, and 1,000,000 USDC

    await rebalancer.strikeInStablecoins();

    await vault
      .connect(people.alice)
      ["deposit(uint256,address,address)"](1_500_000n * USDC, people.alice, people.alice);
    const worth = await vault.convertToAssets(await vault.balanceOf(people.alice));
    expect(worth).to.be.at.least(1_500_000n * USDC);
  });

  it("costs the attacker everything", async function () {
    const fixture = get();
    const { vault, people } = fixture;
    await depositNow(fixture, "bob", 1_000_000n * USDC);
    await burnAllBut(fixture, "bob", 1n);

    await depositNow(fixture, "alice", 1_500_000n * USDC);

    // One unit of 1.5e24 shares in 2,500,000 USDC is less than one unit of USDC.
    expect(await vault.convertToAssets(await vault.balanceOf(people.bob))).to.equal(0);
  });

  it("takes at most a unit of USDC when a thousandth of a share is left", async function () {
    const fixture = get();
    const { vault, people } = fixture;
    await depositNow(fixture, "bob", 1_000_000n * USDC);
    await burnAllBut(fixture, "bob", 10n ** 15n);

    await depositNow(fixture, "alice", 1_500_000n * USDC);

    // 1e15 units are worth 1,000,000 USDC: 1e-9 USDC each, so that the rounding of one unit costs less than 1e-6.
    const worth = await vault.convertToAssets(await vault.balanceOf(people.alice));
    expect(worth).to.be.within(1_500_000n * USDC - 1n, 1_500_000n * USDC);
  });
});

describe("Attack: a fund made worthless before the first real deposit", function () {
  const get = useFixture();

  /** Leaves one unit of the coin, which counts as none, to 1e12 units of a share. */
  async function leaveOneUnit(fixture: Fixture): Promise<void> {
    const { vault, people } = fixture;
    await depositNow(fixture, "bob", USDC);
    await vault.connect(people.bob).redeemInKind(WHOLE - 10n ** 12n, people.bob, people.bob, [], []);
  }

  it("does not stop the strike when a single unit of the coin was left", async function () {
    const fixture = get();
    await leaveOneUnit(fixture);

    await depositNow(fixture, "alice", 1000n * USDC);

    expect(await fixture.vault.balanceOf(fixture.people.alice)).to.equal(1000n * WHOLE);
  });

  it("does not stop the strike when everybody left but for one unit of a share", async function () {
    const fixture = get();
    const { vault, people } = fixture;
    await depositNow(fixture, "bob", USDC);
    await vault.connect(people.bob).redeemInKind(WHOLE - 1n, people.bob, people.bob, [], []);

    await depositNow(fixture, "alice", 1000n * USDC);

    expect(await vault.balanceOf(people.alice)).to.equal(1000n * WHOLE);
  });

  it("does not stop a rebalance from starting", async function () {
    const fixture = get();
    await leaveOneUnit(fixture);
    await requestDeposit(fixture, "alice", 1000n * USDC);
    await advanceTo(fixture, MONDAY + 60);

    await executeAndFinish(fixture, await publish(fixture, "bear"), []);

    expect(await fixture.vault.maxMint(fixture.people.alice)).to.equal(1000n * WHOLE);
  });

  it("leaves the conversion of a deposit at one share a USD", async function () {
    const fixture = get();
    await leaveOneUnit(fixture);

    expect(await fixture.vault.convertToShares(USDC)).to.equal(WHOLE);
  });
});

describe("Attack: donations (Hundred Finance, Sonne)", function () {
  const get = useFixture((fixture) => depositNow(fixture, "alice", 1000n * USDC));

  it("change no NAV", async function () {
    const { usdc, vault, people } = get();

    await usdc.connect(people.bob).transfer(vault, 1_000_000n * USDC);

    expect(await vault.nav()).to.equal(1000n * WHOLE);
  });

  it("change no strike", async function () {
    const fixture = get();
    const { usdc, vault, people } = fixture;
    await usdc.connect(people.bob).transfer(vault, 1_000_000n * USDC);

    await depositNow(fixture, "carol", 500n * USDC);

    expect(await vault.balanceOf(people.carol)).to.equal(500n * WHOLE);
  });

  it("are not paid out in kind", async function () {
    const { usdc, vault, people, ethers } = get();
    await usdc.connect(people.bob).transfer(vault, 1_000_000n * USDC);

    const exit = vault.connect(people.alice).redeemInKind(1000n * WHOLE, people.dave, people.alice, [], []);

    await expect(exit).to.changeTokenBalance(ethers, usdc, people.dave, 1000n * USDC);
  });

  it("of shares to the vault redeem nothing", async function () {
    const fixture = get();
    const { vault, people, rebalancer } = fixture;
    await vault.connect(people.alice).transfer(vault, 500n * WHOLE);

    await rebalancer.strikeInStablecoins();

    expect([await vault.totalSupply(), await vault.setAside()]).to.deep.equal([1000n * WHOLE, 0n]);
  });
});

describe("Attack: a deposit while a price is missing", function () {
  const get = useFixture(async (fixture) => {
    await investedFund(fixture);
    await requestDeposit(fixture, "bob", 1000n * USDC);
    fixture.market.stopFeed("alpha");
    await refreshTo(fixture, MONDAY + WEEK + 60);
  });

  it("is not struck at a NAV without that asset", async function () {
    const fixture = get();

    await execute(fixture, await publish(fixture, "bear"), []);

    expect(await fixture.vault.maxMint(fixture.people.bob)).to.equal(0);
  });

  it("waits for the next start with all prices", async function () {
    const fixture = get();
    await execute(fixture, await publish(fixture, "bear"), []);
    fixture.market.resumeFeed("alpha");
    await refreshTo(fixture, MONDAY + WEEK + 2 * HOUR);

    const sent = await execute(fixture, await publish(fixture, "bear"), []);

    expect(await linesOf(fixture, sent, "DepositsStruck")).to.have.length(1);
  });
});

describe("Attack: profit from depositing and redeeming at unmoved prices", function () {
  const get = useFixture(async (fixture) => {
    await investedFund(fixture);
    await advanceTo(fixture, MONDAY + 20 * HOUR);
  });

  // Odd amounts, so that every division has a remainder.
  for (const amount of [1_000_000n, 1_000_001n, 1_999_999n, 1_234_567_891n, 333_333_333_333n]) {
    it(`is impossible with ${amount} units of USDC`, async function () {
      const fixture = get();
      const { vault, people, rebalancer } = fixture;
      const risky = Object.keys(BULL).filter((coinId) => coinId !== "usd-coin");
      const signed = await publish(fixture, "bear");
      await execute(fixture, signed, await sales(fixture, risky));
      await executeAndFinish(fixture, signed, batchFrom(risky.length, await sales(fixture, ["transit"])));

      // Both ways cost the swing, rounded for the vault.
      const { depositSwing, redemptionSwing } = await vault.conditions();
      const kept = (amount * (10_000n - depositSwing) * (10_000n - redemptionSwing)) / 10n ** 8n;
      await depositNow(fixture, "bob", amount);
      await requestRedeem(fixture, "bob", await vault.balanceOf(people.bob));
      await rebalancer.strikeInStablecoins();

      // What bob leaves behind at the deposit is also his own by his part of the fund, below a third of it.
      expect(await vault.maxWithdraw(people.bob)).to.be.within(kept - 1n, (kept * 10_004n) / 10_000n);
      expect(await vault.maxWithdraw(people.bob)).to.be.below(amount);
    });
  }
});
