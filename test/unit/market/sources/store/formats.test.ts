// Tests of src/market/sources/store: every format in, and the errors of malformed files.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { filesAt } from "../../../../../src/market/sources/directory.ts";
import { importFiles } from "../../../../../src/market/sources/store/import.ts";
import { Draft } from "../../../../../src/market/sources/store/store.ts";
import { failureOf } from "../../../../failure-of.ts";
import { COINGECKO_HEADER, type TemporaryFolder, temporaryFolder } from "../../../../market-files.ts";

const BITCOIN = "2024-01-01,bitcoin,BTC,40000,800000000000,20000000000";

async function run(paths: readonly string[], directory: string) {
  return await importFiles(paths.flatMap(filesAt), directory, () => {});
}

async function rowsOf(directory: string, sql: string) {
  const draft = await Draft.open(directory);
  try {
    for (const table of draft.tables()) await draft.table(table);
    return await draft.database.rows(sql);
  } finally {
    draft.close();
  }
}

describe("importFiles with files of other formats", function () {
  let folder: TemporaryFolder;
  let store = "";
  beforeEach(function () {
    folder = temporaryFolder();
    store = join(folder.path, "store");
  });
  afterEach(function () {
    folder.remove();
  });

  const cases: readonly (readonly [what: string, header: string, row: string, table: string])[] = [
    [
      "CoinGecko's weekly list",
      "date,rank,coin_id,symbol,name,price_usd,market_cap_usd,volume_usd",
      "2024-01-07,1,bitcoin,BTC,Bitcoin,44000,8e11,",
      "snapshots",
    ],
    [
      "CoinMarketCap's monthly list",
      "date,rank,symbol,name,price_usd,market_cap_usd,volume_usd,circulating_supply,pct_change_7d",
      "2024-01-01,1,BTC,Bitcoin,,8e11,1,19000000,-1.5",
      "snapshots",
    ],
    [
      "a weekly list with supplies",
      "date,rank,symbol,name,price_usd,market_cap_usd,circulating_supply",
      "2020-01-05,1,BTC,Bitcoin,7411.32,1e11,18143812",
      "snapshots",
    ],
    [
      "a list with volumes",
      "date,rank,symbol,name,price_usd,market_cap_usd,volume_usd,circulating_supply",
      "2013-05-05,1,BTC,Bitcoin,115.91,1e9,2,11118050",
      "snapshots",
    ],
    [
      "a list of caps with names",
      "date,rank,symbol,name,market_cap_usd",
      "2013-04-28,1,BTC,Bitcoin,1488567000",
      "snapshots",
    ],
    ["a list of caps", "date,rank,symbol,market_cap_usd", "2017-01-01,1,BTC,16050410000", "snapshots"],
    ["the whole market", "date,total_market_cap_usd,total_volume_usd", "2013-04-28,1599410000,", "market_totals"],
    ["index levels", "date,index,level,source", "2018-01-02,BGCI,1503.59,somebody", "index_levels"],
    [
      "candles of an index",
      "date,open,high,low,close,volume_usd",
      "2015-01-01,101.36,102.153,98.8187,100.0,0.0",
      "index_candles",
    ],
    ["constituents", "date,slug", "2015-01-01,bitcoin", "constituents"],
    ["fear and greed", "date,value,class", "2018-02-01,30,Fear", "fear_greed"],
    [
      "funding",
      "time_utc,exchange,symbol,funding_rate_8h",
      "2020-01-01T08:00:00Z,binance,BTCUSDT,-0.00012359",
      "funding",
    ],
    [
      "open interest",
      "date,coin,market,unit,open_interest",
      "2024-11-07,MOG,1000000MOGUSDT_PERP.A,base,2708345",
      "open_interest",
    ],
    [
      "candles of perpetuals",
      "date,symbol,open,high,low,close,quote_volume_usdt",
      "2024-11-07,BTCUSDT,2,3,1,2,62969200",
      "candles",
    ],
    [
      "grades",
      "date,btc_open,btc_high,btc_low,btc_close,ta_grade,quant_grade,tm_trader_grade",
      "2021-01-01,1,2,1,2,95.9,,87.2",
      "btc_grades",
    ],
    [
      "price feeds",
      "network,pair,address,decimals,heartbeat_s,asset,type,market",
      "arbitrum,1inch-usd,0x4bC735Ef24bf286983024CAd5D03f0738865Aaef,8,,1inch,crypto,crypto",
      "price_feeds",
    ],
    [
      "pools",
      "pool,token0,token1,fee_pips,token0_symbol,token1_symbol,token0_coin_id,token1_coin_id,created,created_block",
      "0x1d42064fc4beb5f8aaf85f4617ae8b3b5b8bd801,0x1f9840a85d5af5bf1d1762f925bdaddc4201f984,0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2,3000,UNI,WETH,uniswap,weth,2021-05-04,12369739",
      "pools",
    ],
  ];
  for (const [what, header, row, table] of cases) {
    it(`keeps ${what}`, async function () {
      const { manifest } = await run([folder.write("x.csv", [header, row])], store);

      expect(manifest.files.map((file) => [file.table, file.rows])).to.deep.equal([[table, 1]]);
      expect(manifest.sources[0]).to.include({ file: "x.csv", rows: 1, coins: 1 });
    });
  }

  it("keeps values, days and times as they are, and nothing as nothing", async function () {
    folder.write("funding.csv", [cases[11]?.[1] ?? "", cases[11]?.[2] ?? ""]);
    folder.write("monthly.csv", [cases[1]?.[1] ?? "", cases[1]?.[2] ?? ""]);
    await run([folder.path], store);

    expect(
      await rowsOf(
        store,
        "SELECT exchange, symbol, strftime(time_utc, '%Y-%m-%d %H:%M:%S'), funding_rate_8h FROM funding",
      ),
    ).to.deep.equal([["binance", "BTCUSDT", "2020-01-01 08:00:00", -0.00012359]]);
    expect(
      await rowsOf(store, "SELECT list, date::VARCHAR, rank, coin_id, name, price_usd, pct_change_7d FROM snapshots"),
    ).to.deep.equal([["monthly", "2024-01-01", 1, null, "Bitcoin", null, -1.5]]);
  });

  const malformed: readonly (readonly [what: string, header: string, rows: readonly string[], message: string])[] = [
    [
      "a value over 100",
      "date,value,class",
      ["2018-02-01,130,Fear"],
      "x.csv, line 2, column value: expected a number from 0 to 100, found '130'",
    ],
    [
      "a time without a zone",
      "time_utc,exchange,symbol,funding_rate_8h",
      ["2020-01-01 08:00:00,a,b,0"],
      "x.csv, line 2, column time_utc: expected a time written as YYYY-MM-DDThh:mm:ssZ, found '2020-01-01 08:00:00'",
    ],
    [
      "a rank that is no number",
      "date,rank,symbol,market_cap_usd",
      ["2017-01-01,1,BTC,5", "2017-01-01,two,ETH,4"],
      "x.csv, line 3, column rank: expected a whole number of zero or more, found 'two'",
    ],
    [
      "a number in words",
      "date,index,level,source",
      ["2018-01-02,BGCI,high,x"],
      "x.csv, line 2, column level: expected a price above zero, found 'high'",
    ],
    [
      "an address that is too short",
      "network,pair,address,decimals,heartbeat_s,asset,type,market",
      ["a,b,0x12,8,1,c,d,e"],
      "x.csv, line 2, column address: expected 0x and 40 hexadecimal digits, found '0x12'",
    ],
    ["a field too many", "date,value,class", ["2018-02-01,30,Fear,9"], "x.csv, line 2: expected 3 fields"],
    [
      "a row that repeats",
      "date,value,class",
      ["2018-02-01,30,Fear", "2018-02-01,31,Fear"],
      "x.csv, line 3: expected each date once",
    ],
    [
      "columns in another order",
      "value,date,class",
      ["30,2018-02-01,Fear"],
      "x.csv, line 1: columns seem to be exchanged",
    ],
  ];
  for (const [what, header, rows, message] of malformed) {
    it(`stops at ${what}, and nothing of any file is imported`, async function () {
      folder.write("a.csv", [COINGECKO_HEADER, BITCOIN]);
      folder.write("x.csv", [header, ...rows]);

      const failure = await failureOf((async () => await run([folder.path], store))());

      expect(failure.message).to.include(message);
      expect(failure.kind).to.equal("data");
      expect(existsSync(store)).to.equal(false);
      expect(readdirSync(folder.path).sort()).to.deep.equal(["a.csv", "x.csv"]);
    });
  }
});
