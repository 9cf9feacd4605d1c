// Tests of CSV: what a spreadsheet shows, and never runs.
import { expect } from "chai";

import { csvLine, csvOf } from "../../../../src/apps/server/csv.ts";

describe("csvLine", function () {
  it("quotes separators, quotes and line breaks", function () {
    expect(csvLine(["a,b", 'say "x"', "two\nlines", null, 1.5, true])).to.equal(
      '"a,b","say ""x""","two\nlines",,1.5,true\r\n',
    );
  });

  it("makes no formula of text that looks like one", function () {
    expect(csvLine(["=1+1", "+1", "@sum", "-cmd"])).to.equal("'=1+1,'+1,'@sum,'-cmd\r\n");
  });

  it("makes none of a sign behind something invisible, or of a wide one, either", function () {
    expect(csvLine(["\u200b=1+1", "\u202e@sum", "＝1+1", " +1"])).to.equal("'\ufffd=1+1,'\ufffd@sum,'＝1+1,' +1\r\n");
  });

  it("leaves numbers below zero as they are", function () {
    expect(csvLine(["-100000", "-0.5", -3])).to.equal("-100000,-0.5,-3\r\n");
  });
});

describe("csvOf", function () {
  it("gives a header even without a row", function () {
    expect([...csvOf(["a", "b"], [])].join("")).to.equal("a,b\r\n");
  });

  it("takes only the fields that are asked for, page by page", function () {
    const pages = [[{ a: 1, b: "x", c: true }], [{ a: 2, b: null, c: false }]];

    expect([...csvOf(["b", "a"], pages)].join("")).to.equal("b,a\r\nx,1\r\n,2\r\n");
  });
});
