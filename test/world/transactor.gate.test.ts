// Tests of what stands before a transactor's ways out: it is asked before each send, and what it forbids does not leave.
import { expect } from "chai";
import type { Hex } from "viem";

import { AppError } from "../../src/core/errors.ts";
import { NotAdmittedError } from "../../src/execute/offer.ts";
import type { Gate } from "../../src/execute/sending-context.ts";
import { failureOf } from "../failure-of.ts";
import { type Fault, stepsOf, useSendingChain } from "./sending.ts";

class ForbiddenError extends AppError {
  readonly code = "FORBIDDEN";
  readonly kind = "chain";
  override readonly retryable = true;
}

describe("transactor behind a gate", function () {
  const now = useSendingChain();

  /** Lets through as often as `times` says; `heard` is what happened at the gate and the node, in order. */
  function gateFor(times: number) {
    const heard: string[] = [];
    const moved: Hex[] = [];
    let left = times;
    const gate: Gate = {
      check: () => {
        heard.push("check");
        left -= 1;
        return left < 0 ? Promise.reject(new ForbiddenError("no more")) : Promise.resolve();
      },
      moved: (hash) => {
        heard.push("moved");
        moved.push(hash);
      },
      landed: () => {
        heard.push("landed");
        return Promise.resolve();
      },
    };
    const fault: Fault = ({ method }, pass) => {
      if (method === "eth_sendRawTransaction") heard.push("send");
      return pass();
    };
    return { gate, fault, heard, moved };
  }

  const used = async (): Promise<number> => {
    const { address } = now().chain.accounts.keeper;
    return now().chain.publicClient.getTransactionCount({ address, blockTag: "latest" });
  };

  it("asks before a send and before a replacement, and tells of both and of the block", async function () {
    const { gate, fault, heard, moved } = gateFor(Infinity);
    const moves = Array.from({ length: 5 }, () => now().mineDear);
    const { transactor, journal } = now().open({ gate, fault, moves });

    await transactor.run("mint", now().mint, "trade");

    const hashes = journal.lines.flatMap(({ raw, hash }) => (raw === undefined ? [] : [hash]));
    expect(heard).to.deep.equal([...["check", "send", "moved"], ...["check", "send", "moved"], "landed"]);
    expect(moved).to.deep.equal(hashes);
    expect(stepsOf(journal)).to.include("replaced");
  });

  it("asks before it sends again what was lost", async function () {
    const { gate, fault, heard } = gateFor(Infinity);
    const moves = Array.from({ length: 4 }, () => now().mineWithout);
    const { transactor } = now().open({ gate, fault, moves });

    await transactor.run("mint", now().mint, "trade");

    const again = heard.filter((word) => word !== "landed");
    expect(again.length).to.be.at.least(6);
    expect(again).to.deep.equal(Array.from({ length: again.length / 3 }, () => ["check", "send", "moved"]).flat());
  });

  it("drops what it may not send for the first time, and leaves the nonce alone", async function () {
    const { gate, fault, heard } = gateFor(0);
    const { transactor, journal } = now().open({ gate, fault });

    const failure = await failureOf(transactor.run("mint", now().mint, "trade"));
    await now().chain.mine();

    expect(failure).to.be.instanceOf(NotAdmittedError);
    expect(failure.cause).to.be.instanceOf(ForbiddenError);
    expect(heard).to.deep.equal(["check"]);
    expect(stepsOf(journal)).to.deep.equal(["planned", "simulated", "signed", "dropped"]);
    expect(await used()).to.equal(0);
  });

  it("ends at once when a replacement is forbidden, and keeps what is on its way in the journal", async function () {
    const { gate, fault } = gateFor(1);
    const moves = Array.from({ length: 5 }, () => now().mineDear);
    const first = now().open({ gate, fault, moves });
    const failure = await failureOf(first.transactor.run("mint", now().mint, "trade"));
    const open = await first.journal.unfinished();
    const later = now().open({ journal: first.journal });

    await later.transactor.recover();

    expect(failure).to.be.instanceOf(NotAdmittedError);
    expect(open.map(({ task, step }) => [task, step])).to.deep.equal([["mint", "replaced"]]);
    expect(await later.journal.unfinished()).to.deep.equal([]);
    expect([await used(), await now().minted()]).to.deep.equal([1, 1n]);
  });
});
