import { expect } from "chai";

import { unixSeconds } from "../../src/core/units.ts";
import { readDueRequests } from "../../src/execute/read-requests.ts";
import { senderOf } from "../../src/world/week.ts";
import {
  advanceTo,
  type Fixture,
  HOUR,
  MONDAY,
  now,
  refreshTo,
  stage,
  USDC,
  useFixture,
  WEEK,
  WHOLE,
} from "./support/fixture.ts";
import { linesOf } from "./support/reading.ts";
import { batchFrom, execute, executeAndFinish, finish, leg, publish, sales, type Signed } from "./support/rebalance.ts";
import { depositNow, investedFund, pegDai, publishBull, requestDeposit, requestRedeem } from "./support/situations.ts";

const RISKY = ["bitcoin", "alpha", "beta", "gamma", "delta", "binancecoin"];

/** Starts a rebalance of the week after, trades nothing and comes back when its deadline has passed. */
async function letDeadlinePass(fixture: Fixture): Promise<Signed> {
  await refreshTo(fixture, MONDAY + WEEK + 60);
  const signed = await publishBull(fixture);
  await execute(fixture, signed, []);
  await refreshTo(fixture, MONDAY + WEEK + 2 * 24 * HOUR);
  return signed;
}

/** Out of the market at once, to the end of the rebalance. */
async function leaveMarket(fixture: Fixture) {
  const signed = await publish(fixture, "bear");
  const first = await sales(fixture, RISKY);
  await execute(fixture, signed, first);
  return executeAndFinish(fixture, signed, batchFrom(first.length, await sales(fixture, ["transit"])));
}

