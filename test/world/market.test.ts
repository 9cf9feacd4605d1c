import { expect } from "chai";
import { encodeFunctionData, erc20Abi, parseAbi } from "viem";

import { OutOfRangeError, UsageError } from "../../src/core/errors.ts";
import { tokenUnits, unixSeconds } from "../../src/core/units.ts";
import { UnknownCoinError } from "../../src/world/coin.ts";
import { type Market, type MarketSnapshot, startMarket } from "../../src/world/market.ts";
import { depthUsd } from "../../src/world/rules.ts";
import { COINS, MONDAY, WEEK, feedRound, meanTick, poolOf, poolPrice, poolState, rejection } from "./support.ts";

const QUOTER_ABI = parseAbi([
  "struct Single { address tokenIn; address tokenOut; uint256 amountIn; uint24 fee; uint160 sqrtPriceLimitX96; }",
  "function quoteExactInputSingle(Single params) returns (uint256 amountOut, uint160 sqrtPriceX96After, uint32 ticks, uint256 gas)",
]);

/** {1} A basis point. */
const BP = 1e-4;
const NEXT_MONDAY = unixSeconds(MONDAY + WEEK);

/** A week in which ether rises, LUNA dies, shiba-inu multiplies and the dollar coin slips. */
const NEW_PRICES: ReadonlyMap<string, number> = new Map([
  ["usd-coin", 0.9991],
  ["ethereum", 4400],
  ["bitcoin", 46_000.5],
  ["binancecoin", 400],
  ["terra-luna", 0.0001],
  ["uniswap", 25],
  ["chainlink", 27.3],
  ["shiba-inu", 5e-9],
]);

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

        const error = await rejection(market.chain.send(alice, market.coin(coinId).token, transferOne(market)));

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

        await market.chain.send(alice, market.coin(coinId).token, transferOne(market));

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

  it("goes back to a snapshot with its prices", async function () {
    await market.moveTo({ prices: NEW_PRICES, at: NEXT_MONDAY, steps: 1 });

    snapshot = await market.revert(snapshot);

    expect(market.priceOf("bitcoin")).to.equal(51_750);
  });
});

/** {1} How far the rule's depth, paid in by a buyer on top of the fee, really moves the pool's price up. */
async function depthOf(market: Market, coinId: string, volumeUsd?: number): Promise<number> {
  const coin = market.coin(coinId);
  const pool = poolOf(coin);
  const volume = volumeUsd ?? COINS.find((spec) => spec.coinId === coinId)?.volumeUsd ?? 0;
  const quotePrice = market.priceOf(pool.quote === "WETH" ? "ethereum" : "usd-coin");
  const whole = depthUsd(volume) / quotePrice / (1 - pool.fee / 1e6);
  const amountIn = BigInt(Math.round(whole * 1e6)) * 10n ** (pool.quote === "WETH" ? 12n : 0n);
  const before = await poolState(market, coinId);
  const { result } = await market.chain.publicClient.simulateContract({
    address: market.uniswap.quoter,
    abi: QUOTER_ABI,
    functionName: "quoteExactInputSingle",
    args: [{ tokenIn: pool.quoteToken, tokenOut: coin.token, amountIn, fee: pool.fee, sqrtPriceLimitX96: 0n }],
  });
  const growth = (Number(result[1]) / Number(before.sqrtPrice)) ** 2;
  return (pool.quoteIsToken1 ? growth : 1 / growth) - 1;
}

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

/** {tok} that alice holds. */
async function balanceOf(market: Market, coinId: string): Promise<bigint> {
  return market.chain.publicClient.readContract({
    address: market.coin(coinId).token,
    abi: erc20Abi,
    functionName: "balanceOf",
    args: [market.chain.accounts.alice.address],
  });
}

function transferOne(market: Market) {
  return encodeFunctionData({
    abi: erc20Abi,
    functionName: "transfer",
    args: [market.chain.accounts.bob.address, 1n],
  });
}
