import { expect } from "chai";
import { encodeAbiParameters, keccak256, toHex } from "viem";

import type { LedgerLine, LineValue } from "../../../src/record/lines.ts";
import { FIRST_HEAD, headAfter } from "../../../src/record/head.ts";
import { type ChainBooks, LedgerBrokenError, verifyLedger } from "../../../src/record/verify.ts";
import { LINES, PLACE } from "./support.ts";

const LAST = LINES[LINES.length - 1];
const END = { sequence: LINES.length, head: LAST?.head ?? FIRST_HEAD };

/** What the vault says after the ledger of the tests, added up by hand from its lines. */
const CHAIN: ChainBooks = {
  ...END,
  balances: new Map([
    [0, 550n], // 5000 - 3000 - 900 - 550
    [1, 350n], // 700 - 350
  ]),
  supply: 2_000_000n, // 5,000,000 - 1,000,000 - 2,000,000
  depositsPending: 0n,
  setAside: 500n, // 900 - 400
};

function broken(lines: readonly LedgerLine[], end: Parameters<typeof verifyLedger>[2] = END): LedgerBrokenError {
  try {
    verifyLedger(lines, PLACE, end);
  } catch (error) {
    if (error instanceof LedgerBrokenError) return error;
    throw error;
  }
  throw new TypeError("the ledger was taken for whole");
}

/** Every way to change one value of a line. */
function changesOf(line: LedgerLine): LedgerLine[] {
  const other = (value: LineValue): LineValue => {
    if (typeof value === "boolean") return !value;
    if (typeof value !== "string") return value.map((member) => other(member) as string | boolean);
    if (value.startsWith("0x")) return value.replace(/.$/, (digit) => (digit === "0" ? "1" : "0"));
    return /^\d+$/.test(value) ? String(BigInt(value) + 1n) : `${value}!`;
  };
  return Object.entries(line.args).map(([name, value]) => ({ ...line, args: { ...line.args, [name]: other(value) } }));
}

describe("headAfter", function () {
  it("hashes as IIndexVault says", function () {
    const [first] = LINES;
    const topic = keccak256(toHex("AssetListed(uint8,address,string,uint8,bool,uint256,bytes26)"));
    const types = ["bytes32", "uint8", "address", "string", "uint8", "bool"].map((type) => ({ type }));
    const token = "0x000000000000000000000000000000000000c0de";
    const fields = keccak256(encodeAbiParameters(types, [topic, 0, token, "usd-coin", 6, true]));
    const link = ["bytes26", "uint256", "address", "uint256", "bytes32"].map((type) => ({ type }));
    const hash = keccak256(encodeAbiParameters(link, [FIRST_HEAD, 31337n, PLACE.vault, 1n, fields]));

    expect(first && headAfter(FIRST_HEAD, first, PLACE)).to.equal(hash.slice(0, 54)); // 0x and 26 bytes
  });
});

describe("verifyLedger", function () {
  it("proves a whole ledger, and its books against the vault's", function () {
    const proof = verifyLedger(LINES, PLACE, CHAIN);

    expect([proof.lines, proof.head, proof.isComparedWithChain]).to.deep.equal([15, END.head, true]);
  });

  it("proves an empty ledger", function () {
    expect(verifyLedger([], PLACE).head).to.equal(FIRST_HEAD);
  });

  it("names the line of which any one value was changed", function () {
    LINES.forEach((line, i) => {
      for (const changed of changesOf(line)) {
        const error = broken(LINES.with(i, changed));

        expect([error.sequence, error.fault], line.event).to.deep.equal([i + 1, "altered"]);
      }
    });
  });

  it("names the line to which a value was added", function () {
    const line = LINES[4];
    if (line === undefined) throw new TypeError("there are 15 lines");

    const error = broken(LINES.with(4, { ...line, args: { ...line.args, note: "1" } }));

    expect([error.sequence, error.fault]).to.deep.equal([5, "altered"]);
  });

  it("names the line that was deleted", function () {
    LINES.forEach((_, i) => {
      const error = broken(LINES.toSpliced(i, 1));

      expect([error.sequence, error.fault]).to.deep.equal([i + 1, "missing"]);
    });
  });

  it("names the first of two lines that changed places", function () {
    for (let i = 0; i + 1 < LINES.length; i++) {
      const [first, second] = LINES.slice(i, i + 2) as [LedgerLine, LedgerLine];

      const error = broken(LINES.toSpliced(i, 2, second, first));

      expect([error.sequence, error.fault]).to.deep.equal([i + 1, "reordered"]);
    }
  });

  it("names the place where a line was repeated", function () {
    LINES.forEach((line, i) => {
      const error = broken(LINES.toSpliced(i + 1, 0, line));

      expect([error.sequence, error.fault]).to.deep.equal([i + 2, "inserted"]);
    });
  });

  it("names a line that was made up, even with the others renumbered", function () {
    const line = LINES[6];
    if (line === undefined) throw new TypeError("there are 15 lines");
    const later = LINES.slice(7).map((each) => ({ ...each, sequence: each.sequence + 1 }));

    const error = broken([...LINES.slice(0, 7), { ...line, sequence: 8 }, ...later]);

    expect([error.sequence, error.fault]).to.deep.equal([8, "altered"]);
  });

  it("names the first line that a shortened ledger lacks", function () {
    const error = broken(LINES.slice(0, 12));

    expect([error.sequence, error.fault]).to.deep.equal([13, "missing"]);
    expect(error.message).to.contain("line 13");
  });

  it("refuses a ledger of another chain or vault", function () {
    expect(() => verifyLedger(LINES, { ...PLACE, chainId: 1 })).to.throw(LedgerBrokenError, "line 1");
  });

  it("refuses a ledger that ends at another head than the vault's", function () {
    const error = broken(LINES, { ...END, head: FIRST_HEAD });

    expect([error.sequence, error.fault]).to.deep.equal([15, "altered"]);
  });

  it("refuses books that are not those of the vault", function () {
    const error = broken(LINES, { ...CHAIN, balances: new Map([[0, 550n]]) });

    expect(error.fault).to.equal("books");
    expect(error.message).to.contain("balance of asset 1 of 350");
  });
});
