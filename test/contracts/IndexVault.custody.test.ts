import { expect } from "chai";

import { tokenUnits } from "../../src/core/units.ts";
import { PROBE_UNITS } from "../../src/execute/deploy.ts";
import { booksAfter } from "../../src/record/rebuild.ts";
import { fetchLedger } from "../../src/record/ledger.ts";
import { senderOf } from "../../src/world/week.ts";
import { giveCode, takeFrom } from "./support/bad-faith.ts";
import { CASH, type Fixture, MONDAY, refreshTo, TRANSIT, USDC, useFixture, WEEK, WHOLE } from "./support/fixture.ts";
import { execute, executeAndFinish, held, leg, publish, tokenOf } from "./support/rebalance.ts";
import { depositNow, investedFund, publishBull, requestDeposit, requestRedeem } from "./support/situations.ts";

/** Gives units to the vault. */
function donate({ market, fund }: Fixture, coinId: string, amount: bigint): Promise<void> {
  return market.give(coinId, fund.addresses.vault, tokenUnits(amount));
}

async function ledgerOf(fixture: Fixture) {
  const { client } = senderOf(fixture, "alice");
  const { addresses, block } = fixture.fund.deployment();
  return fetchLedger({ client, chainId: 31_337, vault: addresses.vault, fromBlock: BigInt(block) });
}

describe("IndexVault: writing down what is not there", function () {
  const get = useFixture(investedFund);

  it("lowers the books to what the token has", async function () {
    const fixture = get();
    const { vault, people, fund } = fixture;
    const before = await held(fixture, "alpha");
    await takeFrom(fixture, "alpha", 7n * WHOLE);

    const sent = await vault.connect(people.stranger).writeDown(fund.indexOf("alpha"));

    await expect(sent)
      .to.emit(vault, "BooksWrittenDown")
      .withArgs(
        ...[fund.indexOf("alpha"), tokenOf(fixture, "alpha"), before, before - 7n * WHOLE + PROBE_UNITS],
        ...(await vault.ledger()),
      );
    // What the trial of the token left in the vault is there, beside the books.
    expect(await held(fixture, "alpha")).to.equal(before - 7n * WHOLE + PROBE_UNITS);
  });

  it("is refused while everything is there", async function () {
    const fixture = get();
    const { vault, fund } = fixture;
    const amount = await held(fixture, "alpha");

    await expect(vault.writeDown(fund.indexOf("alpha")))
      .to.be.revertedWithCustomError(vault, "NothingToWriteDown")
      .withArgs(fund.indexOf("alpha"), amount + PROBE_UNITS, amount);
  });

  it("cannot be brought about by a donation", async function () {
    const fixture = get();
    const { vault, fund } = fixture;
    await donate(fixture, "alpha", WHOLE);

    await expect(vault.writeDown(fund.indexOf("alpha"))).to.be.revertedWithCustomError(vault, "NothingToWriteDown");
  });

  it("takes nothing from pending deposits: they come first", async function () {
    const fixture = get();
    const { vault } = fixture;
    await requestDeposit(fixture, "bob", 50_000n * USDC);
    const booked = await held(fixture, "usd-coin");
    await takeFrom(fixture, "usd-coin", booked + 1n); // one unit more than all that is the fund's

    await vault.writeDown(CASH);

    expect([await held(fixture, "usd-coin"), await vault.depositsPending()]).to.deep.equal([0n, 50_000n * USDC]);
  });

  it("counts wrapped ether in transit and held as one token", async function () {
    const fixture = get();
    const { vault } = fixture;
    const signed = await publish(fixture, "bear");
    await execute(fixture, signed, [leg(fixture, ["gamma", "transit"], 1000n * WHOLE)]);
    const transit = await held(fixture, "transit");

    await expect(vault.writeDown(TRANSIT))
      .to.be.revertedWithCustomError(vault, "NothingToWriteDown")
      .withArgs(TRANSIT, transit + (await held(fixture, "ethereum")), transit + (await held(fixture, "ethereum")));
  });

  it("is rebuilt from the ledger", async function () {
    const fixture = get();
    const { vault, fund } = fixture;
    await takeFrom(fixture, "alpha", 7n * WHOLE);
    await vault.writeDown(fund.indexOf("alpha"));

    const books = booksAfter((await ledgerOf(fixture)).lines);

    expect(books.balances.get(fund.indexOf("alpha"))).to.equal(await held(fixture, "alpha"));
  });

  it("is impossible while a token is out during a swap", async function () {
    const fixture = get();
    const { ethers, market, vault, fund } = fixture;
    await giveCode(fixture, "alpha", "CallbackToken");
    const token = await ethers.getContractAt("CallbackToken", market.coin("alpha").token);
    await token.arm(vault, vault.interface.encodeFunctionData("writeDown", [fund.indexOf("alpha")]));

    await execute(fixture, await publish(fixture, "bear"), [leg(fixture, ["alpha", "usd-coin"], 1000n * WHOLE)]);

    const guard = ethers.id("ReentrancyGuardReentrantCall()").slice(0, 10);
    expect([await token.successes(), await token.lastError()]).to.deep.equal([0n, guard]);
  });
});

