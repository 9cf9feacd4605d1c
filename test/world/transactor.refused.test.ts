// Tests of src/execute/offer.ts: what becomes of a transaction that no node knows and that would be refused by now.
import { expect } from "chai";

import { failureOf } from "../failure-of.ts";
import { type Fault, stepsOf, useSendingChain } from "./sending.ts";

const SENT = "eth_sendRawTransaction";

describe("a transaction that would be refused by now", function () {
  const now = useSendingChain();

  /** Transactions of the keeper that are mined. */
  const used = async (): Promise<number> => {
    const { chain } = now();
    return chain.publicClient.getTransactionCount({ address: chain.accounts.keeper.address, blockTag: "latest" });
  };

  it("is dropped when it is lost and would no longer pass", async function () {
    const { chain, mint, rpc, mineWithout } = now();
    const { keeper, alice } = chain.accounts;
    const transfer = { ...mint, functionName: "transfer", args: [alice.address, 1n], action: "give a unit" };
    await now()
      .open()
      .transactor.run("fund", { ...mint, args: [keeper.address, 1n] }, "trade");
    const lose = async (): Promise<void> => {
      await mineWithout();
      await rpc("hardhat_setCode", mint.address, "0x60006000fd"); // refuses everything from now on
    };
    const { transactor, journal } = now().open({ moves: [lose] });

    const failure = await failureOf(transactor.run("give", transfer, "trade"));

    expect(failure.code).to.equal("CONTRACT_REFUSED");
    expect(stepsOf(journal).at(-1)).to.equal("dropped");
  });

  it("is not dropped when it is mined between the look for it and the question whether it would pass", async function () {
    const { chain, mint } = now();
    const { keeper, alice } = chain.accounts;
    const transfer = { ...mint, functionName: "transfer", args: [alice.address, 1n], action: "give a unit" };
    await now()
      .open()
      .transactor.run("fund", { ...mint, args: [keeper.address, 1n] }, "trade");
    let delayed: (() => Promise<unknown>) | undefined;
    const fault: Fault = async ({ method }, pass) => {
      if (method === SENT && delayed === undefined) {
        delayed = pass;
        throw new TypeError("socket hang up"); // on its way, but nobody has it yet
      }
      if (method === "eth_call" && delayed !== undefined && (await used()) === 1) {
        await delayed();
        await chain.mine();
      }
      return pass();
    };
    const { transactor, journal } = now().open({ fault });

    const receipt = await transactor.run("give", transfer, "trade");

    expect(receipt.status).to.equal("success");
    expect(stepsOf(journal)).to.deep.equal(["planned", "simulated", "signed", "sent", "mined", "final"]);
    expect(await now().minted()).to.equal(1n);
  });
});
