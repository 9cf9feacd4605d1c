// Tests of src/keeper on a fund of the local market: a week is played once, whatever dies on the way.
import { expect } from "chai";

import { DAY, weeklyTargetId } from "../../src/core/time.ts";
import { tokenUnits, unixSeconds } from "../../src/core/units.ts";
import { levelOf } from "../../src/engine/target.ts";
import { requestDeposit } from "../../src/execute/depositor.ts";
import { publishLevel, signLevel } from "../../src/execute/publish.ts";
import { FencedError } from "../../src/keeper/fence.ts";
import { look, runCycle } from "../../src/keeper/keeper.ts";
import { senderOf } from "../../src/world/week.ts";
import { failureOf } from "../failure-of.ts";
import {
  BEAR,
  BULL,
  CrashError,
  FIRST,
  type Plot,
  crashingAt,
  dayAfter,
  hire,
  linesOf,
  live,
  openStage,
  useKeeperFund,
  wallClock,
} from "./keeper-support.ts";
import { MONDAY } from "./support.ts";

const INTO_THE_MARKET: Plot = { weeks: { [FIRST]: { regime: "bull", parts: BULL } } };
const WEEK_ID = weeklyTargetId(FIRST);
/** {s} */
const PUBLICATION = MONDAY + 1800;
const NOON = MONDAY + DAY / 2;

