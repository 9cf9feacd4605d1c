// Tests against the real market history: every file reads, and the six published dates come out as they should.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { readFileSync, readdirSync } from "node:fs";
import { expect } from "chai";
import { isoDate } from "../../../src/core/time.ts";
import { DEFAULT_PARAMETERS } from "../../../src/config/schema.ts";
import type { Decision } from "../../../src/engine/decision.ts";
import { decisionAt, decisionsBetween } from "../../../src/engine/run.ts";
import { type LoadedData, readDirectory } from "../../../src/market/sources/directory.ts";
import { truncateHistory } from "../../../src/market/truncate.ts";
import { type TemporaryFolder, temporaryFolder } from "../../market-files.ts";
import { realDataOrSkip } from "../../real-data.ts";

const MAIN = join(import.meta.dirname, "../../../src/apps/cli/main.ts");
const REGIMES: readonly (readonly [date: string, regime: string])[] = [
  ["2017-08-28", "bull"],
  ["2018-11-26", "bear"],
  ["2020-03-16", "bear"],
  ["2020-11-23", "bull"],
  ["2021-10-25", "bull"],
  ["2022-06-13", "bear"],
];

function signal(data: string, date: string): string {
  return execFileSync(process.execPath, [MAIN, "signal", "--data", data, "--as-of", date, "--json"], {
    encoding: "utf8",
  });
}

/** Every file of the folder, those of days without the rows of the date and later. */
function copyBefore(directory: string, date: string, folder: TemporaryFolder): void {
  for (const file of readdirSync(directory).filter((name) => /\.csv(?:\.gz)?$/.test(name))) {
    const bytes = readFileSync(join(directory, file));
    const text = (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString();
    const [header = "", ...lines] = text.split("\n");
    const isDated = /^(?:date|time_utc),/.test(header);
    const kept = lines.filter((line) => line !== "" && (!isDated || line.slice(0, 10) < date));
    if (kept.length === 0) continue;
    const copy = `${[header, ...kept].join("\n")}\n`;
    folder.writeBytes(file, file.endsWith(".gz") ? gzipSync(copy, { level: 1 }) : Buffer.from(copy));
  }
}

describe("real market data", function () {
  let directory = "";
  let data: LoadedData;
  let decisions: ReadonlyMap<string, Decision>;
  before(function () {
    directory = realDataOrSkip(this);
    data = readDirectory(directory);
    const range = { from: isoDate("2014-04-07"), to: isoDate("2025-01-01") };
    const chain = [...decisionsBetween(data.history, range, DEFAULT_PARAMETERS)];
    decisions = new Map(chain.map((decision) => [decision.date, decision]));
  });

  it("reads without a false alarm and names the missing days", function () {
    const counts = data.files
      .filter(({ rows }) => rows > 0)
      .map(({ file, rows, missingDays }) => [file, rows, missingDays]);

    expect(counts).to.deep.include.members([
      ["coingecko_daily_2013_2024.csv.gz", 756_770, 2652],
      ["cmc_daily_2014_2018.csv.gz", 548_140, 45_494],
      ["supplement_daily_missing_coins.csv.gz", 14_056, 92],
      ["coins.csv.gz", 826, undefined],
    ]);
  });

  for (const [date, regime] of REGIMES) {
    it(`is ${regime} on ${date}, with five votes`, function () {
      const decision = decisions.get(date);

      expect(decision?.regime).to.equal(regime);
      expect(decision?.votes.map(({ threshold }) => typeof threshold)).to.deep.equal(Array(5).fill("number"));
    });

    it(`decides ${date} the same without the later rows`, function () {
      const short = truncateHistory(data.history, isoDate(date));

      expect(decisionAt(short, { date: isoDate(date) }, DEFAULT_PARAMETERS)).to.deep.equal(decisions.get(date));
    });
  }

  it("is in stablecoins through the crash of May and June 2022", function () {
    const crash = [...decisions.values()].filter(({ date }) => date >= "2022-05-02" && date < "2022-07-04");

    expect(crash.map(({ regime }) => regime)).to.deep.equal(Array(9).fill("bear"));
  });

  it("holds 100 names in every week from September 2021 to July 2022", function () {
    const weeks = [...decisions.values()].filter(({ date }) => date >= "2021-09-06" && date < "2022-07-04");

    expect(weeks.every(({ index }) => index.length === 100)).to.equal(true);
  });

  for (const date of ["2017-08-28", "2022-06-16"]) {
    it(`prints the same bytes for ${date} when the rows of that day and later are deleted from the files`, function () {
      const folder = temporaryFolder();
      copyBefore(directory, date, folder);

      const printed = [signal(directory, date), signal(folder.path, date)];
      folder.remove();

      expect(printed[1]).to.equal(printed[0]);
    });
  }
});
