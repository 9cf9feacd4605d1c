import { expect } from "chai";
import { zeroHash } from "viem";

import { DAY } from "../../src/core/time.ts";
import { unixSeconds } from "../../src/core/units.ts";
import {
  advanceBy,
  advanceTo,
  BULL,
  type Fixture,
  MONDAY,
  now,
  refreshTo,
  stage,
  USDC,
  useFixture,
  VETO_DELAY,
} from "./support/fixture.ts";
import { proveLedger } from "./support/proof.ts";
import { linesOf } from "./support/reading.ts";
import { execute, held, poolOf, publish, tokenOf } from "./support/rebalance.ts";
import { depositNow, enterBull, publishBull } from "./support/situations.ts";

/** In {@link BULL} with 100,000 USD, so that a tenth of a percent of a holding is below 50 USD. */
async function smallFund(fixture: Fixture): Promise<void> {
  await depositNow(fixture, "alice", 100_000n * USDC);
  await advanceTo(fixture, MONDAY + 60);
  await enterBull(fixture, 100_000n * USDC);
}

/** 21 days and a few minutes of silence; feeds and pools have answered lately. */
async function fallSilent(fixture: Fixture): Promise<void> {
  await refreshTo(fixture, (await now(fixture)) + 21 * DAY + 600);
}

const exit = ({ rebalancer, people }: Fixture, token: string) =>
  rebalancer.connect(people.stranger).exitAbandoned(token);

