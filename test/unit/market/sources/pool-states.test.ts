// Tests of src/market/sources/pool-states.ts and pool-state-schema.ts: pool states in JSON, checked, into the store.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { AppError } from "../../../../src/core/errors.ts";
import { filesAt } from "../../../../src/market/sources/directory.ts";
import { BadPoolStateError, readPoolRows } from "../../../../src/market/sources/pool-states.ts";
import { importFiles } from "../../../../src/market/sources/store/import.ts";
import { Draft } from "../../../../src/market/sources/store/store.ts";
import { failureOf } from "../../../failure-of.ts";
import { type TemporaryFolder, temporaryFolder } from "../../../market-files.ts";

const POOL = `0x${"ab".repeat(20)}`;
const TOKENS = { token0: `0x${"01".repeat(20)}`, token1: `0x${"02".repeat(20)}` };

/**
 * One position of 5 from -20 to 20 and one of 7 from -10 to 10: net 5, 7, -7, -5. At tick 0 both are active, 12 in all.
 * The square root of the price is 1, so that it is 2^96; 6 and 8 decimals make 1 in raw units 0.01.
 */
const STATE = {
  chain_id: 1,
  dex: "uniswap_v3",
  pool: POOL,
  block: 20_000_000,
  ...TOKENS,
  token0_symbol: "ONE",
  token0_decimals: 6,
  token1_symbol: "TWO",
  token1_decimals: 8,
  fee_pips: 3000,
  tick_spacing: 10,
  sqrt_price_x96: String(2n ** 96n),
  tick: 0,
  liquidity: "12",
  price_token1_per_token0: 0.01,
  ticks: [
    [-20, "5", "5"],
    [-10, "7", "7"],
    [10, "7", "-7"],
    [20, "5", "-5"],
  ],
};

function read(content: unknown, text = JSON.stringify(content)) {
  return readPoolRows({ path: "folder/states.json", file: "states.json", bytes: Buffer.from(text) });
}

function thrownBy(action: () => unknown): AppError {
  try {
    action();
  } catch (thrown) {
    return thrown as AppError;
  }
  throw new TypeError("expected a failure");
}

function failure(content: unknown): BadPoolStateError {
  const thrown = thrownBy(() => read(content));
  if (!(thrown instanceof BadPoolStateError)) throw thrown;
  return thrown;
}

describe("readPoolRows", function () {
  it("gives a row a pool and a row a tick", function () {
    const { report, rows } = read([STATE]);

    expect(report).to.deep.equal({ file: "states.json", format: "pool-states", rows: 5, coins: 1 });
    expect(rows.pool_states).to.deep.equal([
      [1, POOL, 20_000_000, "uniswap_v3", TOKENS.token0, "ONE", 6, TOKENS.token1, "TWO", 8, 3000, 10].concat([
        "79228162514264337593543950336",
        0,
        "12",
        0.01,
      ]),
    ]);
    expect(rows.pool_ticks[2]).to.deep.equal([1, POOL, 20_000_000, 10, "7", "-7"]);
  });

  it("takes a pool at two blocks, and the pool before a byte order mark", function () {
    const { report } = read([], `\uFEFF${JSON.stringify([STATE, { ...STATE, block: 20_000_001 }])}`);

    expect([report.rows, report.coins]).to.deep.equal([10, 1]);
  });

  const malformed: readonly (readonly [what: string, change: object, field: string, expected: string])[] = [
    ["a number in the place of a decimal string", { liquidity: 12 }, "liquidity", "a decimal string"],
    ["a missing field", { tick: undefined }, "tick", "a whole number"],
    ["a field of another format", { fee: 1 }, "(all)", "no field fee"],
    ["an address that is cut off", { token1: "0x0202" }, "token1", "40 hexadecimal digits"],
    ["a fraction", { fee_pips: 0.3 }, "fee_pips", "a whole number"],
    ["a square root of 161 bits", { sqrt_price_x96: String(2n ** 160n) }, "sqrt_price_x96", "below 2^160"],
    ["a price that is not above zero", { price_token1_per_token0: -1 }, "price_token1_per_token0", "above zero"],
    ["a name of spaces", { token0_symbol: " " }, "token0_symbol", "a name"],
    ["a tick beyond the last one", { tick: 887_273 }, "tick", "887272"],
    ["a tick without net liquidity", { ticks: [[-20, "5"]] }, "ticks.0", "gross and net liquidity"],
    ["a gross liquidity of zero", { ticks: [[-20, "0", "0"]] }, "ticks.0.1", "from 1"],
    ["a net liquidity of 129 bits", { ticks: [[-20, "5", String(2n ** 127n)]] }, "ticks.0.2", "128 bits"],
  ];
  for (const [what, change, field, expected] of malformed) {
    it(`refuses ${what}, naming file, pool and field`, function () {
      const error = failure([
        { ...STATE, block: 1 },
        { ...STATE, ...change },
      ]);

      expect([error.code, error.file, error.pool, error.field]).to.deep.equal([
        "BAD_POOL_STATE",
        "folder/states.json",
        POOL,
        field,
      ]);
      expect(error.message).to.include(expected);
    });
  }

  const ticks = STATE.ticks;
  const contradicting: readonly (readonly [what: string, change: object, field: string, expected: string])[] = [
    [
      "a tick off the spacing",
      { ticks: [[-25, "5", "5"], ...ticks.slice(1)] },
      "ticks.0.0",
      "multiple of the spacing 10",
    ],
    ["ticks out of order", { ticks: [ticks[1], ticks[0], ...ticks.slice(2)] }, "ticks.1.0", "a tick above -10"],
    ["more net than gross liquidity", { ticks: [[-20, "4", "5"], ...ticks.slice(1)] }, "ticks.0.2", "no more than"],
    ["a tick that is missing", { ticks: ticks.slice(0, 3) }, "ticks", "sum to zero"],
    ["a liquidity of other ticks", { liquidity: "5" }, "liquidity", "12, the sum of net liquidity up to the tick 0"],
    ["a price above the tick", { tick: -2 }, "sqrt_price_x96", "within the tick -2, not 0.000"],
    ["a price below the tick", { tick: 1 }, "sqrt_price_x96", "within the tick 1, not 0.000"],
    ["the price the other way round", { price_token1_per_token0: 100 }, "price_token1_per_token0", "0.01000000000"],
  ];
  for (const [what, change, field, expected] of contradicting) {
    it(`refuses ${what}`, function () {
      const error = failure([{ ...STATE, ...change }]);

      expect(error.field).to.equal(field);
      expect(error.message).to.include(expected);
    });
  }

  it("names a pool without an address by its number", function () {
    expect(failure([STATE, { ...STATE, pool: 7 }])).to.include({ pool: "number 2", field: "pool" });
    expect(failure([STATE, null])).to.include({ pool: "number 2", field: "(all)" });
  });

  it("refuses a pool that stands twice at one block", function () {
    expect(failure([STATE, STATE])).to.include({ pool: POOL, field: "block" });
  });

  it("refuses what is no JSON list in UTF-8", function () {
    expect(thrownBy(() => read({}, "[{")).code).to.equal("MALFORMED_JSON");
    expect(thrownBy(() => read({ pools: [] })).code).to.equal("MALFORMED_JSON");
    expect(thrownBy(() => read([])).code).to.equal("TRUNCATED_FILE");
    const bytes = Buffer.from([0x5b, 0xff, 0x5d]);
    expect(thrownBy(() => readPoolRows({ path: "a", file: "a", bytes })).code).to.equal("MALFORMED_JSON");
  });
});

