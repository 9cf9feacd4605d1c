import { expect } from "chai";

import type { CoinSpec } from "../../src/world/coin.ts";
import type { Market } from "../../src/world/market.ts";
import {
  advanceTo,
  BEAR,
  type Fixture,
  GAS_CAP,
  HOUR,
  MONDAY,
  openFixture,
  refreshTo,
  USDC,
  type WeightsByCoin,
} from "./support/fixture.ts";
import { gasOf, linesOf, reasonsOf } from "./support/reading.ts";
import {
  buysWithTransit,
  buysWithUsdc,
  execute,
  executeAndFinish,
  batchFrom,
  held,
  type Leg,
  leg,
  publish,
  quoteOf,
  sales,
  type Signed,
} from "./support/rebalance.ts";
import { depositNow, publishBull } from "./support/situations.ts";

/** {USD} What the fund holds before the exit. */
const DEPOSIT = 1_000_000n;

/** Legs of an entry that fit under the gas cap together. */
const ENTRY_BATCH = 50;

/** 100 coins as they come: bitcoin, ether, and 98 whose prices fall from 250 to 0.1 USD and volumes from 1 B to 20 M. */
const HUNDRED: readonly CoinSpec[] = [
  { coinId: "bitcoin", symbol: "BTC", priceUsd: 50_000, volumeUsd: 2e10 },
  { coinId: "ethereum", symbol: "ETH", priceUsd: 4000, volumeUsd: 2e10 },
  ...Array.from({ length: 98 }, (_, place) => {
    const rank = place + 2;
    return { coinId: `coin-${rank}`, symbol: `C${rank}`, priceUsd: 1000 / rank ** 2, volumeUsd: 2e9 / rank };
  }),
];

const RISKY = HUNDRED.map(({ coinId }) => coinId);

const EQUAL: WeightsByCoin = Object.fromEntries(RISKY.map((coinId) => [coinId, 10_000]));

/** Enters all 100 assets in as many batches as the gas cap asks for. */
async function enter(fixture: Fixture): Promise<void> {
  await depositNow(fixture, "alice", DEPOSIT * USDC);
  await advanceTo(fixture, MONDAY + 60);
  const signed = await publishBull(fixture, EQUAL);
  let position = 0;
  const run = async (legs: readonly Leg[]): Promise<void> => {
    for (let from = 0; from < legs.length; from += ENTRY_BATCH) {
      const part = legs.slice(from, from + ENTRY_BATCH);
      await execute(fixture, signed, batchFrom(position, part));
      position += part.length;
    }
  };
  // A little less than everything: what is sold must be less than what is held.
  await run(buysWithUsdc(fixture, EQUAL, (DEPOSIT - 1n) * USDC));
  await run(await buysWithTransit(fixture, EQUAL));
  await executeAndFinish(fixture, signed, batchFrom(position, []));
}

/** Sells all assets, and the wrapped ether that they bring, with the amount that a plan expects of it. */
async function exitPlan(fixture: Fixture, transit: bigint): Promise<Leg[]> {
  return [...(await sales(fixture, RISKY)), leg(fixture, ["transit", "usd-coin"], transit)];
}

/** {tok} The wrapped ether that the sales will bring less one unit, found by trying and going back. */
async function transitOf(fixture: Fixture, signed: Signed): Promise<bigint> {
  const saved = await fixture.market.snapshot();
  await execute(fixture, signed, await sales(fixture, RISKY));
  const transit = (await held(fixture, "transit")) - 1n;
  await fixture.market.revert(saved);
  return transit;
}

