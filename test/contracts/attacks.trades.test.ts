import { expect } from "chai";

import { giveCode, pushPool } from "./support/bad-faith.ts";
import { BULL, type Fixture, GAS_CAP, MONDAY, refreshTo, USDC, useFixture, WEEK, WHOLE } from "./support/fixture.ts";
import { reasonsOf } from "./support/reading.ts";
import { execute, executeAndFinish, batchFrom, held, leg, publish, sales, tokenOf } from "./support/rebalance.ts";
import { investedFund, publishBull, requestRedeem, cashFund } from "./support/situations.ts";

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
      abi.encodeFunctionData("payLeg", [people.bob.address, 1]),
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
  const get = useFixture(cashFund);

  it("costs the fund less than 2 % of the leg and what the pool keeps", async function () {
    const fixture = get();
    const signed = await publishBull(fixture, { "usd-coin": 800_000, alpha: 200_000 });
    await pushPool(fixture, "alpha", [1_009n, 1_000n]); // 1.009² = 1.0181 times the price

    await execute(fixture, signed, [leg(fixture, ["usd-coin", "alpha"], 200_000n * USDC)]);

    // 200,000 * (1 - 1 / 1.0181) = 3,556 USD, 100 for the pool, and less than 20 of impact.
    expect(await fixture.vault.nav()).to.be.within(996_300n * WHOLE, 996_360n * WHOLE);
  });

  it("is refused above that", async function () {
    const fixture = get();
    const signed = await publishBull(fixture, { "usd-coin": 800_000, alpha: 200_000 });
    await pushPool(fixture, "alpha", [1_011n, 1_000n]); // 1.011² = 1.0221: within the floor of 3 %, beyond the spot's 2 %

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
      await executeAndFinish(fixture, signed, batchFrom(risky.length, await sales(fixture, ["transit"])));

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
