import { expect } from "chai";
import { type Hex, recoverTypedDataAddress } from "viem";

import { OutOfRangeError } from "../../src/core/errors.ts";
import { unixSeconds } from "../../src/core/units.ts";
import { type LocalChain, TRANSACTION_GAS_CAP, openLocalChain } from "../../src/world/local-chain.ts";
import { MONDAY, rejection } from "./support.ts";

/** Init code that answers an eth_call with the block's time: TIMESTAMP, MSTORE at 0, RETURN 32 bytes. */
const TIME_PROBE: Hex = "0x4260005260206000f3";

describe("openLocalChain", function () {
  let chain: LocalChain;
  let snapshot: Hex;

  before(async function () {
    chain = await openLocalChain({ initialDate: MONDAY });
  });
  after(async function () {
    await chain.close();
  });
  beforeEach(async function () {
    snapshot = await chain.snapshot();
  });
  afterEach(async function () {
    await chain.revert(snapshot);
  });

  it("begins at the date it is given", async function () {
    expect(await chain.now()).to.equal(MONDAY);
  });

  it("has chain id 31337", async function () {
    expect(await chain.publicClient.getChainId()).to.equal(31337);
  });

  it("keeps the gas cap of EIP-7825", function () {
    expect(TRANSACTION_GAS_CAP).to.equal(2n ** 24n);
  });

  it("takes a transaction at the gas cap", async function () {
    const to = chain.accounts.bob.address;

    const hash = await chain.wallets.alice.sendTransaction({ to, gas: TRANSACTION_GAS_CAP });

    expect((await chain.publicClient.getTransactionReceipt({ hash })).status).to.equal("success");
  });

  it("refuses a transaction above the gas cap", async function () {
    const to = chain.accounts.bob.address;

    const error = await rejection(chain.wallets.alice.sendTransaction({ to, gas: TRANSACTION_GAS_CAP + 1n }));

    expect(String(error)).to.match(/gas limit|gas cap/i);
  });

  it("knows the signer's key, so that typed data is signed without the chain", async function () {
    const typed = {
      domain: { name: "World", chainId: 31337 },
      types: { Note: [{ name: "week", type: "uint256" }] },
      primaryType: "Note",
      message: { week: 7n },
    } as const;

    const signature = await chain.accounts.signer.signTypedData(typed);

    expect(await recoverTypedDataAddress({ ...typed, signature })).to.equal(chain.accounts.signer.address);
  });

  describe("its clock", function () {
    it("goes one second a block", async function () {
      await chain.mine(3);

      expect(await chain.now()).to.equal(MONDAY + 3);
    });

    it("goes on from the time it was advanced to", async function () {
      await chain.advanceTo(unixSeconds(MONDAY + 1000));
      await chain.wallets.alice.sendTransaction({ to: chain.accounts.bob.address });

      expect(await chain.now()).to.equal(MONDAY + 1001);
    });

    it("gives the next transaction the time that was set", async function () {
      await chain.setNextBlockTime(unixSeconds(MONDAY + 50));
      await chain.wallets.alice.sendTransaction({ to: chain.accounts.bob.address });

      expect(await chain.now()).to.equal(MONDAY + 50);
    });

    it("shows estimates the time of the block that follows", async function () {
      const pending: unknown = await chain.provider.request({
        method: "eth_call",
        params: [{ data: TIME_PROBE }, "pending"],
      });

      expect(Number(pending)).to.equal(MONDAY + 1);
    });

    it("goes back with a snapshot", async function () {
      const early = await chain.snapshot();
      await chain.advanceTo(unixSeconds(MONDAY + 1000));

      await chain.revert(early);
      await chain.mine();

      expect(await chain.now()).to.equal(MONDAY + 1);
    });

    it("orders transactions that are sent at once", async function () {
      const to = chain.accounts.bob.address;

      await Promise.all(
        ["0x01", "0x02", "0x03"].map((data) => chain.send(chain.accounts.alice.address, { to, data: data as Hex })),
      );

      expect(await chain.now()).to.equal(MONDAY + 3);
    });

    it("goes on after a transaction that reverts", async function () {
      const alwaysReverts: Hex = "0x60006000fd"; // PUSH1 0, PUSH1 0, REVERT
      await rejection(chain.send(chain.accounts.alice.address, { data: alwaysReverts }));

      await chain.mine();

      expect(await chain.now()).to.equal(MONDAY + 2);
    });

    it("does not go back", async function () {
      expect(await rejection(chain.advanceTo(MONDAY))).to.be.instanceOf(OutOfRangeError);
    });
  });

  describe("when it is served", function () {
    it("answers JSON-RPC over HTTP", async function () {
      const url = await chain.serve(0);

      const answer = await rpc(url, "eth_chainId");

      expect(answer).to.equal("0x7a69"); // 31337
    });

    it("shows the same blocks as in the process", async function () {
      const url = await chain.serve(0);
      await chain.mine(2);

      const block = (await rpc(url, "eth_getBlockByNumber", ["latest", false])) as { timestamp: string };

      expect(Number(block.timestamp)).to.equal(MONDAY + 2);
    });

    it("keeps its clock for those who mine over HTTP", async function () {
      const url = await chain.serve(0);

      await rpc(url, "evm_mine");

      expect(await chain.now()).to.equal(MONDAY + 1);
    });
  });
});

async function rpc(url: string, method: string, params: readonly unknown[] = []): Promise<unknown> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  // The connection is closed at once, so that the server can end without waiting for it.
  const response = await fetch(url, { method: "POST", body, headers: { connection: "close" } });
  return ((await response.json()) as { result: unknown }).result;
}
