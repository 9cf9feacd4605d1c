// Tests of src/regime/flip.ts: the level it names is the one at which the regime changes.
import { expect } from "chai";
import fc from "fast-check";
import { addDays, isoDate } from "../../../src/core/time.ts";
import { SOUND_DATA } from "../../../src/regime/data-quality.ts";
import { type RegimeState, decideRegime } from "../../../src/regime/ensemble.ts";
import { confidenceOf, nextFlip } from "../../../src/regime/flip.ts";
import { regimeSchema } from "../../../src/regime/parameters.ts";
import { castVotes } from "../../../src/regime/votes.ts";

const PARAMETERS = regimeSchema.parse({});
const CLOSE = isoDate("2024-03-03"); // a Sunday

function state(regime: "bull" | "bear", since?: string, returns: readonly string[] = []): RegimeState {
  const from = since === undefined ? undefined : isoDate(since);
  return { regime, since: from, returns: returns.map(isoDate), badDataSince: undefined };
}

describe("nextFlip", function () {
  it("names the middle threshold of five, by hand", function () {
    const small = regimeSchema.parse({ meanWeeks: [2, 3], momentumWeeks: [1, 2, 3] });

    // Next close x: x > 13; x > (11+13)/2 = 12; x > 13, 11, 12. In order 11, 12, 12, 13, 13: bear with two yes or fewer.
    const flip = nextFlip([12, 11, 13], { close: CLOSE, state: state("bull") }, small);

    expect(flip).to.deep.equal({ to: "bear", close: "2024-03-10", level: 12, distance: 12 / 13 - 1, notBefore: null });
  });

  it("is the level at which the next decision changes, whatever came before", function () {
    const level = fc.double({ min: 1, max: 1000, noNaN: true });
    fc.assert(
      fc.property(fc.array(level, { minLength: 40, maxLength: 60 }), fc.boolean(), (levels, isBull) => {
        const now = { close: CLOSE, state: state(isBull ? "bull" : "bear") };
        const flip = nextFlip(levels, now, PARAMETERS);
        const regimeAt = (close: number): string =>
          decideRegime(
            { date: addDays(CLOSE, 8), votes: castVotes([...levels, close], PARAMETERS), quality: SOUND_DATA },
            now.state,
            PARAMETERS,
          ).next.regime;

        expect(regimeAt((flip?.level ?? 0) * (1 + 1e-9))).to.equal("bull");
        expect(regimeAt((flip?.level ?? 0) * (1 - 1e-9))).to.equal("bear");
      }),
    );
  });

  it("says when the limits allow a return", function () {
    const levels = Array.from({ length: 40 }, () => 100);
    const at = (found: RegimeState) => nextFlip(levels, { close: CLOSE, state: found }, PARAMETERS)?.notBefore;

    expect(at(state("bear", "2024-01-01"))).to.equal("2024-03-11");
    expect(at(state("bear", "2024-03-04"))).to.equal("2024-03-18"); // 14 days
    // Three returns, the first on 2024-01-01: 90 days later is 2024-03-31, the Monday after it 2024-04-01.
    expect(at(state("bear", "2024-02-26", ["2024-01-01", "2024-01-22", "2024-02-12"]))).to.equal("2024-04-01");
  });

  it("says nothing while the history is too short", function () {
    expect(nextFlip([1, 2, 3], { close: CLOSE, state: state("bear") }, PARAMETERS)).to.equal(undefined);
  });
});

describe("confidenceOf", function () {
  it("is the share of votes on the side of the regime", function () {
    expect([confidenceOf("bull", 0.8), confidenceOf("bear", 0.25), confidenceOf("bear", null)]).to.deep.equal([
      0.8,
      0.75,
      undefined,
    ]);
  });
});
