import { expect } from "chai";
import { type PublicClient, createPublicClient, erc20Abi } from "viem";
import { hardhat } from "viem/chains";

import { chainError, classOf } from "../../src/execute/errors.ts";
import { type Endpoints, type EndpointsOptions, openEndpoints } from "../../src/execute/endpoints.ts";
import { sendingSchema } from "../../src/execute/sending-settings.ts";
import { createTransactor } from "../../src/execute/transactor.ts";
import { failureOf } from "../failure-of.ts";
import { memoryJournal } from "../memory-journal.ts";
import { type RpcNode, type Twist, serveNode } from "../rpc-node.ts";
import { useSendingChain } from "./sending.ts";

const STATUS_429: Twist = () => Promise.resolve({ status: 429 });
const STATUS_500: Twist = () => Promise.resolve({ status: 500 });
const SILENT: Twist = () => Promise.resolve("silent");

/** The node says `change(answer)` to one method. */
function lying(method: string, change: (answer: never) => unknown): Twist {
  return async (call, pass) =>
    call.method === method ? { result: change((await pass()) as never) } : Promise.resolve(undefined);
}

describe("endpoints", function () {
  const now = useSendingChain();
  let nodes: readonly [RpcNode, RpcNode, RpcNode];
  /** {ms} What the clock says; a test may set it forward. */
  let time = 0;

  beforeEach(async function () {
    const { chain } = now();
    nodes = [await serveNode(chain), await serveNode(chain), await serveNode(chain)];
    time = (await chain.now()) * 1000;
  });

  afterEach(async function () {
    await Promise.all(nodes.map((node) => node.close()));
  });

  function open(count: number, options: Partial<EndpointsOptions> = {}): Endpoints & { client: PublicClient } {
    const endpoints = openEndpoints({
      urls: nodes.slice(0, count).map(({ url }) => url),
      chainId: hardhat.id,
      maxHeadAge: 600,
      maxLag: 3,
      timeoutMs: 2000,
      restMs: 30_000,
      clock: { now: () => time },
      ...options,
    });
    const client = createPublicClient({ chain: hardhat, transport: endpoints.transport, cacheTime: 0 });
    return { ...endpoints, client };
  }

  const faultsOf = ({ health }: Endpoints) => health().map(({ fault }) => fault);
  const failureFrom = async (work: Promise<unknown>) => chainError("ask", await failureOf(work));

  describe("whatever a node answers that fails", function () {
    const faults = [
      ["status 429", STATUS_429, "it answered with status 429"],
      ["status 500", STATUS_500, "it answered with status 500"],
      ["silence", SILENT, "it did not answer in time"],
      [
        "a cut answer",
        (() => Promise.resolve("cut")) satisfies Twist,
        "it could not be reached, or its answer was cut off",
      ],
      ["another chain", lying("eth_chainId", () => "0x5"), "it is of chain 5 instead of 31337"],
    ] as const;
    for (const [name, twist, reason] of faults) {
      it(`asks the next one after ${name}, and keeps why`, async function () {
        nodes[0].twist = twist;
        const endpoints = open(2, { timeoutMs: 300 });

        const price = await endpoints.client.getGasPrice();

        expect(price > 0n).to.equal(true);
        expect(faultsOf(endpoints)).to.deep.equal([reason, undefined]);
      });
    }

    it("leaves a failed node alone for a while, and then asks it again", async function () {
      const endpoints = open(2, { agreement: 1 });
      nodes[0].twist = STATUS_500;
      await endpoints.client.getGasPrice();
      const before = nodes[0].calls.length;

      await endpoints.client.getGasPrice();
      const resting = nodes[0].calls.length;
      time += 31_000;
      nodes[0].twist = undefined;
      await endpoints.client.getGasPrice();

      expect(resting).to.equal(before);
      expect(nodes[0].calls.length).to.be.above(resting);
      expect(faultsOf(endpoints)).to.deep.equal([undefined, undefined]);
    });

    it("says of each node why it cannot be used, without the secrets of its address", async function () {
      nodes[0].twist = STATUS_429;
      nodes[1].twist = STATUS_500;

      const failure = await failureFrom(open(2).client.getGasPrice());

      expect([failure.code, classOf(failure)]).to.deep.equal(["ENDPOINTS_TOO_FEW", "retry"]);
      expect(failure.message).to.contain("status 429").and.to.contain("status 500");
      expect(JSON.stringify(failure) + failure.message + String(failure.stack)).not.to.contain("SECRET");
    });

    it("passes on what a contract refuses, without asking others", async function () {
      const { mint, chain } = now();
      const { client } = open(2);
      const { address } = mint;
      const args = [chain.accounts.bob.address, 5n] as const;

      const failure = await failureFrom(
        client.simulateContract({ address, abi: erc20Abi, functionName: "transfer", args, account: args[0] }),
      );

      expect(failure.message).to.contain("has 0 units and needs 5");
      expect(String(failure.cause) + String(failure.stack)).not.to.contain("SECRET");
      expect(nodes[1].calls.filter(({ method }) => method === "eth_call")).to.deep.equal([]);
    });
  });

  describe("reads that decide", function () {
    it("takes the newest block that two have in common as the head", async function () {
      const { chain } = now();
      await chain.mine(5);
      nodes[0].twist = async ({ method, params }, pass) => {
        if (method !== "eth_getBlockByNumber" || params[0] !== "latest") return undefined;
        const { number } = (await pass()) as { number: string };
        const behind = `0x${(Number(number) - 2).toString(16)}`;
        return { result: await chain.provider.request({ method, params: [behind, false] }) };
      };

      const head = await open(2).client.getBlockNumber();

      expect(head).to.equal((await chain.publicClient.getBlockNumber()) - 2n);
    });

    it("names the disagreement when two have different blocks of one height", async function () {
      nodes[1].twist = lying("eth_getBlockByNumber", (block: object) => ({ ...block, hash: `0x${"ab".repeat(32)}` }));

      const failure = await failureFrom(open(2).client.getBlockNumber());

      expect([failure.code, classOf(failure)]).to.deep.equal(["ENDPOINTS_DISAGREE", "retry"]);
      expect(failure.message).not.to.contain("SECRET");
    });

    it("follows two of three, and blames the third", async function () {
      nodes[1].twist = lying("eth_getBlockByNumber", (block: object) => ({ ...block, hash: `0x${"ab".repeat(32)}` }));
      const endpoints = open(3);

      const head = await endpoints.client.getBlockNumber();

      expect(head).to.equal(await now().chain.publicClient.getBlockNumber());
      expect(faultsOf(endpoints)[1]).to.contain("another one than the others'");
      const [well, lone] = endpoints.health();
      expect(well).to.include({ isResting: false, failed: 0, disagreed: 0 });
      expect(well?.head?.number).to.equal(head);
      expect(lone).to.include({ isResting: true, failed: 1, disagreed: 1 });
    });

    it("is not led by one node that claims a far head", async function () {
      nodes[2].twist = async ({ method, params }, pass) => {
        if (method !== "eth_getBlockByNumber" || params[0] !== "latest") return undefined;
        return { result: { ...((await pass()) as object), number: "0xffffff" } };
      };

      const head = await open(3).client.getBlockNumber();

      expect(head).to.equal(await now().chain.publicClient.getBlockNumber());
    });

    it("uses no node whose head has stopped", async function () {
      time += 601_000;
      const endpoints = open(2);

      const failure = await failureFrom(endpoints.client.getBlockNumber());

      expect(failure.code).to.equal("ENDPOINTS_SILENT");
      expect(failure.message).to.match(/its newest block is 60[1-9] seconds old/);
    });

    it("does not decide on a nonce that only one node gives", async function () {
      nodes[1].twist = lying("eth_getTransactionCount", () => "0x7");
      const { address } = now().chain.accounts.keeper;

      const failure = await failureFrom(open(2).client.getTransactionCount({ address }));

      expect(failure.code).to.equal("ENDPOINTS_DISAGREE");
    });

    it("takes a receipt for none until two have it", async function () {
      const { chain, mint } = now();
      const hash = await chain.wallets.keeper.sendTransaction({ to: mint.address, data: "0x18160ddd" });
      await chain.mine();
      nodes[1].twist = lying("eth_getTransactionReceipt", () => null);
      const { client } = open(2);

      const early = await failureOf(client.getTransactionReceipt({ hash }));
      nodes[1].twist = undefined;
      const receipt = await client.getTransactionReceipt({ hash });

      expect(early.name).to.equal("TransactionReceiptNotFoundError");
      expect(receipt.status).to.equal("success");
    });

    it("decides on nothing when one of two does not answer", async function () {
      nodes[1].twist = STATUS_500;

      const failure = await failureFrom(open(2).client.getBlockNumber());

      expect([failure.code, classOf(failure)]).to.deep.equal(["ENDPOINTS_SILENT", "retry"]);
    });

    it("does without one of three that refuses such reads", async function () {
      nodes[0].twist = ({ method }) =>
        method === "eth_getBlockByNumber"
          ? Promise.reject(new TypeError("method not found"))
          : Promise.resolve(undefined);
      const endpoints = open(3);

      const head = await endpoints.client.getBlockNumber();

      expect(head).to.equal(await now().chain.publicClient.getBlockNumber());
      expect(faultsOf(endpoints)[0]).to.equal("it refuses eth_getBlockByNumber");
    });

    it("decides on the word of one alone when told so", async function () {
      nodes[1].twist = STATUS_500;

      const head = await open(2, { agreement: 1 }).client.getBlockNumber();

      expect(head).to.equal(await now().chain.publicClient.getBlockNumber());
    });
  });

  describe("with a transactor", function () {
    async function mintThrough(count: number, options: Partial<EndpointsOptions> = {}) {
      const { chain, mint } = now();
      const journal = memoryJournal(() => time);
      const transactor = createTransactor({
        client: open(count, options).client,
        chainId: hardhat.id,
        account: chain.accounts.keeper,
        journal,
        settings: sendingSchema.parse({}),
        clock: { now: () => time },
        pause: () => chain.mine(),
      });
      const receipt = await transactor.run("mint", mint, "trade");
      return { receipt, journal };
    }

    it("sends to every node", async function () {
      await mintThrough(3);

      for (const node of nodes) {
        expect(node.calls.some(({ method }) => method === "eth_sendRawTransaction")).to.equal(true);
      }
      expect(await now().minted()).to.equal(1n);
    });

    it("mints once when a node takes the transaction and its answer is lost", async function () {
      const cutAfter: Twist = async ({ method }, pass) => {
        if (method !== "eth_sendRawTransaction") return undefined;
        await pass();
        return "cut";
      };
      nodes[0].twist = cutAfter;

      const { receipt } = await mintThrough(1);

      expect(receipt.status).to.equal("success");
      expect(await now().minted()).to.equal(1n);
    });

    it("mints once through three nodes that fail in turn", async function () {
      let turn = 0;
      const faults: readonly Twist[] = [STATUS_429, STATUS_500, () => Promise.resolve("cut")];
      for (const node of nodes) {
        node.twist = (call, pass) => {
          turn += 1;
          return turn % 7 === 0 ? (faults[turn % 3] ?? STATUS_500)(call, pass) : Promise.resolve(undefined);
        };
      }

      const { journal } = await mintThrough(3, { restMs: 0 });

      expect(journal.lines.at(-1)?.step).to.equal("final");
      expect(await now().minted()).to.equal(1n);
    });
  });
});
