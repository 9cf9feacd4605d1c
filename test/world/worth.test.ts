import { expect } from "chai";

import { ppm } from "../../src/core/units.ts";
import { capacityOf } from "../../src/plan/capacity.ts";
import { gasModelSchema, planLimitsSchema } from "../../src/plan/limits.ts";
import { swapExactIn } from "../../src/plan/pool.ts";
import { UnknownCoinError } from "../../src/world/coin.ts";
import { type IndexCoin, paperMarket } from "../../src/world/paper-market.ts";
import { bookValue, equalSlices, marketOrders } from "../../src/world/worth-rivals.ts";
import { COINS } from "./support.ts";

const INDEX: readonly IndexCoin[] = COINS.map((coin, i) => ({ ...coin, capUsd: 1e12 / (i + 1) }));
const MARKET = paperMarket(INDEX);
/** Chainlink has a pool with the deposit coin, uniswap one with ether. */
const [BITCOIN, CHAINLINK, UNISWAP] = ["bitcoin", "chainlink", "uniswap"].map((coinId) =>
  MARKET.coinIds.indexOf(coinId),
) as [number, number, number];
const GAS = { single: 100_000, double: 200_000 };
const MILLION = 10n ** 12n; // {tok} of USDC

function task(weights: Readonly<Record<number, number>>, books: ReadonlyMap<number, bigint>) {
  const parts = new Map(Object.entries(weights).map(([index, part]) => [Number(index), ppm(part)]));
  return { market: MARKET, books, weights: parts, routerGas: GAS };
}

function poolWith(index: number) {
  const pool = MARKET.pools.find(({ token1 }) => token1 === MARKET.assets[index]?.token);
  if (pool === undefined) throw new TypeError("each coin has a pool");
  return pool;
}

describe("marketOrders", function () {
  it("brings what the pool brings for the whole gap, at the gas of one order", function () {
    const { books, gas } = marketOrders(task({ 0: 500_000, [CHAINLINK]: 500_000 }, new Map([[0, MILLION]])));

    const expected = swapExactIn(poolWith(CHAINLINK), MARKET.assets[0]?.token ?? "0x", MILLION / 2n);
    expect(books.get(CHAINLINK)).to.equal(expected?.amountOut);
    expect(gas).to.equal(100_000);
  });

  it("goes through wrapped ether where the coin has no pool with the deposit coin, there and back", function () {
    const there = marketOrders(task({ [UNISWAP]: 1_000_000 }, new Map([[0, MILLION]])));
    const back = marketOrders(task({ 0: 1_000_000 }, there.books));

    expect([there.gas, back.gas]).to.deep.equal([200_000, 200_000]);
    expect(back.books.get(UNISWAP)).to.equal(0n);
    // Four times a fee of 0.05 % or 0.3 %, and impact: between 0.7 and 5 %
    const left = back.books.get(0) ?? 0n;
    expect(left > (MILLION * 95n) / 100n && left < (MILLION * 993n) / 1000n).to.equal(true);
  });

  it("buys in proportion when the sales bring less than the purchases want", function () {
    const held = marketOrders(task({ [BITCOIN]: 1_000_000 }, new Map([[0, MILLION]])));

    const { books } = marketOrders(task({ 1: 500_000, [UNISWAP]: 500_000 }, held.books));

    expect(books.get(BITCOIN)).to.equal(0n);
    expect((books.get(0) ?? 0n) < 10n ** 6n).to.equal(true); // less than a dollar
  });
});

describe("equalSlices", function () {
  it("come to the same target with less impact and more gas", function () {
    const start = task({ [UNISWAP]: 1_000_000 }, new Map([[0, 10n * MILLION]]));

    const [once, slices] = [marketOrders(start), equalSlices(start, 10)];

    expect(slices.gas).to.equal(10 * once.gas);
    expect((slices.books.get(0) ?? 0n) <= 10n ** 6n).to.equal(true);
    expect(bookValue(MARKET.assets, slices.books) > bookValue(MARKET.assets, once.books)).to.equal(true);
  });
});

describe("capacityOf on a market on paper", function () {
  const market = {
    ...MARKET,
    gas: gasModelSchema.parse({ price: 10n ** 10n }),
    limits: planLimitsSchema.parse({}),
  };
  const sizes = [10n ** 22n, 10n ** 24n, 10n ** 26n]; // 10 k, 1 M, 100 M USD
  const rows = capacityOf(market, { sizes, costBps: 60 });

  it("names gas as what a small fund pays, and impact as what a large one does", function () {
    const [small, , large] = rows.map(({ enter }) => enter);

    expect((small?.gas ?? 0n) > (small?.impact ?? 0n)).to.equal(true);
    expect((large?.impact ?? 0n) > (large?.gas ?? 0n)).to.equal(true);
  });

  it("takes longer, or finds no place, where the pools do not take all at once", function () {
    const [small, , large] = rows.map(({ enter }) => enter);

    expect([small?.lasts, small?.unfilled]).to.deep.equal([0, 0]);
    expect((large?.lasts ?? 0) > 0).to.equal(true);
  });

  it("gives the count of names at the cost, never more than the cost", function () {
    for (const { affordable, names, enter } of rows) {
      expect(affordable.costBps).to.be.at.most(60);
      if (enter.costBps > 60) expect(affordable.names).to.be.lessThan(names);
    }
    const [dear] = capacityOf(market, { sizes: sizes.slice(0, 1), costBps: 1 });
    expect(dear?.affordable).to.deep.equal({ names: 0, costBps: 0 });
  });

  it("leaves with less than a thousandth of it behind", function () {
    expect(rows[1]?.leave.unfilled).to.be.at.most(1000);
    expect(rows[1]?.leave.costBps).to.be.greaterThan(0);
  });

  it("needs ether", function () {
    expect(() => paperMarket(INDEX.filter(({ coinId }) => coinId !== "ethereum"))).to.throw(UnknownCoinError);
  });
});
