// Tests of what is said of a transaction that was sent, and of which no receipt tells.
import { expect } from "chai";
import { type ReplacementReason, WaitForTransactionReceiptTimeoutError } from "viem";

import {
  type Sender,
  TransactionPendingError,
  TransactionReplacedError,
  sendSimulated,
} from "../../../src/execute/send.ts";
import { failureOf } from "../../failure-of.ts";

const HASH = `0x${"1f".repeat(32)}` as const;
const CALL = { address: `0x${"12".repeat(20)}`, abi: [], functionName: "claim", args: [], action: "claim" } as const;

/** A wallet that sends, and a node that answers so. */
function senderWhere(wait: (onReplaced: (found: { reason: ReplacementReason }) => void) => Promise<unknown>): Sender {
  return {
    client: {
      waitForTransactionReceipt: ({ onReplaced }: { onReplaced: (found: { reason: ReplacementReason }) => void }) =>
        wait(onReplaced),
    },
    wallet: { account: { address: CALL.address }, chain: undefined, writeContract: () => Promise.resolve(HASH) },
  } as unknown as Sender;
}

describe("sendSimulated", function () {
  for (const reason of ["cancelled", "replaced"] as const) {
    it(`does not take the receipt of another transaction for its own: ${reason}`, async function () {
      const sender = senderWhere((onReplaced) => {
        onReplaced({ reason });
        return Promise.resolve({ status: "success" });
      });

      const failure = await failureOf(sendSimulated(sender, CALL));

      expect(failure).to.be.instanceOf(TransactionReplacedError);
      expect(failure).to.include({ reason });
    });
  }

  it("takes the same transaction at another price for its own", async function () {
    const sender = senderWhere((onReplaced) => {
      onReplaced({ reason: "repriced" });
      return Promise.resolve({ status: "success", blockNumber: 7n });
    });

    expect(await sendSimulated(sender, CALL)).to.include({ blockNumber: 7n });
  });

  it("warns of doing twice what no block holds yet", async function () {
    const sender = senderWhere(() => Promise.reject(new WaitForTransactionReceiptTimeoutError({ hash: HASH })));

    const failure = await failureOf(sendSimulated(sender, CALL));

    expect(failure).to.be.instanceOf(TransactionPendingError);
    expect((failure as Error).message).to.include(`${HASH}, but no block holds it yet`);
  });
});