describe("a keeper", function () {
  const { world, stage } = useKeeperFund();

  const stepsOf = async (task: string) =>
    (await stage().store().journal("fund").entries({ task })).map(({ step }) => step);
  const refresh = (at: number) => world().market.moveTo({ prices: new Map(), at: unixSeconds(at), steps: 1 });

  it("publishes at half past midnight, waits for noon, and carries the week out", async function () {
    const keeper = await hire(stage(), { plot: INTO_THE_MARKET });
    const before = await look(keeper);
    await world().market.chain.advanceTo(unixSeconds(PUBLICATION));
    const published = await runCycle(keeper);
    await world().market.chain.advanceTo(unixSeconds(NOON - 1));
    const waiting = await look(keeper);
    await world().market.chain.advanceTo(unixSeconds(NOON));
    const carried = await runCycle(keeper);

    expect(before.next).to.include({ at: PUBLICATION });
    expect(keeper.hand.landedAt()).to.equal(wallClock.time);
    expect(published.deeds.map(({ due }) => due.task)).to.include(`publish:${WEEK_ID}`);
    expect(published.deeds.map(({ failure }) => failure)).to.deep.equal(published.deeds.map(() => undefined));
    expect([waiting.due.map(({ kind }) => kind), waiting.next?.at]).to.deep.equal([["upkeep"], NOON]); // hourly
    expect(carried.deeds.find(({ due }) => due.kind === "rebalance")?.outcome).to.include({ skips: 0 });
    expect(await linesOf(world(), "RebalanceFinished")).to.have.lengthOf(1);
    expect(carried.view.chain).to.include({ regime: "bull", lastId: WEEK_ID });
    expect(await stage().store().journal("key:keeper").unfinished()).to.deep.equal([]);
  });

  it("does nothing in a second cycle", async function () {
    await live(stage(), [PUBLICATION, NOON], { plot: INTO_THE_MARKET });
    const block = await world().market.chain.publicClient.getBlockNumber({ cacheTime: 0 });

    const { deeds } = await runCycle(await hire(stage(), { plot: INTO_THE_MARKET }));

    expect(deeds).to.deep.equal([]);
    expect(await world().market.chain.publicClient.getBlockNumber({ cacheTime: 0 })).to.equal(block);
  });

  it("writes nothing and sends nothing while it is paused, and goes on after", async function () {
    await world().market.chain.advanceTo(unixSeconds(PUBLICATION));
    await stage().store().pause.set({ since: 1, reason: "a look" });
    const paused = await runCycle(await hire(stage(), { plot: INTO_THE_MARKET }));
    await stage().store().pause.set(undefined);
    const resumed = await runCycle(await hire(stage(), { plot: INTO_THE_MARKET }));

    expect([paused.deeds, paused.view.pause?.reason]).to.deep.equal([[], "a look"]);
    expect(paused.view.due.map(({ kind }) => kind)).to.include("publish");
    expect(resumed.deeds.map(({ due }) => due.kind)).to.include("publish");
  });

  it("sends nothing again while it is paused, and does so after", async function () {
    await world().market.chain.advanceTo(unixSeconds(PUBLICATION));
    const dying = crashingAt(4, "after"); // planned twice, simulated, signed, and not sent
    await failureOf(runCycle(await hire(stage(), { plot: INTO_THE_MARKET, wrap: dying.wrap })));
    await stage().store().pause.set({ since: 1, reason: "a look" });
    await runCycle(await hire(stage(), { plot: INTO_THE_MARKET }));
    const paused = (await linesOf(world(), "TargetPublished")).length;
    await stage().store().pause.set(undefined);
    await runCycle(await hire(stage(), { plot: INTO_THE_MARKET }));
    const lines = await stage().store().journal("key:keeper").entries();

    expect([paused, (await linesOf(world(), "TargetPublished")).length]).to.deep.equal([0, 1]);
    expect(lines.map(({ step }) => step)).to.deep.equal([
      ...["planned", "simulated", "signed"],
      ...["sent", "mined", "final"], // after the pause
    ]);
    expect(new Set(lines.slice(2).map(({ hash }) => hash)).size).to.equal(1); // the same bytes
  });

  it("leaves the market on a day whose check says so, at once and once", async function () {
    const plot: Plot = { ...INTO_THE_MARKET, exits: [dayAfter(2)] };
    await live(stage(), [PUBLICATION, NOON], { plot });
    await refresh(MONDAY + DAY + 1200);
    await live(stage(), [PUBLICATION + DAY], { plot }); // Tuesday stays
    await refresh(MONDAY + 2 * DAY + 1200);
    await live(stage(), [PUBLICATION + 2 * DAY, PUBLICATION + 2 * DAY + 600], { plot });

    expect((await linesOf(world(), "TargetPublished")).map(({ args }) => Number(args.id))).to.deep.equal([
      WEEK_ID,
      WEEK_ID + 3, // Wednesday's
    ]);
    expect(await stepsOf(`check:${dayAfter(1)}`)).to.deep.equal(["planned", "reconciled"]);
    expect((await linesOf(world(), "RebalanceFinished")).at(-1)?.args.id).to.equal(BigInt(WEEK_ID + 3));
    expect((await look(await hire(stage(), { plot }))).chain.regime).to.equal("bear");
  });

  it("publishes a level in a week in stablecoins with nothing to do", async function () {
    await live(stage(), [PUBLICATION], { plot: { weeks: { [FIRST]: { regime: "bear", parts: BEAR } } } });
    await refresh(MONDAY + 7 * DAY + 1200);

    await live(stage(), [PUBLICATION + 7 * DAY], { plot: { weeks: {} } });

    expect(await linesOf(world(), "DepositsStruck")).to.have.lengthOf(1); // the first week had alice's deposit
    expect((await linesOf(world(), "LevelPublished")).map(({ args }) => Number(args.week))).to.deep.equal([
      WEEK_ID / 8 + 1,
    ]);
  });

  it("strikes requests in stablecoins that no rebalance will strike", async function () {
    const bear: Plot = { weeks: { [FIRST]: { regime: "bear", parts: BEAR } } };
    await live(stage(), [PUBLICATION], { plot: bear });
    await refresh(MONDAY + 2 * DAY);
    await deposit("bob");
    await refresh(MONDAY + 8 * DAY);
    const { deeds } = await strikeAsIfDue(await hire(stage(), { plot: bear }));

    expect(deeds).to.deep.equal(["strike"]);
    expect(await linesOf(world(), "DepositsStruck")).to.have.lengthOf(2);
    expect(await stage().store().journal("key:keeper").unfinished()).to.deep.equal([]);
  });

  async function deposit(name: "bob"): Promise<void> {
    const amount = tokenUnits(1_000n * 10n ** 6n);
    await world().market.give("usd-coin", world().market.chain.accounts[name].address, amount);
    await requestDeposit({ ...senderOf(world(), name), deployment: world().fund.deployment() }, amount);
  }

  /** A cycle in a week whose level is out: the week's publication is marked as done by a level. */
  async function strikeAsIfDue(keeper: Awaited<ReturnType<typeof hire>>) {
    const decisions = keeper.decisions;
    const monday = dayAfter(7);
    const level = levelOf(await decisions.weekly(monday));
    const { deployment } = keeper.fund;
    const place = { chainId: deployment.chainId, registry: deployment.addresses.registry };
    const signature = await signLevel(world().market.chain.accounts.signer, level, place);
    await publishLevel(senderOf(world(), "stranger"), deployment, { level, signature });
    const { deeds } = await runCycle(keeper);
    return {
      deeds: deeds
        .filter(({ failure }) => failure === undefined)
        .map(({ due }) => due.kind)
        .filter((kind) => kind !== "upkeep"),
    };
  }

  it("says that a decision waits for a signature, and tries again later", async function () {
    await world().market.chain.advanceTo(unixSeconds(PUBLICATION));
    const { deeds } = await runCycle(await hire(stage(), { plot: INTO_THE_MARKET, hasSigner: false }));
    await live(stage(), [PUBLICATION + 400], { plot: INTO_THE_MARKET });

    expect(deeds.find(({ due }) => due.kind === "publish")?.failure?.code).to.equal("SIGNATURE_MISSING");
    expect(await linesOf(world(), "TargetPublished")).to.have.lengthOf(1);
  });

  it("publishes nothing on bad data, and the week once they are sound", async function () {
    const isBad: Plot = { weeks: { [FIRST]: { regime: "bull", parts: BULL, defects: ["prices of 3 coins missing"] } } };
    await world().market.chain.advanceTo(unixSeconds(PUBLICATION));
    const { deeds } = await runCycle(await hire(stage(), { plot: isBad }));
    await live(stage(), [PUBLICATION + 400], { plot: isBad });
    const before = await linesOf(world(), "TargetPublished");
    await live(stage(), [PUBLICATION + 400 + 700], { plot: INTO_THE_MARKET });

    expect(deeds.find(({ due }) => due.kind === "publish")?.failure?.code).to.equal("BAD_WEEK");
    expect(before).to.deep.equal([]);
    expect(await stepsOf(`publish:${WEEK_ID}`)).to.deep.equal([
      ...["planned", "failed", "planned", "failed"],
      ...["planned", "reconciled"],
    ]);
    expect(await linesOf(world(), "TargetPublished")).to.have.lengthOf(1);
  });

  for (const [regime, published] of [
    ["bear", [WEEK_ID, WEEK_ID + 8]],
    ["bull", [WEEK_ID]],
  ] as const) {
    it(`in the market, on bad data, ${regime === "bear" ? "leaves" : "does not trade"}`, async function () {
      await live(stage(), [PUBLICATION, NOON], { plot: INTO_THE_MARKET });
      await refresh(MONDAY + 7 * DAY + 1200);
      const parts = regime === "bear" ? BEAR : BULL;
      const plot: Plot = { weeks: { [dayAfter(7)]: { regime, parts, defects: ["prices of 3 coins missing"] } } };

      await live(stage(), [PUBLICATION + 7 * DAY], { plot });

      expect((await linesOf(world(), "TargetPublished")).map(({ args }) => Number(args.id))).to.deep.equal(published);
      expect(await linesOf(world(), "LevelPublished")).to.deep.equal([]);
      expect((await look(await hire(stage(), { plot }))).chain.regime).to.equal(regime);
    });
  }

  it("catches up with a week that it slept through until Wednesday", async function () {
    await refresh(MONDAY + 2 * DAY);
    await live(stage(), [PUBLICATION + 2 * DAY], { plot: INTO_THE_MARKET });
    const caughtUp = await linesOf(world(), "TargetPublished");

    expect(caughtUp.map(({ args }) => Number(args.id))).to.deep.equal([WEEK_ID]);
  });

  it("does not send once its lease is in other hands, however long it slept", async function () {
    const sleeper = await hire(stage(), { plot: INTO_THE_MARKET, holder: "left" });
    await world().market.chain.advanceTo(unixSeconds(PUBLICATION));
    wallClock.time += 46_000;
    const other = await hire(stage(), { plot: INTO_THE_MARKET, holder: "right", name: "stranger" });
    const before = await world().market.chain.publicClient.getTransactionCount({
      address: world().market.chain.accounts.keeper.address,
    });

    const failure = await failureOf(runCycle(sleeper));
    const { deeds } = await runCycle(other);

    expect(failure).to.be.instanceOf(FencedError);
    expect(
      await world().market.chain.publicClient.getTransactionCount({
        address: world().market.chain.accounts.keeper.address,
      }),
    ).to.equal(before);
    expect(deeds.find(({ due }) => due.kind === "publish")?.failure).to.equal(undefined);
    expect(await linesOf(world(), "TargetPublished")).to.have.lengthOf(1);
  });

  it("does not send once another moved the chain, although it holds the lease", async function () {
    await world().market.chain.advanceTo(unixSeconds(PUBLICATION));
    const keeper = await hire(stage(), { plot: INTO_THE_MARKET });
    // Another keeper publishes between this one's look at the chain and its send.
    let isFirst = true;
    const decisions = {
      ...keeper.decisions,
      weekly: async (monday: Parameters<typeof keeper.decisions.weekly>[0]) => {
        if (isFirst) {
          isFirst = false;
          const other = openStage(world());
          await live(other, [PUBLICATION + 1], { plot: INTO_THE_MARKET, name: "stranger" });
          await other.remove();
        }
        return keeper.decisions.weekly(monday);
      },
    };

    const { deeds } = await runCycle({ ...keeper, decisions }).catch((error: unknown) => {
      expect(error).to.be.instanceOf(FencedError);
      return { deeds: [] };
    });

    expect(deeds.filter(({ due, failure }) => due.kind === "publish" && failure === undefined)).to.deep.equal([]);
    expect(await linesOf(world(), "TargetPublished")).to.have.lengthOf(1);
  });

  it("is stopped by a journal that cannot be written: nothing is sent", async function () {
    await world().market.chain.advanceTo(unixSeconds(PUBLICATION));
    const dead = crashingAt(1, "before");
    const keeper = await hire(stage(), { plot: INTO_THE_MARKET, wrap: dead.wrap });

    expect(await failureOf(runCycle(keeper))).to.be.instanceOf(CrashError);
    expect(await linesOf(world(), "TargetPublished")).to.have.lengthOf(0);
  });
});
