import { expect } from "chai";
import { type Hex, parseTransaction } from "viem";

import { classOf } from "../../src/execute/errors.ts";
import { FeesAboveCapError } from "../../src/execute/fees.ts";
import { StillPendingError } from "../../src/execute/offer.ts";
import { GasBudgetSpentError } from "../../src/execute/spending.ts";
import { failureOf } from "../failure-of.ts";
import { type Fault, GWEI, stepsOf, useSendingChain } from "./sending.ts";

const SENT = "eth_sendRawTransaction";

describe("transactor", function () {
  const now = useSendingChain();

  const used = async (): Promise<number> => {
    const { chain } = now();
    return chain.publicClient.getTransactionCount({ address: chain.accounts.keeper.address, blockTag: "latest" });
  };

  describe("when the chain is reorganized", function () {
    const settings = { finality: 3, resolveDepth: { trade: 3 } };

    it("finds the transaction in its new block", async function () {
      const { chain } = now();
      let before: Hex;
      const moves = [
        async () => {
          before = await chain.snapshot();
          await chain.mine();
        },
        async () => {
          await chain.revert(before);
          await now().rpc("evm_setNextBlockTimestamp", (await chain.now()) + 100); // another block than before
          await chain.mine();
        },
      ];
      const { transactor, journal } = now().open({ settings, moves });

      await transactor.run("mint", now().mint, "trade");

      const mined = journal.lines.filter(({ step }) => step === "mined").map(({ note }) => note?.["blockHash"]);
      expect(new Set(mined).size).to.equal(2);
      expect(stepsOf(journal).at(-1)).to.equal("final");
      expect([await used(), await now().minted()]).to.deep.equal([1, 1n]);
    });

    it("sends it again from its bytes when the new chain lost it", async function () {
      const { chain, mineWithout } = now();
      let before: Hex;
      const moves = [
        async () => {
          before = await chain.snapshot();
          await chain.mine();
        },
        async () => {
          await chain.revert(before);
          await mineWithout();
        },
      ];
      const { transactor, journal } = now().open({ settings, moves });

      const receipt = await transactor.run("mint", now().mint, "trade");

      const expected = ["mined", "sent", "sent", "mined", "final"];
      expect(stepsOf(journal).slice(-5)).to.deep.equal(expected);
      expect(receipt.transactionHash).to.equal(journal.lines.find(({ step }) => step === "signed")?.hash);
      expect([await used(), await now().minted()]).to.deep.equal([1, 1n]);
    });

    it("finds the version that was mined instead, when the new chain took another one", async function () {
      const { chain, mineDear } = now();
      let before: Hex;
      let first: Hex | undefined;
      const moves = [
        ...Array.from({ length: 5 }, () => mineDear), // then it is replaced
        async () => {
          before = await chain.snapshot();
          await chain.mine();
        },
        async () => {
          await chain.revert(before);
          const pending = await chain.publicClient.getBlock({ blockTag: "pending" });
          for (const hash of pending.transactions) await now().rpc("hardhat_dropTransaction", hash);
          first = journal.lines.find(({ step }) => step === "signed")?.raw;
          await now().rpc(SENT, first);
          await chain.mine();
        },
      ];
      const { transactor, journal } = now().open({ settings, moves });

      const receipt = await transactor.run("mint", now().mint, "trade");

      const signed = journal.lines.find(({ step }) => step === "signed");
      expect(stepsOf(journal)).to.include("replaced");
      expect([first, receipt.transactionHash]).to.deep.equal([signed?.raw, signed?.hash]);
      expect(journal.lines.at(-1)).to.include({ step: "final", hash: signed?.hash });
      expect([await used(), await now().minted()]).to.deep.equal([1, 1n]);
    });

    it("goes on with an exit after one block, and settles the finality of it later", async function () {
      const { transactor, journal } = now().open({ settings });

      await transactor.run("exit", now().mint, "exit");
      const open = (await journal.unfinished()).map(({ step }) => step);
      await now().chain.mine(3);
      await transactor.recover();

      expect(open).to.deep.equal(["mined"]);
      expect(await journal.unfinished()).to.deep.equal([]);
      expect(stepsOf(journal).at(-1)).to.equal("final");
    });
  });

  describe("fees and budgets", function () {
    const setBase = (gwei: bigint) => now().rpc("hardhat_setNextBlockBaseFeePerGas", `0x${(gwei * GWEI).toString(16)}`);

    it("has a trade wait through a spike, and give up for now when it lasts", async function () {
      await setBase(200n);
      const settings = { feePatience: 10, pollMs: 2000 };
      const moves = Array.from({ length: 10 }, () => () => setBase(200n));
      const { transactor, journal } = now().open({ settings, moves });

      const failure = await failureOf(transactor.run("mint", now().mint, "trade"));

      expect(failure).to.be.instanceOf(FeesAboveCapError);
      expect(classOf(failure)).to.equal("retry");
      expect(stepsOf(journal)).to.deep.equal(["planned"]);
    });

    it("sends a trade once the spike is over", async function () {
      await setBase(200n);
      const moves = [() => setBase(200n), () => setBase(2n)];
      const { transactor } = now().open({ moves });

      const receipt = await transactor.run("mint", now().mint, "trade");

      expect(receipt.effectiveGasPrice < 10n * GWEI).to.equal(true);
    });

    it("has an exit pay through the spike, up to its cap", async function () {
      await setBase(50n);
      const { transactor, journal } = now().open();

      const receipt = await transactor.run("exit", now().mint, "exit");

      const [raw] = journal.lines.flatMap((line) => (line.raw === undefined ? [] : [line.raw]));
      expect(receipt.effectiveGasPrice >= 50n * GWEI).to.equal(true);
      expect(parseTransaction(raw ?? "0x").maxFeePerGas ?? 0n).to.satisfy((fee: bigint) => fee <= 500n * GWEI);
    });

    it("stops when the task has spent its budget", async function () {
      const settings = { taskBudgetEther: "0.0001" }; // a mint takes about 70,000 gas: 0.00007 ether at 1 gwei
      await setBase(1n);
      const { transactor } = now().open({ settings });

      await transactor.run("mint", now().mint, "trade");
      await setBase(1n);
      const failure = await failureOf(transactor.run("mint", now().mint, "trade"));

      expect(failure).to.be.instanceOf(GasBudgetSpentError);
      expect(classOf(failure)).to.equal("stop");
    });

    it("stops when the day has spent its budget, whatever the task", async function () {
      const { transactor } = now().open({ settings: { dayBudgetEther: "0.0001" } });
      await setBase(1n);
      await transactor.run("first", now().mint, "trade");
      await setBase(1n);

      const failure = await failureOf(transactor.run("second", now().mint, "trade"));

      expect(failure.message).to.contain("in 24 hours");
    });
  });

  describe("with a private relay", function () {
    const settings = {
      resendAfter: 2,
      publicAfter: 6,
      replaceAfter: { exit: 50, trade: 50, routine: 50 },
      giveUpAfter: 12,
    };

    it("sends there alone", async function () {
      const { rpc } = now();
      const relay = (raw: Hex): Promise<unknown> => rpc(SENT, raw);
      const everybody: Fault = ({ method }, pass) =>
        method === SENT ? Promise.reject(new TypeError("sent to everybody")) : pass();
      const { transactor, journal } = now().open({ relay, fault: everybody });

      await transactor.run("mint", now().mint, "trade");

      expect(journal.lines.find(({ step }) => step === "sent")?.note).to.include({ channel: "private" });
      expect(await now().minted()).to.equal(1n);
    });

    it("sends an exit that the relay does not bring in there again, then to everybody, always the same bytes", async function () {
      const raws: Hex[] = [];
      const relay = (raw: Hex): Promise<unknown> => Promise.resolve(raws.push(raw));
      const { transactor, journal } = now().open({ relay, settings });

      const receipt = await transactor.run("exit", now().mint, "exit");

      expect(raws.length).to.be.above(1);
      expect(new Set(raws).size).to.equal(1);
      expect(journal.lines.filter(({ step }) => step === "sent").at(-1)?.note).to.include({ channel: "public" });
      expect(receipt.transactionHash).to.equal(journal.lines.find(({ step }) => step === "signed")?.hash);
      expect(await used()).to.equal(1);
    });

    it("shows a trade to nobody else", async function () {
      const relay = (): Promise<unknown> => Promise.resolve("0x");
      const { transactor, journal } = now().open({ relay, settings });

      const failure = await failureOf(transactor.run("mint", now().mint, "trade"));

      expect(failure).to.be.instanceOf(StillPendingError);
      const channels = journal.lines.filter(({ step }) => step === "sent").map(({ note }) => note?.["channel"]);
      expect(new Set(channels)).to.deep.equal(new Set(["private"]));
    });
  });
});
