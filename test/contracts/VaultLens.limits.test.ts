import { expect } from "chai";

import {
  advanceBy,
  type Fixture,
  HOUR,
  MONDAY,
  now,
  refreshTo,
  stage,
  useFixture,
  WEEK,
  WEEK_NUMBER,
} from "./support/fixture.ts";
import { execute, finish, leg, publish, type Signed } from "./support/rebalance.ts";
import { investedFund, publishBull } from "./support/situations.ts";

const DAY = 86_400;
/** D18{1} */
const PERCENT = 10n ** 16n;

describe("VaultLens: limits", function () {
  // On Monday noon; the rebalance of the week is finished.
  const get = useFixture(investedFund);

  it("shows when the open epoch closes", async function () {
    const { moments } = await get().lens.status();

    expect(moments.cutoff).to.equal(MONDAY + WEEK);
  });

  it("shows from when on the fund may go back into the market", async function () {
    const { lens, registry } = get();

    const { moments } = await lens.status();

    expect(moments.returnFrom).to.equal(await registry.returnFrom());
  });

  it("shows every limit while nothing is under way", async function () {
    const { budgets } = await get().lens.status();

    // 1 % a rebalance, 1.5 % in 30 days, 1.5 % an exit and 3 % more.
    expect([budgets.rebalanceLimit, budgets.windowLimit, budgets.exitLimit, budgets.exitExtra]).to.deep.equal([
      PERCENT,
      (PERCENT * 3n) / 2n,
      (PERCENT * 3n) / 2n,
      PERCENT * 3n,
    ]);
    expect([budgets.rebalanceUsed, budgets.exitUsed, budgets.isExtraOpen]).to.deep.equal([0n, 0n, false]);
  });

  it("shows what was lost in 30 days", async function () {
    const { lens, rebalancer } = get();

    const { budgets } = await lens.status();

    expect(budgets.windowUsed).to.equal(await rebalancer.lossInWindow());
    expect(budgets.windowUsed).to.be.above(0);
  });

  it("shows when anyone may carry out a pending exit", async function () {
    const fixture = get();
    await publish(fixture, "bear");

    const { moments } = await fixture.lens.status();

    expect([moments.anyoneFrom, moments.validUntil]).to.deep.equal([
      BigInt((await now(fixture)) + 2 * HOUR),
      (await fixture.registry.pending()).validUntil,
    ]);
  });

  describe("during an exit", function () {
    stage(get, async (fixture) => {
      const signed = await publish(fixture, "bear");
      await execute(fixture, signed, [leg(fixture, ["alpha", "usd-coin"], 10n ** 20n)]);
    });

    it("shows its deadline, and when others and more budget come in", async function () {
      const fixture = get();
      const startedAt = BigInt(await now(fixture));

      const { moments } = await fixture.lens.status();

      expect([moments.deadline, moments.anyoneFrom, moments.extraOpensAt]).to.deep.equal([
        startedAt + BigInt(DAY),
        startedAt + BigInt(2 * HOUR),
        startedAt + BigInt(DAY),
      ]);
    });

    it("shows what it has lost apart from the others", async function () {
      const { lens, rebalancer } = get();

      const { budgets } = await lens.status();

      const { spent } = await rebalancer.running();
      expect([budgets.exitUsed, budgets.rebalanceUsed]).to.deep.equal([spent, 0n]);
      expect(spent).to.be.above(0);
    });

    it("shows the extra budget open after a day", async function () {
      const fixture = get();
      await advanceBy(fixture, DAY);

      expect((await fixture.lens.status()).budgets.isExtraOpen).to.equal(true);
    });
  });
});