describe("importFiles with pool states", function () {
  let folder: TemporaryFolder;
  let store = "";
  beforeEach(function () {
    folder = temporaryFolder();
    store = join(folder.path, "store");
  });
  afterEach(function () {
    folder.remove();
  });

  async function run(...paths: string[]) {
    return await importFiles(paths.flatMap(filesAt), store, () => {});
  }

  it("keeps them in two tables, the large numbers to the last digit", async function () {
    const imported = await run(folder.writeBytes("states.json", JSON.stringify([STATE])));

    expect(imported.manifest.files.map(({ table, rows }) => [table, rows])).to.deep.equal([
      ["pool_states", 1],
      ["pool_ticks", 4],
    ]);
    const draft = await Draft.open(store);
    try {
      const sql = `SELECT sqrt_price_x96, tick FROM ${await draft.table("pool_states")}`;
      expect(await draft.database.rows(sql)).to.deep.equal([["79228162514264337593543950336", 0]]);
    } finally {
      draft.close();
    }
  });

  it("counts what the store has, and refuses another state of the same block", async function () {
    const path = folder.writeBytes("states.json", JSON.stringify([STATE]));
    await run(path);
    const before = readFileSync(join(store, "manifest.json"), "utf8");

    expect((await run(path)).overlap).to.equal(5);
    const other = folder.writeBytes("other.json", JSON.stringify([{ ...STATE, fee_pips: 500 }]));
    const error = await failureOf(run(other));
    expect(error).to.include({ code: "CONFLICTING_ROWS" });
    expect(readFileSync(join(store, "manifest.json"), "utf8")).to.equal(before);
  });

  it("changes nothing when a later pool is malformed", async function () {
    const path = folder.writeBytes("states.json", JSON.stringify([STATE, { ...STATE, block: 1, liquidity: "x" }]));

    const error = await failureOf(run(path));

    expect(error).to.include({ code: "BAD_POOL_STATE", file: path, pool: POOL, field: "liquidity" });
    expect(existsSync(store)).to.equal(false);
  });

  it("lists other JSON files of a folder and leaves them alone", async function () {
    folder.writeBytes("notes.json", '{"ticks": 1}');
    folder.writeBytes("states.json", JSON.stringify([STATE]));

    const { read: files } = await run(folder.path);

    expect(files.map(({ file, format }) => [file, format])).to.have.deep.members([
      ["states.json", "pool-states"],
      ["notes.json", "other"],
    ]);
  });
});
