// Tests of src/execute/read-upkeep.ts and upkeep.ts against the contracts: what is due is sent, and then is not due.
import { expect } from "chai";

import { DAY } from "../../src/core/time.ts";
import { tokenUnits } from "../../src/core/units.ts";
import { readUpkeepFacts } from "../../src/execute/read-upkeep.ts";
import { sendUpkeep } from "../../src/execute/upkeep.ts";
import { type Upkeep, dueUpkeep } from "../../src/plan/upkeep.ts";
import { senderOf } from "../../src/world/week.ts";
import { takeFrom } from "../contracts/support/bad-faith.ts";
import {
  advanceBy,
  type Fixture,
  HOUR,
  MONDAY,
  refreshTo,
  USDC,
  useFixture,
  WEEK,
  WHOLE,
} from "../contracts/support/fixture.ts";
import { bitOf, freezable, freeze } from "../contracts/support/quarantine.ts";
import { executeAndFinish, held } from "../contracts/support/rebalance.ts";
import { depositNow, enterBull, investedFund, publishBull, requestRedeem } from "../contracts/support/situations.ts";

/** Alpha, 1.5 %, may lose its price without a strike having to wait. */
const SMALL = { "usd-coin": 585_000, bitcoin: 400_000, alpha: 15_000 };

function due({ market, fund }: Fixture): Promise<Upkeep[]> {
  const client = market.chain.publicClient;
  return readUpkeepFacts({ client, deployment: fund.deployment() }).then(dueUpkeep);
}

/** What is due, without the reasons. */
async function dueCalls(fixture: Fixture): Promise<unknown[]> {
  return (await due(fixture)).map((upkeep) => {
    return upkeep.kind === "credit"
      ? { kind: upkeep.kind, controller: upkeep.controller }
      : { kind: upkeep.kind, asset: upkeep.asset };
  });
}

/** A stranger sends everything that is due. */
async function keepUp(fixture: Fixture): Promise<void> {
  const sender = { ...senderOf(fixture, "stranger"), deployment: fixture.fund.deployment() };
  for (const upkeep of await due(fixture)) await sendUpkeep(sender, upkeep);
}

describe("Upkeep of a fund in the market", function () {
  const get = useFixture(investedFund);
  const call = (kind: Upkeep["kind"]) => ({ kind, asset: get().fund.indexOf("alpha") });

  it("is nothing while everything is in order", async function () {
    expect(await due(get())).to.deep.equal([]);
  });

  it("writes down what a token took away", async function () {
    const fixture = get();
    const before = await held(fixture, "alpha");
    await takeFrom(fixture, "alpha", 7n * WHOLE);

    expect(await dueCalls(fixture)).to.deep.equal([call("write-down")]);
    await keepUp(fixture);

    expect(await held(fixture, "alpha")).to.be.lessThan(before);
    expect(await due(fixture)).to.deep.equal([]);
  });

  it("sweeps a gift, but not while requests are due", async function () {
    const fixture = get();
    const before = await held(fixture, "alpha");
    await fixture.market.give("alpha", fixture.fund.addresses.vault, tokenUnits(WHOLE)); // 20 USD

    expect(await dueCalls(fixture)).to.deep.equal([call("sweep")]);
    await requestRedeem(fixture, "alice", WHOLE);
    await refreshTo(fixture, MONDAY + WEEK + HOUR);
    expect(await due(fixture)).to.deep.equal([]);
    await executeAndFinish(fixture, await publishBull(fixture), []);
    await keepUp(fixture);

    expect(await held(fixture, "alpha")).to.be.within(before + WHOLE, before + WHOLE + 10_000n); // and the trial's units
    expect(await due(fixture)).to.deep.equal([]);
  });

  it("probes a frozen token twice, and a third time when it moves again", async function () {
    const fixture = get();
    await freeze(fixture);

    expect(await dueCalls(fixture)).to.deep.equal([call("probe")]);
    await keepUp(fixture);
    expect(await due(fixture)).to.deep.equal([]);
    await advanceBy(fixture, HOUR);
    expect(await dueCalls(fixture)).to.deep.equal([call("probe")]);
    await keepUp(fixture);
    expect([await fixture.rebalancer.quarantined(), await due(fixture)]).to.deep.equal([[bitOf(fixture), 0n], []]);
    await (await freezable(fixture)).thaw();
    expect(await dueCalls(fixture)).to.deep.equal([call("probe")]);
    await keepUp(fixture);

    expect([await fixture.rebalancer.quarantined(), await due(fixture)]).to.deep.equal([[0n, 0n], []]);
  });
});