describe("VaultLens: a rebalance by its id", function () {
  const ID = WEEK_NUMBER * 8n + 8n; // of the week after
  let signed: Signed | undefined;
  const get = useFixture(async (fixture) => {
    await investedFund(fixture);
    await refreshTo(fixture, MONDAY + WEEK + 60);
  });

  async function stateOf({ lens }: Fixture, id: bigint): Promise<string> {
    return (await lens.rebalanceInfo(id)).state;
  }

  it("is unknown before it is published, and so is none", async function () {
    const fixture = get();

    expect([await stateOf(fixture, ID), await stateOf(fixture, 0n)]).to.deep.equal(["unknown", "unknown"]);
  });

  it("is the last one when it was the last to start", async function () {
    expect(await stateOf(get(), WEEK_NUMBER * 8n)).to.equal("last");
  });

  it("is past before that", async function () {
    expect(await stateOf(get(), WEEK_NUMBER * 8n - 1n)).to.equal("past");
  });

  describe("that was published", function () {
    stage(get, async (fixture) => {
      signed = await publish(fixture, "bull");
    });

    it("is pending, with its times", async function () {
      const fixture = get();
      const pending = await fixture.registry.pending();

      const { state, executableAt, validUntil } = await fixture.lens.rebalanceInfo(ID);

      expect([state, executableAt, validUntil]).to.deep.equal(["pending", pending.executableAt, pending.validUntil]);
    });

    it("is expired after its time", async function () {
      const fixture = get();
      await advanceBy(fixture, 6 * DAY + 60);

      expect(await stateOf(fixture, ID)).to.equal("expired");
    });
  });

  describe("that was started", function () {
    stage(get, async (fixture) => {
      signed = await publishBull(fixture);
      await execute(fixture, signed, [leg(fixture, ["alpha", "usd-coin"], 0n)]);
    });

    it("is running, with its legs and skips", async function () {
      const { lens, rebalancer } = get();
      const { navBefore } = await rebalancer.running();

      const info = await lens.rebalanceInfo(ID);

      expect([info.state, info.position, info.executed, info.skipped, info.navBefore]).to.deep.equal([
        "running",
        1n,
        0n,
        1n,
        navBefore,
      ]);
    });

    it("is late after its deadline", async function () {
      const fixture = get();
      await advanceBy(fixture, DAY + 60);

      expect(await stateOf(fixture, ID)).to.equal("late");
    });

    it("is the last one after its finish", async function () {
      const fixture = get();
      if (signed === undefined) throw new TypeError("stage did not run");

      await finish(fixture, signed);

      expect(await stateOf(fixture, ID)).to.equal("last");
    });
  });
});

describe("VaultLens: the age of prices", function () {
  const get = useFixture();

  async function ageOf({ lens, fund }: Fixture, coinId: string) {
    const ages = await lens.priceAges();
    return ages.find(({ asset }) => asset === BigInt(fund.indexOf(coinId)));
  }

  it("is told for every listed asset", async function () {
    const fixture = get();
    const count = fixture.market.coins().length;

    expect(await fixture.lens.priceAges()).to.have.length(count);
  });

  it("of a feed is what has passed since its last answer", async function () {
    const fixture = get();
    const [feed, heartbeat, updatedAt] = await fixture.oracle.source(fixture.fund.indexOf("alpha"));

    const age = await ageOf(fixture, "alpha");

    expect([age?.source, age?.isFeed, age?.isFresh, age?.heartbeat, age?.age]).to.deep.equal([
      feed,
      true,
      true,
      heartbeat,
      BigInt(await now(fixture)) - updatedAt,
    ]);
  });

  it("of a feed that is silent for too long shows that there is no price", async function () {
    const fixture = get();
    await advanceBy(fixture, 26 * HOUR);

    const age = await ageOf(fixture, "alpha");

    expect([age?.isFresh, (age?.age ?? 0n) > 90_000n]).to.deep.equal([false, true]);
  });

  it("of a pool is nothing: its mean is of now", async function () {
    const fixture = get();

    const age = await ageOf(fixture, "beta");

    expect([age?.isFeed, age?.isFresh, age?.age]).to.deep.equal([false, true, 0n]);
  });
});
