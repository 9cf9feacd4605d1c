// Tests of `status` on a fund that is served over HTTP.
import { expect } from "chai";

import { type Document, PENDING_ID, useServedFund } from "./served-fund.ts";

describe("status", function () {
  const fund = useServedFund();

  it("tells of the fund alone without an account", async function () {
    const { account, fund: facts } = await fund.json("status");

    expect(account).to.equal(null);
    expect(facts).to.include({ regime: "bull", supply: "100000", depositsPending: "50000", setAside: "0" });
  });

  it("names the target that led into the regime, and the one that is pending", async function () {
    const { since, pending, running } = (await fund.json("status"))["fund"] as Document;

    expect((since as Document)["targetId"]).to.equal(PENDING_ID - 8); // the week before; a week has eight numbers
    expect(pending).to.include({ id: PENDING_ID, executableAt: "2021-09-13T11:30:00Z" }); // 11 hours after 00:30
    expect(running).to.equal(null);
  });

  it("shows an account's shares and their value", async function () {
    const { shares, valueUsd } = (await fund.json("status", "--account", "alice"))["account"] as Document;

    expect(shares).to.equal("100000");
    expect(Number(valueUsd)).to.be.within(99_000, 100_000); // 100,000 USDC less the cost of the first purchases
  });

  it("shows a request until it is struck", async function () {
    const { requests } = (await fund.json("status", "--account", "bob"))["account"] as Document;

    const [request] = requests as Document[];
    expect(requests).to.have.lengthOf(1);
    expect(request).to.include({ kind: "deposit", requestId: 2, pending: "50000", claimable: "0" });
    expect(request).to.include({ closes: "2021-09-13T00:00:00Z", struckAt: "start" });
  });

  it("shows what is to be claimed after the strike", async function () {
    await fund.tm100("rebalance", "--live", "--account", "keeper");

    const { out } = await fund.tm100("status", "--account", "bob");

    expect(out).to.match(/^to claim +[\d,.]+ TM100 for a deposit of 50,000\.00 USDC, request 2$/m);
  });

  it("names requests of this week with the day on which they close", async function () {
    await fund.tm100("redeem", "12", "--account", "alice");

    const { out } = await fund.tm100("status", "--account", "alice");

    expect(out).to.match(
      /^waiting +redemption of 12\.00000 TM100, request \d+: closes on Sunday 2021-09-19 24:00 UTC/m,
    );
  });

  it("takes an address without any key", async function () {
    const { address } = fund.served().world.market.chain.accounts.carol;

    const { coins } = (await fund.json("status", "--address", address))["account"] as Document;

    expect(coins).to.equal("5000");
  });

  it("refuses an address that is none", async function () {
    const { code, err } = await fund.tm100("status", "--address", "0x12");

    expect([code, err.slice(0, 36)]).to.deep.equal([2, "error USAGE: Expected an address, 0x"]);
  });
});
