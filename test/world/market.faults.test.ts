import { expect } from "chai";
import { erc20Abi } from "viem";

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
  poolPrice,
  rejection,
  transferOne,
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

  describe("a token that returns nothing", function () {
    it("answers a transfer with no bytes", async function () {
      const alice = market.chain.accounts.alice.address;
      await market.give("tether", alice, tokenUnits(5n));

      const answer = await market.chain.publicClient.call({
        account: alice,
        to: market.coin("tether").token,
        data: transferOne(market),
      });

      expect(answer.data).to.equal(undefined);
    });

    it("has a pool that follows the price", async function () {
      await market.moveTo({ prices: new Map([["tether", 0.95]]), at: NEXT_MONDAY, steps: 2 });

      expect((await poolPrice(market, "tether")) / 0.95).to.be.within(1 - BP, 1 + BP);
    });
  });

  for (const coinId of ["uniswap", "binancecoin"]) {
    describe(`when ${coinId} is frozen`, function () {
      it("refuses transfers", async function () {
        const alice = market.chain.accounts.alice.address;
        await market.give(coinId, alice, tokenUnits(5n));
        await market.freezeToken(coinId);

        const error = await rejection(
          market.chain.send(alice, { to: market.coin(coinId).token, data: transferOne(market) }),
        );

        expect(String(error)).to.include("Frozen");
      });

      it("keeps its decimals", async function () {
        await market.freezeToken(coinId);

        const address = market.coin(coinId).token;
        const decimals = await market.chain.publicClient.readContract({
          address,
          abi: erc20Abi,
          functionName: "decimals",
        });

        expect(decimals).to.equal(market.coin(coinId).decimals);
      });

      it("lets the other pools move on", async function () {
        await market.freezeToken(coinId);

        await market.moveTo({ prices: NEW_PRICES, at: NEXT_MONDAY, steps: 1 });

        expect((await poolPrice(market, "bitcoin")) / 46_000.5).to.be.within(1 - BP, 1 + BP);
      });

      it("passes transfers again after thawing", async function () {
        const alice = market.chain.accounts.alice.address;
        await market.give(coinId, alice, tokenUnits(5n));
        await market.freezeToken(coinId);
        await market.thawToken(coinId);

        await market.chain.send(alice, { to: market.coin(coinId).token, data: transferOne(market) });

        expect(await balanceOf(market, coinId)).to.equal(4n);
      });
    });
  }

  it("does not freeze WETH", async function () {
    expect(await rejection(market.freezeToken("ethereum"))).to.be.instanceOf(UsageError);
  });

  describe("when a feed is stopped", function () {
    it("gets no answer from a move", async function () {
      const before = await feedRound(market, "bitcoin");
      market.stopFeed("bitcoin");

      await market.moveTo({ prices: NEW_PRICES, at: NEXT_MONDAY, steps: 1 });

      expect(await feedRound(market, "bitcoin")).to.deep.equal(before);
    });

    it("gets answers again when it is resumed", async function () {
      market.stopFeed("bitcoin");
      market.resumeFeed("bitcoin");

      await market.moveTo({ prices: NEW_PRICES, at: NEXT_MONDAY, steps: 1 });

      expect((await feedRound(market, "bitcoin")).answer).to.equal(4_600_050_000_000n); // 46,000.5 * 10^8
    });
  });
});
