// Tests of src/market/simulate.ts and simulated-coins.ts.
import { expect } from "chai";
import { DEFAULT_PARAMETERS } from "../../../src/config/schema.ts";
import { decisionsBetween } from "../../../src/engine/run.ts";
import { missingRows } from "../../../src/market/defects/missing.ts";
import type { CoinSeries } from "../../../src/market/history.ts";
import { DEFAULT_SIMULATION, DEMO_WINDOW, simulateMarket } from "../../../src/market/simulate.ts";

const MARKET = simulateMarket(DEFAULT_SIMULATION);
const COINS: readonly CoinSeries[] = MARKET.providers.flatMap((provider) => provider.coins);

describe("simulateMarket", function () {
  it("gives the same bytes for the same seed", function () {
    expect(simulateMarket(DEFAULT_SIMULATION)).to.deep.equal(MARKET);
  });

  it("gives another market for another seed", function () {
    const other = simulateMarket({ ...DEFAULT_SIMULATION, seed: 1 });
    const bitcoin = other.providers[0]?.coins.find((coin) => coin.coinId === "bitcoin");

    expect(bitcoin?.priceUsd).to.not.deep.equal(COINS.find((coin) => coin.coinId === "bitcoin")?.priceUsd);
  });

  it("has 150 coins with ids and tickers of their own, sorted by id", function () {
    const ids = COINS.map((coin) => coin.coinId);

    expect(ids).to.have.length(150);
    expect(ids).to.deep.equal([...new Set(ids)].sort());
    expect(new Set(COINS.map((coin) => coin.symbol)).size).to.equal(150);
  });

  it("has late listings, deaths and gaps", function () {
    const [first, last] = [MARKET.providers[0]?.firstDay ?? 0, MARKET.providers[0]?.lastDay ?? 0];

    expect(COINS.filter((coin) => coin.firstDay > first).length).to.be.greaterThan(5);
    expect(COINS.filter((coin) => coin.firstDay + coin.priceUsd.length - 1 < last).length).to.be.greaterThan(2);
    expect(MARKET.providers.flatMap(missingRows).length).to.be.greaterThan(2);
  });

  it("keeps stablecoins at 1 USD", function () {
    for (const id of ["usd-coin", "tether", "dai"]) {
      const prices = COINS.find((coin) => coin.coinId === id)?.priceUsd ?? [];
      expect(prices.every((price) => Math.abs(price - 1) < 0.01)).to.equal(true);
    }
  });
});

describe("DEMO_WINDOW", function () {
  const decisions = [...decisionsBetween(MARKET, DEMO_WINDOW, DEFAULT_PARAMETERS)];

  it("goes from bull through bear to bull once", function () {
    const runs = decisions.map((decision) => decision.regime).filter((regime, i, all) => regime !== all[i - 1]);

    expect(runs).to.deep.equal(["bull", "bear", "bull"]);
  });

  it("takes 20 weeks with 100 names in each", function () {
    expect(decisions.map((decision) => decision.index.length)).to.deep.equal(Array.from({ length: 20 }, () => 100));
  });

  it("ranks bitcoin and ether first", function () {
    for (const { index } of decisions) {
      expect(index.slice(0, 2).map((entry) => entry.coinId)).to.deep.equal(["bitcoin", "ethereum"]);
    }
  });

  it("leaves the stablecoins, the wrapped and the staked coin out with their reasons", function () {
    const reasons = new Map(decisions[0]?.excluded.map((coin) => [coin.coinId, coin.reason]));

    expect(["tether", "usd-coin", "dai", "wrapped-bitcoin", "staked-ether"].map((id) => reasons.get(id))).to.deep.equal(
      ["stable", "stable", "stable", "wrapped", "staked"],
    );
  });
});
