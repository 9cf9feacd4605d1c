import { expect } from "chai";

import { DAY } from "../../src/core/time.ts";
import { unixSeconds } from "../../src/core/units.ts";
import {
  advanceBy,
  BEAR,
  BULL,
  type Fixture,
  now,
  refreshTo,
  USDC,
  useFixture,
  VETO_DELAY,
  type WeightsByCoin,
  WHOLE,
} from "./support/fixture.ts";
import { proveLedger } from "./support/proof.ts";
import { linesOf } from "./support/reading.ts";
import {
  buysWithTransit,
  buysWithUsdc,
  execute,
  executeAndFinish,
  batchFrom,
  held,
  leg,
  sales,
  send,
  sign,
  type Signed,
  weightsOf,
} from "./support/rebalance.ts";
import { cashFund } from "./support/situations.ts";

/** Nothing is traded on the way to it: a bull target may leave everything in the deposit coin. */
const ALL_CASH: WeightsByCoin = { "usd-coin": 1_000_000 };

/** A target with a level of the twin, ready to start. */
async function ready(
  fixture: Fixture,
  regime: "bear" | "bull",
  { twin, parts }: { readonly twin: bigint; readonly parts: WeightsByCoin },
): Promise<Signed> {
  const change = { twinLevel: twin * WHOLE };
  const signed = await sign(fixture, regime, { weights: weightsOf(fixture, parts), change });
  await send(fixture, signed);
  if (regime === "bull") await advanceBy(fixture, VETO_DELAY);
  return signed;
}

/** Every feed and pool answers anew, and the deposit coin is worth so many ten-thousandths of a dollar. */
async function price(fixture: Fixture, tenThousandths: number): Promise<void> {
  await fixture.market.moveTo({
    prices: new Map([["usd-coin", tenThousandths / 10_000]]),
    at: unixSeconds((await now(fixture)) + 1000),
    steps: 1,
  });
}

const refresh = async (fixture: Fixture): Promise<void> => refreshTo(fixture, (await now(fixture)) + 1000);

describe("Rebalancer: round trips", function () {
  const get = useFixture(cashFund);

  it("says what share and twin were at the exit and at the re-entry", async function () {
    const fixture = get();
    const { vault } = fixture;
    await executeAndFinish(fixture, await ready(fixture, "bull", { twin: 1000n, parts: ALL_CASH }), []);
    await price(fixture, 10_100);
    const out = await ready(fixture, "bear", { twin: 1200n, parts: BEAR });
    await executeAndFinish(fixture, out, []);
    await advanceBy(fixture, 14 * DAY);
    await price(fixture, 9900);
    const back = await ready(fixture, "bull", { twin: 900n, parts: ALL_CASH });

    const sent = await executeAndFinish(fixture, back, []);

    // 1,000,000 shares of 1,000,000 USDC: a share is worth a coin, 1.01 USD at the exit and 0.99 USD at the return.
    const [sequence, head] = await vault.ledger();
    await expect(sent)
      .to.emit(vault, "RoundTripCompleted")
      .withArgs(
        ...[out.target.id, back.target.id, (101n * WHOLE) / 100n, (99n * WHOLE) / 100n],
        ...[1200n * WHOLE, 900n * WHOLE, sequence, head],
      );
    expect((await proveLedger(fixture)).isComparedWithChain).to.equal(true);
  });

  it("takes the NAV before the cost of the exit and after the cost of the return", async function () {
    const fixture = get();
    const usdc = 1_000_000n * USDC;
    const entry = await ready(fixture, "bull", { twin: 1000n, parts: BULL });
    await buy(fixture, entry, usdc);
    const out = await ready(fixture, "bear", { twin: 1000n, parts: BEAR });
    const started = await leave(fixture, out);
    await advanceBy(fixture, 15 * DAY);
    const back = await ready(fixture, "bull", { twin: 1000n, parts: BULL });
    await refresh(fixture);
    const finished = await buy(fixture, back, await held(fixture, "usd-coin"));

    const [trip] = await linesOf(fixture, finished, "RoundTripCompleted");
    const [start] = await linesOf(fixture, started, "RebalanceStarted");
    const [finish] = await linesOf(fixture, finished, "RebalanceFinished");
    const perShare = (line?: Readonly<Record<string, unknown>>): bigint =>
      ((line?.["nav"] as bigint) * WHOLE) / (line?.["supply"] as bigint);
    expect(trip?.["exitNavPerShare"]).to.equal(perShare(start));
    expect(trip?.["entryNavPerShare"]).to.equal(perShare(finish));
    expect(perShare(finish) < perShare(start), "both ways cost something").to.equal(true);
  });

  it("writes nothing when the fund goes in for the first time, and nothing within the market", async function () {
    const fixture = get();
    const first = await executeAndFinish(fixture, await ready(fixture, "bull", { twin: 1n, parts: ALL_CASH }), []);
    await advanceBy(fixture, 7 * DAY);
    await refresh(fixture);
    const second = await executeAndFinish(fixture, await ready(fixture, "bull", { twin: 2n, parts: ALL_CASH }), []);

    expect(await linesOf(fixture, first, "RoundTripCompleted")).to.deep.equal([]);
    expect(await linesOf(fixture, second, "RoundTripCompleted")).to.deep.equal([]);
  });

  it("begins with the first exit when another supersedes it, and when a return was never finished", async function () {
    const fixture = get();
    await executeAndFinish(fixture, await ready(fixture, "bull", { twin: 1000n, parts: ALL_CASH }), []);
    const out = await ready(fixture, "bear", { twin: 1100n, parts: BEAR });
    await execute(fixture, out, []);
    await executeAndFinish(fixture, await ready(fixture, "bear", { twin: 1200n, parts: BEAR }), []);
    await advanceBy(fixture, 14 * DAY);
    await refresh(fixture);
    await execute(fixture, await ready(fixture, "bull", { twin: 1300n, parts: ALL_CASH }), []);
    await executeAndFinish(fixture, await ready(fixture, "bear", { twin: 1400n, parts: BEAR }), []);
    await advanceBy(fixture, 15 * DAY);
    await refresh(fixture);
    const back = await ready(fixture, "bull", { twin: 1500n, parts: ALL_CASH });

    const [trip] = await linesOf(fixture, await executeAndFinish(fixture, back, []), "RoundTripCompleted");

    expect([trip?.["exitId"], trip?.["exitTwinLevel"], trip?.["entryTwinLevel"]]).to.deep.equal([
      out.target.id,
      1100n * WHOLE,
      1500n * WHOLE,
    ]);
  });
});

async function buy(fixture: Fixture, signed: Signed, usdc: bigint) {
  const first = buysWithUsdc(fixture, BULL, usdc);
  await execute(fixture, signed, first);
  return executeAndFinish(fixture, signed, batchFrom(first.length, await buysWithTransit(fixture, BULL)));
}

/** Sells everything. @returns The transaction of the start. */
async function leave(fixture: Fixture, signed: Signed) {
  const legs = await sales(
    fixture,
    Object.keys(BULL).filter((coinId) => coinId !== "usd-coin"),
  );
  const started = await execute(fixture, signed, legs);
  const sweep = leg(fixture, ["transit", "usd-coin"], (await held(fixture, "transit")) - 1n);
  await executeAndFinish(fixture, signed, batchFrom(legs.length, [sweep]));
  return started;
}
