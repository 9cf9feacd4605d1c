import { expect } from "chai";

import { advanceTo, MONDAY, refreshTo, USDC, useFixture, WEEK_NUMBER } from "./support/fixture.ts";
import { linesOf } from "./support/reading.ts";
import { execute, publish } from "./support/rebalance.ts";
import { depositNow, publishBull } from "./support/situations.ts";

/** Indexes of the six that {@link BULL} wants beside the deposit coin, none of which was bought. */
const MISSING = [4n, 5n, 6n, 7n, 8n, 9n];

describe("Rebalancer: while a bull rebalance is open", function () {
  const get = useFixture(async (fixture) => {
    await depositNow(fixture, "alice", 1_000_000n * USDC);
    await advanceTo(fixture, MONDAY + 60);
    await execute(fixture, await publishBull(fixture), []);
  });

  it("lets a bear target supersede it at once", async function () {
    const fixture = get();
    const signed = await publish(fixture, "bear");

    await execute(fixture, signed, []);

    expect((await fixture.rebalancer.running()).id).to.equal(signed.target.id);
  });

  it("records what was superseded", async function () {
    const fixture = get();
    const { vault } = fixture;
    const signed = await publish(fixture, "bear");
    const [before] = await vault.ledger();

    const sent = await execute(fixture, signed, []);

    const [line] = await linesOf(fixture, sent, "RebalanceClosed");
    await expect(sent)
      .to.emit(vault, "RebalanceClosed")
      .withArgs(WEEK_NUMBER * 8n, "superseded", MISSING, before + 1n, line?.["head"]);
  });

  it("refuses another bull target before the deadline", async function () {
    const fixture = get();
    const { deadline } = await fixture.rebalancer.running();
    const signed = await publishBull(fixture);

    await expect(execute(fixture, signed, []))
      .to.be.revertedWithCustomError(fixture.rebalancer, "RebalanceUnderWay")
      .withArgs(WEEK_NUMBER * 8n, deadline);
  });

  it("lets another bull target begin after the deadline", async function () {
    const fixture = get();
    const { vault } = fixture;
    const { deadline } = await fixture.rebalancer.running();
    const signed = await publishBull(fixture);
    await refreshTo(fixture, Number(deadline) + 1200);

    const sent = await execute(fixture, signed, []);

    const [{ sequence, head } = {}] = await linesOf(fixture, sent, "RebalanceClosed");
    const line = [WEEK_NUMBER * 8n, "deadline passed", MISSING, sequence, head];
    await expect(sent)
      .to.emit(vault, "RebalanceClosed")
      .withArgs(...line);
  });

  it("keeps everyone from striking at once", async function () {
    const { rebalancer } = get();

    await expect(rebalancer.strikeInStablecoins()).to.be.revertedWithCustomError(rebalancer, "NotInStablecoins");
  });
});