describe("Full exit of 100 assets", function () {
  let fixture: Fixture;
  let saved: Awaited<ReturnType<Market["snapshot"]>>;

  before(async function () {
    fixture = await openFixture(HUNDRED);
    await enter(fixture);
  });
  after(() => fixture.market.close());
  beforeEach(async () => {
    saved = await fixture.market.snapshot();
  });
  afterEach(async () => {
    await fixture.market.revert(saved);
  });

  it("starts from 100 assets", async function () {
    const amounts = await Promise.all(RISKY.map((coinId) => held(fixture, coinId)));

    expect(amounts.filter((amount) => amount > 1n)).to.have.length(100);
  });

  it("happens in one transaction, from the start to the end, under the gas cap", async function () {
    const signed = await publish(fixture, "bear", BEAR);
    const plan = await exitPlan(fixture, await transitOf(fixture, signed));

    const sent = await executeAndFinish(fixture, signed, plan);

    const gas = await gasOf(sent);
    console.log(`      exit of 100 assets: ${gas.toLocaleString("en-US")} gas, ${plan.length} legs, start to finish`);
    expect(gas).to.be.below(GAS_CAP);
    expect(await linesOf(fixture, sent, "LegExecuted")).to.have.length(101);
  });

  it("leaves nothing but the deposit coin", async function () {
    const signed = await publish(fixture, "bear", BEAR);
    const plan = await exitPlan(fixture, await transitOf(fixture, signed));

    await executeAndFinish(fixture, signed, plan);

    expect(await fixture.vault.heldSet()).to.equal(1);
  });

  it("keeps more than 98 % of the value, through pools as thin as the real ones", async function () {
    const signed = await publish(fixture, "bear", BEAR);
    const before = await fixture.vault.nav();
    const plan = await exitPlan(fixture, await transitOf(fixture, signed));

    await executeAndFinish(fixture, signed, plan);

    expect((await fixture.vault.nav()) * 100n).to.be.above(before * 98n);
  });

  it("goes on for the other 99 when one token is frozen", async function () {
    await fixture.market.freezeToken("coin-7");
    const signed = await publish(fixture, "bear", BEAR);
    const plan = await exitPlan(fixture, await transitOf(fixture, signed));

    const sent = await executeAndFinish(fixture, signed, plan);

    const gas = await gasOf(sent);
    console.log(`      exit of 100 assets, one token frozen: ${gas.toLocaleString("en-US")} gas`);
    expect(await linesOf(fixture, sent, "LegExecuted")).to.have.length(100); // 99 and the wrapped ether
    expect(await reasonsOf(fixture, sent)).to.deep.equal(["swap failed or below minimum"]);
    expect(await linesOf(fixture, sent, "RebalanceFinished")).to.have.length(1);
  });

  it("goes on for the other 99 when one feed has stopped", async function () {
    fixture.market.stopFeed("coin-7");
    await refreshTo(fixture, MONDAY + 30 * HOUR);
    const signed = await publish(fixture, "bear", BEAR);
    const plan = await exitPlan(fixture, await transitOf(fixture, signed));

    const sent = await execute(fixture, signed, plan);

    const gas = await gasOf(sent);
    console.log(`      exit of 100 assets, one feed stopped: ${gas.toLocaleString("en-US")} gas`);
    expect(await linesOf(fixture, sent, "LegExecuted")).to.have.length(100);
    expect(await reasonsOf(fixture, sent)).to.deep.equal(["no fresh price"]);
  });

  it("pays 100 assets in kind in one transaction", async function () {
    const { vault, people } = fixture;
    const half = (await vault.balanceOf(people.alice)) / 2n;

    const sent = await vault
      .connect(people.alice)
      .redeemInKind(half, people.alice, people.alice, [], [], { gasLimit: GAS_CAP });

    const gas = await gasOf(sent);
    console.log(`      exit in kind of 100 assets: ${gas.toLocaleString("en-US")} gas`);
    const [line] = await linesOf(fixture, sent, "RedeemedInKind");
    expect((line?.["delivered"] as boolean[]).filter(Boolean).length).to.be.at.least(100);
  });

  it("sells about half of them into wrapped ether", function () {
    // By the lot in src/world/rules.ts three coins in ten have their pool against USDC.
    expect(RISKY.filter((coinId) => quoteOf(fixture, coinId) === "transit").length).to.be.within(50, 90);
  });
});
