// Tests of src/keeper on a pool that does not take a leg at once: the rest goes on when the pool had time to recover.
import { expect } from "chai";

import { DAY, weeklyTargetId } from "../../src/core/time.ts";
import { unixSeconds } from "../../src/core/units.ts";
import { look, runCycle } from "../../src/keeper/keeper.ts";
import { BULL, FIRST, type Plot, hire, linesOf, live, useKeeperFund } from "./keeper-support.ts";
import { MONDAY } from "./support.ts";

const PLOT: Plot = { weeks: { [FIRST]: { regime: "bull", parts: BULL } } };
const WEEK_ID = weeklyTargetId(FIRST);
/** {s} */
const PUBLICATION = MONDAY + 1800;
const NOON = MONDAY + DAY / 2;
/** {USD/day} At this volume a pool of chainlink takes a part of the 15,000 USD that are to be bought. */
const THIN = 1e6;

describe("a keeper with a leg that its pool takes in parts", function () {
  this.timeout(600_000);
  const { world, stage } = useKeeperFund();

  /** Others trade until every pool is back where the market stands. @param price {USD} of chainlink. */
  const recover = (at: number, price = 34.5) =>
    world().market.moveTo({
      prices: new Map([["chainlink", price]]),
      volumes: new Map([["chainlink", THIN]]),
      at: unixSeconds(at),
      steps: 1,
    });

  /** The pool keeps an observation of each: what it is assumed to need for its recovery follows from them. */
  async function tradeAllMorning(): Promise<void> {
    for (let left = 27; left >= 0; left--) await recover(NOON - 60 - 720 * left, left % 2 === 0 ? 34.5 : 34.6);
  }

  it("says when it goes on, does nothing before, and finishes by and by", async function () {
    await live(stage(), [PUBLICATION], { plot: PLOT });
    await tradeAllMorning();
    await world().market.chain.advanceTo(unixSeconds(NOON));

    const first = await runCycle(await hire(stage(), { plot: PLOT }));
    const traded = await linesOf(world(), "LegExecuted");
    const waiting = await look(await hire(stage(), { plot: PLOT }));
    const { deeds } = await runCycle(await hire(stage(), { plot: PLOT }));
    const at = first.view.nextRound ?? 0;
    let rounds = 1;
    for (let time = at; (await linesOf(world(), "RebalanceFinished")).length === 0 && rounds < 20; rounds++) {
      await recover(time - 60);
      await world().market.chain.advanceTo(unixSeconds(time));
      const { view } = await runCycle(await hire(stage(), { plot: PLOT }));
      time = view.nextRound ?? time + 600;
    }

    const deed = first.deeds.find(({ due }) => due.kind === "rebalance");
    expect([deed?.failure, deed?.outcome?.["goesOnAt"]]).to.deep.equal([undefined, at]);
    expect(deed?.sent.map(({ hash }) => hash)).to.include.members(traded.map(({ transactionHash }) => transactionHash));
    expect(at)
      .to.be.above(NOON)
      .and.at.most(NOON + DAY);
    expect(waiting.due.map(({ kind }) => kind)).to.not.include("rebalance");
    expect([waiting.nextRound, deeds.filter(({ due }) => due.kind === "rebalance")]).to.deep.equal([at, []]);
    expect(rounds).to.be.above(1).and.below(20);
    expect((await linesOf(world(), "LegExecuted")).length).to.be.above(traded.length);
    expect((await linesOf(world(), "RebalanceStarted")).map(({ args }) => Number(args.id))).to.deep.equal([WEEK_ID]);
    const steps = (
      await stage()
        .store()
        .journal("fund")
        .entries({ task: `rebalance:${WEEK_ID}` })
    ).map(({ step }) => step);
    expect(steps.slice(0, 3)).to.deep.equal(["planned", "planned", "planned"]);
    expect(steps.at(-1)).to.equal("reconciled");
  });
});
