// Tests of `reconstruct`, and of `verify` with what a stranger has, on a fund that is served over HTTP.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";
import { numberToHex, toFunctionSelector } from "viem";

import { type CliRun, runCli } from "../cli-run.ts";
import { serveNode } from "../rpc-node.ts";
import { type Document, useServedFund } from "./served-fund.ts";

const TOTAL_SUPPLY = toFunctionSelector("totalSupply()");

describe("commands of a stranger", function () {
  const fund = useServedFund();

  async function ledgerFile(): Promise<string> {
    const path = join(fund.served().folder, "ledger.jsonl");
    await fund.tm100("log", "--out", path);
    return path;
  }

  describe("reconstruct", function () {
    it("gives every position, and agrees with the chain", async function () {
      const alice = fund.served().world.market.chain.accounts.alice.address.toLowerCase();
      const { positions, differences, comparedAtBlock, supply } = await fund.json("reconstruct");

      const hers = (positions as Document[]).find(({ account }) => account === alice);
      expect(hers).to.include({ shares: "100000", depositPending: "0" });
      expect([differences, supply]).to.deep.equal([[], "100000"]);
      expect(comparedAtBlock).to.be.a("number");
    });

    it("shows one account", async function () {
      const bob = fund.served().world.market.chain.accounts.bob.address;
      const { positions } = await fund.json("reconstruct", "--account", bob);

      expect(positions).to.have.length(1);
      expect((positions as Document[])[0]).to.include({ shares: "0", depositPending: "50000" });
    });

    it("reads a file alone, and says that nothing vouches for it", async function () {
      const { code, out } = await runCli(["reconstruct", "--log", await ledgerFile()]);

      expect(code).to.equal(0);
      expect(out).to.match(/finished +bull +\d/);
      expect(out).to.include("not compared with a chain");
    });

    it("compares a file with a node", async function () {
      const { code, out } = await fund.tm100("reconstruct", "--log", await ledgerFile());

      expect(code).to.equal(0);
      expect(out).to.match(/Compared with the chain at block \d+: balances, supply, .* agree to the last unit\./);
    });

    it("names each figure on which the node disagrees", async function () {
      // A node that tells of one share more than there is.
      const node = await serveNode(fund.served().world.market.chain);
      node.twist = ({ method, params }) => {
        const [call] = params as readonly { readonly data?: string }[];
        const isSupply = method === "eth_call" && call?.data === TOTAL_SUPPLY;
        return Promise.resolve(isSupply ? { result: numberToHex(100_001n * 10n ** 18n, { size: 32 }) } : undefined);
      };
      const { deployment } = fund.served();
      const { code, err } = await runCli(["reconstruct", "--rpc", node.url, "--deployment", deployment]);
      await node.close();

      expect(code).to.equal(3);
      expect(err).to.include("error RECONSTRUCTION_DIFFERS: ").and.to.include("found 1 differences: supply: 1000");
    });

    it("refuses an account that the ledger does not name", async function () {
      const { dave } = fund.served().world.market.chain.accounts;
      const { code, err } = await fund.tm100("reconstruct", "--account", dave.address);

      expect(code).to.equal(2);
      expect(err).to.include(`found ${dave.address}`);
    });
  });

  describe("verify", function () {
    function vault(): string {
      return fund.served().world.fund.addresses.vault;
    }

    it("needs no deployment file when the vault is named", async function () {
      const { rpc } = fund.served();
      const { code, out } = await runCli(["verify", "--rpc", rpc, "--vault", vault(), "--from-block", "1"]);

      expect(code).to.equal(0);
      expect(out).to.match(/^Proven: \d+ lines/);
    });

    it("names a vault that is not there", async function () {
      const nobody = "0x00000000000000000000000000000000000000fd";
      const { rpc } = fund.served();
      const { code, err } = await runCli(["verify", "--rpc", rpc, "--vault", nobody, "--from-block", "1"]);

      expect(code).to.equal(5);
      expect(err).to.match(/^error VAULT_MISSING: /);
    });

    it("asks for the block to begin at", async function () {
      const { code, err } = await fund.tm100("verify", "--vault", vault());

      expect(code).to.equal(2);
      expect(err).to.include("--vault and --from-block together");
    });

    it("says after which line a known head stood", async function () {
      const rows = readFileSync(await ledgerFile(), "utf8").split("\n");
      const { head } = JSON.parse(rows[5] ?? "") as { readonly head: string };

      const { knownHeadAtLine } = await fund.json("verify", "--head", head);

      expect(knownHeadAtLine).to.equal(5);
    });

    it("refuses a known head that the ledger does not have", async function () {
      const { code, err } = await fund.tm100("verify", "--head", `0x${"ab".repeat(26)}`);

      expect(code).to.equal(3);
      expect(err).to.match(/^error HEAD_NOT_IN_LEDGER: /);
    });

    it("refuses what is no head", async function () {
      const { code, err } = await fund.tm100("verify", "--head", "0xabcd");

      expect(code).to.equal(2);
      expect(err).to.include("found '0xabcd'");
    });

    it("names the field in which a file differs from the chain", async function () {
      const path = await ledgerFile();
      writeFileSync(path, readFileSync(path, "utf8").replace('"amountBought":"', '"amountBought":"1'));

      const { code, err }: CliRun = await fund.tm100("verify", "--log", path);

      expect(code).to.equal(3);
      expect(err).to.match(/^error LEDGER_DIFFERS: Line \d+ differs from the chain's\. Expected amountBought \d+/);
    });
  });

  describe("tax", function () {
    it("shows a depositor's lots at the last NAV", async function () {
      const alice = fund.served().world.market.chain.accounts.alice.address;
      const { open, years, disposals } = await fund.json("tax", "--account", alice);

      expect([years, disposals]).to.deep.equal([[], []]);
      expect((open as Document[])[0]).to.include({ asset: "TM100", lots: 1, quantity: "100000", cost: "100000" });
    });

    it("has as many disposals of the fund as it sold, each method with the same proceeds", async function () {
      await fund.tm100("rebalance", "--live", "--account", "keeper");
      const proceeds = new Set<string>();
      for (const method of ["fifo", "lifo", "hifo", "average"]) {
        const { years } = await fund.json("tax", "--fund", "--method", method);
        proceeds.add(String((years as Document[])[0]?.["proceeds"]));
      }

      expect([...proceeds]).to.have.length(1);
    });

    it("writes CSV", async function () {
      await fund.tm100("rebalance", "--live", "--account", "keeper");
      const path = join(fund.served().folder, "gains.csv");
      const { code } = await fund.tm100("tax", "--fund", "--out", path);
      const [header, ...rows] = readFileSync(path, "utf8").trimEnd().split("\n");

      expect(code).to.equal(0);
      expect(header).to.equal(
        "year,asset,kind,acquired,disposed,quantity,proceedsUsd,costUsd,gainUsd,isCostUnknown,line",
      );
      expect(rows).to.not.be.empty;
      expect(rows.every((row) => row.startsWith("2021,"))).to.equal(true);
    });

    for (const [what, args, message] of [
      ["nobody's lots", [], "Expected --account <address> or --fund"],
      ["both", ["--fund", "--account", `0x${"00".repeat(19)}fd`], "cannot be used with"],
      ["an account without shares", ["--account", `0x${"00".repeat(19)}fd`], "has or had shares"],
      ["an unknown method", ["--fund", "--method", "best"], "best"],
      ["no year", ["--fund", "--year", "last"], "found 'last'"],
    ] as const) {
      it(`refuses ${what}`, async function () {
        const { code, err } = await fund.tm100("tax", ...args);

        expect(code).to.equal(2);
        expect(err).to.include(message);
      });
    }
  });
});
