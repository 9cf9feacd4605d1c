// Tests of src/apps/cli/market-data.ts.
import { expect } from "chai";

import { isoDate } from "../../../../src/core/time.ts";
import { holdWords, noteLines } from "../../../../src/apps/cli/market-data.ts";

describe("holdWords", function () {
  it("says that nothing but the votes decided", function () {
    expect(holdWords(null)).to.equal("decided by the votes alone");
  });

  it("says what kept the regime", function () {
    expect(holdWords("missing-prices")).to.equal("kept, because too many prices are missing");
  });
});

describe("noteLines", function () {
  it("adds the limit of CoinGecko's file", function () {
    const notes = noteLines({ notices: ["a gap"], provider: "coingecko", close: isoDate("2020-01-05") });

    expect(notes[0]).to.equal("note: a gap");
    expect(notes[1]).to.include("still existed when it was downloaded");
    expect(notes).to.have.length(2);
  });

  it("states the hole of 2018-04 to 2019-12", function () {
    const notes = noteLines({ notices: [], provider: "coingecko", close: isoDate("2019-12-29") });

    expect(notes[1]).to.include("From 2018-04 to 2019-12 no source has prices of the coins that died since");
  });

  it("adds nothing to other data", function () {
    expect(noteLines({ notices: [], provider: "simulated", close: isoDate("2019-12-29") })).to.deep.equal([]);
  });
});
