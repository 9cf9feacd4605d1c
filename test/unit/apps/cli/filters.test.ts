// Tests of `tm100 universe --filters` on the embedded market.
import { expect } from "chai";
import { runCli } from "../../../cli-run.ts";

type Tally = { readonly found: number; readonly missed: number; readonly recall: number | null };
type Document = {
  readonly mondays: number;
  readonly filters: readonly { readonly filter: string; readonly coins: Tally }[];
};

describe("tm100 universe --filters", function () {
  // The embedded market flags three stablecoins, a wrapped and a staked coin.
  it("finds the stablecoins and the tokens of the embedded market, as JSON", async function () {
    const { code, out } = await runCli(["universe", "--filters", "--json"]);
    const { mondays, filters } = JSON.parse(out) as Document;
    const labelled = filters.map(({ filter, coins }) => [filter, coins.found + coins.missed]);

    expect(code).to.equal(0);
    expect(mondays).to.be.above(100);
    expect(labelled).to.deep.equal([
      ["peg", 3],
      ["shadow", 2],
      ["either", 5],
    ]);
    expect(filters[0]?.coins.recall).to.equal(1);
  });

  it("prints a table with the definition of a case, up to a date", async function () {
    const { code, out } = await runCli(["universe", "--filters", "--as-of", "2022-01-03"]);

    expect(code).to.equal(0);
    expect(out).to.include("A case is a coin on a Monday, among the 150 largest and listed for 90 days.");
    expect(out).to.match(/to 2022-01-03\./);
    expect(out).to.match(/peg +stablecoins +coins +3 +0/);
  });
});
