// Tests of src/keeper when a trade is stuck in the pool and a way out falls due meanwhile.
import { expect } from "chai";

import { DAY, weeklyTargetId } from "../../src/core/time.ts";
import { unixSeconds } from "../../src/core/units.ts";
import { runCycle } from "../../src/keeper/keeper.ts";
import { BULL, FIRST, type Plot, dayAfter, hire, linesOf, live, useKeeperFund } from "./keeper-support.ts";
import { MONDAY } from "./support.ts";

const WEEK_ID = weeklyTargetId(FIRST);
/** {s} */
const PUBLICATION = MONDAY + 1800;
const NOON = MONDAY + DAY / 2;
/** The whole gas limit of an exit at the spike's price. */
const SENDING = { taskBudgetEther: "10", dayBudgetEther: "20" };
/** {gwei} Above what a trade pays at most, and below what an exit does. */
const SPIKE = 200;

describe("a keeper with a trade that is stuck", function () {
  this.timeout(600_000);
  const { world, stage } = useKeeperFund();
  afterEach(() => rpc("evm_setAutomine", true));

  const rpc = (method: string, ...params: unknown[]) => world().market.chain.provider.request({ method, params });
  const setBase = (gwei: number) => rpc("hardhat_setNextBlockBaseFeePerGas", `0x${(gwei * 1e9).toString(16)}`);

  /** Fees rise once the trade is in the pool; four blocks later it is Tuesday, half past midnight. */
  function night(): () => Promise<void> {
    let blocks = 0;
    return async () => {
      blocks += 1;
      if (blocks === 5) await beTuesday();
      await setBase(SPIKE);
      await world().market.chain.mine();
    };
  }

  /** The market moves in blocks of its own, without what is in the pool. */
  async function beTuesday(): Promise<void> {
    const lines = await stage().store().journal("key:keeper").entries();
    const { raw, hash } = lines.findLast((line) => line.raw !== undefined) ?? {};
    await rpc("hardhat_dropTransaction", hash);
    await setBase(1);
    await rpc("evm_setAutomine", true);
    await world().market.moveTo({ prices: new Map(), at: unixSeconds(MONDAY + DAY + 1700), steps: 1 });
    await world().market.chain.advanceTo(unixSeconds(PUBLICATION + DAY));
    await rpc("evm_setAutomine", false);
    await rpc("eth_sendRawTransaction", raw);
  }

  for (const verdict of ["leave", "stay"] as const) {
    it(`makes the day's check, and ${verdict === "leave" ? "takes the trade back for the exit" : "waits on"}`, async function () {
      const exits = verdict === "leave" ? [dayAfter(1)] : [];
      const plot: Plot = { weeks: { [FIRST]: { regime: "bull", parts: BULL } }, exits };
      await live(stage(), [PUBLICATION, NOON - 60], { plot });
      await world().market.chain.advanceTo(unixSeconds(NOON));
      await rpc("evm_setAutomine", false);
      const pause = verdict === "leave" ? night() : calmAfter(night());

      const { deeds } = await runCycle(await hire(stage(), { plot, pause, sending: SENDING }));

      const failures = deeds.map(({ due, failure }) => [due.task, failure?.code]);
      expect(failures[0]).to.deep.equal([`rebalance:${WEEK_ID}`, "OVERTAKEN"]);
      expect(failures[1]).to.deep.equal([`check:${dayAfter(1)}`, undefined]);
      const started = (await linesOf(world(), "RebalanceStarted")).map(({ args }) => Number(args.id));
      const finished = (await linesOf(world(), "RebalanceFinished")).map(({ args }) => Number(args.id));
      const expected = verdict === "leave" ? [WEEK_ID + 2] : [WEEK_ID];
      expect([started, finished]).to.deep.equal([expected, expected]);
      const lines = await stage().store().journal("key:keeper").entries();
      expect(lines.some(({ note }) => note?.["takenBack"] === true)).to.equal(verdict === "leave");
      expect(await stage().store().journal("key:keeper").unfinished()).to.deep.equal([]);
    });
  }

  /** As the pause, with low fees again some blocks after the check. */
  function calmAfter(pause: () => Promise<void>): () => Promise<void> {
    let blocks = 0;
    return async () => {
      blocks += 1;
      if (blocks < 10) return pause();
      await setBase(1);
      await world().market.chain.mine();
    };
  }
});
