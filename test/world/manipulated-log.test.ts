// Tests that every kind of manipulated log is found and named: as it is, with heads forged anew, and beside the chain's.
import { expect } from "chai";
import { isoDate } from "../../src/core/time.ts";
import { AppError } from "../../src/core/errors.ts";
import { DEFAULT_SIMULATION, simulateMarket } from "../../src/market/simulate.ts";
import { auditLedger } from "../../src/record/audit.ts";
import {
  LineDiffersError,
  TransferDiffersError,
  requireSameLines,
  requireSameTransfers,
} from "../../src/record/compare.ts";
import { LedgerContradictionError } from "../../src/record/contradiction.ts";
import { differencesBetween } from "../../src/record/differences.ts";
import { FIRST_HEAD, headAfter } from "../../src/record/head.ts";
import { fetchChainBooks, fetchChainPositions, fetchLedger } from "../../src/record/ledger.ts";
import { type Ledger, ledgerOf } from "../../src/record/ledger-file.ts";
import type { LedgerLine } from "../../src/record/lines.ts";
import { reconstruct } from "../../src/record/reconstruct.ts";
import { type ChainBooks, LedgerBrokenError, verifyLedger } from "../../src/record/verify.ts";
import { type Life, liveThrough } from "./lived-fund.ts";
import { KINDS, strange } from "./manipulations.ts";

describe("a manipulated log", function () {
  let life: Life;
  let ledger: Ledger;
  let books: ChainBooks;

  before(async function () {
    const from = isoDate("2023-01-02");
    const history = simulateMarket(DEFAULT_SIMULATION);
    life = await liveThrough({ history, from, weeks: 27, names: 10, freezing: "bitcoin" });
    ledger = await fetchLedger(life.source);
    books = await fetchChainBooks(life.source);
  });
  after(async function () {
    await (life as Life | undefined)?.world.market.close();
  });

  /** What a check says: the fault, the problem or the field; `undefined` when it finds nothing. */
  function nameOf(check: () => unknown): string | undefined {
    try {
      check();
      return undefined;
    } catch (error) {
      if (error instanceof LedgerBrokenError) return error.fault;
      if (error instanceof LedgerContradictionError) return error.problem;
      if (error instanceof LineDiffersError) return error.field;
      throw error;
    }
  }

  /** All numbers and heads computed anew, as a forger would who hopes that nobody asks a node. */
  function forged(lines: readonly LedgerLine[]): Ledger {
    let head = FIRST_HEAD;
    const chained = lines.map((line, i) => {
      head = headAfter(head, { ...line, sequence: i + 1 }, ledger.place);
      return { ...line, sequence: i + 1, head };
    });
    return ledgerOf(ledger.place, chained, ledger.transfers);
  }

  /** As `verify` compares a file with a node. */
  function besideTheChain(lines: readonly LedgerLine[]): void {
    requireSameLines(lines, ledger.lines);
    verifyLedger(lines, ledger.place, books);
  }

  it("is not what the node gives: that log holds, and contradicts nothing", function () {
    besideTheChain(ledger.lines);
    auditLedger(forged(ledger.lines).lines);
  });

  for (const [kind, change, named] of KINDS) {
    describe(`with ${kind}`, function () {
      it("is named by its heads", function () {
        expect(nameOf(() => verifyLedger(change(ledger.lines), ledger.place, ledger.end))).to.equal(named.heads);
      });

      it("is named by what it contradicts, or passes until a node is asked, once all heads are forged", function () {
        const { lines, end, place } = forged(change(ledger.lines));

        expect(verifyLedger(lines, place, end).lines).to.equal(lines.length);
        expect(
          nameOf(() => {
            auditLedger(lines);
          }),
        ).to.equal(named.forged);
      });

      it("is named beside the chain", function () {
        const { lines } = forged(change(ledger.lines));
        const isHead = kind === "a changed head";

        expect(
          nameOf(() => {
            besideTheChain(isHead ? change(ledger.lines) : lines);
          }),
        ).to.equal(named.chain);
      });
    });
  }

  for (const [kind, place] of [
    ["another vault's line", { vault: "0x00000000000000000000000000000000000000fd" }],
    ["another chain's line", { chainId: 1 }],
  ] as const) {
    it(`is named by its heads with ${kind}`, function () {
      expect(nameOf(() => verifyLedger(strange(place)(ledger.lines, ledger.place), ledger.place))).to.equal("altered");
    });

    it(`is named at its first line as the log of ${kind.replace("'s line", "")}`, function () {
      const error = errorOf(() => verifyLedger(ledger.lines, { ...ledger.place, ...place }));

      expect(error).to.be.instanceOf(LedgerBrokenError).with.property("sequence", 1);
    });
  }

  it("is named when a transfer of shares is missing, by the node and by the shares that it gives", async function () {
    const [, ...others] = ledger.transfers;
    const file = { ...ledger, transfers: others };
    const rebuilt = reconstruct(file);
    const positions = await fetchChainPositions(life.source, rebuilt);
    const found = differencesBetween(rebuilt, { books, positions });

    expect(
      errorOf(() => {
        requireSameTransfers(file.transfers, ledger.transfers);
      }),
    ).to.be.instanceOf(TransferDiffersError);
    // Whoever got them is named by nothing else, and so not looked at.
    expect(found.map(({ what }) => what.replace(/0x\w+/, ""))).to.deep.equal(["shares ()"]);
  });

  function errorOf(check: () => unknown): AppError {
    try {
      check();
    } catch (error) {
      if (error instanceof AppError) return error;
      throw error;
    }
    throw new TypeError("nothing was found");
  }
});
