// Tests of src/market/sources/pull/exchange.ts, with ccxt's client of Binance's futures.
import { expect } from "chai";
import { SchemaDriftError } from "../../../../../src/market/sources/pull/errors.ts";
import { exchangeSource } from "../../../../../src/market/sources/pull/exchange.ts";
import { type Answer, answerServer } from "../../../../answer-server.ts";
import { failureOf } from "../../../../failure-of.ts";
import { HASTY, day, pullInto, seconds, stored, usePullPlaces } from "./support.ts";

// What exchangeInfo says of one market, without the fields that nothing reads.
const INFO = {
  body: {
    symbols: [
      {
        symbol: "BTCUSDT",
        pair: "BTCUSDT",
        contractType: "PERPETUAL",
        status: "TRADING",
        baseAsset: "BTC",
        quoteAsset: "USDT",
        marginAsset: "USDT",
        pricePrecision: 2,
        quantityPrecision: 3,
        baseAssetPrecision: 8,
        quotePrecision: 8,
        filters: [{ filterType: "PRICE_FILTER", tickSize: "0.10", minPrice: "1", maxPrice: "1000000" }],
        orderTypes: ["LIMIT"],
        timeInForce: ["GTC"],
      },
    ],
  },
};

function ms(date: string): number {
  return seconds(date) * 1000;
}

function candle(date: string, close: string): readonly (number | string)[] {
  return [
    ms(date),
    "94000.0",
    "95000.5",
    "93000.0",
    close,
    "1500.25",
    ms(date) + 86_399_999,
    "141000000.0",
    9,
    "1",
    "2",
    "0",
  ];
}

const CANDLES = {
  body: [candle("2024-12-28", "94500.0"), candle("2024-12-29", "93500.5"), candle("2024-12-30", "1.0")],
};
const FUNDING = {
  body: [0, 4, 8].map((hour) => ({
    symbol: "BTCUSDT",
    fundingTime: ms("2024-12-29") + hour * 3_600_000 + 3,
    fundingRate: "0.00010000",
    markPrice: "93000.0",
  })),
};
const INTEREST = {
  body: ["2024-12-29", "2024-12-30"].map((date, i) => ({
    symbol: "BTCUSDT",
    sumOpenInterest: String(80_000 + i),
    sumOpenInterestValue: "7500000000",
    timestamp: ms(date),
  })),
};
// The middle is 100. Within 2 %: bids 99 x 2 and 98 x 1, asks 101 x 3; the asks end at 101.5, before 102.
const BOOK = {
  body: {
    lastUpdateId: 1,
    E: 1_735_500_000_000,
    T: 1_735_500_000_000,
    bids: [
      ["99", "2"],
      ["98", "1"],
      ["90", "50"],
    ],
    asks: [
      ["101", "3"],
      ["101.5", "2"],
    ],
  },
};

const API = {
  "/fapi/v1/exchangeInfo": [INFO],
  "/fapi/v1/klines": [CANDLES, { body: [] }],
  "/fapi/v1/fundingRate": [FUNDING, { body: [] }],
  "/futures/data/openInterestHist": [INTEREST, { body: [] }],
  "/fapi/v1/depth": [BOOK],
};
const MARKET = "BTC/USDT:USDT";

describe("pull of an exchange", function () {
  const places = usePullPlaces();

  async function source(answers: Readonly<Record<string, readonly Answer[]>> = {}, exchange = "binanceusdm") {
    places.server = await answerServer({ ...API, ...answers });
    const span = { from: day("2024-12-28"), today: day("2024-12-30"), now: seconds("2024-12-30") + 60 };
    return exchangeSource({ exchange, markets: [MARKET], ...span, baseUrl: places.server.url, patience: HASTY });
  }

  it("keeps the candles of days that are over", async function () {
    await pullInto(places.store, await source());

    expect(
      await stored(places.store, "candles", "exchange, symbol, date::VARCHAR, open, high, low, close, base_volume"),
    ).to.deep.equal([
      ["binanceusdm", MARKET, "2024-12-28", 94_000, 95_000.5, 93_000, 94_500, 1500.25],
      ["binanceusdm", MARKET, "2024-12-29", 94_000, 95_000.5, 93_000, 93_500.5, 1500.25],
    ]);
  });

  it("keeps funding per eight hours, also where it is paid every four", async function () {
    await pullInto(places.store, await source());

    expect(await stored(places.store, "funding", "strftime(time_utc, '%d %H:%M:%S'), funding_rate_8h")).to.deep.equal([
      ["29 00:00:00", 0.0002],
      ["29 04:00:00", 0.0002],
      ["29 08:00:00", 0.0002],
    ]);
  });

  it("keeps the open interest of a midnight as the close of the day before", async function () {
    await pullInto(places.store, await source());

    expect(
      await stored(places.store, "open_interest", "market, date::VARCHAR, coin, unit, open_interest"),
    ).to.deep.equal([
      [`binanceusdm ${MARKET}`, "2024-12-28", "BTC", "base", 80_000],
      [`binanceusdm ${MARKET}`, "2024-12-29", "BTC", "base", 80_001],
    ]);
  });

  it("keeps the depth within 2 % of the middle, and says that the book was not seen to its end", async function () {
    await pullInto(places.store, await source());

    expect(await stored(places.store, "depth", "middle, bids_to_2_percent, asks_to_2_percent, is_whole")).to.deep.equal(
      [[100, 99 * 2 + 98 * 1, 101 * 3 + 101.5 * 2, 0]],
    );
  });

  it("asks only for what the store lacks", async function () {
    await pullInto(places.store, await source());
    await places.server?.close();

    await pullInto(places.store, await source());

    const paths = places.server?.asked.map(({ path }) => path) ?? [];
    expect(paths).not.to.include("/fapi/v1/klines");
    expect(paths).to.include("/fapi/v1/depth");
  });

  it("asks again after a 500 and a 429", async function () {
    const bad = [
      { status: 500, body: "oops" },
      { status: 429, body: { code: -1003, msg: "Too many requests" } },
    ];
    await pullInto(places.store, await source({ "/fapi/v1/klines": [...bad, CANDLES, { body: [] }] }));

    expect(await stored(places.store, "candles", "close")).to.deep.equal([[93_500.5], [94_500]]);
  });

  it("names the field of an answer that has changed", async function () {
    const failure = await failureOf(
      pullInto(places.store, await source({ "/fapi/v1/klines": [{ body: [[ms("2024-12-28"), "high"]] }] })),
    );

    expect(failure).to.be.instanceOf(SchemaDriftError);
    expect(failure).to.include({ field: "0.1" });
  });

  it("refuses an exchange and a market that ccxt does not know", async function () {
    const noExchange = await failureOf(pullInto(places.store, await source({}, "nowhere")));
    await places.server?.close();
    const noMarket = await failureOf(
      pullInto(places.store, await source({ "/fapi/v1/exchangeInfo": [{ body: { symbols: [] } }] })),
    );

    expect([noExchange.code, noMarket.code]).to.deep.equal(["SOURCE_REFUSED", "SOURCE_REFUSED"]);
  });
});
