// Tests of the history store against the real market data.
import { join } from "node:path";
import { expect } from "chai";
import { isoDate } from "../../../src/core/time.ts";
import { DEFAULT_PARAMETERS } from "../../../src/config/schema.ts";
import { decisionHash } from "../../../src/engine/decision.ts";
import { decisionAt } from "../../../src/engine/run.ts";
import type { CoinSeries, History } from "../../../src/market/history.ts";
import { filesAt, readDirectory } from "../../../src/market/sources/directory.ts";
import { openMarket } from "../../../src/market/sources/open-market.ts";
import { type ImportReport, importFiles } from "../../../src/market/sources/store/import.ts";
import { type TemporaryFolder, temporaryFolder } from "../../market-files.ts";
import { realDataOrSkip } from "../../real-data.ts";

function bytesOf({ coinId, symbol, firstDay, priceUsd, capUsd, volumeUsd }: CoinSeries): string {
  const columns = [priceUsd, capUsd, volumeUsd].map((column) => Buffer.from(column.buffer).toString("hex"));
  return [coinId, symbol, firstDay, ...columns].join();
}

describe("history store of the real market data", function () {
  let directory = "";
  let folder: TemporaryFolder | undefined;
  let store = "";
  let imported: ImportReport;
  let history: History;
  before(async function () {
    directory = realDataOrSkip(this);
    folder = temporaryFolder();
    store = join(folder.path, "store");
    imported = await importFiles([directory, join(directory, "onchain")].flatMap(filesAt), store, () => {});
    ({ history } = await openMarket(store, () => {}));
  });
  after(function () {
    folder?.remove();
  });

  it("takes every file of the folder, row by row", function () {
    const rows = imported.read.reduce((sum, file) => sum + file.rows, 0);

    expect(imported.read.filter(({ format }) => format === "other")).to.deep.equal([]);
    expect(imported.manifest.files.reduce((sum, file) => sum + file.rows, 0)).to.equal(rows);
    expect(imported.read.map(({ file, rows: count }) => [file, count])).to.deep.include.members([
      ["coingecko_weekly_top250_2013_2024.csv.gz", 75_853],
      ["cmc_monthly_top200_2020_2024.csv.gz", 12_000],
      ["cmc_weekly_mcap_top200_2017_2019.csv.gz", 30_200],
      ["index_levels.csv.gz", 12_323],
      ["funding_8h_2020_2024.csv.gz", 18_444],
      ["open_interest_daily_2021_2024.csv.gz", 51_954],
      ["binance_perp_daily_2024.csv.gz", 80_747],
      ["tokenmetrics_btc_grades_2021_2023.csv", 748],
      ["uniswap_v3_pool_states.json", 10 + 2385],
    ]);
  });

  it("holds the same numbers as the files, to the last bit", function () {
    const files = readDirectory(directory).history;

    expect(history.flags).to.deep.equal(files.flags);
    expect(history.providers.map(({ provider, firstDay, lastDay }) => [provider, firstDay, lastDay])).to.deep.equal(
      files.providers.map(({ provider, firstDay, lastDay }) => [provider, firstDay, lastDay]),
    );
    for (const [i, { coins }] of files.providers.entries()) {
      const stored = history.providers[i]?.coins.map(bytesOf) ?? [];
      expect(coins.map(bytesOf).filter((bytes, at) => bytes !== stored[at])).to.deep.equal([]);
      expect(stored).to.have.length(coins.length);
    }
  });

  it("leads to the same decisions as the files", function () {
    const files = readDirectory(directory).history;
    for (const date of ["2017-08-28", "2018-04-09", "2022-06-13"]) {
      const hashes = [history, files].map((source) =>
        decisionHash(decisionAt(source, { date: isoDate(date) }, DEFAULT_PARAMETERS)),
      );
      expect(hashes[0]).to.equal(hashes[1]);
    }
  });
});
