// Tests against the real market history: how well the tests without labels find what the list of coins flags.
import { expect } from "chai";
import { DEFAULT_PARAMETERS } from "../../../src/config/schema.ts";
import { readDirectory } from "../../../src/market/sources/directory.ts";
import { type FilterReport, filterReport, precisionOf, recallOf } from "../../../src/research/filter-quality.ts";
import { realDataOrSkip } from "../../real-data.ts";

describe("the tests without labels on real data", function () {
  let report: FilterReport;
  before(function () {
    report = filterReport(readDirectory(realDataOrSkip(this)).history, DEFAULT_PARAMETERS);
  });

  const qualityOf = (name: string): FilterReport["qualities"][number] => {
    const found = report.qualities.find(({ filter }) => filter === name);
    if (found === undefined) throw new TypeError(`no quality of ${name}`);
    return found;
  };

  // The figures stand in docs/methodology.md.
  it("find stablecoins by the peg with a precision of 0.95 and a recall of 0.91, and 0.99 of their cap", function () {
    const { mondays, coins, capShare } = qualityOf("peg");

    expect([report.from, report.to, report.mondays]).to.deep.equal(["2018-03-26", "2024-12-30", 354]);
    expect(coins).to.deep.equal({ found: 20, missed: 1, unlabelled: 1 });
    expect(precisionOf(mondays)).to.be.within(0.95, 0.97);
    expect(recallOf(mondays)).to.be.within(0.91, 0.93);
    expect(recallOf(capShare)).to.be.within(0.99, 1);
  });

  it("find wrapped and staked tokens by their shadow with a precision of 0.86 and a recall of 0.78", function () {
    const { mondays, coins, capShare } = qualityOf("shadow");

    expect(coins).to.deep.equal({ found: 32, missed: 3, unlabelled: 7 });
    expect(precisionOf(mondays)).to.be.within(0.86, 0.88);
    expect(recallOf(mondays)).to.be.within(0.78, 0.8);
    expect(precisionOf(capShare)).to.be.within(0.97, 0.98);
    expect(recallOf(capShare)).to.be.within(0.92, 0.94);
  });

  it("name the coins that they never find and those that no flag names", function () {
    const never = (name: string): string[] =>
      qualityOf(name)
        .missed.filter(({ foundOn }) => foundOn === 0)
        .map(({ coinId }) => coinId);

    expect(never("peg")).to.deep.equal(["stasis-eurs"]);
    expect(never("shadow")).to.deep.equal(["compound-usd-coin", "olympus", "wrapped-nxm"]);
    expect(qualityOf("peg").unlabelled.map(({ coinId }) => coinId)).to.deep.equal(["sai"]);
    expect(qualityOf("shadow").unlabelled.map(({ coinId }) => coinId)).to.deep.equal(
      "nxm bancor gnosis singularitynet bonk ocean-protocol bonfida".split(" "),
    );
  });

  it("leave 0.2 % of the market cap unfound by either", function () {
    expect(qualityOf("either").capShare.missed).to.be.within(0, 0.002);
  });
});