describe("Upkeep of a fund that is abandoned", function () {
  const get = useFixture(async (fixture) => {
    await depositNow(fixture, "alice", 100_000n * USDC);
    await refreshTo(fixture, MONDAY + 60);
    await enterBull(fixture, 100_000n * USDC);
  });

  it("sells everything for stablecoins from 21 days after the last finish on, by anybody", async function () {
    const fixture = get();
    await refreshTo(fixture, MONDAY + 20 * DAY);
    const early = await due(fixture);
    await refreshTo(fixture, MONDAY + 22 * DAY);
    const kinds = new Set((await due(fixture)).map(({ kind }) => kind));

    for (let round = 0; round < 10 && (await due(fixture)).length > 0; round++) await keepUp(fixture);

    expect([early, kinds]).to.deep.equal([[], new Set(["exit"])]);
    expect(await due(fixture)).to.deep.equal([]);
    for (const coinId of ["bitcoin", "ethereum", "alpha"]) expect(await held(fixture, coinId)).to.be.at.most(1n);
    expect((await fixture.rebalancer.running()).id).to.equal(1n); // under which the ledger keeps it
  });
});

describe("Upkeep of an asset that was listed while there was money in the fund", function () {
  const get = useFixture(async (fixture) => {
    await depositNow(fixture, "alice", 1000n * USDC);
    await fixture.market.addCoins([{ coinId: "epsilon", symbol: "EPS", priceUsd: 3, volumeUsd: 1e9 }]);
    await advanceBy(fixture, HOUR); // until its pool has a mean
    await fixture.fund.listNewCoins();
  });

  it("ends its youth 30 days later, and not before", async function () {
    const fixture = get();
    const youngSet = async (): Promise<bigint> => (await fixture.vault.tiers())[2];
    const index = fixture.fund.indexOf("epsilon");
    await advanceBy(fixture, 29 * DAY);

    expect(await due(fixture)).to.deep.equal([]);
    await advanceBy(fixture, DAY);
    expect(await dueCalls(fixture)).to.deep.equal([{ kind: "mature", asset: index }]);
    expect(await youngSet()).to.equal(1n << BigInt(index));
    await keepUp(fixture);

    expect([await youngSet(), await due(fixture)]).to.deep.equal([0n, []]);
  });
});

describe("Upkeep after a strike that could not price everything", function () {
  const get = useFixture(async (fixture) => {
    await depositNow(fixture, "alice", 1_000_000n * USDC);
    await refreshTo(fixture, MONDAY + 60);
    await enterBull(fixture, 1_000_000n * USDC, SMALL);
    await requestRedeem(fixture, "alice", 30_000n * WHOLE);
    fixture.market.stopFeed("alpha");
    await refreshTo(fixture, MONDAY + WEEK + 60);
    await executeAndFinish(fixture, await publishBull(fixture, SMALL), []);
  });

  it("credits the units to the redeemer, once", async function () {
    const fixture = get();
    const { vault, people, fund } = fixture;

    expect(await dueCalls(fixture)).to.deep.equal([{ kind: "credit", controller: people.alice.address }]);
    await keepUp(fixture);

    expect(await vault.inKindClaimable(people.alice, fund.indexOf("alpha"))).to.be.greaterThan(0n);
    expect(await due(fixture)).to.deep.equal([]);
  });
});
