// Tests of the links to explorers that commands print, and of the local chain, where there are none.
import { expect } from "chai";
import type { TransactionReceipt } from "viem";

import { logCsv, logJson, logText } from "../../../../src/apps/cli/commands/log.ts";
import { receiptJson, receiptText } from "../../../../src/apps/cli/depositor-view.ts";
import { linkJson, linkLines, linkText } from "../../../../src/apps/cli/links.ts";
import { unixSeconds } from "../../../../src/core/units.ts";
import type { Ledger } from "../../../../src/record/ledger-file.ts";
import type { LedgerLine } from "../../../../src/record/lines.ts";

const BASE = 8453;
const LOCAL = 31337;
const HASH = `0x${"ab".repeat(32)}` as const;
const OTHER_HASH = `0x${"cd".repeat(32)}` as const;
const LINK = `https://basescan.org/tx/${HASH}`;
const OTHER_LINK = `https://basescan.org/tx/${OTHER_HASH}`;
// Only these of a receipt are shown.
const RECEIPT = { transactionHash: HASH, blockNumber: 7n, gasUsed: 21_000n } as TransactionReceipt;

function line(sequence: number, transaction: LedgerLine["transaction"]): LedgerLine {
  const head = `0x${"00".repeat(26)}` as const;
  const args = { token: "0x00000000000000000000000000000000000000b2", amount: "5" };
  return { sequence, head, event: "SurplusSwept", args, block: 9, transaction, time: unixSeconds(0) };
}

/** Two lines of one transaction and one of another. */
function shownOn(chainId: number) {
  const lines = [line(1, HASH), line(2, HASH), line(3, OTHER_HASH)];
  const place = { chainId, vault: "0x00000000000000000000000000000000000000A1" };
  const ledger = { place, lines, transfers: [], end: { sequence: 3, head: lines[0]?.head } } as unknown as Ledger;
  return { lines, ledger, coins: new Map() as never };
}

describe("links", function () {
  it("go behind a receipt, and beside its hash", function () {
    expect(receiptText(RECEIPT, BASE)).to.equal(`Sent ${HASH} (block 7, 21000 gas, ${LINK}).`);
    expect(receiptJson("claim", RECEIPT, BASE)).to.deep.equal({
      action: "claim",
      hash: HASH,
      block: 7,
      gas: "21000",
      link: LINK,
    });
  });

  it("change nothing of a receipt on the local chain", function () {
    expect(receiptText(RECEIPT, LOCAL)).to.equal(`Sent ${HASH} (block 7, 21000 gas).`);
    expect(receiptJson("claim", RECEIPT, LOCAL)).to.deep.equal({ action: "claim", hash: HASH, block: 7, gas: "21000" });
  });

  it("are text, a line or a field, and nothing without an explorer", function () {
    const block = "https://basescan.org/block/5";

    expect(linkText(BASE, "block", 5n)).to.equal(`, ${block}`);
    expect(linkLines(BASE, "block", 5n)).to.deep.equal([`  ${block}`]);
    expect(linkJson(BASE, "block", 5n)).to.deep.equal({ link: block });
    expect([linkText(LOCAL, "block", 5n), linkLines(LOCAL, "block", 5n), linkJson(LOCAL, "block", 5n)]).to.deep.equal([
      "",
      [],
      {},
    ]);
  });
});

describe("links of the log", function () {
  it("stand once under the lines of each transaction", function () {
    const rows = logText(shownOn(BASE)).split("\n").slice(2);

    expect(rows).to.have.lengthOf(5);
    expect([rows[2], rows[4]]).to.deep.equal([`  ${LINK}`, `  ${OTHER_LINK}`]);
  });

  it("are a field of each line, and the last column", function () {
    const { ledger, lines } = shownOn(BASE);
    const [header, ...rows] = logCsv(shownOn(BASE)).trimEnd().split("\n");

    expect(logJson(ledger, lines).lines.map(({ link }) => link)).to.deep.equal([LINK, LINK, OTHER_LINK]);
    expect([header, ...rows].map((row) => row?.trimEnd().split(",").at(-1))).to.deep.equal([
      "link",
      LINK,
      LINK,
      OTHER_LINK,
    ]);
  });

  it("are not there on the local chain", function () {
    const shown = shownOn(LOCAL);

    expect(logText(shown).split("\n")).to.have.lengthOf(5);
    expect(logCsv(shown).split("\n")[0]?.trimEnd().split(",").at(-1)).to.equal("head");
    expect(JSON.stringify(logJson(shown.ledger, shown.lines))).to.not.include("link");
  });
});
