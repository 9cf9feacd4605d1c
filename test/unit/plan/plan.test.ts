import { expect } from "chai";

import { tokenUnits } from "../../../src/core/units.ts";
import { CASH, TRANSIT, valueOf } from "../../../src/plan/holdings.ts";
import { planLimitsSchema } from "../../../src/plan/limits.ts";
import { type Plan, batchesAfter, planRebalance } from "../../../src/plan/plan.ts";
import { isFinished } from "../../../src/plan/target-band.ts";
import { SHARES, market, requireExecutable } from "./executable.ts";
import { WETH, XEM, inputOf, poolsOf, units, usd } from "./support.ts";

const BULL_WEIGHTS = [0, 300_000, 200_000, 400_000, 100_000, 0];
const ON_TARGET = [0, 300_000, 200_000, 400_000, 100_000, 0];
const BEAR_WEIGHTS = [600_000, 0, 0, 0, 0, 400_000];

/** Sold and bought symbols of every leg; T is ether in transit. */
function routes(plan: Plan): string[] {
  const name = (index: number, symbol: string) => (index === TRANSIT ? "T" : symbol);
  return plan.legs.map(
    ({ sold, bought, soldSymbol, boughtSymbol }) => `${name(sold, soldSymbol)}>${name(bought, boughtSymbol)}`,
  );
}

