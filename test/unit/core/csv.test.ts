import { expect } from "chai";

import { csvText } from "../../../src/core/csv.ts";

describe("csvText", function () {
  it("quotes what would otherwise part cells or lines", function () {
    expect(
      csvText(
        ["a", "b"],
        [
          ["1,5", 'say "no"'],
          [null, "two\nlines"],
        ],
      ),
    ).to.equal('a,b\n"1,5","say ""no"""\n,"two\nlines"\n');
  });

  it("is a header without rows", function () {
    expect(csvText(["a"], [])).to.equal("a\n");
  });
});