describe("IndexVault: sweeping a surplus", function () {
  const get = useFixture(investedFund);

  it("adds it to the books while the fund is in the market", async function () {
    const fixture = get();
    const { vault, rebalancer, people, fund } = fixture;
    const before = await held(fixture, "alpha");
    await donate(fixture, "alpha", 7n * WHOLE);

    const sent = await rebalancer.connect(people.stranger).sweep(fund.indexOf("alpha"));

    await expect(sent)
      .to.emit(vault, "SurplusSwept")
      .withArgs(fund.indexOf("alpha"), tokenOf(fixture, "alpha"), 7n * WHOLE + PROBE_UNITS, ...(await vault.ledger()));
    expect(await held(fixture, "alpha")).to.equal(before + 7n * WHOLE + PROBE_UNITS);
  });

  it("brings back what was written down", async function () {
    const fixture = get();
    const { vault, rebalancer, fund } = fixture;
    const before = await held(fixture, "alpha");
    await takeFrom(fixture, "alpha", 7n * WHOLE);
    await vault.writeDown(fund.indexOf("alpha"));
    await donate(fixture, "alpha", 7n * WHOLE);

    await rebalancer.sweep(fund.indexOf("alpha"));

    expect(await held(fixture, "alpha")).to.equal(before + PROBE_UNITS);
  });

  it("is rebuilt from the ledger", async function () {
    const fixture = get();
    const { rebalancer, fund } = fixture;
    await donate(fixture, "alpha", 7n * WHOLE);
    await rebalancer.sweep(fund.indexOf("alpha"));

    const books = booksAfter((await ledgerOf(fixture)).lines);

    expect(books.balances.get(fund.indexOf("alpha"))).to.equal(await held(fixture, "alpha"));
  });

  it("is refused without a surplus", async function () {
    const fixture = get();
    const { vault, rebalancer, fund } = fixture;
    await rebalancer.sweep(fund.indexOf("alpha")); // what the trial of the token left
    const amount = await held(fixture, "alpha");

    await expect(rebalancer.sweep(fund.indexOf("alpha")))
      .to.be.revertedWithCustomError(vault, "NothingToSweep")
      .withArgs(fund.indexOf("alpha"), amount, amount);
  });

  it("takes no pending deposit for a surplus", async function () {
    const fixture = get();
    const { vault, rebalancer } = fixture;
    await requestDeposit(fixture, "bob", 50_000n * USDC);

    await expect(rebalancer.sweep(CASH)).to.be.revertedWithCustomError(vault, "NothingToSweep");
  });

  it("is refused to anyone who does not go through the rebalancer", async function () {
    const { vault, people, fund } = get();

    await expect(vault.connect(people.owner).sweep(fund.indexOf("alpha")))
      .to.be.revertedWithCustomError(vault, "OnlyRebalancer")
      .withArgs(people.owner);
  });

  describe("Attack: with requests or a rebalance in the way", function () {
    it("is refused while a rebalance is under way", async function () {
      const fixture = get();
      const { rebalancer, fund } = fixture;
      await donate(fixture, "alpha", WHOLE);
      await refreshTo(fixture, MONDAY + WEEK + 60);
      await execute(fixture, await publishBull(fixture), []);

      await expect(rebalancer.sweep(fund.indexOf("alpha"))).to.be.revertedWithCustomError(
        rebalancer,
        "SweepOutsideMarket",
      );
    });

    it("is refused while redemptions are due", async function () {
      const fixture = get();
      const { vault, rebalancer, fund } = fixture;
      await requestRedeem(fixture, "alice", 900_000n * WHOLE); // far more than the cash on hand
      await donate(fixture, "alpha", WHOLE);
      await refreshTo(fixture, MONDAY + WEEK + 60);
      const signed = await publishBull(fixture);
      await execute(fixture, signed, []);
      await refreshTo(fixture, MONDAY + WEEK + 48 * 3600);
      await rebalancer.connect(fixture.people.keeper).finish(signed.target, signed.weights);

      await expect(rebalancer.sweep(fund.indexOf("alpha")))
        .to.be.revertedWithCustomError(vault, "SweepNotNow")
        .withArgs(fund.indexOf("alpha"));
    });
  });

  describe("Attack: an asset brought into the fund by a gift", function () {
    it("is refused, so that nothing unpriced stops a strike", async function () {
      const fixture = get();
      const { vault, rebalancer, fund } = fixture;
      await donate(fixture, "tether", 1000n);

      await expect(rebalancer.sweep(fund.indexOf("tether")))
        .to.be.revertedWithCustomError(vault, "SweepNotNow")
        .withArgs(fund.indexOf("tether"));
    });

    it("is refused for wrapped ether in transit, which would keep a rebalance open", async function () {
      const fixture = get();
      await expect(fixture.rebalancer.sweep(TRANSIT))
        .to.be.revertedWithCustomError(fixture.vault, "SweepNotNow")
        .withArgs(TRANSIT);
    });
  });
});

