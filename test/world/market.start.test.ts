import { expect } from "chai";

import { UnknownCoinError } from "../../src/world/coin.ts";
import { type Market, startMarket } from "../../src/world/market.ts";
import { BP, COINS, MONDAY, depthOf, feedRound, meanTick, poolPrice, poolState, rejection } from "./support.ts";

describe("startMarket", function () {
  let market: Market;

  before(async function () {
    market = await startMarket({ at: MONDAY, coins: COINS });
  });
  after(async function () {
    await market.close();
  });

  it("is ready at the time it is asked for", async function () {
    expect(await market.chain.now()).to.equal(MONDAY);
  });

  it("lists three stablecoins besides the coins it is given", function () {
    expect(market.coins().length).to.equal(COINS.length + 3);
  });

  it("takes WETH for ether", function () {
    expect(market.coin("ethereum").token).to.equal(market.uniswap.weth);
  });

  it("puts every pool at the price it is asked for", async function () {
    for (const { coinId, priceUsd } of COINS) {
      expect((await poolPrice(market, coinId)) / priceUsd, coinId).to.be.within(1 - BP, 1 + BP);
    }
  });

  it("lets every pool answer a mean over ten minutes", async function () {
    for (const { coinId } of COINS) {
      expect(await meanTick(market, coinId), coinId).to.equal((await poolState(market, coinId)).tick);
    }
  });

  it("gives every pool the depth of the rule", async function () {
    for (const { coinId } of COINS) {
      expect(await depthOf(market, coinId), coinId).to.be.within(0.019, 0.021);
    }
  });

  it("gives the upper half of the list a feed", function () {
    const fed = COINS.filter((coin) => market.coin(coin.coinId).feed !== undefined).map((coin) => coin.coinId);

    expect(fed).to.deep.equal(["bitcoin", "ethereum", "binancecoin", "terra-luna"]);
  });

  it("writes the price to a feed with 8 decimals", async function () {
    expect((await feedRound(market, "bitcoin")).answer).to.equal(5_175_000_000_000n); // 51,750 * 10^8
  });

  it("names a feed as Chainlink does", function () {
    expect(market.coin("bitcoin").feed?.description).to.equal("BTC / USD");
  });

  it("gives the same addresses every time", async function () {
    const other = await startMarket({ at: MONDAY, coins: COINS });
    const coins = other.coins();
    await other.close();

    expect(coins).to.deep.equal(market.coins());
  });

  it("asks for ether", async function () {
    const coins = COINS.filter((coin) => coin.coinId !== "ethereum");

    expect(await rejection(startMarket({ at: MONDAY, coins }))).to.be.instanceOf(UnknownCoinError);
  });
});
