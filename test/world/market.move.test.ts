import { expect } from "chai";
import { parseAbi } from "viem";

import { OutOfRangeError } from "../../src/core/errors.ts";
import { unixSeconds } from "../../src/core/units.ts";
import { UnknownCoinError } from "../../src/world/coin.ts";
import { type Market, type MarketSnapshot, startMarket } from "../../src/world/market.ts";
import {
  BP,
  COINS,
  MONDAY,
  NEW_PRICES,
  NEXT_MONDAY,
  depthOf,
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

  describe("moveTo", function () {
    it("ends at the time it is given", async function () {
      await market.moveTo({ prices: NEW_PRICES, at: NEXT_MONDAY, steps: 3 });

      expect(await market.chain.now()).to.equal(NEXT_MONDAY);
    });

    it("brings every pool to its price", async function () {
      await market.moveTo({ prices: NEW_PRICES, at: NEXT_MONDAY, steps: 3 });

      for (const [coinId, price] of NEW_PRICES) {
        if (coinId === "usd-coin") continue;
        expect((await poolPrice(market, coinId)) / price, coinId).to.be.within(1 - BP, 1 + BP);
      }
    });

    it("makes the mean over ten minutes the new price", async function () {
      await market.moveTo({ prices: NEW_PRICES, at: NEXT_MONDAY, steps: 3 });

      for (const { coinId } of COINS) {
        const { tick } = await poolState(market, coinId);
        expect(Math.abs((await meanTick(market, coinId)) - tick), coinId).to.be.at.most(1);
      }
    });

    it("leaves a coin without a new price at its own", async function () {
      await market.moveTo({ prices: NEW_PRICES, at: NEXT_MONDAY, steps: 1 });

      expect((await poolPrice(market, "nem")) / 0.185).to.be.within(1 - BP, 1 + BP);
    });

    it("writes the new prices to the feeds", async function () {
      await market.moveTo({ prices: NEW_PRICES, at: NEXT_MONDAY, steps: 3 });

      expect((await feedRound(market, "bitcoin")).answer).to.equal(4_600_050_000_000n); // 46,000.5 * 10^8
    });

    it("writes to the feeds within the last quarter of an hour", async function () {
      await market.moveTo({ prices: NEW_PRICES, at: NEXT_MONDAY, steps: 3 });

      expect((await feedRound(market, "bitcoin")).updatedAt).to.be.within(NEXT_MONDAY - 900, NEXT_MONDAY);
    });

    it("leaves out the feeds that are named stale", async function () {
      const before = await feedRound(market, "bitcoin");

      await market.moveTo({ prices: NEW_PRICES, at: NEXT_MONDAY, steps: 3, staleFeeds: new Set(["bitcoin"]) });

      expect(await feedRound(market, "bitcoin")).to.deep.equal(before);
    });

    it("goes half of the way geometrically in the first of two steps", async function () {
      await market.moveTo({ prices: new Map([["bitcoin", 51_750 * 4]]), at: NEXT_MONDAY, steps: 2 });

      // Rounds: one at the start, one a step; the second is at √4 = 2 times the price.
      expect(await answerOfRound(market, "bitcoin", 2n)).to.equal(10_350_000_000_000n); // 103,500 * 10^8
    });

    it("sizes a position anew when the volume has grown fourfold", async function () {
      const volumes = new Map([["uniswap", 4 * 3.7e8]]);

      await market.moveTo({ prices: new Map(), volumes, at: NEXT_MONDAY, steps: 1 });

      expect(await depthOf(market, "uniswap", 4 * 3.7e8)).to.be.within(0.019, 0.021);
    });

    it("sizes a position anew when the volume has fallen to a tenth", async function () {
      const volumes = new Map([["chainlink", 2.4e8]]);

      await market.moveTo({ prices: new Map(), volumes, at: NEXT_MONDAY, steps: 1 });

      expect(await depthOf(market, "chainlink", 2.4e8)).to.be.within(0.019, 0.021);
    });

    it("leaves a position when the volume has grown by half", async function () {
      const volumes = new Map([["uniswap", 1.5 * 3.7e8]]);

      await market.moveTo({ prices: new Map(), volumes, at: NEXT_MONDAY, steps: 1 });

      expect(await depthOf(market, "uniswap", 3.7e8)).to.be.within(0.019, 0.021);
    });

    it("rejects a time that leaves no room for the averaging window", async function () {
      const move = market.moveTo({ prices: new Map(), at: unixSeconds(MONDAY + 600), steps: 1 });

      expect(await rejection(move)).to.be.instanceOf(OutOfRangeError);
    });

    it("rejects zero steps", async function () {
      const move = market.moveTo({ prices: new Map(), at: NEXT_MONDAY, steps: 0 });

      expect(await rejection(move)).to.be.instanceOf(OutOfRangeError);
    });

    it("rejects a coin that is not listed", async function () {
      const move = market.moveTo({ prices: new Map([["dogecoin", 0.3]]), at: NEXT_MONDAY, steps: 1 });

      expect(await rejection(move)).to.be.instanceOf(UnknownCoinError);
    });
  });
});

/** The answer that the coin's feed gave in its n-th round. */
async function answerOfRound(market: Market, coinId: string, round: bigint): Promise<bigint> {
  const abi = parseAbi(["function getRoundData(uint80 id) view returns (uint80, int256, uint256, uint256, uint80)"]);
  const address = market.coin(coinId).feed?.aggregator ?? "0x";
  const data = await market.chain.publicClient.readContract({
    address,
    abi,
    functionName: "getRoundData",
    args: [round],
  });
  return data[1];
}
