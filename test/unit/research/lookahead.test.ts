// Tests of src/research/lookahead.ts: nothing of ours looks ahead, and what does is caught.
import { expect } from "chai";
import { DEFAULT_PARAMETERS } from "../../../src/config/schema.ts";
import type { Decider, ExitRule } from "../../../src/research/deciders/decider.ts";
import { strategyMaker } from "../../../src/research/deciders/names.ts";
import { checkDecisions, checkStrategies } from "../../../src/research/lookahead.ts";
import { methodologyRules } from "../../../src/research/rules.ts";
import { SEARCH_GRID } from "../../../src/research/search-grid.ts";
import { SIMULATED_DATA, pathOf } from "../../research-data.ts";

const NAMES = [...SEARCH_GRID, "breadth-trader", "external"];
const PATH = pathOf(SIMULATED_DATA, methodologyRules());
const quiet = (): void => undefined;

/** Wants the regime that the week after shows. */
const PEEKING: Decider = {
  name: "peeking",
  wishes: ({ weekly }) => Array.from(weekly, (level, w) => ((weekly[w + 1] ?? level) > level ? "bull" : "bear")),
};
/** Compares with the mean of everything, the future included. */
const HINDSIGHT: ExitRule = {
  name: "hindsight",
  exits: ({ daily }) => {
    const mean = daily.reduce((total, level) => total + level, 0) / daily.length;
    return Uint8Array.from(daily, (level) => (level < mean ? 1 : 0));
  },
};

describe("lookahead", function () {
  it("finds no decision that a truncated or poisoned future changes", function () {
    const checks = checkDecisions(SIMULATED_DATA.history, DEFAULT_PARAMETERS, quiet);

    expect(checks.map(({ future, differences }) => [future, differences])).to.deep.equal([
      ["truncated", []],
      ["poisoned", []],
    ]);
    expect(checks[0]?.dates).to.be.above(190);
  });

  it("finds no strategy of the search that one changes", function () {
    const external: Decider = { name: "external", wishes: ({ weekly }) => Array.from(weekly, () => "bull" as const) };
    const strategies = NAMES.map(strategyMaker(DEFAULT_PARAMETERS.regime, external));

    const checks = checkStrategies(PATH, strategies, { dates: 12, progress: quiet });

    expect(checks.filter(({ differences }) => differences.length > 0)).to.deep.equal([]);
    expect(checks).to.have.length(2 * NAMES.length);
  });

  it("catches a decider that knows the week after, and an exit that knows the whole", function () {
    const [ensemble] = [strategyMaker(DEFAULT_PARAMETERS.regime)("ensemble")];
    const strategies = [
      { decider: PEEKING, exit: undefined },
      { ...ensemble, exit: HINDSIGHT },
    ];

    const checks = checkStrategies(PATH, strategies, { dates: 50, progress: quiet });

    expect(checks.map(({ what, differences }) => [what, differences.length > 5])).to.deep.equal([
      ["peeking", true],
      ["ensemble+hindsight", true],
      ["peeking", true],
      ["ensemble+hindsight", true],
    ]);
  });
});
