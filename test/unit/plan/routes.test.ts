import { expect } from "chai";

import { gasModelSchema, planLimitsSchema } from "../../../src/plan/limits.ts";
import { type Plan, planRebalance } from "../../../src/plan/plan.ts";
import type { PoolState } from "../../../src/plan/pool.ts";
import { SHARES, market, requireExecutable } from "./executable.ts";
import { BTC, UNI, USDC, addressOf, fullRangePool, inputOf, poolsOf, usd } from "./support.ts";

/** Everything of BTC and UNI is sold; 300,000 USD each. */
const ASSETS = market([0, 400_000, 300_000, 300_000, 0, 0], [600_000, 400_000, 0, 0, 0, 0]);

function otherPool(pool: PoolState, index: number, changes: Partial<PoolState>): PoolState {
  return { ...pool, ...changes, address: addressOf(0xa000 + index) };
}

function poolsSold(plan: Plan, symbol: string): readonly (readonly [string, bigint])[] {
  return plan.legs.filter(({ soldSymbol }) => soldSymbol === symbol).map(({ pool, amount }) => [pool, amount]);
}

describe("the way of a leg", function () {
  it("is the fee tier with the most output: the cheaper one, unless its depth costs more than the fee saves", function () {
    const [dear, small] = [fullRangePool(BTC, USDC, 3000), { ...BTC, depth: usd(100_000_000) }];
    const cheap = otherPool(fullRangePool(small, USDC, 500), 1, {});
    // 300,000 USD move a pool with 10 M on each side by 6 %: 3 % of impact against 0.3 % of fee
    const thin = otherPool(fullRangePool({ ...BTC, depth: usd(10_000_000) }, USDC, 500), 2, {});
    const others = poolsOf(ASSETS).filter(({ address }) => address !== dear.address);

    const withCheap = planRebalance(inputOf({ assets: ASSETS, supply: SHARES }, { pools: [...others, dear, cheap] }));
    const withThin = planRebalance(inputOf({ assets: ASSETS, supply: SHARES }, { pools: [...others, dear, thin] }));

    expect(poolsSold(withCheap, "BTC").map(([pool]) => pool)).to.deep.equal([cheap.address]);
    expect(poolsSold(withThin, "BTC").map(([pool]) => pool)).to.deep.equal([dear.address]);
  });

  it("is not the pool whose ticks cost more gas than its output gains", function () {
    const pool = fullRangePool(BTC, USDC, 500);
    const begin = Math.floor(pool.tick / 60) * 60;
    // 300,000 USD move the price by 1.2 %, about 120 ticks: two initialized ones on each side, of no liquidity
    const crossed = [-120, -60, 0, 60, 120].map((step) => ({ index: begin + step, liquidityNet: 0n }));
    const ticks = [...pool.ticks, ...crossed].sort((a, b) => a.index - b.index);
    // A little more output: 0.0499 % instead of 0.05 % of 300,000 USD are 0.3 USD
    const rich = otherPool(pool, 3, { ticks, fee: 499 });
    const others = poolsOf(ASSETS).filter(({ address }) => address !== pool.address);
    const planWith = (price: bigint) =>
      planRebalance({
        ...inputOf({ assets: ASSETS, supply: SHARES }, { pools: [...others, pool, rich] }),
        gas: gasModelSchema.parse({ price }),
      });

    // 62,000 gas at 2,000 USD an ether: 12.4 USD at 100 gwei
    expect(poolsSold(planWith(0n), "BTC").map(([at]) => at)).to.deep.equal([rich.address]);
    expect(poolsSold(planWith(10n ** 11n), "BTC").map(([at]) => at)).to.deep.equal([pool.address]);
  });

  it("counts what the pool of ether takes when a sale goes through ether that nobody else uses", function () {
    const direct = otherPool(fullRangePool(UNI, USDC, 3000), 4, {});
    const pools = [...poolsOf(ASSETS), direct];

    // UNI to ether costs the same 0.3 % as UNI to USDC, and ether to USDC 0.3 % more
    const plan = planRebalance(inputOf({ assets: ASSETS, supply: SHARES }, { pools }));

    expect(poolsSold(plan, "UNI").map(([pool]) => pool)).to.deep.equal([direct.address]);
  });

  it("is through ether where other purchases use the ether", function () {
    const weights = [300_000, 400_000, 0, 0, 300_000, 0];
    const assets = market([300_000, 400_000, 300_000, 0, 0, 0], weights);
    const direct = otherPool(fullRangePool(UNI, USDC, 3000), 4, {});
    const input = inputOf({ assets, supply: SHARES }, { pools: [...poolsOf(assets), direct] });

    // XEM is bought with ether only: what UNI brings saves the way from USDC to ether
    const plan = planRebalance(input);

    expect(plan.legs.map(({ soldSymbol, boughtSymbol }) => [soldSymbol, boughtSymbol])).to.deep.include(["ETH", "XEM"]);
    expect(poolsSold(plan, "UNI").map(([pool]) => pool)).to.not.deep.equal([direct.address]);
    requireExecutable(input, plan);
  });

  it("goes on to the next pool with what the best one does not take within the limits", function () {
    const first = fullRangePool({ ...BTC, depth: usd(11_000_000) }, USDC, 500);
    const second = otherPool(fullRangePool({ ...BTC, depth: usd(11_000_000) }, USDC, 3000), 5, {});
    const others = poolsOf(ASSETS).filter(({ address }) => address !== first.address);
    const input = inputOf({ assets: ASSETS, supply: SHARES }, { pools: [...others, first, second] });

    const plan = planRebalance(input);

    const sold = poolsSold(plan, "BTC");
    expect(sold.map(([pool]) => pool)).to.deep.equal([first.address, second.address]);
    expect(sold.reduce((sum, [, amount]) => sum + amount, 0n)).to.equal(10n ** 9n - 1n); // 10 BTC less a unit
    expect(plan.leftOut).to.deep.equal([]);
    requireExecutable(input, plan);
  });

  it("is a closed pool only in an exit, or where the pair has no open one", function () {
    const closed = { ...fullRangePool(BTC, USDC, 500), isClosed: true };
    const open = otherPool(fullRangePool(BTC, USDC, 3000), 6, {});
    const others = poolsOf(ASSETS).filter(({ address }) => address !== closed.address);
    const poolsUsed = (regime: "bull" | "bear", pools: readonly PoolState[]) =>
      poolsSold(planRebalance(inputOf({ assets: ASSETS, supply: SHARES }, { regime, pools })), "BTC").map(([at]) => at);

    expect(poolsUsed("bull", [...others, closed, open])).to.deep.equal([open.address]);
    expect(poolsUsed("bear", [...others, closed, open])).to.deep.equal([closed.address]);
    expect(poolsUsed("bull", [...others, closed])).to.deep.equal([closed.address]);
  });

  it("makes the ether of each transaction safe in an exit of several", function () {
    const names = [100_000, 200_000, 300_000, 400_000];
    const assets = market(
      [0, names[0] ?? 0, names[3] ?? 0, names[1] ?? 0, names[2] ?? 0, 0],
      [600_000, 0, 0, 0, 0, 400_000],
    );
    const limits = planLimitsSchema.parse({ transactionGas: 738_000 + 2 * 112_000 + 1000 });

    // UNI and XEM, the largest, are sold for ether: with the sweep between them
    const plan = planRebalance(inputOf({ assets, supply: SHARES }, { regime: "bear", limits }));

    const [first] = plan.batches;
    expect(first?.legs.map(({ boughtSymbol, soldSymbol }) => [soldSymbol, boughtSymbol])).to.deep.equal([
      ["UNI", "ETH"],
      ["ETH", "USDC"],
    ]);
    requireExecutable(inputOf({ assets, supply: SHARES }, { regime: "bear", limits }), plan);
  });
});
