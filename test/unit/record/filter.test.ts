import { expect } from "chai";

import { type LineFilter, filterLines } from "../../../src/record/filter.ts";
import { unixSeconds } from "../../../src/core/units.ts";
import { ALICE, BOB, LINES, WETH } from "./support.ts";

function numbers(filter: LineFilter): number[] {
  return filterLines(LINES, filter).map(({ sequence }) => sequence);
}

describe("filterLines", function () {
  it("lets everything through without a filter", function () {
    expect(filterLines(LINES, {})).to.deep.equal(LINES);
  });

  it("takes both ends of a range of numbers", function () {
    expect(numbers({ fromSequence: 2, toSequence: 3 })).to.deep.equal([2, 3]);
  });

  it("takes the beginning of a range of time and not its end", function () {
    // Line n is of second 1,630,886,399 + n.
    expect(numbers({ from: unixSeconds(1_630_886_402), to: unixSeconds(1_630_886_404) })).to.deep.equal([3, 4]);
  });

  it("takes a week by its number", function () {
    // 1,630,886,400 is Monday 2021-09-06: (1,630,886,400 - 345,600) / 604,800 = 2,696.
    expect(numbers({ week: 2696 })).to.have.length(LINES.length);
    expect(numbers({ week: 2695 })).to.deep.equal([]);
  });

  it("takes the regime from the start of a rebalance on", function () {
    expect(numbers({ regime: "bear" })).to.deep.equal([1, 2, 3, 4]);
    expect(numbers({ regime: "bull" })[0]).to.equal(5);
  });

  it("finds lines that name a token by address or by index", function () {
    // Listed, weighed in the target, bought, left out, left with, claimed.
    expect(numbers({ tokens: new Set([WETH]) })).to.deep.equal([2, 4, 7, 8, 14, 15]);
  });

  it("finds lines that name an account", function () {
    expect(numbers({ account: ALICE })).to.deep.equal([3, 10, 11, 13, 14, 15]);
    expect(numbers({ account: BOB })).to.deep.equal([]);
  });

  it("joins its parts", function () {
    expect(numbers({ account: ALICE, events: new Set(["RedeemedInKind"] as const), fromSequence: 11 })).to.deep.equal([
      14,
    ]);
  });
});
