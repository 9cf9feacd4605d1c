// Tests of src/execute/exit-budget.ts against the contracts: an exit that would lose too much sells what it may.
import { expect } from "chai";

import { DAY } from "../../src/core/time.ts";
import { exitBudgetError, isBudgetRefusal } from "../../src/execute/exit-budget.ts";
import { fetchTarget } from "../../src/execute/fetch-target.ts";
import { type RebalanceResult, runRebalance } from "../../src/execute/rebalance.ts";
import { planLimitsSchema } from "../../src/plan/limits.ts";
import { senderOf } from "../../src/world/week.ts";
import { pushPool } from "../contracts/support/bad-faith.ts";
import { type Fixture, MONDAY, refreshTo, USDC, useFixture, type WeightsByCoin } from "../contracts/support/fixture.ts";
import { held, publish } from "../contracts/support/rebalance.ts";
import { depositNow, enterBull } from "../contracts/support/situations.ts";
import { failureOf } from "../failure-of.ts";

/** Cheaper by 2.3 %: 0.9885². Within what a leg of a plan may lose. */
const CHEAPER: readonly [bigint, bigint] = [9885n, 10_000n];

/** The fund in these weights, with an exit published and both pools cheaper. */
const leaving = (held: WeightsByCoin) => async (fixture: Fixture) => {
  await depositNow(fixture, "alice", 1_000_000n * USDC);
  await refreshTo(fixture, MONDAY + 60);
  await enterBull(fixture, 1_000_000n * USDC, held);
  await publish(fixture, "bear", { "usd-coin": 1_000_000 });
  await pushPool(fixture, "alpha", CHEAPER);
  await pushPool(fixture, "beta", CHEAPER);
};

const fundOf = ({ market, fund }: Fixture) => ({ client: market.chain.publicClient, deployment: fund.deployment() });

async function exit(fixture: Fixture): Promise<RebalanceResult> {
  const published = await fetchTarget(fundOf(fixture));
  if (published === undefined) throw new TypeError("an exit is published");
  const limits = planLimitsSchema.parse({});
  const { target } = published;
  return runRebalance({ ...senderOf(fixture, "keeper"), ...fundOf(fixture), target, limits });
}

describe("an exit at pools that are all too cheap", function () {
  // Alpha costs 0.5 * 2.3 % = 1.2 % of the fund and fits; beta brings it to 1.9 %, and 1.5 % are allowed.
  const get = useFixture(leaving({ "usd-coin": 200_000, alpha: 500_000, beta: 300_000 }));

  it("sells what its budget lets through and says who can open more", async function () {
    const fixture = get();

    const failure = await failureOf(exit(fixture));

    if (!isBudgetRefusal(failure)) throw failure;
    const { id, deadline, spent } = await fixture.rebalancer.running();
    const told = await exitBudgetError(fundOf(fixture), Number(id), failure);
    expect(await held(fixture, "alpha")).to.be.at.most(1n);
    expect(await held(fixture, "beta")).to.be.above(1n);
    expect(spent).to.be.within(11n * 10n ** 15n, 15n * 10n ** 15n);
    expect(told.message).to.contain("more than the 1.50 % allowed");
    expect(told.message).to.contain(`agreeToExtraExit() on ${fixture.fund.addresses.rebalancer}`);
    // A rebalance has 24 hours, and the extra part opens after 24 hours.
    expect(told.message).to.contain(new Date(Number(deadline) * 1000).toISOString());
    expect([told.code, told.retryable]).to.deep.equal(["EXIT_BUDGET_SPENT", true]);
  });

  it("goes on by itself a day later", async function () {
    const fixture = get();
    await failureOf(exit(fixture));
    await refreshTo(fixture, MONDAY + 2 * DAY);
    await pushPool(fixture, "beta", CHEAPER);

    const { transactions } = await exit(fixture);

    expect(transactions.length).to.be.above(0);
    expect(await held(fixture, "beta")).to.be.at.most(1n);
  });
});

describe("an exit whose largest leg alone costs more than it may", function () {
  // 0.7 * 2.3 % = 1.6 %
  const get = useFixture(leaving({ "usd-coin": 200_000, alpha: 700_000, beta: 100_000 }));

  it("begins without a leg, so that the guardian can agree, and then ends", async function () {
    const fixture = get();
    const { rebalancer, people } = fixture;
    const failure = await failureOf(exit(fixture));
    const { id, executed } = await rebalancer.running();

    await rebalancer.connect(people.guardian).agreeToExtraExit();
    const { transactions } = await exit(fixture);

    expect([isBudgetRefusal(failure), id > 1n, executed]).to.deep.equal([true, true, 0n]);
    expect(transactions.at(-1)?.finished).not.to.equal(undefined);
    expect([await held(fixture, "alpha"), await held(fixture, "beta")].every((units) => units <= 1n)).to.equal(true);
  });
});
