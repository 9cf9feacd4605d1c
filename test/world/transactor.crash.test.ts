import { expect } from "chai";

import { JournalOfOtherKeyError } from "../../src/execute/transactor.ts";
import { failureOf } from "../failure-of.ts";
import { type Fault, stepsOf, useSendingChain } from "./sending.ts";

/** The process is gone: nothing that it would do afterwards happens. */
class Crash extends TypeError {}

/** Requests and journal lines of a run that is final after three blocks; more than that changes nothing. */
const MOMENTS = 60;

describe("transactor after a crash", function () {
  const now = useSendingChain();

  /** Lets `moments` requests and lines happen, then none; `isHeard`: whether the node hears the one in between. */
  function dyingAfter(moments: number, isHeard: boolean) {
    let left = moments;
    const live = (): void => {
      if (left <= 0) throw new Crash("the process died");
      left -= 1;
    };
    const fault: Fault = async ({ method }, pass) => {
      if (isHeard && left === 0 && method === "eth_sendRawTransaction") await pass();
      live();
      return pass();
    };
    return { fault, onLine: live, isDead: () => left <= 0 };
  }

  const used = async (): Promise<number> => {
    const { address } = now().chain.accounts.keeper;
    return now().chain.publicClient.getTransactionCount({ address, blockTag: "latest" });
  };

  for (const isHeard of [false, true]) {
    it(`does the task once, wherever it died, when the node ${isHeard ? "heard" : "did not hear"} the last request`, async function () {
      const settings = { finality: 3, failedLooks: 2 };
      let deaths = 0;
      for (let moment = 0; moment < MOMENTS; moment++) {
        const snapshot = await now().chain.snapshot();
        const { fault, onLine, isDead } = dyingAfter(moment, isHeard);
        const dying = now().open({ settings, fault, onLine });
        await dying.transactor.run("mint", now().mint, "trade").catch(() => undefined);
        if (isDead()) deaths += 1;

        const kept = now().open({ settings });
        for (const line of dying.journal.lines) await kept.journal.append(line);
        await kept.transactor.recover();
        if ((await now().minted()) === 0n) await kept.transactor.run("mint", now().mint, "trade");
        await now().chain.mine(3);
        await kept.transactor.recover();

        const where = `died at moment ${moment} after ${stepsOf(dying.journal).join(", ")}`;
        expect(await now().minted(), where).to.equal(1n);
        expect(await used(), where).to.equal(1);
        expect(await kept.journal.unfinished(), where).to.deep.equal([]);
        await now().chain.revert(snapshot);
      }
      expect(deaths).to.be.above(15);
    });
  }

  it("sends what was signed and never sent", async function () {
    const onLine = ({ step }: { step: string }): void => {
      if (step === "sent") throw new Crash("the process died");
    };
    const fault: Fault = ({ method }, pass) =>
      method === "eth_sendRawTransaction" ? Promise.reject(new Crash("the process died")) : pass();
    const dead = now().open({ fault, onLine });
    await failureOf(dead.transactor.run("mint", now().mint, "trade"));
    const kept = now().open();
    for (const line of dead.journal.lines) await kept.journal.append(line);

    await kept.transactor.recover();

    expect(stepsOf(kept.journal)).to.deep.equal(["planned", "simulated", "signed", "sent", "mined", "final"]);
    expect(await now().minted()).to.equal(1n);
  });

  it("finds a replacement that was sent before the crash by its own hash", async function () {
    const { mineDear } = now();
    const moves = Array.from({ length: 5 }, () => mineDear);
    let replacements = 0;
    const onLine = ({ step }: { step: string }): void => {
      if (replacements > 0 && step === "sent") throw new Crash("the process died");
      if (step === "replaced") replacements += 1;
    };
    const dead = now().open({ onLine, moves });
    await failureOf(dead.transactor.run("mint", now().mint, "trade"));
    const kept = now().open();
    for (const line of dead.journal.lines) await kept.journal.append(line);

    await kept.transactor.recover();

    const replaced = dead.journal.lines.find(({ step }) => step === "replaced");
    expect(kept.journal.lines.at(-1)).to.include({ step: "final", hash: replaced?.hash });
    expect(await now().minted()).to.equal(1n);
  });

  it("does not touch the open transaction of another key", async function () {
    const dead = now().open({ settings: { finality: 3 } });
    await dead.transactor.run("exit", now().mint, "exit");
    const kept = now().open({ account: now().chain.accounts.owner });
    for (const line of dead.journal.lines) await kept.journal.append(line);

    const failure = await failureOf(kept.transactor.recover());

    expect(failure).to.be.instanceOf(JournalOfOtherKeyError);
  });
});
