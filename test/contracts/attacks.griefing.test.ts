// What somebody can do to others who is ready to lose a little for it.
import { expect } from "chai";

import { advanceTo, BULL, type Fixture, GAS_CAP, MONDAY, USDC, useFixture, WEEK, WHOLE } from "./support/fixture.ts";
import {
  batchFrom,
  buysWithTransit,
  buysWithUsdc,
  execute,
  executeAndFinish,
  finish,
  publish,
  sales,
  tokenOf,
} from "./support/rebalance.ts";
import { depositNow, investedFund, requestDeposit, requestRedeem } from "./support/situations.ts";

describe("Attack: dust requests", function () {
  const get = useFixture((fixture) => depositNow(fixture, "alice", 1000n * USDC));

  it("of a deposit are refused below one coin", async function () {
    const fixture = get();

    await expect(requestDeposit(fixture, "bob", USDC - 1n))
      .to.be.revertedWithCustomError(fixture.vault, "RequestBelowMinimum")
      .withArgs(USDC - 1n, USDC);
  });

  it("of a redemption are refused below one share", async function () {
    const fixture = get();

    await expect(requestRedeem(fixture, "alice", WHOLE - 1n))
      .to.be.revertedWithCustomError(fixture.vault, "RequestBelowMinimum")
      .withArgs(WHOLE - 1n, WHOLE);
  });

  it("in somebody else's name are gifts to him", async function () {
    const fixture = get();
    const { vault, people, rebalancer } = fixture;
    await requestDeposit(fixture, "carol", 100n * USDC);
    for (let times = 0; times < 20; times++) {
      await vault.connect(people.bob).requestDeposit(USDC, people.carol, people.bob);
    }
    await rebalancer.strikeInStablecoins();

    const gas = await vault.connect(people.carol)["deposit(uint256,address)"].estimateGas(120n * USDC, people.carol);
    await vault.connect(people.carol)["deposit(uint256,address)"](120n * USDC, people.carol);

    expect([await vault.balanceOf(people.carol), gas < 200_000n]).to.deep.equal([120n * WHOLE, true]);
  });
});

describe("Attack: claims split to gain by rounding", function () {
  const NAMES = ["alice", "bob", "carol"] as const;

  const get = useFixture(async (fixture) => {
    const { vault, people, rebalancer } = fixture;
    await investedFund(fixture);
    // Odd parts of a fund whose share is worth an odd amount after its trades.
    await vault.connect(people.alice).transfer(people.bob, 333_333_333_333_333_333_333_333n);
    await vault.connect(people.alice).transfer(people.carol, 1_000_000_000_000_000_007n);
    const signed = await publish(fixture, "bear");
    const risky = Object.keys(BULL).filter((coinId) => coinId !== "usd-coin");
    await execute(fixture, signed, await sales(fixture, risky));
    await executeAndFinish(fixture, signed, batchFrom(risky.length, await sales(fixture, ["transit"])));
    for (const name of NAMES) await requestRedeem(fixture, name, await vault.balanceOf(people[name]));
    await rebalancer.strikeInStablecoins();
  });

  it("leave the last one his whole claim", async function () {
    const { vault, people } = get();
    // One unit at a time gives away a whole share-unit's rounding each time: for the fund, not against it.
    for (let times = 0; times < 5; times++) {
      await vault.connect(people.alice).withdraw(1, people.alice, people.alice);
      await vault.connect(people.bob).redeem(999_999_999_999n, people.bob, people.bob);
    }
    for (const name of ["alice", "bob"] as const) {
      const person = people[name];
      await vault.connect(person).withdraw(await vault.maxWithdraw(person), person, person);
    }

    const claim = await vault.maxWithdraw(people.carol);
    await vault.connect(people.carol).withdraw(claim, people.carol, people.carol);

    // At most a unit each for the rounding of three accounts stays behind.
    expect(claim).to.be.above(0);
    expect(await vault.setAside()).to.be.within(0, 3);
  });
});

describe("Attack: balances changed by one unit before every public call", function () {
  const get = useFixture();

  /** Gives the vault a unit of the deposit coin, of wrapped ether and of alpha, and of shares where there are any. */
  async function donate(fixture: Fixture): Promise<void> {
    const { vault, usdc, people, ethers, weth, market } = fixture;
    await usdc.connect(people.dave).transfer(vault, 1);
    await people.dave.sendTransaction({ to: weth, value: 1, data: ethers.id("deposit()").slice(0, 10) });
    await weth.connect(people.dave).transfer(vault, 1);
    const alpha = await ethers.getContractAt("MockToken", market.coin("alpha").token);
    await alpha.mint(vault, 1);
    if ((await vault.balanceOf(people.alice)) > WHOLE) await vault.connect(people.alice).transfer(vault, 1);
  }

  /** A whole life of a fund; each call at a time of its own, after `prepare`. */
  async function live(fixture: Fixture, prepare: () => Promise<void>) {
    const { vault, people, rebalancer } = fixture;
    let time = MONDAY + 60;
    const step = async <Value>(run: () => Promise<Value>): Promise<Value> => {
      await prepare();
      time += 60;
      await advanceTo(fixture, time);
      return run();
    };
    await step(() => requestDeposit(fixture, "alice", 1_000_000n * USDC));
    await step(() => requestDeposit(fixture, "bob", 1000n * USDC));
    await step(async () => {
      const id = await vault.connect(people.bob).requestDeposit.staticCall(USDC, people.bob, people.bob);
      return vault.connect(people.bob).cancelDepositRequest(id, people.bob, people.bob);
    });
    await step(() => rebalancer.strikeInStablecoins());
    await step(() => vault.connect(people.alice)["mint(uint256,address)"](1_000_000n * WHOLE, people.alice));
    const signed = await step(() => publish(fixture, "bull"));
    time += WEEK / 14;
    const first = buysWithUsdc(fixture, BULL, 1_000_000n * USDC);
    await step(() => execute(fixture, signed, first));
    await step(async () => execute(fixture, signed, batchFrom(first.length, await buysWithTransit(fixture, BULL))));
    await step(() => finish(fixture, signed));
    await step(() => requestRedeem(fixture, "alice", 1000n * WHOLE));
    await step(() =>
      vault
        .connect(people.alice)
        .redeemInKind(500_000n * WHOLE, people.carol, people.alice, [], [], { gasLimit: GAS_CAP }),
    );
    const [, , , , weights] = await fixture.lens.holdings();
    return {
      books: [...(await vault.balances(await vault.heldSet()))],
      supply: await vault.totalSupply(),
      nav: await vault.nav(),
      due: await vault.sharesDue(),
      weights: [...weights],
      alpha: await (await fixture.ethers.getContractAt("MockToken", tokenOf(fixture, "alpha"))).balanceOf(people.carol),
    };
  }

  it("change nothing that the fund holds, owes, pays or is worth", async function () {
    const fixture = get();
    const saved = await fixture.market.snapshot();
    const undisturbed = await live(fixture, () => Promise.resolve());
    await fixture.market.revert(saved);

    const disturbed = await live(fixture, () => donate(fixture));

    expect(disturbed).to.deep.equal(undisturbed);
  });
});
