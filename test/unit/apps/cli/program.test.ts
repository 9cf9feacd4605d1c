// Tests of src/apps/cli: every market command, its exit codes and its output.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { COINGECKO_HEADER, type TemporaryFolder, temporaryFolder } from "../../../market-files.ts";

const MAIN = join(import.meta.dirname, "../../../../src/apps/cli/main.ts");

type Run = { readonly code: number | null; readonly out: string; readonly err: string };

function tm100(...args: string[]): Run {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], { encoding: "utf8" });
  return { code: status, out: stdout, err: stderr };
}

describe("tm100", function () {
  describe("market commands on the embedded market", function () {
    for (const command of ["signal", "weights", "universe", "decide"]) {
      it(`${command} --json prints exactly one JSON document, the same each time`, function () {
        const [first, second] = [1, 2].map(() => tm100(command, "--as-of", "2023-03-06", "--json"));

        expect(first?.code).to.equal(0);
        expect((JSON.parse(first?.out ?? "") as { asOf: string }).asOf).to.equal("2023-03-06");
        expect(first?.out).to.equal(second?.out);
        expect(first?.err).to.equal("");
      });
    }

    it("prints a table for people and says when the date is no Monday", function () {
      const { code, out } = tm100("signal", "--as-of", "2023-03-09");

      expect(code).to.equal(0);
      expect(out).to.include("Decision of Monday 2023-03-06").and.to.include("in force on 2023-03-09");
      expect(out).to.match(/above 10 week mean +[\d,.]+ +[\d,.]+ +no/);
    });

    it("explains ranks and weights where the index is held", function () {
      const { out } = tm100("weights", "--as-of", "2025-01-01");

      expect(out).to.include("Ranks go by the 7-day average of the cap, weights by its last close.");
    });

    it("tells what the data hold", function () {
      const { decisions } = JSON.parse(tm100("data", "info", "--json").out) as { decisions: unknown };

      expect(decisions).to.deep.equal({ first: "2021-04-05", last: "2025-01-01" });
    });

    it("names the gaps of the embedded market", function () {
      const { counts } = JSON.parse(tm100("data", "check", "--json").out) as { counts: { gap: number } };

      expect(counts.gap).to.be.greaterThan(0);
    });
  });

  describe("failures", function () {
    const cases: readonly (readonly [what: string, args: readonly string[], code: number, name: string])[] = [
      ["an unknown command", ["bogus"], 2, "USAGE"],
      ["no command", [], 2, "USAGE"],
      ["an unknown option", ["signal", "--bogus"], 2, "USAGE"],
      ["a date that does not exist", ["signal", "--as-of", "2023-02-30"], 2, "USAGE"],
      ["a date outside the data", ["signal", "--as-of", "2030-01-01"], 3, "DATE_OUT_OF_DATA"],
      ["a file in the place of a data folder", ["signal", "--data", MAIN], 3, "NO_MARKET_DATA"],
      ["a folder that is not there", ["weights", "--data", "/nonexistent"], 3, "NO_MARKET_DATA"],
    ];
    for (const [what, args, code, name] of cases) {
      it(`${what} exits with ${code} and prints to standard error only`, function () {
        const run = tm100(...args);

        expect(run.code).to.equal(code);
        expect(run.err).to.include(`error ${name}: `);
        expect(run.out).to.equal("");
      });
    }

    it("help exits with 0", function () {
      expect(tm100("--help").code).to.equal(0);
    });
  });

  describe("data import", function () {
    let folder: TemporaryFolder;
    beforeEach(function () {
      folder = temporaryFolder();
    });
    afterEach(function () {
      folder.remove();
    });

    it("writes a checked copy, and adds a later file to it", function () {
      const target = join(folder.path, "store");
      const one = folder.write("one.csv", [COINGECKO_HEADER, "2024-01-01,bitcoin,BTC,40000,8e11,2e10"]);
      const two = folder.write("two.csv", [COINGECKO_HEADER, "2024-01-02,bitcoin,BTC,41000,8.1e11,2e10"]);

      expect(tm100("data", "import", one, "--data", target).code).to.equal(0);
      const { written } = JSON.parse(tm100("data", "import", two, "--data", target, "--json").out) as {
        written: unknown[];
      };

      expect(written[0]).to.include({ file: "daily.parquet", rows: 2 });
      expect(tm100("data", "check", "--data", target, "--json").out).to.include('"manifest": "matches"');
    });

    it("says how many rows overlap and were left out", function () {
      const target = join(folder.path, "store");
      const shared = "2024-01-02,bitcoin,BTC,41000,8.1e11,2e10";
      const one = folder.write("one.csv", [COINGECKO_HEADER, "2024-01-01,bitcoin,BTC,40000,8e11,2e10", shared]);
      const two = folder.write("two.csv", [COINGECKO_HEADER, shared, "2024-01-03,bitcoin,BTC,42000,8.2e11,2e10"]);
      const first = tm100("data", "import", one, "--data", target);

      const second = tm100("data", "import", two, "--data", target);

      expect(first.out).not.to.include("left out");
      expect(second.out).to.match(/^Rows left out, because the store had them already: 1$/m);
    });

    it("changes nothing on bad input", function () {
      const target = join(folder.path, "store");
      const good = folder.write("good.csv", [COINGECKO_HEADER, "2024-01-01,bitcoin,BTC,40000,8e11,2e10"]);
      const bad = folder.write("bad.csv", [COINGECKO_HEADER, "2024-01-02,bitcoin,BTC,NaN,8e11,2e10"]);
      tm100("data", "import", good, "--data", target);
      const manifest = readFileSync(join(target, "manifest.json"), "utf8");

      const run = tm100("data", "import", bad, "--data", target);

      expect(run.code).to.equal(3);
      expect(run.err).to.include("error BAD_VALUE: ").and.to.include("bad.csv, line 2, column price_usd");
      expect(readFileSync(join(target, "manifest.json"), "utf8")).to.equal(manifest);
    });

    it("looks at the target before it reads the files", function () {
      const bad = folder.write("bad.csv", [COINGECKO_HEADER, "2024-01-02,bitcoin"]);

      const { code, err } = tm100("data", "import", bad, "--data", join(bad, "store"));

      expect(code).to.equal(2);
      expect(err).to.match(/^error TARGET_NOT_WRITABLE: .*\n$/);
    });

    it("refuses a file as its target", function () {
      const one = folder.write("one.csv", [COINGECKO_HEADER, "2024-01-01,bitcoin,BTC,40000,8e11,2e10"]);

      const { code, err } = tm100("data", "import", one, "--data", one);

      expect(code).to.equal(2);
      expect(err).to.include("found a file. Name another with --data");
    });

    it("writes no folder at all when the first import fails", function () {
      const bad = folder.write("bad.csv", [COINGECKO_HEADER, "2024-01-02,bitcoin"]);

      expect(tm100("data", "import", bad, "--data", join(folder.path, "store")).code).to.equal(3);
      expect(existsSync(join(folder.path, "store"))).to.equal(false);
    });
  });
});