describe("IndexVault: redemptions when the deposit coin is short", function () {
  const get = useFixture();

  describe("at a finish", function () {
    /** D18{USD} and {share} just before the finish. */
    let [nav, supply] = [0n, 0n];
    let line: Readonly<Record<string, unknown>> = {};

    // A tenth of the fund is cash, 100,000 USDC; alice wants 400,000 of 1,000,000 shares paid, and bob 100,000.
    stage(get, async (fixture) => {
      const { vault, people } = fixture;
      await investedFund(fixture);
      await vault.connect(people.alice).transfer(people.bob, 100_000n * WHOLE);
      await requestRedeem(fixture, "alice", 400_000n * WHOLE);
      await requestRedeem(fixture, "bob", 100_000n * WHOLE);
      const signed = await letDeadlinePass(fixture);
      [nav, supply] = [await vault.nav(), await vault.totalSupply()];
      line = (await linesOf(fixture, await finish(fixture, signed), "RedemptionsStruck"))[0] ?? {};
    });

    it("pays each the same part of what is on hand", async function () {
      const { vault, people } = get();

      // 4 : 1
      expect([await vault.maxWithdraw(people.alice), await vault.maxWithdraw(people.bob)]).to.deep.equal([
        80_000n * USDC,
        20_000n * USDC,
      ]);
    });

    it("records the shares that this money pays, rounded up", function () {
      // {tok} of 6 decimals at one USD, less the least swing of a bull regime: 30 bps
      const owed = (500_000n * WHOLE * 9970n * nav) / (supply * 10_000n) / 10n ** 12n;
      const struck = (500_000n * WHOLE * 100_000n * USDC + owed - 1n) / owed;

      expect([line["shares"], line["assets"], line["nav"], line["supply"]]).to.deep.equal([
        struck,
        100_000n * USDC,
        nav,
        supply,
      ]);
    });

    it("burns these shares and keeps the others due", async function () {
      const { vault } = get();
      const struck = line["shares"] as bigint;

      expect([await vault.totalSupply(), await vault.sharesDue()]).to.deep.equal([
        supply - struck,
        500_000n * WHOLE - struck,
      ]);
    });

    it("shows what waits and what can be claimed by request", async function () {
      const { vault, people } = get();
      const struck = line["shares"] as bigint;
      const used = (4n * struck + 4n) / 5n; // four fifths, rounded up

      expect([
        await vault.claimableRedeemRequest(1, people.alice),
        await vault.maxRedeem(people.alice),
        await vault.pendingRedeemRequest(1, people.alice),
      ]).to.deep.equal([used, used, 400_000n * WHOLE - used]);
    });

    it("takes nothing from a share that stays", async function () {
      const { vault } = get();

      expect((await vault.nav()) * supply).to.be.at.least(nav * (await vault.totalSupply()));
    });

    it("sets aside what was paid and no more", async function () {
      const { vault, people } = get();
      const { alice, bob } = people;

      await vault.connect(bob).redeem(await vault.maxRedeem(bob), bob, bob);
      await vault.connect(alice).redeem(await vault.maxRedeem(alice), alice, alice);

      expect(await vault.setAside()).to.equal(0);
    });

    it("counts the rest as due in the next plan", async function () {
      const fixture = get();
      const { vault, fund } = fixture;
      const { client } = senderOf(fixture, "alice");
      const range = { toBlock: await client.getBlockNumber(), at: unixSeconds(await now(fixture)) };

      const due = await readDueRequests(client, fund.deployment(), range);

      expect(due).to.deep.equal({ deposits: 0n, shares: await vault.sharesDue() });
    });

    it("lets no request that is due be taken back", async function () {
      const { vault, people } = get();

      await expect(vault.connect(people.alice).cancelRedeemRequest(1, people.alice, people.alice))
        .to.be.revertedWithCustomError(vault, "RequestNotCancellable")
        .withArgs(1);
    });

    it("pays the rest at the next finish, at the value of that day", async function () {
      const fixture = get();
      const { vault, people } = fixture;
      const due = await vault.sharesDue();

      const [struck] = await linesOf(fixture, await leaveMarket(fixture), "RedemptionsStruck");

      expect(struck?.["shares"]).to.equal(due);
      expect([await vault.maxRedeem(people.alice), await vault.maxRedeem(people.bob)]).to.deep.equal([
        400_000n * WHOLE,
        100_000n * WHOLE,
      ]);
    });

    it("leaves no claim without its money after both strikes", async function () {
      const fixture = get();
      const { vault, people } = fixture;
      await leaveMarket(fixture);

      const claimable = (await vault.maxWithdraw(people.alice)) + (await vault.maxWithdraw(people.bob));

      // The second strike rounds each of the two down.
      expect(claimable).to.be.within((await vault.setAside()) - 2n, await vault.setAside());
    });

    it("lets the next request wait beside the rest", async function () {
      const fixture = get();
      const { vault, people } = fixture;
      const rest = await vault.pendingRedeemRequest(1, people.alice);

      await requestRedeem(fixture, "alice", 7n * WHOLE);

      expect([
        await vault.pendingRedeemRequest(1, people.alice),
        await vault.pendingRedeemRequest(2, people.alice),
        await vault.claimableRedeemRequest(1, people.alice),
      ]).to.deep.equal([rest, 7n * WHOLE, 0n]); // what was struck came with the request
    });

    it("pays from deposits that come in meanwhile", async function () {
      const fixture = get();
      const { vault, people } = fixture;
      await requestDeposit(fixture, "carol", 5_000_000n * USDC);
      await refreshTo(fixture, MONDAY + 2 * WEEK + 60);
      await leaveMarket(fixture);

      expect(await vault.pendingRedeemRequest(1, people.bob)).to.equal(0);
    });
  });

  describe("when there is none of it at all", function () {
    stage(get, async (fixture) => {
      await depositNow(fixture, "alice", 1_000_000n * USDC);
      await advanceTo(fixture, MONDAY + 60);
      const signed = await publishBull(fixture, { bitcoin: 800_000, alpha: 200_000 });
      await executeAndFinish(fixture, signed, [
        leg(fixture, ["usd-coin", "bitcoin"], 800_000n * USDC),
        leg(fixture, ["usd-coin", "alpha"], 200_000n * USDC - 1n), // one unit stays and counts as none
      ]);
      await requestRedeem(fixture, "alice", 400_000n * WHOLE);
    });

    it("finishes, pays nothing and keeps everything due", async function () {
      const fixture = get();
      const signed = await letDeadlinePass(fixture);

      const sent = await finish(fixture, signed);

      expect(await linesOf(fixture, sent, "RedemptionsStruck")).to.deep.equal([]);
      expect(await fixture.vault.sharesDue()).to.equal(400_000n * WHOLE);
    });
  });

  describe("at a strike of anybody in stablecoins", function () {
    // Half of the fund is in DAI, which is worth a dollar.
    stage(get, async (fixture) => {
      await pegDai(fixture);
      await depositNow(fixture, "alice", 1_000_000n * USDC);
      const signed = await publish(fixture, "bear", { "usd-coin": 500_000, dai: 500_000 });
      await executeAndFinish(fixture, signed, [leg(fixture, ["usd-coin", "dai"], 500_000n * USDC)]);
    });

    it("pays all or nothing", async function () {
      const fixture = get();
      const { vault, rebalancer } = fixture;
      await requestRedeem(fixture, "alice", 900_000n * WHOLE);
      const { redemptionSwing } = await vault.conditions();
      const owed = ((await vault.nav()) * 9n * (10_000n - redemptionSwing)) / 100_000n / 10n ** 12n;

      await expect(rebalancer.strikeInStablecoins())
        .to.be.revertedWithCustomError(vault, "CashShort")
        .withArgs(owed, 500_000n * USDC);
    });

    it("pays when a deposit brings what was missing", async function () {
      const fixture = get();
      const { vault, rebalancer, people } = fixture;
      await requestRedeem(fixture, "alice", 900_000n * WHOLE);
      await requestDeposit(fixture, "bob", 500_000n * USDC);

      await rebalancer.strikeInStablecoins();

      expect(await vault.maxRedeem(people.alice)).to.equal(900_000n * WHOLE);
    });
  });
});
