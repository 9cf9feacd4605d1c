import { expect } from "chai";

import { LedgerFileError, ledgerOf, ledgerText, parseLedger } from "../../../src/record/ledger-file.ts";
import { unixSeconds } from "../../../src/core/units.ts";
import type { ShareTransfer } from "../../../src/record/transfers.ts";
import { ALICE, BOB, LINES, PLACE } from "./support.ts";

describe("parseLedger", function () {
  const text = ledgerText(ledgerOf(PLACE, LINES));

  it("gives back what was written", function () {
    expect(parseLedger(text)).to.deep.equal(ledgerOf(PLACE, LINES));
  });

  it("has one line of JSON for the header and one for each line", function () {
    expect(text.split("\n")).to.have.length(17); // header, 15 lines and the end of the last one
  });

  it("keeps transfers of shares behind the lines", function () {
    const transfer: ShareTransfer = {
      after: 10,
      from: ALICE,
      to: BOB,
      amount: "7",
      block: 20,
      transaction: "0x12",
      time: unixSeconds(1_630_886_500),
    };
    const ledger = ledgerOf(PLACE, LINES, [transfer]);

    expect(parseLedger(ledgerText(ledger))).to.deep.equal(ledger);
  });

  it("names the row that is cut off", function () {
    const half = text.slice(0, -40);

    expect(() => parseLedger(half))
      .to.throw(LedgerFileError)
      .with.property("row", 16);
  });

  it("names the row with a field that a line does not have", function () {
    const rows = text.split("\n");
    const odd = rows.with(3, (rows[3] ?? "").replace('"block"', '"blck"')).join("\n");

    expect(() => parseLedger(odd))
      .to.throw(LedgerFileError)
      .with.property("row", 4);
  });

  it("refuses an empty text", function () {
    expect(() => parseLedger("")).to.throw(LedgerFileError, "line 1");
  });
});
