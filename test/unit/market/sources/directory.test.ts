// Tests of src/market/sources/directory.ts and of the errors of the readers behind it.
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { AppError } from "../../../../src/core/errors.ts";
import { dayNumber, isoDate } from "../../../../src/core/time.ts";
import { ConflictingRowsError } from "../../../../src/market/history-builder.ts";
import {
  MalformedLineError,
  TruncatedFileError,
  UnreadableFileError,
} from "../../../../src/market/sources/csv-file.ts";
import { BadValueError } from "../../../../src/market/sources/csv-values.ts";
import { UnknownFormatError } from "../../../../src/market/sources/format.ts";
import { SwappedColumnsError } from "../../../../src/market/sources/plausibility.ts";
import { DuplicateRowError, UnsortedRowsError } from "../../../../src/market/sources/row-order.ts";
import { missingRows } from "../../../../src/market/defects/missing.ts";
import type { CoinSeries } from "../../../../src/market/history.ts";
import {
  NoMarketDataError,
  UnknownCoinError,
  filesAt,
  readDirectory,
} from "../../../../src/market/sources/directory.ts";
import { CMC_HEADER, COINGECKO_HEADER, type TemporaryFolder, temporaryFolder } from "../../../market-files.ts";

const BITCOIN = "2024-01-01,bitcoin,BTC,40000,800000000000,20000000000";
const ETHER = "2024-01-01,ethereum,ETH,2000,240000000000,10000000000";
const COINS = "coin_id,is_stablecoin,is_wrapped_or_staked,is_rwa_or_commodity";

const CLASSES = {
  BAD_VALUE: BadValueError,
  CONFLICTING_ROWS: ConflictingRowsError,
  DUPLICATE_ROW: DuplicateRowError,
  MALFORMED_LINE: MalformedLineError,
  NO_MARKET_DATA: NoMarketDataError,
  SWAPPED_COLUMNS: SwappedColumnsError,
  TRUNCATED_FILE: TruncatedFileError,
  UNKNOWN_COIN: UnknownCoinError,
  UNKNOWN_FORMAT: UnknownFormatError,
  UNREADABLE_FILE: UnreadableFileError,
  UNSORTED_ROWS: UnsortedRowsError,
};

// The failure, after its code was found to be that of its class.
function failureOf(action: () => unknown): AppError {
  try {
    action();
  } catch (failure) {
    if (!(failure instanceof AppError)) throw failure;
    expect(failure).to.be.instanceOf(CLASSES[failure.code as keyof typeof CLASSES]);
    return failure;
  }
  throw new TypeError("expected a failure");
}

function coinOf(folder: TemporaryFolder, coinId: string): CoinSeries | undefined {
  const coins = readDirectory(folder.path).history.providers.flatMap((provider) => provider.coins);
  return coins.find((coin) => coin.coinId === coinId);
}

