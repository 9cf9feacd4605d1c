// Tests of `log` and `verify` on a fund that is served over HTTP.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";

import type { Deployment } from "../../src/execute/deployment.ts";
import { Database } from "../../src/market/sources/store/database.ts";
import { type CliRun, runCli } from "../cli-run.ts";
import { type Document, useServedFund } from "./served-fund.ts";

describe("commands of the inspector", function () {
  const fund = useServedFund();

  describe("log", function () {
    it("filters by event", async function () {
      const { lines } = await fund.json("log", "--event", "depositrequested");

      expect((lines as Document[]).map(({ event }) => event)).to.deep.equal(["DepositRequested", "DepositRequested"]);
    });

    it("filters by line number", async function () {
      const { lines } = await fund.json("log", "--from-sequence", "3", "--to-sequence", "5");

      expect((lines as Document[]).map(({ sequence }) => sequence)).to.deep.equal([3, 4, 5]);
    });

    it("filters by kind of event, and by asset", async function () {
      const { lines } = await fund.json("log", "--event", "trades", "--asset", "bitcoin");

      // Bitcoin was bought once, in the first week.
      expect((lines as Document[]).map(({ event }) => event)).to.deep.equal(["LegExecuted"]);
    });

    it("filters by account, week and time", async function () {
      const bob = fund.served().world.market.chain.accounts.bob.address;
      const ofBob = await fund.json("log", "--account", bob);
      const before = await fund.json("log", "--account", bob, "--to", "2021-09-06");
      const ofWeek = await fund.json("log", "--week", "2021-09-08", "--event", "targets");

      expect((ofBob["lines"] as Document[]).map(({ event }) => event)).to.deep.equal(["DepositRequested"]);
      expect(before["lines"]).to.deep.equal([]);
      expect((ofWeek["lines"] as Document[]).map(({ event }) => event)).to.deep.equal(["TargetPublished"]);
    });

    it("refuses an asset that was never listed", async function () {
      const { code, err } = await fund.tm100("log", "--asset", "dogecoin");

      expect(code).to.equal(2);
      expect(err).to.include("found 'dogecoin'");
    });

    it("writes CSV with a column for each argument", async function () {
      const { out } = await fund.tm100("log", "--event", "DepositsStruck", "--format", "csv");

      const [header, row, ...rest] = out.trimEnd().split("\n");
      expect(header).to.equal(
        "sequence,time,week,event,words,epoch,assets,shares,nav,supply,swing,block,transaction,head",
      );
      expect(row).to.include('"deposits up to request 1: 100,000.00 USDC became 100,000.00 TM100",1,100000000000,');
      expect(rest).to.deep.equal([]);
    });

    it("writes Parquet that says the same", async function () {
      const path = join(fund.served().folder, "lines.parquet");
      await fund.tm100("log", "--event", "LegExecuted", "--format", "parquet", "--out", path);
      const { lines } = await fund.json("log", "--event", "LegExecuted");

      const database = await Database.open();
      const rows = await database.rows(`SELECT sequence, epoch(time)::INTEGER, amountBought, head FROM '${path}'`);
      database.close();

      expect(rows).to.deep.equal(
        (lines as Document[]).map(({ sequence, time, args, head }) => {
          return [sequence, Date.parse(String(time)) / 1000, (args as Document)["amountBought"], head];
        }),
      );
    });

    it("reads a file without a node", async function () {
      const path = join(fund.served().folder, "alone.jsonl");
      await fund.tm100("log", "--out", path);

      const { code, out } = await runCli(["log", "--log", path, "--event", "fees,requests", "--format", "json"]);

      expect(code).to.equal(0);
      expect((JSON.parse(out) as { lines: unknown[] }).lines).to.have.length(2);
    });

    for (const [what, args, message] of [
      ["an unknown event", ["--event", "Sold"], "found 'Sold'"],
      ["a filter on a file that is to be proven", ["--out", "x.jsonl", "--week", "2021-09-06"], "found a filter"],
      ["Parquet without a file", ["--format", "parquet"], "Expected --out"],
      ["a time that ends before it begins", ["--from", "2022-01-01", "--to", "2021-01-01"], "Expected --from before"],
      ["no week", ["--week", "tomorrow"], "found 'tomorrow'"],
    ] as const) {
      it(`refuses ${what}`, async function () {
        const { code, err } = await fund.tm100("log", ...args);

        expect(code).to.equal(2);
        expect(err).to.include(message);
      });
    }

    it("refuses a range that ends before it begins", async function () {
      const { code, err } = await fund.tm100("log", "--from-sequence", "10", "--to-sequence", "5");

      expect(code).to.equal(2);
      expect(err).to.include("Expected --from-sequence at or before --to-sequence, found 10 and 5.");
    });

    it("says so when the ledger ends before the range", async function () {
      const { code, out } = await fund.tm100("log", "--from-sequence", "9999");

      expect(code).to.equal(0);
      expect(out).to.match(/^No line 9999 yet: the ledger has \d+ lines\.\n$/);
    });

    it("says so when no line is of the event", async function () {
      const { out } = await fund.tm100("log", "--event", "TargetVetoed");

      expect(out).to.match(/^No TargetVetoed among the lines asked for: /);
    });

    it("says what happened in words", async function () {
      const { out } = await fund.tm100("log", "--event", "DepositsStruck");

      expect(out).to.include("deposits up to request 1: 100,000.00 USDC became 100,000.00 TM100");
    });

    it("leaves no unfinished file beside the one it writes", async function () {
      await fund.tm100("log", "--out", join(fund.served().folder, "whole.jsonl"));

      expect(readdirSync(fund.served().folder).filter((file) => file.startsWith("whole"))).to.deep.equal([
        "whole.jsonl",
      ]);
    });
  });

  describe("verify", function () {
    /** The rows of a fresh ledger file: a header and one a line. */
    async function ledgerRows(): Promise<string[]> {
      const path = join(fund.served().folder, "ledger.jsonl");
      await fund.tm100("log", "--out", path);
      return readFileSync(path, "utf8").trimEnd().split("\n");
    }

    function node(): string[] {
      return ["--rpc", fund.served().rpc, "--deployment", fund.served().deployment];
    }

    async function verifyRows(rows: readonly string[], ...args: string[]): Promise<CliRun> {
      const path = join(fund.served().folder, "changed.jsonl");
      writeFileSync(path, `${rows.join("\n")}\n`);
      return runCli(["verify", "--log", path, ...args]);
    }

    it("proves the chain's own log", async function () {
      const { comparedWith, compared } = await fund.json("verify");

      expect(comparedWith).to.equal("chain");
      expect(compared).to.include.members(["head", "balances", "supply"]);
    });

    it("claims no more for a file alone than that it agrees with its header", async function () {
      const { code, out } = await verifyRows(await ledgerRows());

      expect(code).to.equal(0);
      expect(out).to.match(/^Consistent with its own header \(\d+ lines, .*not compared with a chain/);
      expect(out).to.not.include("Proven");
    });

    it("proves a file against the chain when a node is named", async function () {
      const { out } = await verifyRows(await ledgerRows(), ...node());

      expect(out).to.include("Compared with the chain");
    });

    it("finds a file that ends too early for the chain", async function () {
      const rows = await ledgerRows();
      await fund.tm100("deposit", "1", "--account", "carol");

      const { code, err } = await verifyRows(rows, ...node());

      expect(code).to.equal(3);
      expect(err).to.include(`Ledger broken at line ${rows.length}`); // the header is no line
    });

    it("names the first line of a file of another chain", async function () {
      const rows = await ledgerRows();
      const { chain } = fund.served().world.market;
      const snapshot = await chain.snapshot();
      await fund.tm100("deposit", "1", "--account", "carol");
      const others = await ledgerRows();
      await chain.revert(snapshot);
      await fund.tm100("deposit", "2", "--account", "carol");
      await fund.tm100("deposit", "3", "--account", "carol");

      const { code, err } = await verifyRows(others, ...node());

      expect(code).to.equal(3);
      expect(err).to.include(`error LEDGER_DIFFERS: Line ${rows.length} differs from the chain's.`);
      expect(err).to.include("may be of another chain");
    });

    it("names a line whose time is not the chain's", async function () {
      const rows = await ledgerRows();
      rows[4] = (rows[4] ?? "").replace(/"time":\d+/, '"time":1');

      const { code, err } = await verifyRows(rows, ...node());

      expect(code).to.equal(3);
      expect(err).to.match(/^error LEDGER_DIFFERS: Line 4 differs from the chain's\. Expected time \d+, found 1\./);
    });

    it("names an altered line", async function () {
      const rows = await ledgerRows();
      rows[7] = (rows[7] ?? "").replace(/"decimals":"\d+"/, '"decimals":"9"');

      const { code, err } = await verifyRows(rows);

      expect(code).to.equal(3);
      expect(err).to.match(/^error LEDGER_BROKEN: Ledger broken at line 7: AssetListed was altered/);
    });

    it("names a deleted line", async function () {
      const rows = await ledgerRows();
      rows.splice(7, 1);

      const { code, err } = await verifyRows(rows);

      expect(code).to.equal(3);
      expect(err).to.match(/^error LEDGER_BROKEN: Ledger broken at line 7: line 7 is missing/);
    });

    it("names a line that stands further down", async function () {
      const rows = await ledgerRows();
      rows.splice(7, 2, rows[8] ?? "", rows[7] ?? "");

      const { code, err } = await verifyRows(rows);

      expect(code).to.equal(3);
      expect(err).to.match(/^error LEDGER_BROKEN: Ledger broken at line 7: line 7 stands further down/);
    });

    it("names half a line", async function () {
      const rows = await ledgerRows();
      const last = rows.pop() ?? "";

      const { code, err } = await verifyRows([...rows, last.slice(0, last.length / 2)]);

      expect(code).to.equal(3);
      expect(err)
        .to.match(/^error LEDGER_FILE_MALFORMED: /)
        .and.to.include(`in its line ${rows.length + 1}.`);
    });

    it("refuses the ledger of another fund", async function () {
      const rows = await ledgerRows();
      const path = join(fund.served().folder, "other.json");
      const deployment = JSON.parse(readFileSync(fund.served().deployment, "utf8")) as Deployment;
      const { vault, rebalancer } = deployment.addresses;
      const addresses = { ...deployment.addresses, vault: rebalancer, rebalancer: vault };
      writeFileSync(path, JSON.stringify({ ...deployment, addresses }));

      const { code, err } = await verifyRows(rows, "--rpc", fund.served().rpc, "--deployment", path);

      expect(code).to.equal(3);
      expect(err).to.match(/^error LEDGER_OF_OTHER_FUND: /);
    });
  });
});
