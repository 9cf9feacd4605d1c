import { expect } from "chai";

import { checkDecision } from "../../../../src/apps/web/proof/decision-check.ts";
import { DEFAULT_PARAMETERS } from "../../../../src/config/schema.ts";
import { addDays, isoDate } from "../../../../src/core/time.ts";
import { type Decision, decisionHash } from "../../../../src/engine/decision.ts";
import { membersOf, membershipRoot } from "../../../../src/engine/membership.ts";
import { decisionsBetween } from "../../../../src/engine/run.ts";
import { DEFAULT_SIMULATION, simulateMarket } from "../../../../src/market/simulate.ts";

const MONDAY = isoDate("2023-01-30");

describe("checkDecision", function () {
  let bull: Decision;

  before(function () {
    const range = { from: MONDAY, to: addDays(MONDAY, 7), opened: MONDAY };
    const [decision] = [...decisionsBetween(simulateMarket(DEFAULT_SIMULATION), range, DEFAULT_PARAMETERS)];
    if (decision?.regime !== "bull") throw new TypeError("the embedded market is in a bull regime on that Monday");
    bull = decision;
  });

  /** Names of what fails when this was published. */
  function failing(published: Decision, kind: "target" | "level"): string[] {
    const { regime } = published;
    const root = membershipRoot(membersOf(published.index));
    const recorded = { kind, regime, decisionHash: decisionHash(published), membershipRoot: root };
    return checkDecision(bull, recorded)
      .filter(({ passed }) => !passed)
      .map(({ name }) => name);
  }

  it("passes what was published as it was decided", function () {
    expect(failing(bull, "target")).to.deep.equal([]);
  });

  it("passes a level that holds the fund at bear, because it may not return yet", function () {
    expect(failing({ ...bull, regime: "bear" }, "level")).to.deep.equal([]);
  });

  it("names the hash and the regime of a target that sells what was decided to be held", function () {
    expect(failing({ ...bull, regime: "bear" }, "target")).to.deep.equal(["Hash of the decision", "Regime on chain"]);
  });

  it("names the root of the members when another index was published", function () {
    const failed = failing({ ...bull, index: bull.index.slice(1) }, "target");

    expect(failed).to.deep.equal(["Hash of the decision", "Root of the members"]);
  });
});
