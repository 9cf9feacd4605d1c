// Tests of src/universe/shadow.ts.
import { expect } from "chai";
import { shadowsAmong } from "../../../src/universe/shadow.ts";
import { FIRST_DAY, series } from "../../series.ts";

const DAYS = 91; // 90 moves
const LAST = FIRST_DAY + DAYS - 1;

/** Closes of a coin that rises by 2 % and falls by 2 %, day by day, `own(i)` added to the log price of day i. */
function closes(own: (day: number) => number): number[] {
  return Array.from({ length: DAYS }, (_, i) => 100 * Math.exp((i % 2) * 0.02 + own(i)));
}

describe("shadowsAmong", function () {
  const large = series("large", { price: closes(() => 0) });
  const found = (price: number[]): string | undefined =>
    shadowsAmong([large, series("small", { price })], [false, false], LAST).get("small");

  it("finds a coin with the moves of a larger one at another price, with interest", function () {
    expect(found(closes((i) => 3 + 0.0002 * i))).to.equal("large");
  });

  it("asks that most differences are at most a quarter of the larger coin's median move", function () {
    // Moves of 2 %: the ratio's moves, of both signs, may be 0.5 %.
    expect(found(closes((i) => (i % 2) * 0.0049))).to.equal("large");
    expect(found(closes((i) => (i % 2) * 0.0051))).to.equal(undefined);
  });

  it("bears with a few days on which the two part", function () {
    expect(found(closes((i) => (i >= 40 && i < 80 ? (i % 2) * 0.5 : 0)))).to.equal("large");
  });

  it("says nothing of a coin with fewer than 45 known moves", function () {
    const short = closes(() => 0).map((price, i) => (i < 47 ? Number.NaN : price)); // 44 closes, 43 moves

    expect(found(short)).to.equal(undefined);
  });

  it("lets no coin repeat a pegged, a smaller or a motionless one", function () {
    const twin = series("twin", { price: closes(() => 1) });
    const still = [
      series("one", { price: closes(() => 0).fill(1) }),
      series("two", { price: closes(() => 0).fill(1) }),
    ];

    expect(shadowsAmong([large, twin], [true, false], LAST).size).to.equal(0);
    expect(shadowsAmong([large, twin], [false, false], LAST).has("large")).to.equal(false);
    expect(shadowsAmong(still, [false, false], LAST).size).to.equal(0);
  });
});
