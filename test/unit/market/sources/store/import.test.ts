// Tests of src/market/sources/store: files in, Parquet files with a manifest, history out.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import type { History } from "../../../../../src/market/history.ts";
import { filesAt, readDirectory } from "../../../../../src/market/sources/directory.ts";
import { openMarket } from "../../../../../src/market/sources/open-market.ts";
import { importFiles } from "../../../../../src/market/sources/store/import.ts";
import { ForeignFilesError, TargetNotWritableError } from "../../../../../src/market/sources/store/folder.ts";
import {
  ManifestMismatchError,
  OtherStoreError,
  verifyStore,
} from "../../../../../src/market/sources/store/manifest.ts";
import { failureOf } from "../../../../failure-of.ts";
import { CMC_HEADER, COINGECKO_HEADER, type TemporaryFolder, temporaryFolder } from "../../../../market-files.ts";

const BITCOIN = "2024-01-01,bitcoin,BTC,40000,800000000000,20000000000";
const SUPPLEMENT_HEADER = "date,coin_id,symbol,source,price_usd,market_cap_usd,volume_usd";
const COINS = "coin_id,is_stablecoin,is_wrapped_or_staked,is_rwa_or_commodity";

async function run(paths: readonly string[], directory: string) {
  return await importFiles(paths.flatMap(filesAt), directory, () => {});
}

async function history(directory: string): Promise<History> {
  return (await openMarket(directory, () => {})).history;
}

describe("importFiles", function () {
  let folder: TemporaryFolder;
  let store = "";
  beforeEach(function () {
    folder = temporaryFolder();
    store = join(folder.path, "store");
  });
  afterEach(function () {
    folder.remove();
  });

  describe("with daily prices", function () {
    it("keeps the history that the files state, of both providers, with the flags", async function () {
      folder.write("coins.csv", [COINS, "bitcoin,0,0,0", "tether,1,0,0"]);
      folder.write("a.csv", [
        COINGECKO_HEADER,
        BITCOIN,
        "2024-01-03,bitcoin,XBT,41000.123456789,,",
        "2024-01-02,tether,USDT,1,2e9,3",
      ]);
      folder.write("c.csv", [CMC_HEADER, "2017-01-01,bitcoin,960,998,16000000000,147000000"]);
      folder.write("s.csv", [
        SUPPLEMENT_HEADER,
        "2023-12-31,bitcoin,OLD,sj_export,39000,,",
        "2024-01-01,bitcoin,OLD,coingecko,1,,",
      ]);

      await run([folder.path], store);

      expect(await history(store)).to.deep.equal(readDirectory(folder.path).history);
    });

    it("adds a file to what is there and leaves out rows that it has already", async function () {
      const first = folder.write("a.csv", [COINGECKO_HEADER, BITCOIN]);
      const second = folder.write("b.csv", [COINGECKO_HEADER, BITCOIN, "2024-01-02,bitcoin,BTC,41000,,"]);

      await run([first], store);
      const { overlap } = await run([second], store);

      expect(overlap).to.equal(1);
      expect([...((await history(store)).providers[0]?.coins[0]?.priceUsd ?? [])]).to.deep.equal([40_000, 41_000]);
    });

    it("refuses a file that contradicts the store and leaves the store as it is", async function () {
      await run([folder.write("a.csv", [COINGECKO_HEADER, BITCOIN])], store);
      const before = readFileSync(join(store, "manifest.json"), "utf8");
      const other = folder.write("b.csv", [COINGECKO_HEADER, BITCOIN.replace("40000", "40001")]);

      const failure = await failureOf(run([other], store));

      expect(failure.code).to.equal("CONFLICTING_ROWS");
      expect(failure.message).to.include("coin_id bitcoin, date 2024-01-01");
      expect(readFileSync(join(store, "manifest.json"), "utf8")).to.equal(before);
    });

    it("refuses a coin that the stored list does not know", async function () {
      await run([folder.write("coins.csv", [COINS, "tether,1,0,0"])], store);

      const failure = await failureOf(run([folder.write("a.csv", [COINGECKO_HEADER, BITCOIN])], store));

      expect(failure.code).to.equal("UNKNOWN_COIN");
      expect(failure.message).to.include("a.csv, line 2").and.to.include("'bitcoin'");
    });

    it("takes a newer list of coins in the place of the old one", async function () {
      const prices = folder.write("a.csv", [COINGECKO_HEADER, BITCOIN]);
      await run([prices, folder.write("coins.csv", [COINS, "bitcoin,0,1,0"])], store);
      await run([folder.write("coins2.csv", [COINS, "bitcoin,0,0,0"])], store);

      expect((await history(store)).flags.get("bitcoin")?.wrapped).to.equal(false);
    });
  });

  it("writes the same bytes twice", async function () {
    folder.write("a.csv", [COINGECKO_HEADER, BITCOIN]);
    folder.writeBytes("f.csv.gz", gzipSync("date,value,class\n2018-02-01,30,Fear\n"));
    const source = filesAt(folder.path);
    const bytes = [];
    for (const name of ["one", "two"]) {
      const directory = join(folder.path, name);
      await importFiles(source, directory, () => {});
      bytes.push(readdirSync(directory).map((file) => readFileSync(join(directory, file)).toString("hex")));
    }

    expect(bytes[0]).to.have.length(3);
    expect(bytes[1]).to.deep.equal(bytes[0]);
  });

  it("leaves a folder with other files as it is", async function () {
    const path = folder.write("a.csv", [COINGECKO_HEADER, BITCOIN]);

    expect(await failureOf(run([path], folder.path))).to.be.instanceOf(ForeignFilesError);
    expect(readdirSync(folder.path)).to.deep.equal(["a.csv"]);
  });

  it("refuses a target that is a file", async function () {
    const path = folder.write("a.csv", [COINGECKO_HEADER, BITCOIN]);

    expect(await failureOf(run([path], path))).to.be.instanceOf(TargetNotWritableError);
  });

  describe("after the import", function () {
    beforeEach(async function () {
      await run([folder.write("a.csv", [COINGECKO_HEADER, BITCOIN])], store);
    });

    it("accepts what was written", function () {
      expect(verifyStore(store)?.files.map(({ file }) => file)).to.deep.equal(["daily.parquet"]);
    });

    it("names a file that was changed", function () {
      writeFileSync(join(store, "daily.parquet"), "PAR1");

      expect(() => verifyStore(store)).to.throw(ManifestMismatchError, "daily.parquet");
    });

    it("names a file that cannot be read", async function () {
      writeFileSync(join(store, "daily.parquet"), "PAR1");

      expect((await failureOf(history(store))).code).to.equal("UNREADABLE_FILE");
    });

    it("refuses a manifest of another version, and says which field", async function () {
      writeFileSync(join(store, "manifest.json"), '{"version":1,"files":[]}');

      const failure = await failureOf(history(store));

      expect(failure).to.be.instanceOf(OtherStoreError);
      expect(failure.message).to.include("version");
    });
  });
});
