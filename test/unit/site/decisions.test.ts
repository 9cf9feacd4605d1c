// Tests of what is said of decisions before their market data are there.
import { expect } from "chai";

import type { SiteState } from "../../../src/site/state.ts";
import { decisionAnswer, snapshotOfWeek } from "../../../src/site/views/decisions.ts";

describe("a decision while market data are read", function () {
  const state = { market: { state: "reading" } } as unknown as SiteState;

  it("is not there yet, which is not that there is none", function () {
    for (const ask of [decisionAnswer, snapshotOfWeek]) {
      expect(() => ask(state, "2024-01-01"))
        .to.throw("Expected market data, which is still being read. Ask again in a few seconds.")
        .with.property("code", "NOT_READY");
    }
  });

  it("is refused on a day that is no Monday", function () {
    expect(() => decisionAnswer(state, "2024-01-02")).to.throw("no Monday; try 2024-01-01");
  });
});
