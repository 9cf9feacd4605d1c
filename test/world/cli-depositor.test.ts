// Tests of `deposit`, `redeem`, `claim` and `redeem-in-kind` on a fund that is served over HTTP.
import { expect } from "chai";

import { parseDecimal, tokenUnits } from "../../src/core/units.ts";
import { type Document, useServedFund } from "./served-fund.ts";

describe("commands of the depositor", function () {
  const fund = useServedFund();

  describe("deposit", function () {
    it("asks to deposit and names the request", async function () {
      const { assets, transactions } = await fund.json("deposit", "1234.5", "--account", "carol");

      expect(assets).to.equal("1234.5");
      expect((transactions as Document[]).map(({ action }) => action)).to.deep.equal(["approve", "requestDeposit"]);
    });

    it("says when it will be struck", async function () {
      const { out } = await fund.tm100("deposit", "100", "--account", "carol");

      // The chain stands on Monday 2021-09-13; its week ends on Sunday 2021-09-19.
      expect(out).to.include("Sunday 2021-09-19 24:00 UTC").and.to.include("at the start of the first rebalance after");
    });

    it("refuses more than the account has", async function () {
      const { code, err } = await fund.tm100("deposit", "5000.000001", "--account", "carol");

      expect(code).to.equal(5);
      expect(err).to.match(/^error BALANCE_TOO_SMALL: Expected 5000.000001 USDC in 0x\w{40}, found 5000\. /);
    });

    it("takes a second request before the first one is struck", async function () {
      const { world } = fund.served();
      await world.market.give("usd-coin", world.market.chain.accounts.bob.address, tokenUnits(10n ** 6n));

      const { requestId } = await fund.json("deposit", "1", "--account", "bob");

      expect(requestId).to.equal(3); // his first one is in epoch 2
    });
  });

  describe("redeem", function () {
    it("asks to redeem all shares", async function () {
      const { shares } = await fund.json("redeem", "all", "--account", "alice");

      expect(shares).to.equal("100000"); // the first deposit of 100,000 USDC at one USD a share
    });

    it("refuses an account without shares", async function () {
      const { code, err } = await fund.tm100("redeem", "all", "--account", "dave");

      expect(code).to.equal(5);
      expect(err).to.match(/^error BALANCE_TOO_SMALL: Expected any TM100 in 0x\w{40}, found 0\. /);
    });
  });

  describe("cancel", function () {
    it("takes the requests of this week back", async function () {
      await fund.tm100("deposit", "1000.5", "--account", "carol");

      const { cancelled } = await fund.json("cancel", "--account", "carol");

      const facts = (cancelled as Document[]).map(({ kind, symbol, amount }) => [kind, symbol, amount]);
      expect(facts).to.deep.equal([["deposit", "USDC", "1000.5"]]);
    });

    it("takes a redemption back and says so", async function () {
      await fund.tm100("redeem", "12", "--account", "alice");

      const { out } = await fund.tm100("cancel", "--account", "alice");

      expect(out).to.match(/^Cancelled: redemption of 12\.00000 TM100, request \d+\. Sent 0x/);
    });

    it("says so when there is nothing of this week", async function () {
      const { code, out } = await fund.tm100("cancel", "--account", "bob"); // his request is of the week before

      expect(code).to.equal(0);
      expect(out).to.match(/^No request to take back for 0x\w{40}\.\n$/);
    });
  });

  describe("claim", function () {
    it("takes the shares of a struck deposit", async function () {
      await fund.tm100("rebalance", "--live", "--account", "keeper");

      const { claims } = await fund.json("claim", "--account", "bob");

      expect((claims as Document[]).map(({ kind, symbol }) => [kind, symbol])).to.deep.equal([["shares", "TM100"]]);
    });

    it("says so when there is nothing to claim", async function () {
      const { code, out } = await fund.tm100("claim", "--account", "carol");

      expect(code).to.equal(0);
      expect(out).to.match(/^Nothing to claim for 0x\w{40}\.\n$/);
    });

    it("names what waits and until when", async function () {
      await fund.tm100("deposit", "100", "--account", "carol");

      const { out } = await fund.tm100("claim", "--account", "carol");

      expect(out).to.match(/\nWaiting: deposit of 100\.00\d* USDC, request \d+: closes on Sunday 2021-09-19 24:00 UTC/);
    });

    it("takes what an exit in kind could not deliver", async function () {
      await fund.served().world.market.freezeToken("chainlink");
      await fund.tm100("redeem-in-kind", "10", "--account", "alice");
      await fund.served().world.market.thawToken("chainlink");

      const { claims } = await fund.json("claim", "--account", "alice");

      expect((claims as Document[]).map(({ kind, symbol }) => [kind, symbol])).to.deep.equal([["inKind", "LINK"]]);
    });
  });

  describe("claim while a token still refuses", function () {
    it("keeps what it owes and says so", async function () {
      await fund.served().world.market.freezeToken("chainlink");
      await fund.tm100("redeem-in-kind", "10", "--account", "alice");

      const { code, out, err } = await fund.tm100("claim", "--account", "alice");

      expect(code).to.equal(5);
      expect(out).to.match(/^Not claimed, [\d.]+ LINK: /);
      expect(err).to.include("still refuses to move; it stays yours");
    });
  });

  describe("redeem-in-kind", function () {
    it("states each part as the vault then pays it", async function () {
      const { parts } = await fund.json("redeem-in-kind", "1000", "--account", "alice");

      const { lines } = await fund.json("log", "--event", "RedeemedInKind");
      const { amounts } = (lines as Document[])[0]?.["args"] as { amounts: string[] };
      const stated = (parts as Record<string, string>[]).map(({ amount = "", coin = "" }) =>
        parseDecimal(amount, fund.served().world.market.coin(coin).decimals),
      );
      expect(stated.map(String)).to.deep.equal(amounts);
    });

    it("leaves out what is skipped", async function () {
      const { parts } = await fund.json("redeem-in-kind", "10", "--account", "alice", "--skip", "btc,chainlink");

      const skipped = (parts as Document[]).filter(({ skipped }) => skipped === true);
      expect(skipped.map(({ symbol }) => symbol)).to.have.members(["BTC", "LINK"]);
    });

    it("does nothing below a minimum, which is named in whole coins", async function () {
      const before = await fund.served().world.market.chain.publicClient.getBlockNumber();

      const { code, err } = await fund.tm100("redeem-in-kind", "10", "--account", "alice", "--min", "BTC=1");

      expect(code).to.equal(5);
      expect(err).to.match(/^error IN_KIND_BELOW_MINIMUM: .*the part of BTC is 0\.0\d+, less than the 1 demanded/);
      expect(await fund.served().world.market.chain.publicClient.getBlockNumber()).to.equal(before);
    });

    it("shows a dry run and sends nothing", async function () {
      const before = await fund.served().world.market.chain.publicClient.getBlockNumber();

      const { out } = await fund.tm100("redeem-in-kind", "10", "--account", "alice", "--skip", "BTC", "--dry-run");

      expect(out).to.match(/Given up for good to those who stay: \d\.\d\d USD \(BTC\)\.\nNothing was sent/);
      expect(await fund.served().world.market.chain.publicClient.getBlockNumber()).to.equal(before);
    });

    it("refuses an unknown coin", async function () {
      const { code, err } = await fund.tm100("redeem-in-kind", "10", "--account", "alice", "--skip", "nosuchcoin");

      expect(code).to.equal(2);
      expect(err).to.match(/^error USAGE: .*found 'nosuchcoin', which it has not listed/);
    });

    it("names what a token refused to deliver", async function () {
      await fund.served().world.market.freezeToken("chainlink");

      const { undelivered } = await fund.json("redeem-in-kind", "10", "--account", "alice");

      expect((undelivered as Document[]).map(({ symbol }) => symbol)).to.deep.equal(["LINK"]);
    });
  });
});
