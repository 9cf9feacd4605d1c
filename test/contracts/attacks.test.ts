import { expect } from "chai";

import {
  BULL,
  type Fixture,
  GAS_CAP,
  HOUR,
  MONDAY,
  USDC,
  WEEK,
  WHOLE,
  advanceTo,
  depositNow,
  execute,
  executeAndFinish,
  giveCode,
  held,
  investedFund,
  leg,
  linesOf,
  publish,
  publishBull,
  pushPool,
  reasonsOf,
  refreshTo,
  requestDeposit,
  requestRedeem,
  sales,
  tokenOf,
  useFixture,
} from "./support.ts";

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

    await vault.connect(people.alice).deposit(1_500_000n * USDC, people.alice, people.alice);
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

  it("does not stop the strike when a single unit of the coin was deposited", async function () {
    const fixture = get();
    await depositNow(fixture, "bob", 1n); // one unit counts as none: shares without a value

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
    await depositNow(fixture, "bob", 1n);
    await requestDeposit(fixture, "alice", 1000n * USDC);
    await advanceTo(fixture, MONDAY + 60);

    await executeAndFinish(fixture, await publish(fixture, "bear"), []);

    expect(await fixture.vault.maxMint(fixture.people.alice)).to.equal(1000n * WHOLE);
  });

  it("leaves the conversion of a deposit at one share a USD", async function () {
    const fixture = get();
    await depositNow(fixture, "bob", 1n);

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

describe("Attack: re-entrancy from a token's transfer (imBTC, Cream)", function () {
  const get = useFixture(async (fixture) => {
    await investedFund(fixture);
    await giveCode(fixture, "alpha", "CallbackToken");
  });

  const GUARD = "ReentrancyGuardReentrantCall";

  /** Sells alpha, whose transfer makes a call. Gives back the error of that call, by its selector. */
  async function callWhileSelling(fixture: Fixture, target: string, data: string): Promise<unknown> {
    const token = await fixture.ethers.getContractAt("CallbackToken", tokenOf(fixture, "alpha"));
    await token.arm(target, data);
    await execute(fixture, await publish(fixture, "bear"), await sales(fixture, ["alpha"]));
    expect([await token.successes(), await token.failures()]).to.deep.equal([0n, 1n]);
    return token.lastError();
  }

  it("cannot request a deposit during a leg", async function () {
    const fixture = get();
    const { vault, people } = fixture;
    const { interface: abi } = vault;
    const data = abi.encodeFunctionData("requestDeposit", [1, people.bob.address, people.bob.address]);

    const error = await callWhileSelling(fixture, await vault.getAddress(), data);

    expect(error).to.equal(abi.getError(GUARD)?.selector);
  });

  it("cannot leave in kind during a leg", async function () {
    const fixture = get();
    const { vault, people } = fixture;
    const { interface: abi } = vault;
    const data = abi.encodeFunctionData("redeemInKind", [1, people.bob.address, people.bob.address, [], []]);

    const error = await callWhileSelling(fixture, await vault.getAddress(), data);

    expect(error).to.equal(abi.getError(GUARD)?.selector);
  });

  it("cannot strike during a leg", async function () {
    const fixture = get();
    const { rebalancer } = fixture;
    const { interface: abi } = rebalancer;

    const error = await callWhileSelling(
      fixture,
      await rebalancer.getAddress(),
      abi.encodeFunctionData("strikeInStablecoins"),
    );

    expect(error).to.equal(abi.getError(GUARD)?.selector);
  });

  it("cannot have the vault pay during a leg", async function () {
    const fixture = get();
    const { vault, people } = fixture;
    const { interface: abi } = vault;

    const error = await callWhileSelling(
      fixture,
      await vault.getAddress(),
      abi.encodeFunctionData("payPool", [people.bob.address, 1]),
    );

    expect(error).to.equal(abi.getError("PaymentNotExpected")?.selector);
  });

  it("cannot act as the pool during a leg", async function () {
    const fixture = get();
    const { venue } = fixture;
    const { interface: abi } = venue;

    const error = await callWhileSelling(
      fixture,
      await venue.getAddress(),
      abi.encodeFunctionData("uniswapV3SwapCallback", [1, 0, "0x"]),
    );

    expect(error).to.equal(abi.getError("CallbackNotExpected")?.selector);
  });

  it("cannot leave again during an exit in kind", async function () {
    const fixture = get();
    const { vault, people, ethers } = fixture;
    const { interface: abi } = vault;
    const token = await ethers.getContractAt("CallbackToken", tokenOf(fixture, "alpha"));
    const data = abi.encodeFunctionData("redeemInKind", [1, people.bob.address, people.bob.address, [], []]);
    await token.arm(vault, data);

    await vault.connect(people.alice).redeemInKind(WHOLE, people.alice, people.alice, [], [], { gasLimit: GAS_CAP });

    expect(await token.lastError()).to.equal(abi.getError(GUARD)?.selector);
  });
});

describe("Attack: a false pool asks for money", function () {
  const get = useFixture(investedFund);

  it("is refused by the venue outside a leg", async function () {
    const { ethers, venue, usdc, weth } = get();
    const pool = await ethers.deployContract("FakePool", [usdc, weth, 500]);

    await expect(pool.askFor(venue, 1_000_000n * USDC))
      .to.be.revertedWithCustomError(venue, "CallbackNotExpected")
      .withArgs(pool);
  });

  it("is refused by the venue during a leg", async function () {
    const fixture = get();
    const { ethers, venue, usdc, weth } = fixture;
    const pool = await ethers.deployContract("FakePool", [usdc, weth, 500]);
    await giveCode(fixture, "alpha", "CallbackToken");
    const token = await ethers.getContractAt("CallbackToken", tokenOf(fixture, "alpha"));
    const data = pool.interface.encodeFunctionData("askFor", [await venue.getAddress(), 1_000_000n * USDC]);
    await token.arm(pool, data);

    await execute(fixture, await publish(fixture, "bear"), await sales(fixture, ["alpha"]));

    expect(await token.lastError()).to.equal(venue.interface.getError("CallbackNotExpected")?.selector);
  });
});

describe("Attack: the keeper's own sandwich", function () {
  const get = useFixture(async (fixture) => {
    await depositNow(fixture, "alice", 1_000_000n * USDC);
    await advanceTo(fixture, MONDAY + 60);
  });

  it("costs the fund at most 5 % of the leg", async function () {
    const fixture = get();
    const signed = await publishBull(fixture, { "usd-coin": 800_000, alpha: 200_000 });
    await pushPool(fixture, "alpha", [1_024n, 1_000n]); // 1.024² = 1.0486 times the price

    await execute(fixture, signed, [leg(fixture, ["usd-coin", "alpha"], 200_000n * USDC)]);

    // 5 % of 200,000 USD are 10,000.
    expect(await fixture.vault.nav()).to.be.within(990_000n * WHOLE, 992_000n * WHOLE);
  });

  it("is refused above that", async function () {
    const fixture = get();
    const signed = await publishBull(fixture, { "usd-coin": 800_000, alpha: 200_000 });
    await pushPool(fixture, "alpha", [1_030n, 1_000n]);

    await execute(fixture, signed, [leg(fixture, ["usd-coin", "alpha"], 200_000n * USDC)]);

    expect(await fixture.vault.nav()).to.equal(1_000_000n * WHOLE);
  });

  it("cannot move the price of an asset without a feed within the block", async function () {
    const fixture = get();
    const signed = await publishBull(fixture, { "usd-coin": 800_000, beta: 200_000 });
    await pushPool(fixture, "beta", [12n, 10n]); // 44 % up for a second of the 600

    const sent = await execute(fixture, signed, [leg(fixture, ["usd-coin", "beta"], 100_000n * USDC)]);

    expect(await reasonsOf(fixture, sent)).to.deep.equal(["swap failed or below minimum"]);
  });
});

describe("Attack: roles in bad faith", function () {
  describe("an admin who closes every contract in the AccessManager", function () {
    const get = useFixture(async (fixture) => {
      const { manager, people, vault, rebalancer, oracle, venue } = fixture;
      await investedFund(fixture);
      await requestRedeem(fixture, "alice", 100_000n * WHOLE);
      for (const target of [vault, rebalancer, oracle, venue]) {
        await manager.connect(people.owner).setTargetClosed(target, true);
      }
    });

    it("cannot stop an exit in kind", async function () {
      const { vault, people } = get();

      await vault.connect(people.alice).redeemInKind(WHOLE, people.alice, people.alice, [], []);

      expect(await vault.totalSupply()).to.equal(999_999n * WHOLE);
    });

    it("cannot stop a risk-off target", async function () {
      const fixture = get();
      const signed = await publish(fixture, "bear");

      await execute(fixture, signed, await sales(fixture, ["bitcoin"]));

      expect(await held(fixture, "bitcoin")).to.equal(1);
    });

    it("cannot stop strikes and claims", async function () {
      const fixture = get();
      const { vault, people } = fixture;
      await refreshTo(fixture, MONDAY + WEEK + 60);
      const signed = await publish(fixture, "bear");
      const risky = Object.keys(BULL).filter((coinId) => coinId !== "usd-coin");
      await execute(fixture, signed, await sales(fixture, risky));
      await executeAndFinish(fixture, signed, await sales(fixture, ["transit"]), risky.length);

      await vault.connect(people.alice).redeem(100_000n * WHOLE, people.alice, people.alice);

      expect(await vault.setAside()).to.equal(0);
    });
  });

  describe("a keeper", function () {
    const get = useFixture(investedFund);

    it("cannot buy anything in bear", async function () {
      const fixture = get();
      const signed = await publish(fixture, "bear");

      const sent = await execute(fixture, signed, [leg(fixture, ["usd-coin", "alpha"], USDC)]);

      expect(await reasonsOf(fixture, sent)).to.deep.equal(["sells below target"]);
    });

    it("cannot sell below the weights in bull", async function () {
      const fixture = get();
      await refreshTo(fixture, MONDAY + WEEK + 60);
      const signed = await publishBull(fixture);

      const sent = await execute(fixture, signed, await sales(fixture, ["alpha"]));

      expect(await reasonsOf(fixture, sent)).to.deep.equal(["sells below target"]);
    });
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
  for (const amount of [1n, 7n, 999_999n, 1_234_567_891n, 333_333_333_333n]) {
    it(`is impossible with ${amount} units of USDC`, async function () {
      const fixture = get();
      const { vault, people, rebalancer } = fixture;
      const risky = Object.keys(BULL).filter((coinId) => coinId !== "usd-coin");
      const signed = await publish(fixture, "bear");
      await execute(fixture, signed, await sales(fixture, risky));
      await executeAndFinish(fixture, signed, await sales(fixture, ["transit"]), risky.length);

      await depositNow(fixture, "bob", amount);
      await requestRedeem(fixture, "bob", await vault.balanceOf(people.bob));
      await rebalancer.strikeInStablecoins();

      expect(await vault.maxWithdraw(people.bob)).to.be.within(amount - 1n, amount);
    });
  }
});
