import { anyValue } from "@nomicfoundation/hardhat-ethers-chai-matchers/withArgs";
import { PROBE_UNITS } from "../../src/execute/deploy.ts";
import { expect } from "chai";

import { tokenUnits } from "../../src/core/units.ts";

import { impersonate, thinPool } from "./support/bad-faith.ts";
import { advanceTo, CASH, type Fixture, MONDAY, stage, USDC, useFixture, WHOLE } from "./support/fixture.ts";
import { held, poolOf, tokenOf } from "./support/rebalance.ts";
import { depositNow, requestDeposit } from "./support/situations.ts";

type Order = Parameters<Fixture["vault"]["swapOrder"]>[0];

/** Sells 100 USDC for alpha, at least one unit of it. */
function order(fixture: Fixture, change: Partial<Order> = {}): Order {
  const alpha = fixture.fund.indexOf("alpha");
  const base = { id: 7, position: 3, sold: CASH, bought: alpha, pool: poolOf(fixture, "alpha") };
  const terms = { isExit: false, maxMove: 300, spotMinimum: 0 };
  return { ...base, amount: 100n * USDC, minimum: 1, fair: 5n * WHOLE, terms, ...change };
}

async function swap(fixture: Fixture, change: Partial<Order> = {}) {
  return fixture.vault.connect(await impersonate(fixture, fixture.rebalancer)).swapOrder(order(fixture, change));
}

