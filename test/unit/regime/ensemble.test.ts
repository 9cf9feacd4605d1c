// Tests of src/regime/ensemble.ts.
import { expect } from "chai";
import { type IsoDate, isoDate } from "../../../src/core/time.ts";
import {
  INITIAL_REGIME,
  type Regime,
  type RegimeState,
  type RegimeVerdict,
  decideRegime,
} from "../../../src/regime/ensemble.ts";
import { regimeSchema } from "../../../src/regime/parameters.ts";
import type { Vote } from "../../../src/regime/votes.ts";

const PARAMETERS = regimeSchema.parse({});
const MONDAY = isoDate("2024-03-04");

function votes(yes: number, of = 5): Vote[] {
  return Array.from({ length: of }, (_, i) => ({ name: `v${i}`, level: 1, threshold: 1, yes: i < yes }));
}

function state(regime: Regime, since?: string, returns: readonly string[] = []): RegimeState {
  return { regime, since: since === undefined ? undefined : isoDate(since), returns: returns.map(isoDate) };
}

function verdict(cast: readonly Vote[], previous: RegimeState, missingWeight = 0): RegimeVerdict {
  return decideRegime({ date: MONDAY, votes: cast, missingWeight }, previous, PARAMETERS);
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

  it("holds the regime when more than a tenth of the index has no price", function () {
    expect(verdict(votes(0), state("bull", "2024-01-01"), 0.11)).to.include({ heldBy: "missing-prices" });
    expect(verdict(votes(0), state("bull", "2024-01-01"), 0.1).next.regime).to.equal("bear");
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
      const returns: readonly IsoDate[] = ["2024-01-15", "2024-02-05", "2024-02-26"].map(isoDate);

      expect(verdict(votes(2), { regime: "bull", since: isoDate("2024-02-26"), returns }).next.regime).to.equal("bear");
    });
  });
});
