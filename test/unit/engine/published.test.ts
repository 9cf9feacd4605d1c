import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";

import { DEFAULT_PARAMETERS } from "../../../src/config/schema.ts";
import { isoDate } from "../../../src/core/time.ts";
import { decisionHash } from "../../../src/engine/decision.ts";
import {
  OtherMethodologyError,
  SnapshotAlteredError,
  SnapshotMalformedError,
  digestOf,
  follows,
  publishedSnapshot,
  readPublished,
  replayPublished,
} from "../../../src/engine/published.ts";
import { type DecisionStep, stepAt } from "../../../src/engine/run.ts";
import { DEFAULT_SIMULATION, simulateMarket } from "../../../src/market/simulate.ts";
import { snapshotSchemaText } from "../../../src/site/market/snapshot-folder.ts";

const HISTORY = simulateMarket(DEFAULT_SIMULATION);

function step(date: string, opened?: string): DecisionStep {
  const asked = { date: isoDate(date), opened: opened === undefined ? undefined : isoDate(opened) };
  return stepAt(HISTORY, asked, DEFAULT_PARAMETERS);
}

describe("publishedSnapshot", function () {
  for (const date of ["2022-05-02", "2023-01-30", "2024-12-30"]) {
    it(`gives back the decision of ${date} to the same hash`, function () {
      const taken = step(date);
      const { text, digest, decisionHash: hash } = publishedSnapshot(taken);

      const replayed = replayPublished(readPublished(text, digest));

      expect(decisionHash(replayed)).to.equal(hash);
      expect(replayed).to.deep.equal(taken.decision);
    });
  }

  it("is named by the sha-256 of its text", function () {
    // Of the three letters "abc", FIPS 180-2, appendix B.1.
    expect(digestOf("abc")).to.equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });

  it("replays what was decided on late rows after a backfill has changed those days", function () {
    const { text, digest, decisionHash: hash } = publishedSnapshot(step("2023-01-30"));
    const day = Date.parse("2023-01-29T00:00:00Z") / 86_400_000;
    const filled = HISTORY.providers.map((provider) => ({
      ...provider,
      coins: provider.coins.map((coin) => ({
        ...coin,
        priceUsd: coin.priceUsd.map((price, i) => (coin.firstDay + i === day ? price * 1.01 : price)),
      })),
    }));
    const asked = { date: isoDate("2023-01-30") };
    const again = stepAt({ ...HISTORY, providers: filled }, asked, DEFAULT_PARAMETERS).decision;

    expect(decisionHash(again)).to.not.equal(hash);
    expect(decisionHash(replayPublished(readPublished(text, digest)))).to.equal(hash);
  });
});

describe("readPublished", function () {
  const { text, digest } = publishedSnapshot(step("2023-01-30"));

  it("refuses a file that was altered by one digit", function () {
    expect(() => readPublished(text.replace("0", "1"), digest)).to.throw(SnapshotAlteredError);
  });

  it("refuses what is no snapshot, though its name fits", function () {
    expect(() => readPublished("{}", digestOf("{}"))).to.throw(SnapshotMalformedError, "format");
    expect(() => readPublished("half a fi", digestOf("half a fi"))).to.throw(SnapshotMalformedError, "not JSON");
  });

  it("refuses a field that the format does not have", function () {
    const odd = text.replace('"format":', '"extra":1,"format":');

    expect(() => readPublished(odd, digestOf(odd))).to.throw(SnapshotMalformedError, "extra");
  });

  it("replays nothing that was decided by other rules", function () {
    const file = { ...readPublished(text, digest), methodology: "0.9.0" };

    expect(() => replayPublished(file)).to.throw(OtherMethodologyError, "0.9.0");
  });
});

describe("follows", function () {
  const published = (date: string, opened?: string) => {
    const { text, digest } = publishedSnapshot(step(date, opened));
    return readPublished(text, digest);
  };

  it("holds from week to week", function () {
    expect(follows(published("2023-01-30"), published("2023-01-23"))).to.equal(true);
  });

  it("holds over a fund's first day, from which its regime counts", function () {
    expect(follows(published("2023-01-30", "2023-01-30"), published("2023-01-23", "2023-01-30"))).to.equal(true);
  });

  it("does not hold over a week that is left out", function () {
    expect(follows(published("2023-01-30"), published("2023-01-16"))).to.equal(false);
  });

  it("does not hold when the state that was left is another", function () {
    const later = published("2023-01-30");
    const { state } = later.previous;
    const other = { ...later, previous: { ...later.previous, state: { ...state, levels: state.levels.toReversed() } } };

    expect(follows(other, published("2023-01-23"))).to.equal(false);
  });
});

describe("docs/snapshot.schema.json", function () {
  it("describes the format as it is", function () {
    const path = join(import.meta.dirname, "..", "..", "..", "docs", "snapshot.schema.json");

    expect(JSON.parse(readFileSync(path, "utf8"))).to.deep.equal(JSON.parse(snapshotSchemaText()));
  });
});
