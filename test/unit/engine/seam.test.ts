// Tests of the seam between CoinMarketCap and CoinGecko in src/engine/calendar.ts and snapshot.ts.
import { expect } from "chai";
import { addDays, dayNumber, isoDate } from "../../../src/core/time.ts";
import { parametersSchema } from "../../../src/config/schema.ts";
import { COINGECKO_FROM } from "../../../src/engine/calendar.ts";
import { decisionsBetween } from "../../../src/engine/run.ts";
import type { CoinSeries, History, Provider, ProviderHistory } from "../../../src/market/history.ts";

const PARAMETERS = parametersSchema.parse({
  universe: { size: 1, enterRank: 1, leaveRank: 1 },
  regime: { meanWeeks: [2], momentumWeeks: [1] },
});
const FIRST = dayNumber(isoDate("2017-11-01"));

// One coin whose price is `before` up to Sunday 2018-03-25 and `after` from then on.
function provider(
  name: Provider,
  to: string,
  prices: { readonly before: number; readonly after: number },
): ProviderHistory {
  const lastDay = dayNumber(isoDate(to));
  const seam = dayNumber(COINGECKO_FROM);
  const priceUsd = Float64Array.from({ length: lastDay - FIRST + 1 }, (_, i) =>
    FIRST + i <= seam ? prices.before : prices.after,
  );
  const coin: CoinSeries = {
    coinId: name === "coingecko" ? "ripple" : "xrp-of-cmc",
    symbol: "XRP",
    firstDay: FIRST,
    priceUsd,
    capUsd: priceUsd.map((price) => price * 1e9),
    volumeUsd: priceUsd.map(() => 1e7),
  };
  return { provider: name, firstDay: FIRST, lastDay, coins: [coin] };
}

const HISTORY: History = {
  providers: [
    provider("coinmarketcap", "2018-03-31", { before: 2, after: 20 }),
    provider("coingecko", "2018-04-15", { before: 5, after: 10 }),
  ],
  flags: new Map(),
  references: [],
  lists: [],
};

describe("the seam between providers", function () {
  const from = isoDate("2018-03-19");
  const decisions = [...decisionsBetween(HISTORY, { from, to: addDays(from, 21) }, PARAMETERS)];

  it("lies at the close of Sunday 2018-03-25", function () {
    expect(COINGECKO_FROM).to.equal("2018-03-25");
  });

  it("composes from CoinGecko from the close of 2018-03-25 on", function () {
    expect(decisions.map(({ close, provider: name, index }) => [close, name, index[0]?.coinId])).to.deep.equal([
      ["2018-03-18", "coinmarketcap", "xrp-of-cmc"],
      ["2018-03-25", "coingecko", "ripple"],
      ["2018-04-01", "coingecko", "ripple"],
    ]);
  });

  it("chains the level: CoinMarketCap's return to 03-25, CoinGecko's from there", function () {
    // CoinMarketCap stays at 2 up to 03-25 (its 20 afterwards is never looked at), then CoinGecko goes from 5 to 10.
    expect(decisions.map(({ indexLevel }) => indexLevel)).to.deep.equal([1000, 1000, 2000]);
  });
});
