// Tests of src/execute/watch.ts: what becomes of a transaction whose nonce somebody else has used.
import { expect } from "chai";
import type { Hex } from "viem";

import { NonceTakenError } from "../../src/execute/watch.ts";
import { failureOf } from "../failure-of.ts";
import { GWEI, stepsOf, useSendingChain } from "./sending.ts";

describe("transactor whose nonce somebody else has used", function () {
  const now = useSendingChain();

  const settings = { finality: 20 };
  let before: Hex; // the chain as it was before the other transaction was mined

  async function steal(): Promise<void> {
    const { chain, rpc } = now();
    const { address } = chain.accounts.keeper;
    before = await chain.snapshot();
    const gasPrice = `0x${(50n * GWEI).toString(16)}`;
    await rpc("eth_sendTransaction", { from: address, to: address, gas: "0x5208", gasPrice, nonce: "0x0" });
    await chain.mine();
  }

  it("keeps it in the journal until the other one is final, and goes on meanwhile", async function () {
    const { transactor, journal } = now().open({ settings, moves: [steal] });

    const failure = await failureOf(transactor.run("first", now().mint, "trade"));
    const early = stepsOf(journal).at(-1);
    await transactor.run("second", now().mint, "trade");
    await now().chain.mine(20);
    await transactor.recover();

    expect(failure).to.be.instanceOf(NonceTakenError);
    expect(early).to.equal("sent");
    expect(journal.lines.findLast(({ nonce }) => nonce === 0)?.step).to.equal("dropped");
    expect(journal.lines.findLast(({ nonce }) => nonce === 1)?.step).to.equal("final");
    expect(await now().minted()).to.equal(1n);
  });

  it("notes it as mined when a reorganization takes the other one away and brings it in", async function () {
    const { transactor, journal } = now().open({ settings, moves: [steal] });
    await failureOf(transactor.run("mint", now().mint, "trade"));
    const { raw } = journal.lines.find(({ step }) => step === "signed") ?? {};

    await now().chain.revert(before);
    await now()
      .rpc("eth_sendRawTransaction", raw)
      .catch(() => undefined); // a pool may have it still
    await now().chain.mine(20);
    await transactor.recover();

    expect(journal.lines.findLast(({ nonce }) => nonce === 0)?.step).to.equal("final");
    expect(await now().minted()).to.equal(1n);
  });
});
