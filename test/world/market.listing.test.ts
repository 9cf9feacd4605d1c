import { expect } from "chai";

import { UsageError } from "../../src/core/errors.ts";
import { tokenUnits } from "../../src/core/units.ts";
import { type Market, type MarketSnapshot, startMarket } from "../../src/world/market.ts";
import {
  BP,
  COINS,
  MONDAY,
  NEW_PRICES,
  NEXT_MONDAY,
  balanceOf,
  feedRound,
  meanTick,
  poolPrice,
  poolState,
  rejection,
} from "./support.ts";

describe("Market", function () {
  let market: Market;
  let snapshot: MarketSnapshot;

  before(async function () {
    market = await startMarket({ at: MONDAY, coins: COINS });
    snapshot = await market.snapshot();
  });
  after(async function () {
    await market.close();
  });
  afterEach(async function () {
    snapshot = await market.revert(snapshot);
  });

  describe("addCoins", function () {
    const AVALANCHE = { coinId: "avalanche-2", symbol: "AVAX", priceUsd: 46, volumeUsd: 7e8 };

    it("lists a coin at its price", async function () {
      await market.addCoins([AVALANCHE]);

      expect((await poolPrice(market, "avalanche-2")) / 46).to.be.within(1 - BP, 1 + BP);
    });

    it("lists a coin that follows the next move", async function () {
      await market.addCoins([AVALANCHE]);

      await market.moveTo({ prices: new Map([["avalanche-2", 60]]), at: NEXT_MONDAY, steps: 3 });

      expect(await meanTick(market, "avalanche-2")).to.equal((await poolState(market, "avalanche-2")).tick);
    });

    it("gives a late coin no feed", async function () {
      const [coin] = await market.addCoins([AVALANCHE]);

      expect(coin?.feed).to.equal(undefined);
    });

    it("writes to the feed of a late coin that asks for one", async function () {
      await market.addCoins([{ ...AVALANCHE, hasFeed: true }]);

      expect((await feedRound(market, "avalanche-2")).answer).to.equal(4_600_000_000n); // 46 * 10^8
    });

    it("rejects a coin that is listed already", async function () {
      expect(await rejection(market.addCoins([AVALANCHE, AVALANCHE]))).to.be.instanceOf(UsageError);
    });
  });

  describe("give", function () {
    it("gives away new tokens", async function () {
      const alice = market.chain.accounts.alice.address;

      await market.give("usd-coin", alice, tokenUnits(1_000_000n));

      expect(await balanceOf(market, "usd-coin")).to.equal(1_000_000n);
    });

    it("gives away WETH for ether", async function () {
      const alice = market.chain.accounts.alice.address;

      await market.give("ethereum", alice, tokenUnits(7n));

      expect(await balanceOf(market, "ethereum")).to.equal(7n);
    });
  });

  it("goes back to a snapshot with its prices", async function () {
    await market.moveTo({ prices: NEW_PRICES, at: NEXT_MONDAY, steps: 1 });

    snapshot = await market.revert(snapshot);

    expect(market.priceOf("bitcoin")).to.equal(51_750);
  });
});
