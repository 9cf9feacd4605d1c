// Tests of taking back what is pending: an exit waits for it, or the contracts would refuse it by now.
import { expect } from "chai";
import { type Hex, parseTransaction } from "viem";

import { classOf } from "../../src/execute/errors.ts";
import type { Gate } from "../../src/execute/sending-context.ts";
import { StillPendingError } from "../../src/execute/offer.ts";
import { OvertakenError, TakenBackError } from "../../src/execute/watch.ts";
import { initCode, mockArtifact } from "../../src/world/artifacts.ts";
import type { MemoryJournal } from "../memory-journal.ts";
import { failureOf } from "../failure-of.ts";
import { stepsOf, useSendingChain } from "./sending.ts";

const REFUSES = "0x60006000fd";

describe("transactor that takes back", function () {
  const now = useSendingChain();

  const dear = (count: number) => Array.from({ length: count }, () => now().mineDear);
  const used = async (): Promise<number> => {
    const { chain } = now();
    return chain.publicClient.getTransactionCount({ address: chain.accounts.keeper.address, blockTag: "latest" });
  };
  /** Nonces that were signed and neither mined nor dropped, at most at one time. */
  function mostInFlight({ lines }: MemoryJournal): number {
    const flying = new Set<number>();
    let most = 0;
    for (const { step, nonce } of lines) {
      if (nonce === undefined) continue;
      if (step === "signed") flying.add(nonce);
      if (step === "mined" || step === "dropped") flying.delete(nonce);
      most = Math.max(most, flying.size);
    }
    return most;
  }

  describe("a trade that an exit waits for", function () {
    it("replaces it with nothing, by the same nonce, and sends the exit after it", async function () {
      const { transactor, journal } = now().open({ moves: dear(3) });

      const [trade, exit] = await Promise.allSettled([
        transactor.run("trade", now().mint, "trade"),
        transactor.run("exit", now().mint, "exit"),
      ]);

      expect(trade).to.have.property("reason").that.is.instanceOf(TakenBackError);
      expect(exit.status).to.equal("fulfilled");
      expect([await used(), await now().minted()]).to.deep.equal([2, 1n]);
      const idle = journal.lines.find(({ step }) => step === "replaced");
      expect(idle?.note).to.include({ takesBack: "an exit waits" });
      expect(parseTransaction(idle?.raw ?? "0x")).to.include({ to: now().chain.accounts.keeper.address.toLowerCase() });
      expect(journal.lines.find(({ step, task }) => step === "mined" && task === "trade")?.note).to.include({
        takenBack: true,
      });
      expect(mostInFlight(journal)).to.equal(1);
    });

    it("takes back what an earlier process left", async function () {
      const first = now().open({ settings: { giveUpAfter: 3 }, moves: dear(4) });
      const failure = await failureOf(first.transactor.run("trade", now().mint, "trade"));
      const later = now().open({ journal: first.journal, moves: dear(2) });

      await later.transactor.run("exit", now().mint, "exit");

      expect(failure).to.be.instanceOf(StillPendingError);
      expect([await used(), await now().minted()]).to.deep.equal([2, 1n]);
      expect(mostInFlight(first.journal)).to.equal(1);
      expect(await first.journal.unfinished()).to.deep.equal([]);
    });

    it("goes on with the exit when the trade was mined after all", async function () {
      const { chain, rpc } = now();
      let raw: Hex | undefined;
      const moves = [
        ...dear(1),
        async () => {
          const pending = await chain.publicClient.getBlock({ blockTag: "pending" });
          for (const hash of pending.transactions) await rpc("hardhat_dropTransaction", hash);
          raw = journal.lines.find(({ step }) => step === "signed")?.raw;
          await rpc("eth_sendRawTransaction", raw);
          await chain.mine();
        },
      ];
      const { transactor, journal } = now().open({ moves });

      const [trade, exit] = await Promise.allSettled([
        transactor.run("trade", now().mint, "trade"),
        transactor.run("exit", now().mint, "exit"),
      ]);

      expect(stepsOf(journal)).to.include("replaced");
      expect([trade.status, exit.status]).to.deep.equal(["fulfilled", "fulfilled"]);
      expect(await now().minted()).to.equal(2n);
    });
  });

  it("takes back what the contract would refuse by now instead of paying more for it", async function () {
    const { mint, rpc, mineDear } = now();
    const spoil = async (): Promise<void> => {
      await mineDear();
      await rpc("hardhat_setCode", mint.address, REFUSES);
    };
    const { transactor, journal } = now().open({ moves: [spoil, ...dear(6)] });

    const failure = await failureOf(transactor.run("mint", mint, "trade"));

    expect(failure).to.be.instanceOf(TakenBackError);
    expect(classOf(failure)).to.equal("replan");
    const reasons = journal.lines.filter(({ step }) => step === "replaced").map(({ note }) => note?.["takesBack"]);
    expect(reasons[0]).to.be.a("string").that.contains("gave no reason");
    expect(await used()).to.equal(1);
    expect(await journal.unfinished()).to.deep.equal([]);
  });

  it("keeps a nonce in use that a later one stands on, when a reorganization made it useless", async function () {
    const { chain, mint, rpc } = now();
    const other = await deployToken();
    const { transactor, journal } = now().open({ settings: { finality: 20, resolveDepth: { trade: 1 } } });
    const before = await chain.snapshot();
    await transactor.run("first", { ...mint, address: other }, "trade");
    await transactor.run("second", mint, "trade");
    await chain.revert(before);
    await rpc("hardhat_setCode", other, REFUSES);

    await transactor.recover();

    const mined = journal.lines.filter(({ step }) => step === "mined").slice(-2);
    expect(mined.map(({ nonce, note }) => [nonce, note?.["takenBack"] === true])).to.deep.equal([
      [0, true],
      [1, false],
    ]);
    expect([await used(), await now().minted()]).to.deep.equal([2, 1n]);
  });

  it("ends its wait when something more urgent is due, and settles the transaction later", async function () {
    const asked: string[] = [];
    const gate: Gate = {
      check: () => Promise.resolve(),
      moved: () => undefined,
      landed: () => Promise.resolve(),
      isOvertaken: (task) => Promise.resolve(asked.push(task) === 2),
    };
    const { transactor, journal } = now().open({ gate, moves: dear(5) });

    const failure = await failureOf(transactor.run("trade", now().mint, "trade"));
    const open = (await journal.unfinished()).map(({ step }) => step);
    await transactor.recover();

    expect(failure).to.be.instanceOf(OvertakenError);
    expect([classOf(failure), open]).to.deep.equal(["retry", ["sent"]]);
    expect(asked.slice(0, 2)).to.deep.equal(["trade", "trade"]);
    expect([await used(), await now().minted()]).to.deep.equal([1, 1n]);
  });

  async function deployToken(): Promise<Hex> {
    const { chain, rpc } = now();
    await rpc("evm_setAutomine", true);
    const token = await chain.deploy(
      chain.accounts.maker.address,
      initCode(mockArtifact("MockToken"), ["Other", "OTH", 18]),
    );
    await rpc("evm_setAutomine", false);
    return token;
  }
});
