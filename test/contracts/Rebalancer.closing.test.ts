import { expect } from "chai";

import { advanceTo, HOUR, MONDAY, refreshTo, USDC, useFixture, WEEK, WEEK_NUMBER } from "./support/fixture.ts";
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

  it("lets another bull target begin after the deadline", async function () {
    const fixture = get();
    const { vault } = fixture;
    const { deadline } = await fixture.rebalancer.running();
    await refreshTo(fixture, Number(deadline) + WEEK - 12 * HOUR); // Monday after
    const signed = await publishBull(fixture);

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

// Published on Sunday at noon and begun at 23:00, so that the next week's target can be started within the deadline.
describe("Rebalancer: while a bull rebalance of last week is open", function () {
  const get = useFixture(async (fixture) => {
    await depositNow(fixture, "alice", 1_000_000n * USDC);
    await refreshTo(fixture, MONDAY + WEEK - 12 * HOUR);
    await execute(fixture, await publishBull(fixture), []);
  });

  it("refuses another bull target before the deadline", async function () {
    const fixture = get();
    const { deadline } = await fixture.rebalancer.running();
    await refreshTo(fixture, MONDAY + WEEK + 60);
    const signed = await publishBull(fixture);

    await expect(execute(fixture, signed, []))
      .to.be.revertedWithCustomError(fixture.rebalancer, "RebalanceUnderWay")
      .withArgs(WEEK_NUMBER * 8n, deadline);
  });
});
