import { expect } from "chai";

import { unixSeconds } from "../../src/core/units.ts";
import { PROBE_UNITS } from "../../src/execute/deploy.ts";
import { impersonate } from "./support/bad-faith.ts";
import { advanceBy, HOUR, MONDAY, now, refreshTo, stage, USDC, useFixture, WEEK, WHOLE } from "./support/fixture.ts";
import { bitOf, freezable, freeze, invested, probe, quarantine, WEIGHTS } from "./support/quarantine.ts";
import { linesOf, reasonsOf } from "./support/reading.ts";
import { executeAndFinish, execute, held, leg, publish, sales, tokenOf } from "./support/rebalance.ts";
import { publishBull, requestDeposit, requestRedeem } from "./support/situations.ts";

const [DOES_NOT_MOVE, MOVES_AGAIN] = ["token does not move", "token moves again"];

describe("Rebalancer: quarantine", function () {
  const get = useFixture(invested);

  describe("by a token that does not move", function () {
    it("begins with the second failed probe, an hour after the first", async function () {
      const fixture = get();
      const { vault, rebalancer, fund } = fixture;
      await freeze(fixture);
      await probe(fixture);
      await advanceBy(fixture, HOUR);

      const sent = await probe(fixture);

      const [sequence, head] = await vault.ledger();
      await expect(sent)
        .to.emit(vault, "AssetQuarantined")
        .withArgs(fund.indexOf("alpha"), tokenOf(fixture, "alpha"), DOES_NOT_MOVE, sequence, head);
      expect(await rebalancer.quarantined()).to.deep.equal([bitOf(fixture), 0n]);
    });

    it("does not begin within one block, however often it is probed", async function () {
      const fixture = get();
      await freeze(fixture);

      await probe(fixture);
      await probe(fixture);
      await advanceBy(fixture, HOUR - 60);
      await probe(fixture);

      expect(await fixture.rebalancer.quarantined()).to.deep.equal([0n, 0n]);
    });

    it("shows since when the token does not move", async function () {
      const fixture = get();
      await freeze(fixture);

      await probe(fixture);

      expect(await fixture.rebalancer.probeFailedAt(fixture.fund.indexOf("alpha"))).to.equal(await now(fixture));
    });

    it("does not begin when the token moved in between", async function () {
      const fixture = get();
      const token = (await freeze(fixture), await freezable(fixture));
      await probe(fixture);
      await token.thaw();
      await probe(fixture);
      await token.freeze();
      await advanceBy(fixture, HOUR);

      await probe(fixture);

      expect(await fixture.rebalancer.quarantined()).to.deep.equal([0n, 0n]);
    });

    it("does not begin with a failure of long ago", async function () {
      const fixture = get();
      await freeze(fixture);
      await probe(fixture);
      await advanceBy(fixture, WEEK + 60);

      await probe(fixture);

      expect(await fixture.rebalancer.quarantined()).to.deep.equal([0n, 0n]);
    });

    it("cannot be forced by too little gas", async function () {
      const fixture = get();
      const { rebalancer, vault, fund } = fixture;

      await expect(rebalancer.probe(fund.indexOf("alpha"), { gasLimit: 400_000 })).to.be.revertedWithCustomError(
        vault,
        "GasShort",
      );
    });

    it("moves nothing when the token moves", async function () {
      const fixture = get();
      const { ethers, market, vault } = fixture;
      const token = await ethers.getContractAt("MockToken", market.coin("alpha").token);

      await expect(probe(fixture)).to.changeTokenBalance(ethers, token, vault, 0);
    });

    it("is tried by a transfer that undoes itself", async function () {
      const fixture = get();
      const { vault, market, rebalancer } = fixture;
      const self = vault.connect(await impersonate(fixture, vault));

      await expect(self.tryToSend(market.coin("alpha").token, rebalancer)).to.be.revertedWithCustomError(
        vault,
        "TokenMoves",
      );
    });

    it("is tried by nobody else", async function () {
      const { vault, market, people } = get();

      await expect(vault.connect(people.keeper).tryToSend(market.coin("alpha").token, people.keeper))
        .to.be.revertedWithCustomError(vault, "OnlySelf")
        .withArgs(people.keeper);
    });

    it("ends with a probe that moves", async function () {
      const fixture = get();
      const { vault, fund } = fixture;
      await quarantine(fixture);
      await (await freezable(fixture)).thaw();

      const sent = await probe(fixture);

      const [sequence, head] = await vault.ledger();
      await expect(sent)
        .to.emit(vault, "AssetReleased")
        .withArgs(fund.indexOf("alpha"), tokenOf(fixture, "alpha"), MOVES_AGAIN, sequence, head);
    });

    it("is not probed without a unit to move", async function () {
      const fixture = get();
      const { rebalancer, vault, fund, ethers, people } = fixture;
      const token = await ethers.getContractAt("MockToken", tokenOf(fixture, "gamma"));
      await token.connect(await impersonate(fixture, vault)).transfer(people.maker, PROBE_UNITS);

      await expect(rebalancer.probe(fund.indexOf("gamma")))
        .to.be.revertedWithCustomError(vault, "HoldingTooSmall")
        .withArgs(fund.indexOf("gamma"), 1, 0);
    });
  });

  describe("in its effects", function () {
    stage(get, async (fixture) => {
      await quarantine(fixture);
      await (await freezable(fixture)).thaw(); // its feed goes on, and nobody probes
      await requestDeposit(fixture, "bob", 100_000n * USDC);
      await requestRedeem(fixture, "alice", 10_000n * WHOLE);
      await refreshTo(fixture, MONDAY + WEEK + 60);
    });

    it("keeps the asset from being bought", async function () {
      const fixture = get();
      const signed = await publishBull(fixture, { ...WEIGHTS, "usd-coin": 500_000, alpha: 100_000 });

      const sent = await execute(fixture, signed, [leg(fixture, ["usd-coin", "alpha"], 40_000n * USDC)]);

      expect(await reasonsOf(fixture, sent)).to.deep.equal(["asset in quarantine"]);
    });

    it("strikes deposits at its last good price", async function () {
      const fixture = get();
      const { oracle, fund, lens } = fixture;
      const alpha = fund.indexOf("alpha");
      const last = (await oracle.lastGood(1n << BigInt(alpha)))[alpha] ?? 0n;
      const units = await held(fixture, "alpha");
      // The feed says 20 USD, as before.
      const others = (await lens.status()).nav - units * 20n;

      const sent = await execute(fixture, await publish(fixture, "bear"), []);

      const [line] = await linesOf(fixture, sent, "DepositsStruck");
      expect(line?.["nav"]).to.equal(others + (units * last + WHOLE - 1n) / WHOLE);
    });

    it("gives redemptions its units instead of its value", async function () {
      const fixture = get();
      const units = await held(fixture, "alpha");
      const signed = await publishBull(fixture, WEIGHTS);

      const sent = await executeAndFinish(fixture, signed, []);

      const [line] = await linesOf(fixture, sent, "RedeemedUnitsSetAside");
      const [struck] = await linesOf(fixture, sent, "RedemptionsStruck");
      const part = (units * 10_000n * WHOLE) / (struck?.["supply"] as bigint);
      expect(line?.["amounts"]).to.deep.equal([part]);
    });

    it("ends with a sale", async function () {
      const fixture = get();
      const { vault, fund, rebalancer } = fixture;

      const sent = await execute(fixture, await publish(fixture, "bear"), await sales(fixture, ["alpha"]));

      await expect(sent)
        .to.emit(vault, "AssetReleased")
        .withArgs(fund.indexOf("alpha"), tokenOf(fixture, "alpha"), "sold", ...(await vault.ledger()));
      expect(await rebalancer.quarantined()).to.deep.equal([0n, 0n]);
    });
  });

  describe("Attack: in at a low price and out in kind at a high one", function () {
    it("is impossible: deposits pay the fresh price where it is above the last good one", async function () {
      const fixture = get();
      const { market, lens } = fixture;
      await quarantine(fixture);
      await (await freezable(fixture)).thaw(); // nobody probes
      await requestDeposit(fixture, "bob", 100_000n * USDC);
      await market.moveTo({ prices: new Map([["alpha", 40]]), at: unixSeconds(MONDAY + WEEK + 60), steps: 1 });
      const nav = (await lens.status()).nav; // alpha at 40 USD, twice its last good price

      const sent = await execute(fixture, await publish(fixture, "bear"), []);

      const [line] = await linesOf(fixture, sent, "DepositsStruck");
      expect(line?.["nav"]).to.equal(nav);
    });
  });

  it("ends in the line after the sale, however the plan is split", async function () {
    const fixture = get();
    await quarantine(fixture);
    await (await freezable(fixture)).thaw();

    const sent = await execute(fixture, await publish(fixture, "bear"), await sales(fixture, ["alpha", "bitcoin"]));

    const [alpha] = await linesOf(fixture, sent, "LegExecuted");
    const [release] = await linesOf(fixture, sent, "AssetReleased");
    expect(release?.["sequence"]).to.equal((alpha?.["sequence"] as bigint) + 1n);
  });

  it("is forgotten with the asset, and by nobody but the vault", async function () {
    const { rebalancer, people } = get();

    await expect(rebalancer.connect(people.owner).forget(3))
      .to.be.revertedWithCustomError(rebalancer, "OnlyVault")
      .withArgs(people.owner);
  });
});
