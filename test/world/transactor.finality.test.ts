// Tests of src/execute/finality.ts on a chain whose node says, or does not say, which blocks will stay.
import { expect } from "chai";

import { createPublicClient } from "viem";
import { hardhat } from "viem/chains";

import { openEndpoints } from "../../src/execute/endpoints.ts";
import { type Twist, serveNode } from "../rpc-node.ts";
import { type Fault, stepsOf, useSendingChain } from "./sending.ts";

describe("transactor where the chain says what is final", function () {
  const now = useSendingChain();

  /** The node says of "finalized" what a test wants; nothing is final before. */
  function saying(answer: () => Promise<unknown>): Fault {
    return ({ method, params }, pass) => {
      const [tag] = (params ?? []) as readonly unknown[];
      return method === "eth_getBlockByNumber" && tag === "finalized" ? answer() : pass();
    };
  }

  const settings = { finality: "finalized" };
  const block = (number: string) => now().rpc("eth_getBlockByNumber", number, false);

  it("notes finality when the chain's finalized block has reached the transaction, however deep it is", async function () {
    let last = "0x1";
    const fault = saying(() => block(last));
    const { transactor, journal } = now().open({ settings, fault });

    await transactor.run("mint", now().mint, "trade");
    await now().chain.mine(100);
    await transactor.recover();
    const early = stepsOf(journal).at(-1);
    last = "0x2"; // the token is in block 1, the mint in block 2
    await transactor.recover();

    expect([early, stepsOf(journal).at(-1)]).to.deep.equal(["mined", "final"]);
  });

  it("counts blocks where the node has no such tag", async function () {
    const fault = saying(() => Promise.resolve(null));
    const { transactor, journal } = now().open({ settings, fault });

    await transactor.run("mint", now().mint, "trade");

    expect(stepsOf(journal).at(-1)).to.equal("final"); // at the local chain's depth of 1
  });

  it("goes on when the node does not say, and notes nothing", async function () {
    const fault = saying(() => Promise.reject(new TypeError("connect ECONNREFUSED")));
    const { transactor, journal } = now().open({ settings, fault });

    await transactor.run("first", now().mint, "trade");
    await transactor.run("second", now().mint, "trade");

    expect((await journal.unfinished()).map(({ step }) => step)).to.deep.equal(["mined", "mined"]);
    expect(await now().minted()).to.equal(2n);
  });

  describe("and several nodes are asked", function () {
    /** Asks three nodes that name these blocks; one that names none refuses. */
    async function finalizedOf(names: readonly (string | undefined)[]) {
      const { chain } = now();
      const twists = names.map((name): Twist => ({ method, params }) => {
        if (method !== "eth_getBlockByNumber" || params[0] !== "finalized") return Promise.resolve(undefined);
        if (name === undefined) return Promise.reject(new TypeError("finalized block not found"));
        return chain.provider.request({ method, params: [name, false] }).then((result: unknown) => ({ result }));
      });
      const nodes = await Promise.all(twists.map(async (twist) => Object.assign(await serveNode(chain), { twist })));
      const { transport, health } = openEndpoints({
        ...{ urls: nodes.map(({ url }) => url), chainId: hardhat.id, maxHeadAge: 600, maxLag: 3 },
        ...{ timeoutMs: 2000, restMs: 30_000, clock: { now: () => performance.now() } },
      });
      const asked = createPublicClient({ chain: hardhat, transport }).getBlock({ blockTag: "finalized" });
      const answer = await asked.then(({ number }) => number).catch((error: unknown) => error);
      await Promise.all(nodes.map((node) => node.close()));
      return { answer, faults: health().map(({ fault }) => fault) };
    }

    it("takes for final what two of them call so", async function () {
      await now().chain.mine(5);

      const { answer } = await finalizedOf(["0x4", "0x2", "0x1"]);

      expect(answer).to.equal(2n);
    });

    it("says that there is no such block when only one names one, and blames nobody", async function () {
      await now().chain.mine(5);

      const { answer, faults } = await finalizedOf(["0x4", undefined, undefined]);

      expect(answer).to.include({ name: "BlockNotFoundError" });
      expect(faults).to.deep.equal([undefined, undefined, undefined]);
    });
  });
});