describe("Rebalancer: an exit that nobody signed", function () {
  const get = useFixture(smallFund);
  const token = (coinId: string): string => tokenOf(get(), coinId);

  it("is refused until 21 days after the last finish", async function () {
    const fixture = get();
    const from = (await now(fixture)) + 21 * DAY;
    await advanceTo(fixture, from - 2);

    expect(await fixture.rebalancer.abandonedFrom()).to.equal(from);
    await expect(exit(fixture, token("alpha")))
      .to.be.revertedWithCustomError(fixture.rebalancer, "NotAbandoned")
      .withArgs(from);
  });

  it("is refused while the fund is in stablecoins", async function () {
    const fixture = get();
    await execute(fixture, await publish(fixture, "bear"), []);
    const from = await fixture.rebalancer.abandonedFrom();
    await fallSilent(fixture);

    await expect(exit(fixture, token("alpha")))
      .to.be.revertedWithCustomError(fixture.rebalancer, "NotAbandoned")
      .withArgs(from);
  });

  it("counts from the way into the market when that never finished", async function () {
    const fixture = get();
    await execute(fixture, await publish(fixture, "bear"), []);
    await refreshTo(fixture, (await now(fixture)) + 30 * DAY);
    await execute(fixture, await publishBull(fixture), []);

    expect(await fixture.rebalancer.abandonedFrom()).to.equal((await now(fixture)) + 21 * DAY);
  });

  it("waits for the deadline of a rebalance that was started, and closes it then", async function () {
    const fixture = get();
    const { rebalancer } = fixture;
    await fallSilent(fixture);
    const signed = await publishBull(fixture);
    const { target } = signed;
    await execute(fixture, signed, []);
    const { deadline } = await rebalancer.running();

    await expect(exit(fixture, token("alpha")))
      .to.be.revertedWithCustomError(rebalancer, "RebalanceUnderWay")
      .withArgs(target.id, deadline);
    await refreshTo(fixture, Number(deadline) + 60);
    const sent = await exit(fixture, token("alpha"));
    const [closed] = await linesOf(fixture, sent, "RebalanceClosed");
    expect([closed?.["id"], closed?.["reason"]]).to.deep.equal([target.id, "deadline passed"]);
  });

  describe("after 21 days of silence", function () {
    stage(get, fallSilent);

    it("begins as a line of its own, with the first sale", async function () {
      const fixture = get();
      const [nav, supply] = [await fixture.vault.nav(), await fixture.vault.totalSupply()];

      const sent = await exit(fixture, token("alpha"));

      const [start] = await linesOf(fixture, sent, "RebalanceStarted");
      const { sequence, head, ...fields } = start ?? {};
      expect([typeof sequence, typeof head]).to.deep.equal(["bigint", "string"]);
      expect(fields).to.deep.equal({
        id: 1n,
        regime: "bear",
        decisionHash: zeroHash,
        membershipRoot: zeroHash,
        nav,
        supply,
      });
    });

    it("sells all but one unit on the main pool and pays the caller a thousandth of what came in", async function () {
      const fixture = get();
      const { vault, usdc, people } = fixture;
      const [before, cash] = [await held(fixture, "alpha"), await held(fixture, "usd-coin")];

      const sent = await exit(fixture, token("alpha"));

      const [sale] = await linesOf(fixture, sent, "LegExecuted");
      const brought = sale?.["amountBought"] as bigint;
      expect([sale?.["amountSold"], sale?.["pool"]]).to.deep.equal([
        before - 1n,
        fixture.ethers.getAddress(poolOf(fixture, "alpha")),
      ]);
      expect(await held(fixture, "alpha")).to.equal(1n);
      // About 20,000 USD: a thousandth is about 20 USD, below the 50.
      const reward = brought / 1000n;
      const [sequence, head] = await vault.ledger();
      await expect(sent).to.emit(vault, "RewardPaid").withArgs(1, people.stranger, 0, usdc, reward, sequence, head);
      expect(await usdc.balanceOf(people.stranger)).to.equal(reward);
      expect(await held(fixture, "usd-coin")).to.equal(cash + brought - reward);
    });

    it("makes wrapped ether of what has no pool with a stablecoin, without a reward", async function () {
      const fixture = get();

      const sent = await exit(fixture, token("gamma"));

      expect((await linesOf(fixture, sent, "LegExecuted"))[0]?.["boughtAsset"]).to.equal(255n);
      expect(await linesOf(fixture, sent, "RewardPaid")).to.deep.equal([]);
    });

    it("sells wrapped ether in transit when wrapped ether is named", async function () {
      const fixture = get();
      await exit(fixture, token("gamma"));
      await exit(fixture, token("delta"));

      const sent = await exit(fixture, token("ethereum"));

      expect(await held(fixture, "transit")).to.equal(1n);
      expect(await linesOf(fixture, sent, "RewardPaid")).to.have.lengthOf(1);
    });

    it("brings the whole fund into stablecoins, and the logs alone prove it", async function () {
      const fixture = get();
      const before = await fixture.vault.nav();

      for (const coinId of Object.keys(BULL).filter((id) => id !== "usd-coin")) await exit(fixture, token(coinId));
      await exit(fixture, token("ethereum"));

      const { books, isComparedWithChain } = await proveLedger(fixture);
      expect([books.regime, isComparedWithChain]).to.deep.equal(["bear", true]);
      expect((await fixture.vault.heldSet()) & ~(await fixture.vault.stableSet())).to.equal(0n);
      // Fees of 0.05 to 0.3 % a swap, 0.1 % of reward, and the impact of small trades.
      expect((before * 985n) / 1000n < (await fixture.vault.nav())).to.equal(true);
    });

    it("does not move the clock", async function () {
      const fixture = get();
      const from = await fixture.rebalancer.abandonedFrom();

      await exit(fixture, token("alpha"));

      expect(await fixture.rebalancer.abandonedFrom()).to.equal(from);
    });

    it("sells no stablecoin, and nothing twice", async function () {
      const fixture = get();
      await exit(fixture, token("alpha"));

      for (const coinId of ["usd-coin", "alpha", "ethereum"]) {
        await expect(exit(fixture, token(coinId)))
          .to.be.revertedWithCustomError(fixture.rebalancer, "NothingToSell")
          .withArgs(token(coinId));
      }
    });

    it("has no way out on a pool that was removed", async function () {
      const fixture = get();
      await fixture.venue.connect(fixture.people.owner).removePool(poolOf(fixture, "alpha"));

      await expect(exit(fixture, token("alpha")))
        .to.be.revertedWithCustomError(fixture.rebalancer, "NoWayOut")
        .withArgs(token("alpha"));
    });

    it("has no way into a stablecoin outside its peg band", async function () {
      const fixture = get();
      const at = unixSeconds((await now(fixture)) + 1000);
      await fixture.market.moveTo({ prices: new Map([["usd-coin", 0.98]]), at, steps: 1 });

      await expect(exit(fixture, token("alpha")))
        .to.be.revertedWithCustomError(fixture.rebalancer, "NoWayOut")
        .withArgs(token("alpha"));
    });

    it("sells nothing without a fresh price", async function () {
      const fixture = get();
      await advanceBy(fixture, 2 * DAY);

      await expect(exit(fixture, token("alpha")))
        .to.be.revertedWithCustomError(fixture.rebalancer, "PriceMissing")
        .withArgs(fixture.fund.indexOf("alpha"));
    });

    it("is closed by the next signed target, after whose finish the clock runs anew", async function () {
      const fixture = get();
      const { rebalancer } = fixture;
      await exit(fixture, token("alpha"));
      const signed = await publish(fixture, "bull", { "usd-coin": 1_000_000 });
      await advanceBy(fixture, VETO_DELAY);

      const sent = await execute(fixture, signed, []);

      const [closed] = await linesOf(fixture, sent, "RebalanceClosed");
      expect([closed?.["id"], closed?.["reason"]]).to.deep.equal([1n, "superseded"]);
      expect((await rebalancer.running()).id).to.equal(signed.target.id);
    });
  });
});
