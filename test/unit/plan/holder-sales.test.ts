// Tests of what a holder of tokens sells where, on pools over the full range at round prices.
import { expect } from "chai";

import { bps, tokenUnits } from "../../../src/core/units.ts";
import type { PlanAsset } from "../../../src/plan/holdings.ts";
import { type HolderSales, planHolderSales } from "../../../src/plan/holder-sales.ts";
import { type PoolState, swapExactIn } from "../../../src/plan/pool.ts";
import { BTC, type TestAsset, UNI, USDC, WETH, addressOf, fullRangePool, holdingsOf, units, usd } from "./support.ts";

/** {tok} 3,000 USD of UNI and 60,000 USD of BTC. */
const [UNI_HELD, BTC_HELD] = [units(UNI, usd(3000)), units(BTC, usd(60_000))];

function asset(spec: TestAsset, balance = 0n): PlanAsset {
  const [found] = holdingsOf({ assets: [{ ...spec, balance }] }).assets;
  if (found === undefined) throw new TypeError("an asset in, an asset out");
  return found;
}

/** Sales at 100 bps from the oracle's prices. */
function sell(pools: readonly PoolState[], held: readonly PlanAsset[], slippage = 100): HolderSales {
  const ether = addressOf(WETH.index);
  return planHolderSales({ cash: asset(USDC), ether, pools, slippage: bps(slippage) }, held);
}

function otherPool(pool: PoolState, index: number): PoolState {
  return { ...pool, address: addressOf(0xa000 + index) };
}

const UNI_ETHER = fullRangePool(UNI, WETH);
const ETHER_CASH = fullRangePool(WETH, USDC, 500);
const BTC_CASH = fullRangePool(BTC, USDC);

describe("planHolderSales", function () {
  it("sells through ether what has no pool with the deposit coin, for what both pools pay", function () {
    const { sales, unsold } = sell([UNI_ETHER, ETHER_CASH], [asset(UNI, UNI_HELD)]);

    const ether = swapExactIn(UNI_ETHER, addressOf(UNI.index), UNI_HELD)?.amountOut ?? 0n;
    const cash = swapExactIn(ETHER_CASH, addressOf(WETH.index), ether)?.amountOut;
    expect(unsold).to.deep.equal([]);
    expect(sales.map(({ amount, expected }) => [amount, expected])).to.deep.equal([[UNI_HELD, cash]]);
    expect(sales[0]?.hops).to.deep.equal([
      { pool: UNI_ETHER.address, fee: 3000, bought: addressOf(WETH.index) },
      { pool: ETHER_CASH.address, fee: 500, bought: addressOf(USDC.index) },
    ]);
    // 3,000 USD less 1 %.
    expect(sales[0]?.minimum).to.equal(2_970_000_000n);
  });

  it("takes the pool that pays more", function () {
    const cheap = otherPool(fullRangePool(BTC, USDC, 500), 1);

    const { sales } = sell([BTC_CASH, cheap], [asset(BTC, BTC_HELD)]);

    expect(sales.map(({ hops }) => hops.map(({ pool }) => pool))).to.deep.equal([[cheap.address]]);
  });

  it("sells most value first, and lets the second sale see what the first did to a pool of both", function () {
    const alone = sell([UNI_ETHER, ETHER_CASH], [asset(UNI, UNI_HELD)]).sales[0]?.expected ?? 0n;
    const ether = asset(WETH, units(WETH, usd(300_000)));

    const { sales } = sell([UNI_ETHER, ETHER_CASH], [asset(UNI, UNI_HELD), ether], 200);

    expect(sales.map((sale) => sale.asset.symbol)).to.deep.equal(["ETH", "UNI"]);
    // 300,000 USD move the price of a pool with 50 M on each side by 1.2 %.
    const part = Number(((alone - (sales[1]?.expected ?? 0n)) * 10_000n) / alone);
    expect(part).to.be.within(110, 125);
  });

  it("sells what a thin pool takes within the limit, and names the rest", function () {
    // A pool with 1 M on each side pays 1 % less for x = 7,000 USD or so: 0.3 % of fee, and x / 1 M of impact.
    const thin = fullRangePool({ ...BTC, depth: usd(1_000_000) }, USDC);

    const { sales, unsold } = sell([thin], [asset(BTC, BTC_HELD)]);

    const sold = Number((sales[0]?.value ?? 0n) / usd(1));
    expect(sold).to.be.within(6800, 7200);
    expect((sales[0]?.amount ?? 0n) + (unsold[0]?.amount ?? 0n)).to.equal(BTC_HELD);
    expect(unsold[0]?.reason).to.equal("the pools take no more at the oracle's price less 100 bps");
    expect((sales[0]?.expected ?? 0n) >= (sales[0]?.minimum ?? 0n)).to.equal(true);
  });

  it("sells the rest of what one pool takes on another, each once", function () {
    const thin = fullRangePool({ ...BTC, depth: usd(1_000_000) }, USDC);
    const pools = [thin, otherPool(thin, 1)];

    const { sales } = sell(pools, [asset(BTC, BTC_HELD)]);

    expect(new Set(sales.flatMap(({ hops }) => hops.map(({ pool }) => pool))).size).to.equal(2);
    expect(sales).to.have.length(2);
  });

  it("keeps what no price, no pool or no fair pool is there for, and says which", function () {
    const far = { ...BTC, price: usd(31_000) };
    const unpriced: PlanAsset = { ...asset(UNI, UNI_HELD), price: asset({ ...UNI, price: 0n }).price };
    const reasonOf = ({ unsold }: HolderSales) => unsold.map(({ reason, amount }) => [reason, amount]);

    expect(reasonOf(sell([UNI_ETHER, ETHER_CASH], [unpriced]))).to.deep.equal([["no fresh price", UNI_HELD]]);
    expect(reasonOf(sell([UNI_ETHER], [asset(UNI, UNI_HELD)]))).to.deep.equal([["no listed pool", UNI_HELD]]);
    // The pool stands at 30,000 and the oracle at 31,000.
    expect(reasonOf(sell([BTC_CASH], [asset(far, BTC_HELD)]))).to.deep.equal([
      ["no pool pays the oracle's price less 100 bps", BTC_HELD],
    ]);
  });

  it("sells nothing while the deposit coin has no price", function () {
    const cash: PlanAsset = { ...asset(USDC), price: asset({ ...USDC, price: 0n }).price };
    const ground = { cash, ether: addressOf(WETH.index), pools: [BTC_CASH], slippage: bps(100) };

    const { sales, unsold } = planHolderSales(ground, [{ ...asset(BTC), balance: tokenUnits(BTC_HELD) }]);

    expect(sales).to.deep.equal([]);
    expect(unsold.map(({ reason }) => reason)).to.deep.equal(["no fresh price of the deposit coin"]);
  });
});
