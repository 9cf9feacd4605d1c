// Tests of src/universe/rank.ts.
import { expect } from "chai";
import fc from "fast-check";
import { byValueDescending, selectByBuffer, withVacancies } from "../../../src/universe/rank.ts";

const RANKED = ["a", "b", "c", "d", "e", "f"];
const RULE = { size: 3, enterRank: 2, leaveRank: 4 };

describe("selectByBuffer", function () {
  it("fills by rank when there are no members", function () {
    expect(selectByBuffer(RANKED, new Set(), RULE)).to.deep.equal(["a", "b", "c"]);
  });

  it("keeps a member between the entry and the leave rank instead of a better outsider", function () {
    expect(selectByBuffer(RANKED, new Set(["a", "b", "d"]), RULE)).to.deep.equal(["a", "b", "d"]); // c is 3rd, enters from 2nd
  });

  it("drops a member below the leave rank", function () {
    expect(selectByBuffer(RANKED, new Set(["a", "b", "e"]), RULE)).to.deep.equal(["a", "b", "c"]);
  });

  it("cuts the worst members when outsiders enter at the top", function () {
    expect(selectByBuffer(RANKED, new Set(["b", "c", "d"]), RULE)).to.deep.equal(["a", "b", "c"]);
  });

  it("takes all when there are fewer than its size", function () {
    expect(selectByBuffer(["a", "b"], new Set(), RULE)).to.deep.equal(["a", "b"]);
  });

  it("holds its size, everybody at the entry rank and nobody below the leave rank", function () {
    const ids = Array.from({ length: 40 }, (_, i) => `c${i}`);
    const rule = { size: 20, enterRank: 17, leaveRank: 24 };
    const anyMembers = fc.shuffledSubarray(ids, { maxLength: 20 });
    const anyRanked = fc.shuffledSubarray(ids);
    fc.assert(
      fc.property(anyRanked, anyMembers, (ranked, members) => {
        const chosen = selectByBuffer(ranked, new Set(members), rule);

        expect(chosen.length).to.equal(Math.min(ranked.length, rule.size));
        expect(chosen).to.include.members(ranked.slice(0, rule.enterRank));
        expect(chosen.filter((id) => ranked.indexOf(id) >= rule.leaveRank)).to.deep.equal([]);
      }),
    );
  });
});

describe("byValueDescending", function () {
  it("orders equal values by coin id", function () {
    const items = [
      { coinId: "b", value: 1 },
      { coinId: "a", value: 1 },
      { coinId: "c", value: 2 },
    ];

    expect(byValueDescending(items, (item) => item.value).map((item) => item.coinId)).to.deep.equal(["c", "a", "b"]);
  });
});

describe("withVacancies", function () {
  it("puts each vacant place behind as many as stand above it", function () {
    expect(withVacancies(["a", "b"], [0, 1, 1, 2, 5])).to.deep.equal([
      undefined,
      "a",
      undefined,
      undefined,
      "b",
      undefined,
      undefined,
    ]);
  });

  it("changes nothing without vacant places", function () {
    expect(withVacancies(["a", "b"], [])).to.deep.equal(["a", "b"]);
  });
});
