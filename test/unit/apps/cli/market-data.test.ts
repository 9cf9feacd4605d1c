// Tests of src/apps/cli/market-data.ts.
import { expect } from "chai";

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
    const notes = noteLines({ notices: ["a gap"], provider: "coingecko" });

    expect(notes[0]).to.equal("note: a gap");
    expect(notes[1]).to.include("still existed when it was downloaded");
    expect(notes).to.have.length(2);
  });

  it("adds nothing to other data", function () {
    expect(noteLines({ notices: [], provider: "simulated" })).to.deep.equal([]);
  });
});