describe("Attack: in and out around a sweep", function () {
  const get = useFixture(async (fixture) => {
    await depositNow(fixture, "alice", 1000n * USDC);
    await donate(fixture, "usd-coin", 500n * USDC);
  });

  it("is impossible in stablecoins, where buying in and out would cost nothing", async function () {
    const fixture = get();
    const { rebalancer, vault, people } = fixture;
    await depositNow(fixture, "bob", 1_000_000n * USDC);

    await expect(rebalancer.sweep(CASH)).to.be.revertedWithCustomError(rebalancer, "SweepOutsideMarket");

    await requestRedeem(fixture, "bob", await vault.balanceOf(people.bob));
    await rebalancer.strikeInStablecoins();
    expect(await vault.maxWithdraw(people.bob)).to.be.at.most(1_000_000n * USDC);
  });

  it("gives the donor nothing", async function () {
    const fixture = get();
    const { rebalancer, vault, people } = fixture;
    await refreshTo(fixture, MONDAY + 60);
    const parts = { "usd-coin": 500_000, bitcoin: 500_000 };
    await executeAndFinish(fixture, await publishBull(fixture, parts), [
      leg(fixture, ["usd-coin", "bitcoin"], 500n * USDC),
    ]);

    await rebalancer.connect(people.dave).sweep(CASH);

    expect([await vault.balanceOf(people.dave), await held(fixture, "usd-coin")]).to.deep.equal([0n, 1000n * USDC]);
  });
});
