import { expect } from "chai";
import { parseTransaction } from "viem";

import { classOf } from "../../src/execute/errors.ts";
import { ForeignTransactionError } from "../../src/execute/prepare.ts";
import { SignatureMismatchError } from "../../src/execute/signing.ts";
import { TransactionRefusedError } from "../../src/execute/submit.ts";
import { StillPendingError } from "../../src/execute/offer.ts";
import { NonceTakenError } from "../../src/execute/watch.ts";
import { failureOf } from "../failure-of.ts";
import { type Fault, GWEI, stepsOf, useSendingChain } from "./sending.ts";

const SENT = "eth_sendRawTransaction";

describe("transactor", function () {
  const now = useSendingChain();

  /** Transactions of the keeper that are mined. */
  const used = async (): Promise<number> => {
    const { chain } = now();
    return chain.publicClient.getTransactionCount({ address: chain.accounts.keeper.address, blockTag: "latest" });
  };

  it("carries a call to its final receipt, with each step in the journal", async function () {
    const { transactor, journal } = now().open();

    const receipt = await transactor.run("mint:1", now().mint, "trade");

    expect(receipt.status).to.equal("success");
    expect(stepsOf(journal)).to.deep.equal(["planned", "simulated", "signed", "sent", "mined", "final"]);
    expect(journal.lines.at(-1)).to.include({ task: "mint:1", nonce: 0, hash: receipt.transactionHash });
    expect(await now().minted()).to.equal(1n);
  });

  it("runs what is asked at the same time one after the other, each with its own nonce", async function () {
    const { transactor, journal } = now().open();

    await Promise.all(["a", "b", "c"].map((task) => transactor.run(task, now().mint, "trade")));

    const finals = journal.lines.filter(({ step }) => step === "final");
    expect(finals.map(({ task, nonce }) => [task, nonce])).to.deep.equal([
      ["a", 0],
      ["b", 1],
      ["c", 2],
    ]);
    expect(await now().minted()).to.equal(3n);
  });

  describe("before anything is sent", function () {
    it("sends nothing when the journal cannot keep the signed transaction", async function () {
      const onLine = ({ step }: { step: string }): void => {
        if (step === "signed") throw new TypeError("disk full");
      };
      const { transactor } = now().open({ onLine });

      const failure = await failureOf(transactor.run("mint", now().mint, "trade"));

      expect(failure.message).to.equal("disk full");
      await now().chain.mine();
      expect([await used(), await now().minted()]).to.deep.equal([0, 0n]);
    });

    it("gives the contract's refusal and leaves the nonce alone", async function () {
      const { transactor, journal } = now().open();
      const call = { ...now().mint, functionName: "transfer", action: "transfer a unit" };

      const failure = await failureOf(transactor.run("transfer", call, "trade"));

      expect(failure.message).to.contain("has 0 units and needs 1");
      expect(classOf(failure)).to.equal("replan");
      expect(stepsOf(journal)).to.deep.equal(["planned"]);
    });

    it("refuses what a signer changed", async function () {
      const { keeper } = now().chain.accounts;
      const signTransaction: typeof keeper.signTransaction = (draft) =>
        keeper.signTransaction({ ...draft, nonce: 7 } as never);
      const { transactor, journal } = now().open({ account: { ...keeper, signTransaction } });

      const failure = await failureOf(transactor.run("mint", now().mint, "trade"));

      expect(failure).to.be.instanceOf(SignatureMismatchError);
      expect(failure.message).to.contain("it changed the nonce");
      expect(classOf(failure)).to.equal("stop");
      expect(stepsOf(journal)).not.to.include("sent");
    });

    it("waits for what another process sends with its key, unless it is an exit", async function () {
      const { chain, rpc } = now();
      const { address } = chain.accounts.keeper;
      await rpc("eth_sendTransaction", { from: address, to: address, gas: "0x5208", gasPrice: "0x77359400" });

      const failure = await failureOf(now().open().transactor.run("mint", now().mint, "trade"));
      const receipt = await now()
        .open({ settings: { fees: { exit: { tipGwei: "50" } } } })
        .transactor.run("exit", now().mint, "exit");

      expect(failure).to.be.instanceOf(ForeignTransactionError);
      expect(classOf(failure)).to.equal("retry");
      expect(receipt.status).to.equal("success");
      expect(await used()).to.equal(1); // the exit took the nonce of the other one
    });

    it("stops when the account cannot pay", async function () {
      const { chain } = now();
      await chain.setBalance(chain.accounts.keeper.address, 1n);
      const { transactor } = now().open();

      const failure = await failureOf(transactor.run("mint", now().mint, "trade"));

      expect(["TRANSACTION_REFUSED", "CHAIN_CALL_FAILED"]).to.include(failure.code);
      expect(await used()).to.equal(0);
    });

    it("drops what the node refuses for good", async function () {
      const fault: Fault = (request, pass) => {
        if (request.method !== SENT) return pass();
        return Promise.reject(Object.assign(new Error("insufficient funds for gas * price + value"), { code: -32000 }));
      };
      const { transactor, journal } = now().open({ fault });

      const failure = await failureOf(transactor.run("mint", now().mint, "trade"));

      expect(failure).to.be.instanceOf(TransactionRefusedError);
      expect(classOf(failure)).to.equal("stop");
      expect(stepsOf(journal)).to.deep.equal(["planned", "simulated", "signed", "dropped"]);
      expect(await journal.unfinished()).to.deep.equal([]);
    });
  });

  describe("on its way", function () {
    it("offers an eighth more with the same nonce when blocks pass it by", async function () {
      const { mineDear } = now();
      const { transactor, journal } = now().open({ moves: Array.from({ length: 5 }, () => mineDear) });

      const receipt = await transactor.run("mint", now().mint, "trade");

      const drafts = journal.lines.flatMap(({ raw }) => (raw === undefined ? [] : [parseTransaction(raw)]));
      const [first, second] = drafts;
      expect(drafts.map(({ nonce }) => nonce ?? 0)).to.deep.equal([0, 0]);
      expect(((second?.maxFeePerGas ?? 0n) * 1000n) / (first?.maxFeePerGas ?? 1n) >= 1125n).to.equal(true);
      expect(((second?.maxPriorityFeePerGas ?? 0n) * 1000n) / (first?.maxPriorityFeePerGas ?? 1n) >= 1125n).to.equal(
        true,
      );
      expect(receipt.transactionHash).to.equal(journal.lines.at(-1)?.hash);
      expect([await used(), await now().minted()]).to.deep.equal([1, 1n]);
    });

    it("never offers more than the cap of its urgency", async function () {
      const { mineDear } = now();
      const cap = { maximumGwei: "3", tipGwei: "1" };
      const settings = { fees: { trade: cap }, replaceAfter: { exit: 1, trade: 1, routine: 1 } };
      const { transactor, journal } = now().open({ settings, moves: Array.from({ length: 40 }, () => mineDear) });

      await transactor.run("mint", now().mint, "trade");

      const offers = journal.lines.flatMap(({ raw }) =>
        raw === undefined ? [] : [parseTransaction(raw).maxFeePerGas],
      );
      expect(offers.length).to.be.above(1);
      expect(offers.every((offer) => (offer ?? 0n) <= 3n * GWEI)).to.equal(true);
    });

    it("is sent again from its bytes when no node knows it any more", async function () {
      const { mineWithout } = now();
      const { transactor, journal } = now().open({
        moves: [mineWithout, ...Array.from({ length: 3 }, () => () => now().chain.mine())],
      });

      const receipt = await transactor.run("mint", now().mint, "trade");

      expect(stepsOf(journal)).to.deep.equal(["planned", "simulated", "signed", "sent", "sent", "mined", "final"]);
      expect(receipt.transactionHash).to.equal(journal.lines.find(({ step }) => step === "signed")?.hash);
    });

    it("is found when the node's answer to it was lost", async function () {
      let losses = 0;
      const fault: Fault = async ({ method }, pass) => {
        const answer = await pass();
        if (method !== SENT || losses++ > 0) return answer;
        throw new TypeError("socket hang up");
      };
      const { transactor, journal } = now().open({ fault });

      await transactor.run("mint", now().mint, "trade");

      expect(journal.lines.find(({ step }) => step === "sent")?.note).to.include({ answer: "unknown" });
      expect([await used(), await now().minted()]).to.deep.equal([1, 1n]);
    });

    it("notices that somebody else used its nonce", async function () {
      const { chain, rpc } = now();
      const { address } = chain.accounts.keeper;
      const steal = async (): Promise<void> => {
        const gasPrice = `0x${(50n * GWEI).toString(16)}`;
        await rpc("eth_sendTransaction", { from: address, to: address, gas: "0x5208", gasPrice, nonce: "0x0" });
        await chain.mine();
      };
      const { transactor, journal } = now().open({ moves: [steal] });

      const failure = await failureOf(transactor.run("mint", now().mint, "trade"));

      expect(failure).to.be.instanceOf(NonceTakenError);
      expect(classOf(failure)).to.equal("replan");
      expect(stepsOf(journal).at(-1)).to.equal("dropped");
      expect(await now().minted()).to.equal(0n);
    });

    it("asks again when looking fails, and stays in the journal when it fails for long", async function () {
      let isDown = false;
      const fault: Fault = ({ method }, pass) => {
        if (isDown && method !== SENT) return Promise.reject(new TypeError("connect ECONNREFUSED"));
        return pass();
      };
      const onLine = ({ step }: { step: string }): void => {
        isDown = step === "sent";
      };
      const { transactor, journal } = now().open({ fault, onLine, settings: { failedLooks: 5 } });

      const failure = await failureOf(transactor.run("mint", now().mint, "trade"));

      expect(classOf(failure)).to.equal("retry");
      expect((await journal.unfinished()).map(({ step }) => step)).to.deep.equal(["sent"]);
    });

    it("gives up for now after many blocks, and the next run settles it first", async function () {
      const { mineDear } = now();
      const settings = { giveUpAfter: 3 };
      const { transactor, journal } = now().open({ settings, moves: Array.from({ length: 4 }, () => mineDear) });

      const failure = await failureOf(transactor.run("first", now().mint, "trade"));
      await transactor.run("second", now().mint, "trade");

      expect(failure).to.be.instanceOf(StillPendingError);
      const finals = journal.lines.filter(({ step }) => step === "final").map(({ task, nonce }) => [task, nonce]);
      expect(finals).to.deep.equal([
        ["first", 0],
        ["second", 1],
      ]);
    });

    it("has the task planned anew when its earlier transaction came in after all", async function () {
      const { mineDear } = now();
      const settings = { giveUpAfter: 3 };
      const { transactor } = now().open({ settings, moves: Array.from({ length: 4 }, () => mineDear) });
      await failureOf(transactor.run("mint", now().mint, "trade"));

      const failure = await failureOf(transactor.run("mint", now().mint, "trade"));

      expect([failure.code, classOf(failure)]).to.deep.equal(["TASK_MOVED_ON", "replan"]);
      expect(await now().minted()).to.equal(1n);
    });

    it("lends an exit's caps to what stands before it", async function () {
      const { mineDear } = now();
      const settings = { fees: { routine: { maximumGwei: "1.5", tipGwei: "0.1" } } };
      const { transactor, journal } = now().open({ settings, moves: Array.from({ length: 6 }, () => mineDear) });

      const routine = transactor.run("routine", now().mint, "routine");
      const exit = transactor.run("exit", now().mint, "exit");
      await Promise.all([routine, exit]);

      const replaced = journal.lines.filter(({ step, task }) => step === "replaced" && task === "routine");
      const offers = replaced.flatMap(({ raw }) => (raw === undefined ? [] : [parseTransaction(raw).maxFeePerGas]));
      expect(offers.some((offer) => (offer ?? 0n) > (3n * GWEI) / 2n)).to.equal(true);
    });
  });
});
