// Tests of src/market/sources/pull: the Fear & Greed index, and how every source treats failures.
import { expect } from "chai";
import { SchemaDriftError } from "../../../../../src/market/sources/pull/errors.ts";
import { fearGreedSource } from "../../../../../src/market/sources/pull/fear-greed.ts";
import { type Answer, answerServer } from "../../../../answer-server.ts";
import { failureOf } from "../../../../failure-of.ts";
import { HASTY, day, pullInto, seconds, stored, usePullPlaces } from "./support.ts";

const TODAY = "2024-12-31";

// As the service answers: numbers as text, newest first, today's value first.
function answer(...days: readonly (readonly [string, string, string])[]): Answer {
  const data = days.map(([date, value, name]) => ({
    value,
    value_classification: name,
    timestamp: String(seconds(date)),
  }));
  return { body: { name: "Fear and Greed Index", data, metadata: { error: null } } };
}

const TWO_DAYS = answer(["2024-12-31", "64", "Greed"], ["2024-12-30", "65", "Greed"], ["2024-12-29", "73", "Greed"]);

describe("pull of the Fear & Greed index", function () {
  const places = usePullPlaces();

  async function source(...answers: readonly Answer[]) {
    places.server = await answerServer({ "/fng/": answers });
    return fearGreedSource({ today: day(TODAY), baseUrl: places.server.url, patience: HASTY });
  }

  it("keeps every day that is over", async function () {
    const report = await pullInto(places.store, await source(TWO_DAYS));

    expect(report).to.include({ added: 2, revised: 0 });
    expect(await stored(places.store, "fear_greed", "date::VARCHAR, value, class")).to.deep.equal([
      ["2024-12-29", 73, "Greed"],
      ["2024-12-30", 65, "Greed"],
    ]);
    expect(places.server?.asked[0]?.query.get("limit")).to.equal("0");
  });

  it("asks only for what the store lacks, and for nothing when it lacks nothing", async function () {
    await pullInto(places.store, await source(answer(["2024-12-20", "50", "Neutral"])));
    await places.server?.close();
    const second = await source(TWO_DAYS);

    await pullInto(places.store, second);
    await pullInto(places.store, second);

    expect(places.server?.asked.map(({ query }) => query.get("limit"))).to.deep.equal(["11"]); // 20 to 31 December
  });

  it("keeps what the store has when the source states it otherwise, and counts it", async function () {
    await pullInto(places.store, await source(answer(["2024-12-28", "50", "Neutral"])));
    await places.server?.close();

    const report = await pullInto(
      places.store,
      await source(answer(["2024-12-29", "70", "Greed"], ["2024-12-28", "51", "Neutral"])),
    );

    expect(report).to.include({ added: 1, revised: 1 });
    expect(await stored(places.store, "fear_greed", "value")).to.deep.equal([[50], [70]]);
  });

  it("keeps a day once that an answer states twice", async function () {
    const report = await pullInto(
      places.store,
      await source(answer(["2024-12-28", "50", "Neutral"], ["2024-12-28", "51", "Neutral"])),
    );

    expect(report.added).to.equal(1);
    expect(await stored(places.store, "fear_greed", "value")).to.deep.equal([[51]]);
  });

  it("waits as long as a 429 asks for", async function () {
    await pullInto(
      places.store,
      await source({ status: 429, headers: { "retry-after": "0.2" }, body: "slow down" }, TWO_DAYS),
    );

    const [first, second] = places.server?.asked ?? [];
    expect((second?.at ?? 0) - (first?.at ?? 0)).to.be.at.least(200);
    expect(await stored(places.store, "fear_greed", "value")).to.have.length(2);
  });

  const passing: readonly (readonly [string, Answer])[] = [
    ["a 500", { status: 500, body: "oops" }],
    ["JSON that is cut off", { body: '{"data":[{"value":"6' }],
    ["a connection that breaks", { body: '{"data":[', cut: true }],
  ];
  for (const [what, bad] of passing) {
    it(`asks again after ${what}`, async function () {
      const report = await pullInto(places.store, await source(bad, bad, TWO_DAYS));

      expect(report.added).to.equal(2);
      expect(places.server?.asked).to.have.length(3);
    });
  }

  const lasting: readonly (readonly [string, Answer, string, number])[] = [
    ["a lasting 500", { status: 500, body: "oops" }, "SOURCE_UNAVAILABLE", 4],
    ["a lasting 429", { status: 429, body: "" }, "RATE_LIMITED", 4],
    ["JSON that stays cut off", { body: '{"data":[' }, "BROKEN_ANSWER", 4],
    ["a refused key, without asking again", { status: 401, body: "bad key" }, "SOURCE_REFUSED", 1],
  ];
  for (const [what, bad, code, requests] of lasting) {
    it(`gives up at ${what}`, async function () {
      const failure = await failureOf(pullInto(places.store, await source(bad)));

      expect(failure.code).to.equal(code);
      expect(failure.kind).to.equal("data");
      expect(failure.retryable).to.equal(code !== "SOURCE_REFUSED");
      expect(places.server?.asked).to.have.length(requests);
    });
  }

  const drifted: readonly (readonly [string, unknown, string])[] = [
    ["a field that is gone", { data: [{ value: "1", timestamp: "0" }] }, "data.0.value_classification"],
    [
      "a number that became a word",
      { data: [{ value: "high", value_classification: "x", timestamp: "0" }] },
      "data.0.value",
    ],
    ["a number out of range", { data: [{ value: 101, value_classification: "x", timestamp: "0" }] }, "data.0.value"],
    ["another shape", { result: [] }, "data"],
  ];
  for (const [what, body, field] of drifted) {
    it(`names the field of ${what}, at once`, async function () {
      const failure = await failureOf(pullInto(places.store, await source({ body })));

      expect(failure).to.be.instanceOf(SchemaDriftError);
      expect(failure).to.include({ field });
      expect(failure.message).to.include(`'${field}'`);
      expect(places.server?.asked).to.have.length(1);
    });
  }
});
