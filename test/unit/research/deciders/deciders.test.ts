// Tests of src/research/deciders: what each wants on levels whose answer is plain.
import { expect } from "chai";
import { UsageError } from "../../../../src/core/errors.ts";
import { DEFAULT_PARAMETERS } from "../../../../src/config/schema.ts";
import { externalDecider, majorityDecider } from "../../../../src/research/deciders/external.ts";
import { meanExit, trailingExit, votesExit } from "../../../../src/research/deciders/exits.ts";
import { jumpDecider, markovDecider } from "../../../../src/research/deciders/models.ts";
import { strategyMaker } from "../../../../src/research/deciders/names.ts";
import { strategyName } from "../../../../src/research/deciders/decider.ts";
import { ensembleDecider, faberDecider } from "../../../../src/research/deciders/trend.ts";
import { SEARCH_GRID } from "../../../../src/research/search-grid.ts";
import { expandingStates } from "../../../../src/regime/jump/online.ts";
import { randomStream } from "../../../../src/core/random.ts";
import { regimeSchema } from "../../../../src/regime/parameters.ts";
import { pathOfLevels } from "../../../research-data.ts";

/** Calm growth and stormy falls by turns, 60 weeks each. */
function stormy(weeks: number): number[] {
  const { normal } = randomStream(3);
  let level = 1000;
  return Array.from({ length: weeks }, (_, week) => {
    const isCalm = Math.floor(week / 60) % 2 === 0;
    level *= Math.exp(isCalm ? 0.01 + 0.02 * normal() : -0.02 + 0.1 * normal());
    return level;
  });
}

describe("deciders", function () {
  it("faber is bull above the mean of its weeks, this one included", function () {
    expect(faberDecider(3).wishes(pathOfLevels([1, 2, 3, 1.9, 2.4]))).to.deep.equal([
      undefined,
      undefined,
      "bull", // 3 > 2
      "bear", // 1.9 < 2.3
      "bear", // 2.4 < 2.433
    ]);
  });

  it("ensemble goes on wanting what it wanted between the thresholds", function () {
    const parameters = regimeSchema.parse({ meanWeeks: [2], momentumWeeks: [2] });

    // Votes at weeks 2 to 5: 3 > 2.5, 3 > 1 -> bull; 2.5 < 2.75, 2.5 > 2 -> as before; 1 -> bear; 1.5 > 1.25, 1.5 < 2.5 -> as before.
    expect(ensembleDecider(parameters).wishes(pathOfLevels([1, 2, 3, 2.5, 1, 1.5]))).to.deep.equal([
      undefined,
      undefined,
      "bull",
      "bull",
      "bear",
      "bear",
    ]);
  });

  it("external takes the last signal of the week and none that is older", function () {
    const signals = [
      { day: 17_531, regime: "bear" as const },
      { day: 17_535, regime: "bull" as const },
    ];

    expect(externalDecider(signals).wishes(pathOfLevels([1, 1, 1]))).to.deep.equal(["bear", "bull", undefined]);
  });

  it("majority wants what more than half of those who can say want", function () {
    const of = (...wishes: ("bull" | "bear" | undefined)[]) => ({ name: "x", wishes: () => wishes });

    const wishes = majorityDecider([of("bull", "bull", undefined), of("bull", "bear", undefined)]).wishes(
      pathOfLevels([1, 1, 1]),
    );

    expect(wishes).to.deep.equal(["bull", undefined, undefined]);
  });

  it("jump is the online state of the model, one return after the first level", function () {
    const levels = stormy(200);
    const plan = { penalty: 5, warmUp: 60, every: 20 };

    const wishes = jumpDecider(plan).wishes(pathOfLevels(levels));

    const returns = levels.slice(1).map((level, i) => level / (levels[i] ?? 1) - 1);
    expect(wishes).to.deep.equal([undefined, ...expandingStates(returns, plan)]);
    expect(new Set(wishes)).to.include("bull").and.include("bear");
  });

  it("markov is bear in storms and bull in calm", function () {
    const wishes = markovDecider({ warmUp: 130, every: 13 }).wishes(pathOfLevels(stormy(300)));

    const share = (from: number, to: number): number =>
      wishes.slice(from, to).filter((wish) => wish === "bull").length / (to - from);
    expect(wishes[129]).to.equal(undefined);
    expect(share(135, 180)).to.be.above(0.8); // calm from 120 to 180
    expect(share(190, 240)).to.be.below(0.2); // stormy from 180 to 240
  });
});

describe("exit rules", function () {
  const flat = Array<number>(60).fill(100);

  it("trailing leaves below a share of the highest close of the window, and forgets it after it", function () {
    const exits = trailingExit(14, 0.2).exits(pathOfLevels([100, 79, 79, 79]));

    // The straight line from 100 to 79 passes 80 after 20/21 of the week: only on its last day.
    expect([...exits].lastIndexOf(0, 7)).to.equal(6);
    expect([exits[7], exits[13], exits[14], exits[21]]).to.deep.equal([1, 1, 0, 0]); // 100 was on day 0
  });

  it("mean leaves below the mean of its days, once there are so many", function () {
    const exits = meanExit(8).exits(pathOfLevels([100, 100, 93]));

    expect([...exits]).to.deep.equal([...Array<number>(8).fill(0), ...Array<number>(7).fill(1)]);
  });

  it("daily votes leave when the votes, with the day as the end of its week, ask for bear", function () {
    const exits = votesExit(DEFAULT_PARAMETERS.regime).exits(pathOfLevels([...flat, 101, 90]));

    expect(exits[7 * 60]).to.equal(0); // above everything
    expect(exits[7 * 60 + 6]).to.equal(1); // at 91.6, below everything
    expect(exits[7 * 30]).to.equal(0); // 40 weeks are not there yet
  });
});

describe("strategyMaker", function () {
  const make = strategyMaker(DEFAULT_PARAMETERS.regime);

  it("understands every name of the search and gives it back", function () {
    expect(SEARCH_GRID.map((name) => strategyName(make(name)))).to.deep.equal(SEARCH_GRID);
    expect(new Set(SEARCH_GRID)).to.have.property("size", 32);
  });

  for (const name of ["fabre-40", "faber-1", "ensemble+", "ensemble+fall-20", "faber-40+daily-votes+x", "external"]) {
    it(`refuses ${name}`, function () {
      expect(() => make(name)).to.throw(UsageError);
    });
  }
});
