// Tests of src/apps/build/fuzz-runs.ts.
import { expect } from "chai";

import { fuzzRuns, fuzzRunsFault } from "../../../../src/apps/build/fuzz-runs.ts";

describe("fuzzRuns", function () {
  it("is 256 without a word from the environment", function () {
    expect([fuzzRuns({}), fuzzRunsFault({})]).to.deep.equal([256, undefined]);
  });

  for (const text of ["1", "25600"]) {
    it(`is the number that the environment names: ${text}`, function () {
      expect([fuzzRuns({ FUZZ_RUNS: text }), fuzzRunsFault({ FUZZ_RUNS: text })]).to.deep.equal([
        Number(text),
        undefined,
      ]);
    });
  }

  for (const text of ["abc", "", "0", "-1", "1.5", "1e3", " 7"]) {
    it(`refuses '${text}', and says what was expected`, function () {
      expect(fuzzRunsFault({ FUZZ_RUNS: text })).to.equal(
        `Expected FUZZ_RUNS to be a whole number from 1 on, such as 25600, found '${text}'. ` +
          "Set it to one, or unset it for 256.",
      );
    });
  }
});