describe("IndexVault: trades", function () {
  const get = useFixture((fixture) => depositNow(fixture, "alice", 1000n * USDC));

  it("moves what was sold and bought in the books", async function () {
    const fixture = get();
    const { ethers, vault } = fixture;
    const token = await ethers.getContractAt("MockToken", tokenOf(fixture, "alpha"));

    await swap(fixture);

    expect([await held(fixture, "usd-coin"), await held(fixture, "alpha")]).to.deep.equal([
      900n * USDC,
      (await token.balanceOf(vault)) - PROBE_UNITS,
    ]);
  });

  it("leaves the venue and the pool no allowance", async function () {
    const fixture = get();
    const { usdc, vault, venue } = fixture;

    await swap(fixture);

    expect([await usdc.allowance(vault, venue), await usdc.allowance(vault, poolOf(fixture, "alpha"))]).to.deep.equal([
      0n,
      0n,
    ]);
  });

  it("writes the leg into the ledger", async function () {
    const fixture = get();
    const { vault, fund, ethers } = fixture;

    const sent = await swap(fixture);

    const [sequence, head] = await vault.ledger();
    await expect(sent)
      .to.emit(vault, "LegExecuted")
      .withArgs(
        ...[7, 3, CASH, fund.indexOf("alpha"), tokenOf(fixture, "usd-coin"), tokenOf(fixture, "alpha")],
        ...[100n * USDC, await held(fixture, "alpha"), 5n * WHOLE, 1, ethers.getAddress(poolOf(fixture, "alpha"))],
        ...[sequence, head],
      );
  });

  it("does not count a donation of the token bought as a holding", async function () {
    const fixture = get();
    const { market, vault } = fixture;
    const before = await swapOutput(fixture);
    await market.give("alpha", (await vault.getAddress()) as `0x${string}`, tokenUnits(10n ** 21n));

    await swap(fixture);

    expect(await held(fixture, "alpha")).to.equal(before);
  });

  it("refuses an output below the minimum", async function () {
    const fixture = get();

    // 100 USDC buy less than 5 alpha of 20 USD: the pool's fee is missing.
    await expect(swap(fixture, { minimum: 5n * WHOLE }))
      .to.be.revertedWithCustomError(fixture.vault, "OutputBelowMinimum")
      .withArgs(await swapOutput(fixture), 5n * WHOLE);
  });

  it("refuses to sell all that is held: one unit stays", async function () {
    const fixture = get();

    await expect(swap(fixture, { amount: 1000n * USDC }))
      .to.be.revertedWithCustomError(fixture.vault, "HoldingTooSmall")
      .withArgs(CASH, 1000n * USDC, 1000n * USDC);
  });

  it("refuses to sell what is not held", async function () {
    const fixture = get();

    await expect(swap(fixture, { sold: fixture.fund.indexOf("beta") }))
      .to.be.revertedWithCustomError(fixture.vault, "HoldingTooSmall")
      .withArgs(fixture.fund.indexOf("beta"), 100n * USDC, 0);
  });

  it("refuses to buy what is not listed", async function () {
    const fixture = get();

    await expect(swap(fixture, { bought: 200 }))
      .to.be.revertedWithCustomError(fixture.vault, "AssetNotListed")
      .withArgs(200);
  });

  it("refuses a pool that takes only a part", async function () {
    const fixture = get();
    const { venue, people, vault } = fixture;
    const pool = await thinPool(fixture, "alpha");
    await venue.connect(people.owner).listPool(pool);

    await expect(swap(fixture, { pool, amount: 999n * USDC }))
      .to.be.revertedWithCustomError(vault, "PartlyFilled")
      .withArgs(999n * USDC, anyValue);
  });

  describe("payment", function () {
    it("is refused to anyone but the venue", async function () {
      const { vault, people } = get();

      await expect(vault.connect(people.keeper).payLeg(people.keeper, 5))
        .to.be.revertedWithCustomError(vault, "PaymentNotExpected")
        .withArgs(people.keeper, 5);
    });

    it("is refused to the venue outside a leg", async function () {
      const fixture = get();
      const { vault, venue } = fixture;

      await expect(vault.connect(await impersonate(fixture, venue)).payLeg(venue, 1))
        .to.be.revertedWithCustomError(vault, "PaymentNotExpected")
        .withArgs(venue, 1);
    });

    it("is refused to the venue after a leg", async function () {
      const fixture = get();
      const { vault, venue } = fixture;
      await swap(fixture);

      await expect(vault.connect(await impersonate(fixture, venue)).payLeg(venue, 1)).to.be.revertedWithCustomError(
        vault,
        "PaymentNotExpected",
      );
    });
  });

  describe("a strike at a value of zero", function () {
    stage(get, async (fixture) => {
      await requestDeposit(fixture, "bob", 100n * USDC);
      await advanceTo(fixture, MONDAY + 60);
      await fixture.vault.connect(await impersonate(fixture, fixture.rebalancer)).closeEpochsNow();
    });

    it("is refused while there are shares", async function () {
      const fixture = get();
      const { vault } = fixture;

      await expect(vault.connect(await impersonate(fixture, fixture.rebalancer)).strikeDeposits(0, WHOLE))
        .to.be.revertedWithCustomError(vault, "SharesWithoutValue")
        .withArgs(1000n * WHOLE);
    });
  });

  describe("what belongs to the rebalancer", function () {
    const HASH = "0x" + "11".repeat(32);
    const TARGET = {
      id: 1,
      regime: 0,
      weightsHash: HASH,
      decisionHash: HASH,
      membershipRoot: HASH,
      twinLevel: 0,
      validFrom: 0,
      validUntil: 0,
    };
    const CALLS: readonly [string, (vault: Fixture["vault"], fixture: Fixture) => Promise<unknown>][] = [
      ["swapOrder", (vault, fixture) => vault.swapOrder(order(fixture))],
      ["strikeDeposits", (vault) => vault.strikeDeposits(0, 0)],
      ["strikeRedemptions", (vault) => vault.strikeRedemptions(0, 0, 0)],
      ["strikeAllRedemptions", (vault) => vault.strikeAllRedemptions(0, 0, 0)],
      ["closeEpochsOfPastWeeks", (vault) => vault.closeEpochsOfPastWeeks()],
      ["closeEpochsNow", (vault) => vault.closeEpochsNow()],
      ["recordStart", (vault) => vault.recordStart(TARGET, 0)],
      ["recordSkip", (vault) => vault.recordSkip(1, 0, 0, 0, "")],
      ["recordFinish", (vault) => vault.recordFinish(TARGET, 0, 0, 0, 0)],
      ["sweep", (vault) => vault.sweep(0)],
      ["canMove", (vault) => vault.canMove(0)],
      ["recordQuarantine", (vault) => vault.recordQuarantine(0, true, "")],
      ["recordClose", (vault) => vault.recordClose(1, "", 0)],
    ];

    for (const [name, call] of CALLS) {
      it(`refuses ${name} to the keeper`, async function () {
        const fixture = get();
        const { vault, people } = fixture;

        await expect(call(vault.connect(people.keeper), fixture))
          .to.be.revertedWithCustomError(vault, "OnlyRebalancer")
          .withArgs(people.keeper);
      });

      it(`refuses ${name} to the admin`, async function () {
        const fixture = get();
        const { vault, people } = fixture;

        await expect(call(vault.connect(people.owner), fixture))
          .to.be.revertedWithCustomError(vault, "OnlyRebalancer")
          .withArgs(people.owner);
      });
    }

    const REGISTRY_CALLS: readonly [string, (vault: Fixture["vault"], fixture: Fixture) => Promise<unknown>][] = [
      ["recordTarget", (vault) => vault.recordTarget(TARGET, { assets: [], parts: [] }, 0)],
      ["recordVeto", (vault, { people }) => vault.recordVeto(1, people.keeper)],
    ];

    for (const [name, call] of REGISTRY_CALLS) {
      it(`refuses ${name} to the rebalancer`, async function () {
        const fixture = get();
        const { vault, rebalancer } = fixture;

        await expect(call(vault.connect(await impersonate(fixture, rebalancer)), fixture))
          .to.be.revertedWithCustomError(vault, "OnlyRegistry")
          .withArgs(rebalancer);
      });
    }

    it("refuses a leg to the registry", async function () {
      const fixture = get();
      const { vault, registry } = fixture;

      await expect(vault.connect(await impersonate(fixture, registry)).swapOrder(order(fixture)))
        .to.be.revertedWithCustomError(vault, "OnlyRebalancer")
        .withArgs(registry);
    });
  });
});

/** {tok} What the order would bring now. */
async function swapOutput(fixture: Fixture): Promise<bigint> {
  return fixture.vault.connect(await impersonate(fixture, fixture.rebalancer)).swapOrder.staticCall(order(fixture));
}
