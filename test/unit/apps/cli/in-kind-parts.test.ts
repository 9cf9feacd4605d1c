// Tests of src/apps/cli/in-kind-parts.ts.
import { expect } from "chai";
import type { Address } from "viem";

import {
  InKindBelowMinimumError,
  partsOf,
  partsTable,
  partsTotals,
  requireMinimums,
} from "../../../../src/apps/cli/in-kind-parts.ts";
import { WAD } from "../../../../src/core/units.ts";
import type { DeployedAsset } from "../../../../src/execute/deployment.ts";

const TOKEN: Address = "0x00000000000000000000000000000000000000A1";
const BTC: DeployedAsset = {
  index: 2,
  coinId: "bitcoin",
  symbol: "BTC",
  token: TOKEN,
  decimals: 8,
  isStable: false,
};
const ETH: DeployedAsset = { ...BTC, index: 1, coinId: "ethereum", symbol: "ETH", decimals: 18 };

/** 2 ETH worth 6,000 USD and 0.5 BTC worth 20,000 USD. */
const HOLDINGS = [
  { index: 1, asset: ETH, token: TOKEN, amount: 2n * WAD, value: 6000n * WAD },
  { index: 2, asset: BTC, token: TOKEN, amount: 50_000_000n, value: 20_000n * WAD },
];
/** A tenth of the fund without its bitcoin. */
const TENTH = { shares: WAD, supply: 10n * WAD, skipped: [2] };

describe("partsOf", function () {
  const holding = { index: 2, asset: BTC, token: TOKEN, amount: 1001n, value: 10n };

  it("rounds each part down", function () {
    const [part] = partsOf([holding], { shares: 1n, supply: 2n, skipped: [] });

    expect(part?.amount).to.equal(500n); // 1001 / 2
  });

  it("gives nothing of what is skipped", function () {
    const [part] = partsOf([holding], { shares: 1n, supply: 2n, skipped: [2] });

    expect(part?.amount).to.equal(0n);
  });

  it("counts what is skipped as given up", function () {
    const [, bitcoin] = partsOf(HOLDINGS, TENTH);

    expect([bitcoin?.forfeited, bitcoin?.forfeitedValue]).to.deep.equal([5_000_000n, 2000n * WAD]);
  });
});

describe("partsTable", function () {
  it("shows what is given up in its row", function () {
    const [header, , ...rows] = partsTable(partsOf(HOLDINGS, TENTH)).split("\n");

    expect(header?.split(/ {2,}/).slice(3)).to.deep.equal(["given up [coin]", "given up [USD]"]);
    expect(rows[1]?.split(/ +/)).to.deep.equal(["BTC", "-", "-", "0.050000", "2,000.00"]);
  });

  it("has no such columns when nothing is skipped", function () {
    expect(partsTable(partsOf(HOLDINGS, { ...TENTH, skipped: [] }))).not.to.include("given up");
  });
});

describe("partsTotals", function () {
  it("names what is received and what is given up", function () {
    expect(partsTotals(partsOf(HOLDINGS, TENTH))).to.equal(
      "Received in all: 600.00 USD. Given up for good to those who stay: 2,000.00 USD (BTC).",
    );
  });

  it("says that nothing is given up", function () {
    expect(partsTotals(partsOf(HOLDINGS, { ...TENTH, skipped: [] }))).to.equal(
      "Received in all: 2,600.00 USD. Nothing is given up.",
    );
  });
});

describe("requireMinimums", function () {
  const deployment = { assets: [ETH, BTC] };
  const parts = partsOf(HOLDINGS, { ...TENTH, skipped: [] });

  it("lets through what is exactly demanded", function () {
    expect(() => {
      requireMinimums(parts, [{ asset: 1, amount: WAD / 5n }], deployment);
    }).not.to.throw();
  });

  it("names the coin and whole amounts", function () {
    expect(() => {
      requireMinimums(parts, [{ asset: 1, amount: 1000n * WAD }], deployment);
    }).to.throw(InKindBelowMinimumError, "the part of ETH is 0.2, less than the 1000 demanded");
  });

  it("counts a coin that is not held as nothing", function () {
    expect(() => {
      requireMinimums([], [{ asset: 2, amount: 1n }], deployment);
    }).to.throw(InKindBelowMinimumError, "the part of BTC is 0, less than the 0.00000001 demanded");
  });
});
