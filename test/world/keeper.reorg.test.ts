// Tests of src/keeper on a chain that is reorganized after a task was done and before it is final.
import { expect } from "chai";

import { DAY, weeklyTargetId } from "../../src/core/time.ts";
import { unixSeconds } from "../../src/core/units.ts";
import { type Cycle, runCycle } from "../../src/keeper/keeper.ts";
import {
  BULL,
  type Casting,
  FIRST,
  type Plot,
  dayAfter,
  hire,
  linesOf,
  live,
  useKeeperFund,
} from "./keeper-support.ts";
import { MONDAY } from "./support.ts";

const PLOT: Plot = { weeks: { [FIRST]: { regime: "bull", parts: BULL } }, exits: [dayAfter(1)] };
/** Nothing of a test's first minutes is final. */
const CASTING: Casting = { plot: PLOT, sending: { finality: 20 } };
const WEEK_ID = weeklyTargetId(FIRST);
const CHECK = `check:${dayAfter(1)}`;
/** {s} */
const PUBLICATION = MONDAY + 1800;
const NOON = MONDAY + DAY / 2;

describe("a keeper on a chain that is reorganized", function () {
  this.timeout(600_000);
  const { world, stage } = useKeeperFund();

  const cycle = async (): Promise<Cycle> => runCycle(await hire(stage(), CASTING));
  const stepsOf = async (task: string) =>
    (await stage().store().journal("fund").entries({ task })).map(({ step }) => step);
  const published = async () => (await linesOf(world(), "TargetPublished")).map(({ args }) => Number(args.id));
  /** Block of the newest one. */
  const head = () => world().market.chain.publicClient.getBlockNumber({ cacheTime: 0 });

  it("goes on after two blocks, and says that a task is done for good once it is final", async function () {
    await world().market.chain.advanceTo(unixSeconds(PUBLICATION));
    const before = await head();

    await cycle();
    const [early, blocks] = [await stepsOf(`publish:${WEEK_ID}`), (await head()) - before];
    await world().market.chain.mine(20);
    await cycle();

    expect(early).to.deep.equal(["planned", "mined"]);
    expect(blocks).to.equal(2n);
    expect(await stepsOf(`publish:${WEEK_ID}`)).to.deep.equal(["planned", "mined", "reconciled"]);
    expect(await stage().store().journal("key:keeper").unfinished()).to.deep.equal([]);
  });

  it("brings back from its bytes what the new chain does not have", async function () {
    await world().market.chain.advanceTo(unixSeconds(PUBLICATION));
    const before = await world().market.chain.snapshot();
    await cycle();
    await world().market.chain.revert(before);
    const lost = await published();

    await cycle();

    const lines = await stage().store().journal("key:keeper").entries();
    expect([lost, await published()]).to.deep.equal([[], [WEEK_ID]]);
    expect(new Set(lines.flatMap(({ raw }) => raw ?? [])).size).to.equal(1);
    expect(lines.find(({ note }) => note?.["reorganized"] === true)?.step).to.equal("sent");
    expect(await stepsOf(`publish:${WEEK_ID}`)).to.deep.equal(["planned", "mined"]);
  });

  it("carries a rebalance out once although the chain lost both its publication and its trades", async function () {
    const before = await world().market.chain.snapshot();
    await live(stage(), [PUBLICATION, NOON], CASTING);
    await world().market.chain.revert(before);
    await world().market.chain.advanceTo(unixSeconds(NOON + 60));

    const { view: early } = await cycle();
    // The time for a veto runs from the block in which the publication is now.
    await world().market.chain.advanceTo(unixSeconds(early.chain.pending?.executableAt ?? 0));
    const { view } = await cycle();

    expect(await published()).to.deep.equal([WEEK_ID]);
    expect((await linesOf(world(), "RebalanceFinished")).length).to.equal(1);
    expect(view.chain).to.include({ regime: "bull", lastId: WEEK_ID });
    expect(await stepsOf(`rebalance:${WEEK_ID}`)).to.deep.equal([
      ...["planned", "mined", "dropped"],
      ...["planned", "mined"],
    ]);
  });

  it("checks the day again when the exit that it published is gone for good", async function () {
    await live(stage(), [PUBLICATION, NOON], CASTING);
    await world().market.moveTo({ prices: new Map(), at: unixSeconds(MONDAY + DAY + 1200), steps: 1 });
    await world().market.chain.advanceTo(unixSeconds(PUBLICATION + DAY));
    await stage().store().journal("fund").append({ task: "upkeep", step: "reconciled" }); // it has an hour of its own
    const before = await world().market.chain.snapshot();
    await cycle();
    const first = await published();
    await world().market.chain.revert(before);
    await takeNonce();

    await cycle();

    expect(first).to.deep.equal([WEEK_ID, WEEK_ID + 2]);
    expect(await published()).to.deep.equal([WEEK_ID, WEEK_ID + 2]);
    expect(await stepsOf(CHECK)).to.deep.equal(["planned", "mined", "dropped", "planned", "mined"]);
    expect((await linesOf(world(), "RebalanceFinished")).at(-1)?.args.id).to.equal(BigInt(WEEK_ID + 2));
  });

  /** Somebody else uses the key's next nonce. */
  async function takeNonce(): Promise<void> {
    const { chain } = world().market;
    const { address } = chain.accounts.keeper;
    const params = [{ from: address, to: address, gas: "0x5208", gasPrice: "0xba43b7400" }];
    await chain.provider.request({ method: "eth_sendTransaction", params });
    await chain.mine();
  }
});
