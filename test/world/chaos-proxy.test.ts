// Tests of src/world/chaos/proxy.ts and lies.ts on a real node: what becomes of a request for each fate.
import { expect } from "chai";
import type { Hex } from "viem";

import { unixSeconds } from "../../src/core/units.ts";
import { type Asked, type Fate, type Proxy, openProxy } from "../../src/world/chaos/proxy.ts";
import { type LocalChain, openLocalChain } from "../../src/world/local-chain.ts";
import { failureOf } from "../failure-of.ts";

/** Long after a node that answers has answered. {ms} */
const PATIENCE = 1500;
/** {s} 2021-09-06 */
const START = unixSeconds(1_630_886_400);

describe("openProxy", function () {
  let chain: LocalChain;
  let proxy: Proxy;
  let fate: Fate = "pass";
  let asked: Asked[] = [];

  before(async function () {
    chain = await openLocalChain({ initialDate: START });
    proxy = await openProxy(await chain.serve(0), (one) => {
      asked.push(one);
      return fate;
    });
    await chain.mine(10);
  });

  beforeEach(function () {
    fate = "pass";
    asked = [];
  });

  after(async function () {
    await proxy.close();
    await chain.close();
  });

  const post = (method: string, params: readonly unknown[]): Promise<Response> => {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 7, method, params });
    const headers = { "content-type": "application/json" };
    return fetch(proxy.url, { method: "POST", headers, body, signal: AbortSignal.timeout(PATIENCE) });
  };
  const ask = async (method: string, ...params: readonly unknown[]): Promise<unknown> => {
    const answer = (await (await post(method, params)).json()) as { readonly id: number; readonly result?: unknown };
    expect(answer.id).to.equal(7);
    return answer.result;
  };
  const head = (): Promise<bigint> => chain.publicClient.getBlockNumber({ cacheTime: 0 });
  /** A transfer, signed and not sent. */
  const signed = async (): Promise<Hex> => {
    const { alice } = chain.accounts;
    const nonce = await chain.publicClient.getTransactionCount({ address: alice.address });
    const fees = { maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 10n ** 9n };
    return alice.signTransaction({ chainId: 31_337, type: "eip1559", nonce, to: alice.address, gas: 21_000n, ...fees });
  };
  const countOfAlice = () => chain.publicClient.getTransactionCount({ address: chain.accounts.alice.address });

  it("passes a request and its answer on, and tells of it", async function () {
    expect(await ask("eth_blockNumber")).to.equal(`0x${(await head()).toString(16)}`);
    expect(asked).to.deep.equal([{ method: "eth_blockNumber", params: [] }]);
  });

  it("passes on what the node refuses, with its code", async function () {
    const answer = (await (await post("eth_sendRawTransaction", ["0x00"])).json()) as { readonly error?: object };

    expect(answer.error).to.include.keys("code", "message");
  });

  it("refuses with a status, and the node hears nothing", async function () {
    const [raw, before] = [await signed(), await countOfAlice()];
    const statuses: number[] = [];
    for (const one of ["status-429", "status-500"] as const) {
      fate = one;
      statuses.push((await post("eth_sendRawTransaction", [raw])).status);
    }

    expect(statuses).to.deep.equal([429, 500]);
    expect(await countOfAlice()).to.equal(before);
  });

  it("never answers, and the node hears nothing", async function () {
    const [raw, before] = [await signed(), await countOfAlice()];
    fate = "silence";

    expect((await failureOf(post("eth_sendRawTransaction", [raw]))).name).to.equal("TimeoutError");
    expect(await countOfAlice()).to.equal(before);
  });

  it("loses the answer after the node took the transaction", async function () {
    const [raw, before] = [await signed(), await countOfAlice()];
    fate = "answer-lost";

    await failureOf(post("eth_sendRawTransaction", [raw]));

    expect(await countOfAlice()).to.equal(before + 1);
  });

  it("says that a transaction was taken which nobody has", async function () {
    const [raw, before] = [await signed(), await countOfAlice()];
    fate = "swallowed";

    expect(await ask("eth_sendRawTransaction", raw)).to.match(/^0x[0-9a-f]{64}$/);
    expect(await countOfAlice()).to.equal(before);
  });

  it("is of another chain", async function () {
    fate = { kind: "other-chain", chainId: 8453 };

    expect(await ask("eth_chainId")).to.equal("0x2105"); // 8453
    expect(await ask("eth_blockNumber")).to.equal(`0x${(await head()).toString(16)}`);
  });

  describe("a node that is behind", function () {
    it("has an older head, and by the fate for short one of the block before", async function () {
      fate = { kind: "behind", blocks: 3 };
      expect(Number(await ask("eth_blockNumber"))).to.equal(Number(await head()) - 3);

      fate = "stale-head";
      expect(Number(await ask("eth_blockNumber"))).to.equal(Number(await head()) - 1);
    });

    it("does not know what came since, and knows what came before", async function () {
      const hash = await chain.publicClient.sendRawTransaction({ serializedTransaction: await signed() });
      const [before, count] = [await countOfAlice(), [chain.accounts.alice.address, "latest"]];

      fate = { kind: "behind", blocks: 1 };
      expect(await ask("eth_getTransactionReceipt", hash)).to.equal(null);
      expect(await ask("eth_getTransactionByHash", hash)).to.include({ hash, blockNumber: null });
      expect(Number(await ask("eth_getTransactionCount", ...count))).to.equal(before - 1);

      await chain.mine(1);
      expect(await ask("eth_getTransactionReceipt", hash)).to.include({ transactionHash: hash, status: "0x1" });
      expect(Number(await ask("eth_getTransactionCount", ...count))).to.equal(before);
    });
  });

  describe("a node that lies", function () {
    it("is about head, block and nonce", async function () {
      const [number, count] = [Number(await head()), await countOfAlice()];
      const { hash } = await chain.publicClient.getBlock();
      const lies: unknown[] = [];
      for (const shift of [0, 0.9]) {
        fate = { kind: "lie", shift };
        lies.push(Number(await ask("eth_blockNumber")));
        lies.push(Number(await ask("eth_getTransactionCount", chain.accounts.alice.address, "latest")));
      }

      expect(lies).to.deep.equal([number - 5, count - 1, number + 5, count + 1]);
      expect(await ask("eth_getBlockByNumber", "latest", false)).to.not.include({ hash });
    });

    it("is about receipts: none, failed, elsewhere, and one of what was never sent", async function () {
      const hash = await chain.publicClient.sendRawTransaction({ serializedTransaction: await signed() });
      const receipts: unknown[] = [];
      for (const shift of [0, 0.5, 0.9]) {
        fate = { kind: "lie", shift };
        receipts.push(await ask("eth_getTransactionReceipt", hash));
      }
      const never = `0x${"12".repeat(32)}`;

      expect(receipts[0]).to.equal(null);
      expect(receipts[1]).to.include({ transactionHash: hash, status: "0x0" });
      expect(receipts[2]).to.include({ transactionHash: hash, status: "0x1", blockNumber: "0x1" });
      expect(await ask("eth_getTransactionReceipt", never)).to.include({ transactionHash: never, status: "0x1" });
    });

    it("is about the state, which is an old one", async function () {
      fate = { kind: "lie", shift: 0.99 }; // 1 + floor(8 x 0.99) = 8 blocks ago
      const blockNumberCode = "0x4360005260206000f3"; // returns the number of its block
      const call = { data: blockNumberCode };

      const result = await ask("eth_call", call, "latest");

      expect(Number(result)).to.equal(Number(await head()) - 8);
    });
  });
});