describe("planRebalance", function () {
  describe("when the fund enters the market", function () {
    const input = inputOf({ assets: market([], BULL_WEIGHTS), depositsDue: tokenUnits(10n ** 12n) });
    const plan = planRebalance(input);

    it("buys ether once, and everything else by value", function () {
      expect(routes(plan)).to.deep.equal(["USDC>T", "USDC>BTC", "USDC>ETH", "T>UNI", "T>XEM"]);
    });

    it("ends with one unit in transit and every asset in its band", function () {
      const balances = requireExecutable(input, plan);

      expect(balances.get(TRANSIT)).to.equal(1n);
      for (const asset of input.holdings.assets.filter(({ index }) => index !== CASH)) {
        const value = valueOf(asset, balances.get(asset.index) ?? 0n);
        expect(isFinished(value, plan.aim.targets.get(asset.index) ?? 0n, plan.aim.nav), asset.symbol).to.equal(true);
      }
    });

    it("spends all but what rounding leaves", function () {
      expect(Number(plan.expected.get(CASH))).to.be.lessThan(2_000_000); // 2 USDC of 1,000,000
    });

    it("adds up its cost from fee, impact and drift", function () {
      const { fee, impact, drift, gas, total } = plan.totals;
      const spent = usd(1_000_000);
      const balances = requireExecutable(input, plan);
      const left = input.holdings.assets.reduce(
        (sum, asset) => sum + valueOf(asset, balances.get(asset.index) ?? 0n),
        0n,
      );

      expect(fee + impact + drift + gas).to.equal(total);
      expect(total - (spent - left)).to.be.within(-(10n ** 14n), 10n ** 14n); // what is not there any more, to 0.0001 USD
    });
  });

  describe("when the fund leaves the market", function () {
    const assets = market(ON_TARGET, BEAR_WEIGHTS);
    const input = inputOf({ assets, supply: SHARES, sharesDue: SHARES / 10n }, { regime: "bear" });
    const plan = planRebalance(input);

    it("makes the most value safe first, and the stablecoins last", function () {
      expect(routes(plan)).to.deep.equal(["BTC>USDC", "ETH>USDC", "UNI>T", "XEM>T", "T>USDC", "USDC>DAI"]);
      expect(plan.legs[0]?.reason).to.equal("bear exit");
    });

    it("leaves one unit of everything", function () {
      const balances = requireExecutable(input, plan);

      expect([1, 2, 3, 4, TRANSIT].map((index) => balances.get(index))).to.deep.equal([1n, 1n, 1n, 1n, 1n]);
    });

    it("keeps the deposit coin that the redemptions take", function () {
      expect((plan.expected.get(CASH) ?? 0n) * 10n ** 12n >= plan.aim.owed).to.equal(true);
    });

    it("sells even what is below the dust limit", function () {
      const small = inputOf({ assets: market([0, 300_000, 2, 0, 0, 0], BEAR_WEIGHTS) }, { regime: "bear" });

      expect(routes(planRebalance(small))).to.include("UNI>T");
    });
  });

  describe("when one asset replaces another", function () {
    const weights = [0, 300_000, 0, 400_000, 300_000, 0];
    const input = inputOf({ assets: market(ON_TARGET, weights), supply: SHARES });

    it("uses the ether of the sale for the purchase", function () {
      expect(routes(planRebalance(input))).to.deep.equal(["UNI>T", "T>XEM"]);
    });
  });

  describe("when shares are redeemed", function () {
    it("raises what they take although selling costs something", function () {
      const input = inputOf({ assets: market(ON_TARGET, BULL_WEIGHTS), supply: SHARES, sharesDue: SHARES / 10n });

      const plan = planRebalance(input);

      requireExecutable(input, plan);
      expect((plan.expected.get(CASH) ?? 0n) * 10n ** 12n >= plan.aim.owed).to.equal(true);
      expect(new Set(plan.legs.map(({ reason }) => reason))).to.deep.equal(
        new Set(["cash for redemptions", "transit"]),
      );
    });
  });

  describe("when nothing is to be done", function () {
    it("has no legs and one empty batch", function () {
      const plan = planRebalance(inputOf({ assets: market(ON_TARGET, BULL_WEIGHTS), supply: SHARES }));

      expect(plan.legs).to.deep.equal([]);
      expect(plan.batches.map(({ first, legs }) => [first, legs.length])).to.deep.equal([[0, 0]]);
    });
  });

  describe("when a pool is too thin", function () {
    const weights = [0, 300_000, 0, 450_000, 250_000, 0];
    const assets = market(ON_TARGET, weights).map((asset) =>
      asset.symbol === "UNI" ? { ...asset, depth: usd(300_000) } : asset,
    );
    const input = inputOf({ assets, supply: SHARES });
    const plan = planRebalance(input);

    it("sells what stays within the limits, names the rest and marks nothing", function () {
      const sale = plan.legs.find(({ soldSymbol }) => soldSymbol === "UNI");

      expect(sale?.impactBps).to.be.within(135, 141); // half of the 280 that the price may move
      expect(plan.legs.filter(({ outcome }) => outcome === "skip")).to.deep.equal([]); // it is tried again later
      expect(plan.leftOut.map(({ symbol, reason }) => [symbol, reason])).to.deep.equal([
        ["UNI", "the pool is too thin for the rest within the limits"],
        ["XEM", "the deposit coin does not reach"], // UNI should have paid for it
      ]);
      requireExecutable(input, plan);
    });
  });

  describe("when an asset has no price, no pool or a token that does not move", function () {
    it("names it, marks it and goes on with the others", function () {
      const assets = market(ON_TARGET, BEAR_WEIGHTS).map((asset) =>
        asset.symbol === "UNI" ? { ...asset, price: 0n } : asset,
      );
      const withoutBtc = poolsOf(market(ON_TARGET, BEAR_WEIGHTS)).filter(({ address }) => !address.endsWith("9003"));
      const refusing = new Set([XEM.index]);

      const plan = planRebalance(inputOf({ assets, supply: SHARES }, { regime: "bear", pools: withoutBtc, refusing }));

      expect(plan.leftOut.map(({ symbol, reason }) => [symbol, reason])).to.deep.equal([
        ["BTC", "no pool"],
        ["UNI", "no fresh price"],
        ["XEM", "the token does not move"],
        ["DAI", "the deposit coin does not reach"],
      ]);
      // 300,000 of ETH are less than 60 % of the 800,000 that have a price: none of it may go into DAI
      expect(routes(plan)).to.deep.equal(["ETH>USDC", "UNI>USDC", "XEM>T"]);
    });
  });

  describe("when ether was left in transit", function () {
    it("sweeps it", function () {
      const books = { assets: market(ON_TARGET, BULL_WEIGHTS), supply: SHARES };
      const input = inputOf({ ...books, transit: tokenUnits(units(WETH, usd(100))) });

      const plan = planRebalance(input);

      expect(routes(plan)).to.deep.equal(["T>USDC"]);
      expect(plan.expected.get(TRANSIT)).to.equal(1n);
    });

    it("buys a little more first when it is too small to be sold alone", function () {
      const assets = market([100, ...ON_TARGET.slice(1)], BULL_WEIGHTS);
      const input = inputOf({ assets, supply: SHARES, transit: tokenUnits(1_000_000n) });

      const plan = planRebalance(input);

      expect(routes(plan)).to.deep.equal(["USDC>T", "T>USDC"]);
      expect(requireExecutable(input, plan).get(TRANSIT)).to.equal(1n);
    });
  });

  describe("when the gas of one transaction does not hold all legs", function () {
    it("splits them into batches that do", function () {
      const limits = planLimitsSchema.parse({ transactionGas: 1_100_000 });
      const assets = market(ON_TARGET, BEAR_WEIGHTS);

      const plan = planRebalance(inputOf({ assets, supply: SHARES }, { regime: "bear", limits }));

      // 600,000 + 6 * 23,000 = 738,000 before the first leg, 112,000 a sale and 180,000 for the new stablecoin:
      // three sales are 1,074,000, and two with the stablecoin 1,142,000
      expect(plan.batches.map(({ first, legs }) => [first, legs.length])).to.deep.equal([
        [0, 3],
        [3, 2],
        [5, 1],
      ]);
      expect(batchesAfter(plan, 4, limits).map(({ legs }) => legs.length)).to.deep.equal([2]);
    });
  });
});
