// Tests of src/engine/input-digest.ts.
import { createHash } from "node:crypto";
import { expect } from "chai";
import { dateOfDay } from "../../../src/core/time.ts";
import { EMPTY_DIGEST, extendDigest } from "../../../src/engine/input-digest.ts";
import type { ProviderHistory } from "../../../src/market/history.ts";
import { FIRST_DAY, series } from "../../series.ts";

const U = Number.NaN;
const HISTORY: ProviderHistory = {
  provider: "coingecko",
  firstDay: FIRST_DAY,
  lastDay: FIRST_DAY + 2,
  coins: [
    series("a", { price: [1.5, U, 2], cap: [U, U, 1e21], volume: [7, U, 0] }),
    series("b", { price: [3], cap: [4], volume: [5] }),
  ],
};
const FLAGS = new Map([["b", { stable: true, wrapped: false, realWorld: true }]]);

describe("extendDigest", function () {
  it("hashes the documented text", function () {
    const [first, third] = [dateOfDay(FIRST_DAY), dateOfDay(FIRST_DAY + 2)];
    const rowsOfA = `a,A,\n${first},1.5,,7\n${third},2,1e+21,0\n`;
    const stated = "reference,binance BTCUSDT,9.5\nreference,coingecko,10\n";
    const text = `${EMPTY_DIGEST}\ncoingecko\n${rowsOfA}b,B,sr\n${first},3,4,5\n${stated}`;

    const digest = extendDigest(EMPTY_DIGEST, HISTORY, {
      fromDay: FIRST_DAY,
      toDay: FIRST_DAY + 2,
      flags: FLAGS,
      references: [
        { source: "binance BTCUSDT", priceUsd: 9.5 },
        { source: "coingecko", priceUsd: 10 },
      ],
    });

    expect(digest).to.equal(createHash("sha256").update(text).digest("hex"));
  });

  it("hashes the ranked list that holds the ranks after the rows", function () {
    const places = [
      { rank: 1, priceUsd: 2.5, capUsd: 1e9 },
      { rank: 2, priceUsd: null, capUsd: 7 },
    ];
    const date = dateOfDay(FIRST_DAY);
    const text = `${EMPTY_DIGEST}\ncoingecko\nlist,${date}\n1,2.5,1000000000\n2,,7\n`;

    const digest = extendDigest(
      EMPTY_DIGEST,
      { ...HISTORY, coins: [] },
      { fromDay: FIRST_DAY, toDay: FIRST_DAY, flags: FLAGS, references: [], list: { day: FIRST_DAY, places } },
    );

    expect(digest).to.equal(createHash("sha256").update(text).digest("hex"));
  });

  it("depends on no row outside its days", function () {
    const days = { fromDay: FIRST_DAY + 1, toDay: FIRST_DAY + 1, flags: FLAGS, references: [] };

    expect(extendDigest(EMPTY_DIGEST, HISTORY, days)).to.equal(
      extendDigest(EMPTY_DIGEST, { ...HISTORY, coins: [] }, days),
    );
  });

  it("depends on the digest before", function () {
    const days = { fromDay: FIRST_DAY, toDay: FIRST_DAY, flags: FLAGS, references: [] };

    expect(extendDigest("1".repeat(64), HISTORY, days)).to.not.equal(extendDigest(EMPTY_DIGEST, HISTORY, days));
  });
});
