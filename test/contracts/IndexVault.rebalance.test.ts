import { expect } from "chai";

import {
  advanceTo,
  BEAR,
  type Fixture,
  MONDAY,
  stage,
  USDC,
  useFixture,
  WEEK,
  WHOLE,
  refreshTo,
} from "./support/fixture.ts";
import { execute, executeAndFinish, finish, publish } from "./support/rebalance.ts";
import { investedFund, publishBull, requestDeposit, requestRedeem, shareAtFourThirds } from "./support/situations.ts";

/** The sequence and head of the only line of a name that a transaction wrote. */
async function lineOf({ vault }: Fixture, sent: { wait: () => Promise<unknown> }, name: string) {
  const receipt = (await sent.wait()) as { logs: readonly { topics: readonly string[]; data: string }[] };
  const line = receipt.logs.map((log) => vault.interface.parseLog(log)).find((parsed) => parsed?.name === name);
  return { sequence: line?.args["sequence"] as bigint, head: line?.args["head"] as string };
}

describe("IndexVault: strikes", function () {
  const get = useFixture();

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
      await refreshTo(fixture, MONDAY + WEEK + 60);
      const signed = await publishBull(fixture);

      await executeAndFinish(fixture, signed, []);

      // A twentieth of the supply is due: a twentieth of the NAV before, in cash, less a swing of 30 bps.
      const paid = await vault.maxWithdraw(people.alice);
      const before = (await vault.nav()) / 10n ** 12n + paid;
      expect(paid * 20n).to.be.within((before * 9970n) / 10_000n - 30n, (before * 9970n) / 10_000n + 30n);
    });
  });
});
