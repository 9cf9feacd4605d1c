// Tests of src/market/sources/pull/coingecko.ts.
import { expect } from "chai";
import { SchemaDriftError } from "../../../../../src/market/sources/pull/errors.ts";
import { coingeckoSource } from "../../../../../src/market/sources/pull/coingecko.ts";
import { filesAt } from "../../../../../src/market/sources/directory.ts";
import { importFiles } from "../../../../../src/market/sources/store/import.ts";
import { type Answer, answerServer } from "../../../../answer-server.ts";
import { COINGECKO_HEADER } from "../../../../market-files.ts";
import { failureOf } from "../../../../failure-of.ts";
import { HASTY, day, pullInto, seconds, stored, usePullPlaces } from "./support.ts";

const RANGE = "/coins/bitcoin/market_chart/range";
const RANKING = { body: [{ id: "bitcoin", symbol: "btc", current_price: 94_000, market_cap_rank: 1 }] };
const MINUTE = 60_000;

function midnight(date: string): number {
  return seconds(date) * 1000;
}

// Records of midnights, one of them late, and the present one.
const CHART = {
  body: {
    prices: [
      [midnight("2024-12-29"), 95_000],
      [midnight("2024-12-29") + 60 * MINUTE, 1], // an hourly record
      [midnight("2024-12-30") + 4 * MINUTE, 93_500.5],
      [midnight("2024-12-30") + 700 * MINUTE, 92_000], // now
    ],
    market_caps: [
      [midnight("2024-12-29"), 1.88e12],
      [midnight("2024-12-30") + 4 * MINUTE, 0],
    ],
    total_volumes: [[midnight("2024-12-29"), 2.5e10]],
  },
};
const CLOSES = [
  ["bitcoin", "2024-12-28", "BTC", 95_000, 1.88e12, 2.5e10],
  ["bitcoin", "2024-12-29", "BTC", 93_500.5, null, null],
];

describe("pull of CoinGecko", function () {
  const places = usePullPlaces();

  async function source(answers: Readonly<Record<string, readonly Answer[]>>, coins: readonly string[] = ["bitcoin"]) {
    places.server = await answerServer({ "/coins/markets": [RANKING], [RANGE]: [CHART], ...answers });
    const span = { from: day("2024-12-20"), today: day("2024-12-30") };
    return coingeckoSource({
      key: "CG-key",
      plan: "demo",
      coins,
      top: 1,
      ...span,
      baseUrl: places.server.url,
      patience: HASTY,
    });
  }

  async function rows() {
    return await stored(places.store, "daily", "coin_id, date::VARCHAR, symbol, price_usd, market_cap_usd, volume_usd");
  }

  it("keeps the record of a midnight as the close of the day before, and no other record", async function () {
    await pullInto(places.store, await source({}));

    expect(await rows()).to.deep.equal(CLOSES);
    expect(await stored(places.store, "daily", "provider, source, rank")).to.deep.equal(
      Array(2).fill(["coingecko", "api", 1]),
    );
  });

  it("sends the key of the plan in its header", async function () {
    await pullInto(places.store, await source({}));

    expect(places.server?.asked[0]?.headers["x-cg-demo-api-key"]).to.equal("CG-key");
  });

  it("goes through the ranking page by page for the largest coins", async function () {
    await pullInto(places.store, await source({}, []));

    const [ranking, chart] = places.server?.asked ?? [];
    expect([ranking?.path, ranking?.query.get("order"), ranking?.query.get("page")]).to.deep.equal([
      "/coins/markets",
      "market_cap_desc",
      "1",
    ]);
    expect(chart?.path).to.equal(RANGE);
  });

  it("asks only for the days after those that the store has", async function () {
    const file = places.folder.write("a.csv", [COINGECKO_HEADER, "2024-12-28,bitcoin,BTC,94999,1.8e12,1"]);
    await importFiles(filesAt(file), places.store, () => {});

    await pullInto(places.store, await source({}));

    expect(places.server?.asked.at(-1)?.query.get("from")).to.equal("2024-12-30"); // the midnight that closes 29 December
    expect(await rows()).to.deep.equal([["bitcoin", "2024-12-28", "BTC", 94_999, 1.8e12, 1], CLOSES[1]]);
  });

  it("asks again after a 429, a 500 and an answer that is cut off", async function () {
    const bad = [
      { status: 429, headers: { "retry-after": "0.1" }, body: { status: { error_code: 429 } } },
      { status: 500, body: "oops" },
      { body: '{"prices":[[17' },
    ];
    await pullInto(places.store, await source({ [RANGE]: [...bad, CHART] }));

    expect(places.server?.asked.filter(({ path }) => path === RANGE)).to.have.length(4);
    expect(await rows()).to.deep.equal(CLOSES);
  });

  it("names the field of an answer that has changed", async function () {
    const failure = await failureOf(
      pullInto(places.store, await source({ [RANGE]: [{ body: { ...CHART.body, prices: [["now", 1]] } }] })),
    );

    expect(failure).to.be.instanceOf(SchemaDriftError);
    expect(failure).to.include({ field: "prices.0.0" });
  });

  it("gives up at a refused key without asking again", async function () {
    const failure = await failureOf(
      pullInto(places.store, await source({ "/coins/markets": [{ status: 401, body: {} }] })),
    );

    expect(failure.code).to.equal("SOURCE_REFUSED");
    expect(places.server?.asked).to.have.length(1);
  });

  it("keeps the coins before a failure, and goes on with the rest", async function () {
    const two = {
      body: [
        { id: "bitcoin", symbol: "btc" },
        { id: "ethereum", symbol: "eth" },
      ],
    };
    const ether = "/coins/ethereum/market_chart/range";
    await failureOf(
      pullInto(places.store, await source({ "/coins/markets": [two], [ether]: [{ status: 500, body: "" }] })),
    );
    expect(await rows()).to.have.length(2);
    await places.server?.close();

    await pullInto(places.store, await source({ "/coins/markets": [two], [ether]: [CHART] }));

    expect(places.server?.asked.map(({ path }) => path)).to.deep.equal(["/coins/markets", ether]);
    expect(await rows()).to.have.length(4);
  });
});
