import { expect } from "chai";
import { type Hex, encodeAbiParameters, encodeEventTopics, padHex } from "viem";

import { indexVaultAbi } from "../../../src/core/abi.ts";
import { unixSeconds } from "../../../src/core/units.ts";
import { LogUnreadableError, type VaultLog, isLine, lineOf } from "../../../src/record/lines.ts";

const TRANSACTION: Hex = padHex("0x7a", { size: 32 });
const HEAD: Hex = `0x${"cd".repeat(26)}`;
const ALICE = "0x00000000000000000000000000000000000A11cE";

/** DepositRequested of 1,234 units in epoch 7, as line 42. */
const LOG: VaultLog = {
  topics: encodeEventTopics({
    abi: indexVaultAbi,
    eventName: "DepositRequested",
    args: { controller: ALICE, owner: ALICE, epoch: 7n },
  }) as VaultLog["topics"],
  data: encodeAbiParameters([{ type: "uint256" }, { type: "uint256" }, { type: "bytes26" }], [1234n, 42n, HEAD]),
  blockNumber: 99n,
  transactionHash: TRANSACTION,
};

describe("lineOf", function () {
  it("decodes a log into a line", function () {
    expect(lineOf(LOG, unixSeconds(1_630_886_400))).to.deep.equal({
      sequence: 42,
      head: HEAD,
      event: "DepositRequested",
      args: { controller: ALICE.toLowerCase(), owner: ALICE.toLowerCase(), epoch: "7", assets: "1234" },
      block: 99,
      transaction: TRANSACTION,
      time: 1_630_886_400,
    });
  });

  it("refuses a log whose data is cut off", function () {
    expect(() => lineOf({ ...LOG, data: "0x1234" }, unixSeconds(0))).to.throw(LogUnreadableError, "DepositRequested");
  });

  it("refuses a log of another event", function () {
    const topics = [padHex("0x01", { size: 32 })] as unknown as VaultLog["topics"];

    expect(isLine({ topics })).to.equal(false);
    expect(() => lineOf({ ...LOG, topics }, unixSeconds(0))).to.throw(LogUnreadableError);
  });
});
