// Tests of `tm100 data check` and `tm100 data info`.
import { join } from "node:path";
import { expect } from "chai";
import { runCli } from "../../../cli-run.ts";
import { COINGECKO_HEADER, type TemporaryFolder, temporaryFolder } from "../../../market-files.ts";

const SOUND = [
  COINGECKO_HEADER,
  "2024-01-01,bitcoin,BTC,40000,8e11,2e10",
  "2024-01-02,bitcoin,BTC,41000,8.2e11,2.1e10",
];

type Check = {
  readonly manifest: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly defects: readonly Readonly<Record<string, string>>[];
};

describe("tm100 data check", function () {
  let folder: TemporaryFolder;
  beforeEach(function () {
    folder = temporaryFolder();
  });
  afterEach(function () {
    folder.remove();
  });

  it("names kind, coin and dates of each defect of a folder of files", async function () {
    folder.write("a.csv", [...SOUND, "2024-01-04,bitcoin,BTC,205000,4.1e12,2e10"]);

    const { code, out } = await runCli(["data", "check", "--data", folder.path, "--json"]);
    const { defects, counts, manifest } = JSON.parse(out) as Check;

    expect(code).to.equal(0);
    expect(manifest).to.equal("none");
    expect(counts).to.deep.equal({ gap: 1, jump: 1 });
    expect(defects.map(({ kind, coin, date, to }) => [kind, coin, date, to])).to.deep.equal([
      ["gap", "bitcoin", "2024-01-03", "2024-01-03"],
      ["jump", "bitcoin", "2024-01-04", "2024-01-04"], // 205,000 is five times 41,000
    ]);
  });

  it("ends with 3 when strict, after the report", async function () {
    folder.write("a.csv", [...SOUND, "2024-01-04,bitcoin,BTC,42000,8.4e11,2e10"]);

    const { code, out, err } = await runCli(["data", "check", "--data", folder.path, "--strict"]);

    expect(code).to.equal(3);
    expect(out).to.match(/^gap {2,}coingecko {2,}bitcoin {2,}2024-01-03 {2,}2024-01-03 {2,}no row for 1 day$/m);
    expect(err).to.match(/^error DEFECTS_FOUND: .*expected no defect, found 1 gap/m);
  });

  it("ends with 0 when strict and nothing is wrong, in a store whose files match its manifest", async function () {
    const store = join(folder.path, "store");
    await runCli(["data", "import", folder.write("a.csv", SOUND), "--data", store]);

    const { code, out } = await runCli(["data", "check", "--data", store, "--strict", "--json"]);

    expect(code).to.equal(0);
    expect(JSON.parse(out)).to.include({ manifest: "matches" });
  });

  it("names gaps of other tables", async function () {
    const days = Array.from({ length: 40 }, (_, i) => `2024-01-${String(i + 1).padStart(2, "0")},50,Neutral`).slice(
      0,
      31,
    );
    folder.write("a.csv", SOUND);
    folder.write("f.csv", ["date,value,class", ...days.filter((row) => !row.startsWith("2024-01-20"))]);

    const { out } = await runCli(["data", "check", "--data", folder.path, "--json"]);

    expect((JSON.parse(out) as Check).defects).to.deep.equal([
      { kind: "gap", source: "fear_greed", coin: "*", date: "2024-01-20", to: "2024-01-20", detail: "1 row missing" },
    ]);
  });

  it("checks the embedded market", async function () {
    const { code, out } = await runCli(["data", "check"]);

    expect(code).to.equal(0);
    expect(out).to.match(/^Defects: \d+ gap/m);
  });
});

describe("tm100 data info", function () {
  it("says what a store holds, with and without daily prices", async function () {
    const folder = temporaryFolder();
    const store = join(folder.path, "store");
    const fear = folder.write("f.csv", ["date,value,class", "2024-01-01,50,Neutral"]);
    await runCli(["data", "import", fear, "--data", store]);

    const { code, out } = await runCli(["data", "info", "--data", store, "--json"]);
    folder.remove();

    expect(code).to.equal(0);
    const { files, tables, decisions } = JSON.parse(out) as { files: unknown[]; tables: unknown[]; decisions: unknown };
    expect(files[0]).to.include({ file: "f.csv", format: "fear-greed", rows: 1, from: "2024-01-01" });
    expect(tables[0]).to.include({ file: "fear_greed.parquet", rows: 1 });
    expect(decisions).to.equal(null);
  });
});
