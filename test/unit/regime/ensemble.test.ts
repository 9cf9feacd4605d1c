// Tests of src/regime/ensemble.ts.
import { expect } from "chai";
import { isoDate } from "../../../src/core/time.ts";
import {
  INITIAL_REGIME,
  type Regime,
  type RegimeState,
  type RegimeVerdict,
  decideRegime,
} from "../../../src/regime/ensemble.ts";
import { type DataQuality, SOUND_DATA } from "../../../src/regime/data-quality.ts";
import { regimeSchema } from "../../../src/regime/parameters.ts";
import type { Vote } from "../../../src/regime/votes.ts";

const PARAMETERS = regimeSchema.parse({});
const MONDAY = isoDate("2024-03-04");

function votes(yes: number, of = 5): Vote[] {
  return Array.from({ length: of }, (_, i) => ({ name: `v${i}`, level: 1, threshold: 1, yes: i < yes }));
}

function state(regime: Regime, since?: string, returns: readonly string[] = []): RegimeState {
  const from = since === undefined ? undefined : isoDate(since);
  return { regime, since: from, returns: returns.map(isoDate), badDataSince: undefined };
}

function verdict(cast: readonly Vote[], previous: RegimeState, bad: Partial<DataQuality> = {}): RegimeVerdict {
  return decideRegime({ date: MONDAY, votes: cast, quality: { ...SOUND_DATA, ...bad } }, previous, PARAMETERS);
}

describe("decideRegime", function () {
  it("is bull from three of five votes on and bear up to two", function () {
    const regimes = [0, 1, 2, 3, 4, 5].map((yes) => verdict(votes(yes), state("bear")).next.regime);

    expect(regimes).to.deep.equal(["bear", "bear", "bear", "bull", "bull", "bull"]);
  });

  it("stays as before between the thresholds", function () {
    expect(verdict(votes(1, 2), state("bear")).next.regime).to.equal("bear"); // 0.5
    expect(verdict(votes(1, 2), state("bull")).next.regime).to.equal("bull");
  });

  it("dates a new regime and remembers a return to bull", function () {
    expect(verdict(votes(5), state("bear", "2024-01-01")).next).to.deep.equal(state("bull", MONDAY, [MONDAY]));
    expect(verdict(votes(0), state("bull", "2024-01-01")).next).to.deep.equal(state("bear", MONDAY));
  });

  it("keeps the date of a regime that goes on", function () {
    expect(verdict(votes(5), state("bull", "2024-01-01")).next.since).to.equal("2024-01-01");
  });

  it("starts in bear and stays there while a vote lacks its history", function () {
    const short: Vote = { name: "short", level: 1, threshold: undefined, yes: false };

    expect(verdict([...votes(4, 4), short], INITIAL_REGIME)).to.deep.equal({
      score: undefined,
      heldBy: "warm-up",
      next: INITIAL_REGIME,
    });
  });

  describe("on bad data", function () {
    const BULL = state("bull", "2024-01-01");
    const HELD: readonly [string, Partial<DataQuality>, Partial<DataQuality>, string][] = [
      ["weight without a price", { missingWeight: 0.11 }, { missingWeight: 0.1 }, "missing-prices"],
      ["names without a price", { missingNames: 0.26 }, { missingNames: 0.25 }, "missing-prices"],
      ["weight without a price of the close", { lateWeight: 0.11 }, { lateWeight: 0.1 }, "late-source"],
      ["names without a price of the close", { lateNames: 0.5 }, { lateNames: 0.25 }, "late-source"],
      ["a source that is 36 hours old", { sourceAgeHours: 36 }, { sourceAgeHours: 24 }, "late-source"],
      ["two sources of bitcoin 2 % apart", { sourcesApart: 0.02 }, { sourcesApart: 0.0199 }, "sources-apart"],
    ];
    for (const [what, bad, good, reason] of HELD) {
      it(`holds the regime on ${what}, and not below the limit`, function () {
        const held = verdict(votes(0), BULL, bad);

        expect(held).to.deep.include({ heldBy: reason, next: { ...BULL, badDataSince: MONDAY } });
        expect(verdict(votes(0), BULL, good).next).to.include({ regime: "bear", badDataSince: undefined });
        expect(verdict(votes(5), state("bear", "2024-01-01"), bad).next.regime).to.equal("bear");
      });
    }

    it("names the gravest of several reasons", function () {
      expect(verdict(votes(0), BULL, { sourcesApart: 0.5, missingWeight: 0.5 }).heldBy).to.equal("missing-prices");
    });

    it("delays the way to bear for 21 days in a row and no longer", function () {
      const since = (date: string): RegimeState => ({ ...BULL, badDataSince: isoDate(date) });

      expect(verdict(votes(0), since("2024-02-19"), { sourcesApart: 1 }).next.regime).to.equal("bull"); // 14 days
      expect(verdict(votes(0), since("2024-02-12"), { sourcesApart: 1 })).to.deep.include({
        heldBy: undefined,
        next: { ...state("bear", MONDAY), badDataSince: isoDate("2024-02-12") }, // 21 days
      });
    });

    it("never ends the hold of a return to bull", function () {
      const bear = { ...state("bear", "2023-01-02"), badDataSince: isoDate("2023-06-05") };

      expect(verdict(votes(5), bear, { sourceAgeHours: 48.5 })).to.deep.include({ heldBy: "late-source", next: bear });
    });
  });

  describe("limits on the return to bull", function () {
    it("wait 14 days in stablecoins", function () {
      expect(verdict(votes(5), state("bear", "2024-02-26"))).to.include({ heldBy: "dwell" }); // 7 days
      expect(verdict(votes(5), state("bear", "2024-02-19")).next.regime).to.equal("bull"); // 14 days
    });

    it("allow three returns within 90 days", function () {
      const returns = ["2023-12-11", "2024-01-01", "2024-02-05"]; // 84 days back and later

      expect(verdict(votes(5), state("bear", "2024-02-12", returns))).to.include({ heldBy: "flips" });
      expect(verdict(votes(5), state("bear", "2024-02-12", ["2023-12-04", ...returns.slice(1)])).next.regime).to.equal(
        "bull",
      );
    });

    it("never delay the way to stablecoins", function () {
      const returns = ["2024-01-15", "2024-02-05", "2024-02-26"];

      expect(verdict(votes(2), state("bull", "2024-02-26", returns)).next.regime).to.equal("bear");
    });
  });
});
