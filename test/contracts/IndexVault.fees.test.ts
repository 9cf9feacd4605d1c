import { expect } from "chai";
import { ZeroAddress } from "ethers";

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
import { execute, publish } from "./support/rebalance.ts";
import { depositNow, enterBull, publishBull, requestRedeem } from "./support/situations.ts";

const YEAR = 365n * 86_400n;
const GUARDIAN_ROLE = 2n;

/** Sets the rates; the recipient is dave. */
function raise({ vault, people }: Fixture, bull: number, bear: number) {
  return vault.connect(people.owner).raiseFees(bull, bear, people.dave);
}

describe("IndexVault: management fee", function () {
  const get = useFixture((fixture) => depositNow(fixture, "alice", 1_000_000n * USDC));

  it("is nothing unless the owner sets it", async function () {
    const { bullFee, bearFee, recipient } = await get().vault.conditions();

    expect([bullFee, bearFee, recipient]).to.deep.equal([0n, 0n, ZeroAddress]);
  });

  it("writes no line while it is nothing", async function () {
    const fixture = get();
    await requestRedeem(fixture, "alice", WHOLE);

    const strike = await fixture.rebalancer.strikeInStablecoins();

    expect(await linesOf(fixture, strike, "FeeAccrued")).to.deep.equal([]);
  });

  describe("its rates", function () {
    it("are announced", async function () {
      const fixture = get();

      await expect(raise(fixture, 200, 50))
        .to.emit(fixture.vault, "FeesChanged")
        .withArgs(200, 50, fixture.people.dave);
    });

    for (const [bull, bear, args] of [
      [201, 0, [201, 0, 200]],
      [200, 51, [51, 0, 50]],
      [40, 41, [41, 0, 40]],
    ] as const) {
      it(`cannot be ${bull} and ${bear} bps`, async function () {
        const fixture = get();

        await expect(raise(fixture, bull, bear))
          .to.be.revertedWithCustomError(fixture.vault, "TermOutOfRange")
          .withArgs(...args);
      });
    }

    it("are not lowered by the function that raises", async function () {
      const fixture = get();
      await raise(fixture, 100, 50);

      await expect(raise(fixture, 99, 50))
        .to.be.revertedWithCustomError(fixture.vault, "TermOutOfRange")
        .withArgs(99, 100, 200);
    });

    it("need a recipient", async function () {
      const { vault, people } = get();

      await expect(vault.connect(people.owner).raiseFees(1, 0, ZeroAddress))
        .to.be.revertedWithCustomError(vault, "FeeRecipientMissing")
        .withArgs();
    });

    it("are raised by nobody but the owner", async function () {
      const { vault, people } = get();

      await expect(vault.connect(people.guardian).raiseFees(1, 0, people.guardian))
        .to.be.revertedWithCustomError(vault, "AccessManagedUnauthorized")
        .withArgs(people.guardian);
    });

    for (const name of ["guardian", "owner"] as const) {
      it(`are lowered by the ${name}, also while the manager closes the vault`, async function () {
        const fixture = get();
        const { vault, manager, people } = fixture;
        await raise(fixture, 100, 50);
        await manager.connect(people.owner).setTargetClosed(vault, true);

        await vault.connect(people[name]).lowerFees(20, 10);

        const { bullFee, bearFee, recipient } = await vault.conditions();
        expect([bullFee, bearFee, recipient]).to.deep.equal([20n, 10n, people.dave.address]);
      });
    }

    it("are not raised by the function that lowers", async function () {
      const fixture = get();
      const { vault, people } = fixture;
      await raise(fixture, 100, 50);

      await expect(vault.connect(people.guardian).lowerFees(101, 50))
        .to.be.revertedWithCustomError(vault, "TermOutOfRange")
        .withArgs(101, 0, 100);
    });

    it("are not lowered by a stranger", async function () {
      const { vault, people, rebalancer } = get();

      await expect(vault.connect(people.stranger).lowerFees(0, 0))
        .to.be.revertedWithCustomError(rebalancer, "RoleMissing")
        .withArgs(people.stranger, GUARDIAN_ROLE);
    });
  });

  describe("when it is 200 and 50 bps a year", function () {
    let since = 0n;
    stage(get, async (fixture) => {
      await raise(fixture, 200, 50);
      since = BigInt(await now(fixture));
    });

    it("is minted before a strike at the lower rate in stablecoins, rounded down", async function () {
      const fixture = get();
      const { vault, people, rebalancer } = fixture;
      await requestRedeem(fixture, "alice", 100n * WHOLE);
      await refreshTo(fixture, MONDAY + WEEK);

      const strike = await rebalancer.strikeInStablecoins();

      const elapsed = BigInt(await now(fixture)) - since;
      // {share} = 1,000,000 shares * 50 bps * time / year
      const fee = (1_000_000n * WHOLE * 50n * elapsed) / (10_000n * YEAR);
      const [line] = await linesOf(fixture, strike, "FeeAccrued");
      expect(line).to.include({ shares: fee, rate: 50n, supply: 1_000_000n * WHOLE });
      expect(await vault.balanceOf(people.dave)).to.equal(fee);
    });

    it("is a line of the ledger", async function () {
      const fixture = get();
      const { vault, people } = fixture;
      await advanceTo(fixture, MONDAY + WEEK);

      const lowering = await vault.connect(people.guardian).lowerFees(0, 0);

      const [sequence, head] = await vault.ledger();
      const fee = (1_000_000n * WHOLE * 50n * (BigInt(await now(fixture)) - since)) / (10_000n * YEAR);
      await expect(lowering)
        .to.emit(vault, "FeeAccrued")
        .withArgs(people.dave, fee, 50, 1_000_000n * WHOLE, sequence, head);
    });

    it("is borne by shares that wait for their strike", async function () {
      const fixture = get();
      const { vault, people, rebalancer } = fixture;
      await requestRedeem(fixture, "alice", 1000n * WHOLE);
      await refreshTo(fixture, MONDAY + 10 * WEEK);

      await rebalancer.strikeInStablecoins();

      // 1,000 USDC * supply before / supply after, rounded down
      const fee = await vault.balanceOf(people.dave);
      expect(await vault.maxWithdraw(people.alice)).to.equal(
        (1000n * USDC * 1_000_000n * WHOLE) / (1_000_000n * WHOLE + fee),
      );
    });

    it("is minted at an exit in kind", async function () {
      const fixture = get();
      const { vault, people, usdc, ethers } = fixture;
      await advanceTo(fixture, MONDAY + 52 * WEEK);

      const exit = vault.connect(people.alice).redeemInKind(500_000n * WHOLE, people.bob, people.alice, [], []);
      await exit;

      const fee = await vault.balanceOf(people.dave);
      expect(fee).to.be.above(4900n * WHOLE); // 50 bps of 1,000,000 in 52 weeks: 4,986
      const part = (1_000_000n * USDC * 500_000n * WHOLE) / (1_000_000n * WHOLE + fee);
      await expect(exit).to.changeTokenBalance(ethers, usdc, people.bob, part);
    });

    it("counts the time before a change of the regime at the rate of that time", async function () {
      const fixture = get();
      const { vault, people } = fixture;
      await refreshTo(fixture, MONDAY + WEEK + HOUR);
      const signed = await publishBull(fixture);

      await execute(fixture, signed, []);

      const elapsed = BigInt(await now(fixture)) - since;
      expect(await vault.balanceOf(people.dave)).to.equal((1_000_000n * WHOLE * 50n * elapsed) / (10_000n * YEAR));
    });

    it("does not stop the last one from leaving in kind", async function () {
      const { vault, people } = get();
      const all = await vault.balanceOf(people.alice);

      await vault.connect(people.alice).redeemInKind(all, people.alice, people.alice, [], []);

      expect(await vault.balanceOf(people.alice)).to.equal(0);
    });
  });

  describe("in the market", function () {
    stage(get, async (fixture) => {
      await raise(fixture, 200, 50);
      await advanceTo(fixture, MONDAY + 60);
      await enterBull(fixture, 1_000_000n * USDC);
    });

    it("has the higher rate", async function () {
      const fixture = get();
      await requestRedeem(fixture, "alice", WHOLE);
      await refreshTo(fixture, MONDAY + WEEK + 60);

      const start = await execute(fixture, await publish(fixture, "bear"), []);

      const [line] = await linesOf(fixture, start, "FeeAccrued");
      expect(line?.["rate"]).to.equal(200n);
    });
  });
});
