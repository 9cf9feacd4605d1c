// Tests of made-up ledgers: to a reader they are a vault's own.
import { expect } from "chai";
import type { Address } from "viem";

import { unixSeconds } from "../../src/core/units.ts";
import { type VaultLog, isLine, lineOf } from "../../src/record/lines.ts";
import { verifyLedger } from "../../src/record/verify.ts";
import { makeLedger } from "../../src/world/ledger-maker.ts";
import { MONDAY } from "./support.ts";

const PLACE = { chainId: 31337, vault: "0x00000000000000000000000000000000000000fd" as Address };

function asset(number: number) {
  const token: Address = `0x${number.toString(16).padStart(40, "0")}`;
  return { token, coinId: `coin-${number}`, decimals: number === 1 ? 6 : 18, pool: token };
}

describe("makeLedger", function () {
  const made = makeLedger({
    place: PLACE,
    assets: [1, 2, 3].map(asset),
    weeks: 4,
    legsPerWeek: 100,
    firstMonday: MONDAY,
    firstBlock: 7,
  });
  const lines = (made.logs as unknown as readonly VaultLog[]).filter(isLine).map((log) => lineOf(log, unixSeconds(0)));

  it("has every head that the vault would have given", function () {
    expect(verifyLedger(lines, PLACE, made.end).lines).to.equal(3 + 4 * 103); // three listings; a week has 100 legs and 3 lines
  });

  it("leaves two legs in a hundred out", function () {
    expect(lines.filter(({ event }) => event === "LegSkipped").length).to.equal(8);
  });

  it("puts no more than 100 lines into a block", function () {
    const blocks = made.logs.map(({ blockNumber }) => Number(blockNumber));

    expect(Math.min(...blocks)).to.equal(7);
    expect(made.lastBlock).to.equal(Math.max(...blocks));
    expect(Math.max(...[...new Set(blocks)].map((block) => blocks.filter((one) => one === block).length))).to.equal(
      100,
    );
  });
});
