// Tests of text that others chose: what it hides is seen.
import { expect } from "chai";

import { visibleName, visibleText } from "../../../src/core/visible-text.ts";

describe("visibleText", function () {
  it("marks what turns letters around, has no width, or is no letter of anybody", function () {
    for (const hidden of ["\u202e", "\u2066", "\u200b", "\u200d", "\ufeff", "\u0000", "\u001b", "\u2028", "\ue000"]) {
      expect(visibleText(`US${hidden}DC`), hidden.codePointAt(0)?.toString(16)).to.equal("US\ufffdDC");
    }
  });

  it("leaves what can be seen, and lines, as they are", function () {
    for (const text of ["USD₮0", "$wif", "币安人生", "🐸", "two\r\nlines\tof it", ""]) {
      expect(visibleText(text)).to.equal(text);
    }
  });
});

describe("visibleName", function () {
  it("takes a name that can be seen, and refuses an empty one and one that hides something", function () {
    expect(visibleName.parse("USD₮0")).to.equal("USD₮0");
    for (const name of ["", "US\u202eDC"]) expect(visibleName.safeParse(name).success).to.equal(false);
  });
});
