import { expect } from "chai";

import { pushPool } from "./support/bad-faith.ts";
import { type Fixture, HOUR, now, refreshTo, useFixture, WHOLE } from "./support/fixture.ts";
import { bitOf, freezable, freeze, invested, probe } from "./support/quarantine.ts";
import { linesOf } from "./support/reading.ts";
import { executeAndFinish, held, leg, publish, sales } from "./support/rebalance.ts";
import { requestRedeem } from "./support/situations.ts";

describe("Rebalancer: quarantine by exits that could not sell", function () {
  const get = useFixture(invested);

  /** Out of everything but alpha, whose only leg asks for more than the market gives. */
  async function exitWithoutAlpha(fixture: Fixture) {
    const signed = await publish(fixture, "bear");
    const alpha = leg(fixture, ["alpha", "usd-coin"], (await held(fixture, "alpha")) - 1n);
    const others = (await held(fixture, "bitcoin")) > 1n ? await sales(fixture, ["bitcoin"]) : [];
    return executeAndFinish(fixture, signed, [...others, alpha]);
  }

  /** Pushes the pool down for the block of the exit, and lets the market mend it. */
  async function pushedExit(fixture: Fixture) {
    await pushPool(fixture, "alpha", [1n, 2n]);
    const sent = await exitWithoutAlpha(fixture);
    await refreshTo(fixture, (await now(fixture)) + HOUR);
    return sent;
  }

  it("begins with the third", async function () {
    const fixture = get();
    const { vault, fund, rebalancer } = fixture;
    await freeze(fixture);
    await exitWithoutAlpha(fixture);
    await exitWithoutAlpha(fixture);

    const sent = await exitWithoutAlpha(fixture);

    const [line] = await linesOf(fixture, sent, "AssetQuarantined");
    expect([line?.["asset"], line?.["reason"]]).to.deep.equal([
      BigInt(fund.indexOf("alpha")),
      "not sold in three exits",
    ]);
    expect(await rebalancer.quarantined()).to.deep.equal([0n, bitOf(fixture)]);
    await expect(sent).to.emit(vault, "AssetQuarantined");
  });

  it("does not begin by a pool pushed in the blocks of two exits", async function () {
    const fixture = get();

    await pushedExit(fixture);
    await pushedExit(fixture);

    expect(await fixture.rebalancer.quarantined()).to.deep.equal([0n, 0n]);
  });

  it("does not count the same exit twice", async function () {
    const fixture = get();
    await freeze(fixture);
    const signed = await publish(fixture, "bear");
    const alpha = leg(fixture, ["alpha", "usd-coin"], (await held(fixture, "alpha")) - 1n);

    await executeAndFinish(fixture, signed, [...(await sales(fixture, ["bitcoin"])), alpha, alpha, alpha]);

    expect(await fixture.rebalancer.quarantined()).to.deep.equal([0n, 0n]);
  });

  it("counts anew after a sale", async function () {
    const fixture = get();
    await freeze(fixture);
    await exitWithoutAlpha(fixture);
    await exitWithoutAlpha(fixture);
    await (await freezable(fixture)).thaw();
    const some = leg(fixture, ["alpha", "usd-coin"], WHOLE);
    await executeAndFinish(fixture, await publish(fixture, "bear"), [
      some,
      leg(fixture, ["alpha", "usd-coin"], [WHOLE, 10n ** 18n]),
    ]);
    await (await freezable(fixture)).freeze();

    await exitWithoutAlpha(fixture);

    expect(await fixture.rebalancer.quarantined()).to.deep.equal([0n, 0n]);
  });

  it("does not end with a probe that moves: that was not the reason", async function () {
    const fixture = get();
    await freeze(fixture);
    for (let i = 0; i < 3; i++) await exitWithoutAlpha(fixture);
    await (await freezable(fixture)).thaw();

    await probe(fixture);

    expect(await fixture.rebalancer.quarantined()).to.deep.equal([0n, bitOf(fixture)]);
  });

  it("lets anybody strike in stablecoins again", async function () {
    const fixture = get();
    const { rebalancer, vault, people } = fixture;
    await freeze(fixture);
    await exitWithoutAlpha(fixture);
    await expect(rebalancer.strikeInStablecoins()).to.be.revertedWithCustomError(rebalancer, "NotInStablecoins");
    await exitWithoutAlpha(fixture);
    await exitWithoutAlpha(fixture);
    await requestRedeem(fixture, "alice", 10_000n * WHOLE);

    await rebalancer.strikeInStablecoins();

    expect(await vault.maxRedeem(people.alice)).to.equal(10_000n * WHOLE);
  });
});
