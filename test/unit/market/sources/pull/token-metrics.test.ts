// Tests of src/market/sources/pull/token-metrics.ts.
import { expect } from "chai";
import { SchemaDriftError } from "../../../../../src/market/sources/pull/errors.ts";
import { tokenMetricsSource } from "../../../../../src/market/sources/pull/token-metrics.ts";
import { type Answer, answerServer } from "../../../../answer-server.ts";
import { failureOf } from "../../../../failure-of.ts";
import { HASTY, day, pullInto, stored, usePullPlaces } from "./support.ts";

const NONE = { body: { success: true, message: "", length: 0, data: [] } };

function page(...data: readonly object[]): Answer {
  return { body: { success: true, message: "Data fetched", length: data.length, data } };
}

function grade(id: number, date: string, grades: object): object {
  return { TOKEN_ID: id, TOKEN_NAME: `Token ${id}`, TOKEN_SYMBOL: `T${id}`, DATE: `${date}T00:00:00.000Z`, ...grades };
}

const METRICS = page({
  DATE: "2024-12-29",
  TOTAL_CRYPTO_MCAP: "3300000000000",
  TM_GRADE_PERC_HIGH_COINS: 38.5,
  TM_GRADE_SIGNAL: "-1",
  LAST_TM_GRADE_SIGNAL: 1,
});
const TRADER = page(grade(3375, "2024-12-29", { TA_GRADE: "71.5", QUANT_GRADE: null, TM_TRADER_GRADE: 65 }));
const INVESTOR = page(
  grade(3375, "2024-12-29", {
    FUNDAMENTAL_GRADE: 80,
    TECHNOLOGY_GRADE: "",
    VALUATION_GRADE: "55",
    TM_INVESTOR_GRADE: 77.1,
  }),
);

describe("pull of Token Metrics", function () {
  const places = usePullPlaces();

  async function source(answers: Readonly<Record<string, readonly Answer[]>>, from = "2024-12-25") {
    places.server = await answerServer({
      "/market-metrics": [METRICS, NONE],
      "/trader-grades": [TRADER, NONE],
      "/investor-grades": [INVESTOR, NONE],
      ...answers,
    });
    const span = { from: day(from), today: day("2024-12-30") };
    return tokenMetricsSource({
      key: "secret-key",
      tokens: ["3375"],
      ...span,
      baseUrl: places.server.url,
      patience: HASTY,
    });
  }

  it("keeps metrics and grades, numbers as text too, and nothing as unknown", async function () {
    await pullInto(places.store, await source({}));

    expect(await stored(places.store, "market_metrics", "* REPLACE (date::VARCHAR AS date)")).to.deep.equal([
      ["2024-12-29", 3.3e12, 38.5, -1, 1],
    ]);
    expect(await stored(places.store, "trader_grades", "* REPLACE (date::VARCHAR AS date)")).to.deep.equal([
      [3375, "2024-12-29", "T3375", "Token 3375", 71.5, null, 65],
    ]);
    expect(await stored(places.store, "investor_grades", "* REPLACE (date::VARCHAR AS date)")).to.deep.equal([
      [3375, "2024-12-29", "T3375", "Token 3375", 80, null, 55, 77.1],
    ]);
  });

  it("sends the key in a header and names it nowhere", async function () {
    const failure = await failureOf(
      pullInto(places.store, await source({ "/trader-grades": [{ status: 403, body: "no" }] })),
    );

    expect(places.server?.asked[0]?.headers["x-api-key"]).to.equal("secret-key");
    expect(failure.code).to.equal("SOURCE_REFUSED");
    expect(failure.message).not.to.include("secret-key");
  });

  it("fetches every page, also when pages are shorter than asked for", async function () {
    const pages = [1, 2, 3].map((id) => page(grade(id, "2024-12-29", {}), grade(id + 10, "2024-12-29", {})));
    await pullInto(places.store, await source({ "/trader-grades": [...pages, NONE] }));

    expect(await stored(places.store, "trader_grades", "token_id")).to.deep.equal([[1], [2], [3], [11], [12], [13]]);
    const asked = places.server?.asked.filter(({ path }) => path === "/trader-grades") ?? [];
    expect(asked.map(({ query }) => query.get("page"))).to.deep.equal(["1", "2", "3", "4"]);
  });

  it("ends at a page that repeats the one before", async function () {
    await pullInto(places.store, await source({ "/trader-grades": [TRADER] }));

    expect(places.server?.asked.filter(({ path }) => path === "/trader-grades")).to.have.length(2);
  });

  it("asks for four weeks at once, and goes on after the last day that the store has", async function () {
    await pullInto(places.store, await source({ "/market-metrics": [NONE] }, "2024-11-01"));
    const spans = places.server?.asked
      .filter(({ path }) => path === "/market-metrics")
      .map(({ query }) => [query.get("startDate"), query.get("endDate")]);
    expect(spans).to.deep.equal([
      ["2024-11-01", "2024-11-28"],
      ["2024-11-29", "2024-12-26"],
      ["2024-12-27", "2024-12-29"],
    ]);
    await places.server?.close();

    await pullInto(places.store, await source({}));

    expect(places.server?.asked.map(({ path }) => path)).to.deep.equal(["/market-metrics", "/market-metrics"]);
  });

  it("keeps what came before a failure, and names the field that changed", async function () {
    const changed = page(grade(3375, "2024-12-29", { TA_GRADE: "strong" }));

    const failure = await failureOf(pullInto(places.store, await source({ "/trader-grades": [changed] })));

    expect(failure).to.be.instanceOf(SchemaDriftError);
    expect(failure).to.include({ field: "data.0.TA_GRADE" });
    expect(await stored(places.store, "market_metrics", "date::VARCHAR")).to.deep.equal([["2024-12-29"]]);
    expect(await stored(places.store, "trader_grades", "token_id")).to.deep.equal([]);
  });

  it("names a date that is none", async function () {
    const failure = await failureOf(
      pullInto(places.store, await source({ "/market-metrics": [page({ DATE: "29.12.2024" })] })),
    );

    expect(failure).to.include({ field: "data.0.DATE" });
  });
});
