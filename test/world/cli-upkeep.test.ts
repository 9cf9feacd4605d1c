// Tests of `upkeep` on a fund that is served over HTTP.
import { expect } from "chai";

import { type Document, useServedFund } from "./served-fund.ts";

describe("upkeep", function () {
  const fund = useServedFund();
  const freezeLink = () => fund.served().world.market.freezeToken("chainlink");

  it("says when nothing is due", async function () {
    const run = await fund.tm100("upkeep");

    expect(run).to.deep.equal({ code: 0, out: "No upkeep is due.\n", err: "" });
  });

  it("shows what is due and why, and sends nothing", async function () {
    await freezeLink();

    for (const flags of [[], ["--dry-run"]]) {
      const { code, out } = await fund.tm100("upkeep", ...flags);

      expect([code, out]).to.deep.equal([
        0,
        [
          "due    for   why",
          "-----  ----  -----------------------------------------------------------------------------------",
          "probe  LINK  the token does not move: a second probe from an hour later on begins its quarantine",
          "Nothing was sent; --live sends it.",
          "",
        ].join("\n"),
      ]);
    }
  });

  it("sends it with --live, by anybody, and then nothing is due", async function () {
    await freezeLink();

    const { due, sent } = await fund.json("upkeep", "--live", "--account", "stranger");

    const asset = fund.served().world.fund.indexOf("chainlink");
    const [done] = sent as Document[];
    expect((due as Document[]).map(({ kind, name }) => [kind, name])).to.deep.equal([["probe", "LINK"]]);
    expect(done).to.include({ kind: "probe", asset, name: "LINK", failure: null });
    expect((done?.["transaction"] as Document)["hash"]).to.match(/^0x[0-9a-f]{64}$/);
    expect(await fund.json("upkeep")).to.deep.equal({ due: [], sent: [] });
  });

  it("tells a person what was done", async function () {
    await freezeLink();

    const { code, out } = await fund.tm100("upkeep", "--live", "--account", "stranger");

    expect(code).to.equal(0);
    expect(out).to.match(/\nDone, probe LINK\. Sent 0x[0-9a-f]{64} \(block \d+, \d+ gas\)\.\n$/);
  });

  it("refuses --live without a key", async function () {
    const { code, err } = await fund.tm100("upkeep", "--live");

    expect([code, err.slice(0, 28)]).to.deep.equal([2, "error USAGE: Expected a key:"]);
  });

  it("refuses --live and --dry-run together", async function () {
    const { code } = await fund.tm100("upkeep", "--live", "--dry-run");

    expect(code).to.equal(2);
  });
});
