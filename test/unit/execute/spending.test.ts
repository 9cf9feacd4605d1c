// Tests of src/execute/spending.ts: what the journal leaves of the budgets.
import { expect } from "chai";
import { parseEther, parseGwei } from "viem";

import { TRANSACTION_GAS_CAP } from "../../../src/execute/send.ts";
import { sendingSchema } from "../../../src/execute/sending-settings.ts";
import { spendingOf } from "../../../src/execute/spending.ts";
import { memoryJournal } from "../../memory-journal.ts";

const SETTINGS = sendingSchema.parse({});
const HOUR = 3_600_000;

describe("spendingOf", function () {
  /** Tasks with what {ether} each paid, one an hour from the first on. */
  async function spent(...payments: readonly (readonly [task: string, fee: string])[]) {
    let time = 0;
    const journal = memoryJournal(() => (time += HOUR));
    for (const [i, [task, fee]] of payments.entries()) {
      await journal.append({ task, step: "mined", nonce: i, hash: `0x${i}`, note: { fee: String(parseEther(fee)) } });
    }
    return spendingOf(journal, SETTINGS);
  }

  it("leaves a trade what its task has not spent of 2 ether", async function () {
    const spending = await spent(["a", "0.5"], ["b", "0.25"]);

    const room = await spending({ task: "a", urgency: "trade" }, 2 * HOUR);

    expect(room).to.deep.equal({
      left: parseEther("1.5"),
      budget: parseEther("2"),
      spent: parseEther("0.5"),
      span: "in 7 days",
    });
  });

  it("leaves a trade nothing once the day has spent 4 ether", async function () {
    const spending = await spent(["a", "1.5"], ["b", "1.5"], ["c", "1.5"]);

    const room = await spending({ task: "d", urgency: "trade" }, 3 * HOUR);

    expect(room).to.include({ left: 0n, span: "in 24 hours" });
  });

  it("leaves a way out the budget of its own, although the day's is spent", async function () {
    const spending = await spent(["a", "2"], ["b", "2"]);

    const room = await spending({ task: "out", urgency: "exit" }, 3 * HOUR);

    // 14 ether a day, of which 4 are spent; 10 of the task.
    expect(room.left).to.equal(parseEther("10"));
  });

  it("lets one full transaction of a way out pay the cap of its urgency", async function () {
    const spending = await spent();

    const { left } = await spending({ task: "out", urgency: "exit" }, 0);

    expect(left >= TRANSACTION_GAS_CAP * SETTINGS.fees.exit.maximumGwei).to.equal(true);
    expect(SETTINGS.fees.exit.maximumGwei).to.equal(parseGwei("500"));
  });

  it("bounds what a way out spends in all", async function () {
    const spending = await spent(["out", "9"], ["out", "1.5"]);

    const room = await spending({ task: "out", urgency: "exit" }, 2 * HOUR);

    expect(room).to.include({ left: 0n, span: "in 7 days" });
  });
});