describe("readDirectory", function () {
  let folder: TemporaryFolder;
  beforeEach(function () {
    folder = temporaryFolder();
  });
  afterEach(function () {
    folder.remove();
  });

  describe("with sound files", function () {
    it("reads the CoinGecko format into columns", function () {
      folder.write("a.csv", [COINGECKO_HEADER, BITCOIN, "2024-01-02,bitcoin,BTC,41000,,"]);

      const coin = coinOf(folder, "bitcoin");

      expect(coin?.firstDay).to.equal(dayNumber(isoDate("2024-01-01")));
      expect([...(coin?.priceUsd ?? [])]).to.deep.equal([40_000, 41_000]);
      expect([...(coin?.capUsd ?? [])]).to.deep.equal([800_000_000_000, Number.NaN]);
    });

    it("reads the CoinMarketCap format, its close as the price, as a provider of its own", function () {
      folder.write("c.csv", [CMC_HEADER, "2017-01-01,bitcoin,960,998,16000000000,147000000"]);

      const [provider] = readDirectory(folder.path).history.providers;

      expect(provider?.provider).to.equal("coinmarketcap");
      expect(provider?.coins[0]?.priceUsd[0]).to.equal(998);
    });

    it("reads gzip, line ends of Windows and numbers with an exponent", function () {
      const text = `${COINGECKO_HEADER}\r\n2024-01-01,shiba,SHIB,1.5e-05,9000000000,1e8\r\n`;
      folder.writeBytes("a.csv.gz", gzipSync(text));

      expect(coinOf(folder, "shiba")?.priceUsd[0]).to.equal(0.000015);
    });

    it("keeps a gap as missing days and names it", function () {
      folder.write("a.csv", [COINGECKO_HEADER, BITCOIN, "2024-01-04,bitcoin,BTC,41000,810000000000,1"]);

      const { history, files } = readDirectory(folder.path);

      expect(files[0]).to.include({ gaps: 1, missingDays: 2 });
      expect(history.providers.flatMap(missingRows)).to.deep.equal([
        {
          kind: "gap",
          source: "coingecko",
          coin: "bitcoin",
          date: "2024-01-02",
          to: "2024-01-03",
          detail: "no row for 2 days",
        },
      ]);
    });

    it("prefers the main file to a supplement and fills what it lacks", function () {
      folder.write("a.csv", [COINGECKO_HEADER, BITCOIN]);
      folder.write("b.csv", [
        "date,coin_id,symbol,source,price_usd,market_cap_usd,volume_usd",
        "2023-12-31,bitcoin,XBT,sj_export,39000,,",
        "2024-01-01,bitcoin,XBT,sj_export,1,,",
        "2023-12-31,bitcoin,XBT,coingecko,39500,,",
      ]);

      expect([...(coinOf(folder, "bitcoin")?.priceUsd ?? [])]).to.deep.equal([39_500, 40_000]);
    });

    it("lists files of other formats and leaves them alone", function () {
      folder.write("a.csv", [COINGECKO_HEADER, BITCOIN]);
      folder.write("z.csv", ["date,value,class", "not,even,checked,here"]);

      expect(readDirectory(folder.path).files.map((file) => file.format)).to.deep.equal(["coingecko-daily", "other"]);
    });
  });

  describe("with a malformed row", function () {
    const cases: readonly (readonly [what: string, row: string, code: string])[] = [
      ["a NaN", "2024-01-02,bitcoin,BTC,NaN,800000000000,1", "BAD_VALUE"],
      ["an infinite cap", "2024-01-02,bitcoin,BTC,40000,Infinity,1", "BAD_VALUE"],
      ["an empty price", "2024-01-02,bitcoin,BTC,,800000000000,1", "BAD_VALUE"],
      ["a price of zero", "2024-01-02,bitcoin,BTC,0,800000000000,1", "BAD_VALUE"],
      ["a negative volume", "2024-01-02,bitcoin,BTC,40000,800000000000,-1", "BAD_VALUE"],
      ["a hexadecimal number", "2024-01-02,bitcoin,BTC,0x10,800000000000,1", "BAD_VALUE"],
      ["a day that does not exist", "2024-02-30,bitcoin,BTC,40000,800000000000,1", "BAD_VALUE"],
      ["ticker and id exchanged", "2024-01-02,BTC,bitcoin,40000,800000000000,1", "BAD_VALUE"],
      ["too few fields", "2024-01-02,bitcoin,BTC,400", "MALFORMED_LINE"],
      ["too many fields", "2024-01-02,bitcoin,BTC,40000,8,1,7", "MALFORMED_LINE"],
      ["a quotation mark", '2024-01-02,bitcoin,"BTC",40000,800000000000,1', "MALFORMED_LINE"],
      ["price and cap exchanged", "2024-01-02,bitcoin,BTC,800000000000,40000,1", "SWAPPED_COLUMNS"],
      ["price and volume exchanged", "2024-01-02,bitcoin,BTC,20000000000,800000000000,40000", "SWAPPED_COLUMNS"],
      ["a repeated day", BITCOIN, "DUPLICATE_ROW"],
      ["a day that goes back", "2023-12-31,bitcoin,BTC,40000,800000000000,1", "UNSORTED_ROWS"],
    ];
    for (const [what, row, code] of cases) {
      it(`stops at ${what} and names file and line`, function () {
        const path = folder.write("a.csv", [COINGECKO_HEADER, BITCOIN, row]);

        const failure = failureOf(() => readDirectory(folder.path));

        expect(failure.code).to.equal(code);
        expect(failure.kind).to.equal("data");
        expect(failure.message).to.include(`${path}, line 3`);
      });
    }
  });

  describe("with a malformed file", function () {
    it("stops at a header in another order", function () {
      folder.write("a.csv", ["date,coin_id,symbol,market_cap_usd,price_usd,volume_usd", BITCOIN]);
      expect(failureOf(() => readDirectory(folder.path)).code).to.equal("SWAPPED_COLUMNS");
    });

    it("stops at a missing header", function () {
      folder.write("a.csv", [BITCOIN, ETHER]);
      expect(failureOf(() => readDirectory(folder.path)).code).to.equal("UNKNOWN_FORMAT");
    });

    it("stops when cap and volume are exchanged in most rows", function () {
      folder.write("a.csv", [COINGECKO_HEADER, "2024-01-01,bitcoin,BTC,40000,20000000000,800000000000"]);
      expect(failureOf(() => readDirectory(folder.path)).code).to.equal("SWAPPED_COLUMNS");
    });

    it("stops when price and volume are exchanged in most rows", function () {
      folder.write("a.csv", [COINGECKO_HEADER, "2024-01-01,bitcoin,BTC,20000000000,800000000000,40000"]);
      expect(failureOf(() => readDirectory(folder.path)).code).to.equal("SWAPPED_COLUMNS");
    });

    it("stops at a last line that is cut in its last number", function () {
      folder.writeBytes("a.csv", `${COINGECKO_HEADER}\n${BITCOIN.slice(0, -3)}`);
      expect(failureOf(() => readDirectory(folder.path)).code).to.equal("TRUNCATED_FILE");
    });

    it("stops at a gzip stream that is cut off", function () {
      const whole = gzipSync(`${COINGECKO_HEADER}\n${BITCOIN}\n`);
      folder.writeBytes("a.csv.gz", whole.subarray(0, whole.length - 6));
      expect(failureOf(() => readDirectory(folder.path)).code).to.equal("TRUNCATED_FILE");
    });

    it("stops at a coin that the list of coins does not know", function () {
      folder.write("coins.csv", [COINS, "bitcoin,0,0,0"]);
      folder.write("a.csv", [COINGECKO_HEADER, BITCOIN, ETHER]);

      const failure = failureOf(() => readDirectory(folder.path));

      expect(failure.code).to.equal("UNKNOWN_COIN");
      expect(failure.message).to.include("line 3").and.to.include("'ethereum'");
    });

    it("stops at a flag that is neither 0 nor 1", function () {
      folder.write("coins.csv", [COINS, "bitcoin,0,yes,0"]);

      const failure = failureOf(() => readDirectory(folder.path));

      expect(failure.code).to.equal("BAD_VALUE");
      expect(failure.message).to.include(
        "coins.csv, line 2, column is_wrapped_or_staked: expected 0 or 1, found 'yes'",
      );
    });

    it("stops when two files disagree about a coin's day", function () {
      folder.write("a.csv", [COINGECKO_HEADER, BITCOIN]);
      folder.write("b.csv", [COINGECKO_HEADER, BITCOIN.replace("40000", "40001")]);
      expect(failureOf(() => readDirectory(folder.path)).code).to.equal("CONFLICTING_ROWS");
    });

    it("stops at a folder without prices", function () {
      expect(failureOf(() => readDirectory(folder.path)).code).to.equal("NO_MARKET_DATA");
      expect(failureOf(() => filesAt(folder.path)).code).to.equal("NO_MARKET_DATA");
    });

    it("stops at a file that is not there", function () {
      expect(failureOf(() => filesAt(`${folder.path}/none.csv`)).code).to.equal("NO_MARKET_DATA");
    });

    it("stops at a file for import of another format", function () {
      const path = folder.write("z.csv", ["date,value,shoe size", "2024-01-01,5,low"]);
      expect(failureOf(() => filesAt(path)).code).to.equal("UNKNOWN_FORMAT");
    });
  });
});
