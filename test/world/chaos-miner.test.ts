// Tests of src/world/chaos/miner.ts: blocks that are full, dear, or taken back, on a real node.
import { expect } from "chai";
import type { Hex } from "viem";

import { unixSeconds } from "../../src/core/units.ts";
import { CALM_FEE, type Miner, openMiner } from "../../src/world/chaos/miner.ts";
import type { AccountName } from "../../src/world/dev-accounts.ts";
import { type LocalChain, openLocalChain } from "../../src/world/local-chain.ts";

/** {s} 2021-09-06 */
const START = unixSeconds(1_630_886_400);
const GWEI = 10n ** 9n;

describe("openMiner", function () {
  let chain: LocalChain;
  let miner: Miner;

  beforeEach(async function () {
    chain = await openLocalChain({ initialDate: START });
    miner = await openMiner(chain);
  });

  afterEach(async function () {
    await chain.close();
  });

  /** Offers a transfer whose limit leaves room for it in no block that others fill. */
  const offer = async (name: AccountName, nonce: number, tip = GWEI): Promise<Hex> => {
    const account = chain.accounts[name];
    const fees = { maxFeePerGas: 20n * tip, maxPriorityFeePerGas: tip };
    const draft = { chainId: 31_337, type: "eip1559", nonce, to: account.address, gas: 16_000_000n, ...fees } as const;
    const raw = await account.signTransaction(draft);
    await miner.offer(raw);
    return miner.saw(raw);
  };
  const blockOf = async (hash: Hex): Promise<bigint | undefined> => {
    const receipt = await chain.publicClient.getTransactionReceipt({ hash }).catch(() => undefined);
    return receipt?.blockNumber;
  };
  const head = () => chain.publicClient.getBlockNumber({ cacheTime: 0 });

  it("makes a block of what is pending", async function () {
    const hash = await offer("alice", 0);

    await miner.next();

    expect(await blockOf(hash)).to.equal(await head());
  });

  it("leaves who tips less than the others out of a full block, and takes who tips more in", async function () {
    const [poor, rich] = [await offer("alice", 0, 2n * GWEI), await offer("bob", 0, 4n * GWEI)];

    await miner.next({ crowdTip: 3n * GWEI });

    expect([await blockOf(poor), await blockOf(rich)]).to.deep.equal([undefined, await head()]);
    await miner.next();
    expect(await blockOf(poor)).to.equal(await head());
  });

  it("leaves who offers less than the base fee out of a dear block", async function () {
    const hash = await offer("alice", 0);

    await miner.next({ baseFee: 50n * CALM_FEE });

    expect(await blockOf(hash)).to.equal(undefined);
  });

  it("forgets what is pending", async function () {
    const hash = await offer("alice", 0);

    await miner.forget();
    await miner.next();

    expect(await blockOf(hash)).to.equal(undefined);
  });

  describe("a reorganization", function () {
    let hashes: readonly Hex[];
    let blocks: readonly (Hex | null)[];
    let before: bigint;

    beforeEach(async function () {
      const first = await offer("alice", 0);
      await miner.next();
      const second = await offer("alice", 1);
      await miner.next();
      hashes = [first, second];
      before = await head();
      blocks = await lastBlocks();
    });

    const lastBlocks = async () => {
      const numbers = [before - 1n, before];
      const found = await Promise.all(numbers.map((blockNumber) => chain.publicClient.getBlock({ blockNumber })));
      return found.map(({ hash }) => hash);
    };

    it("puts other blocks in the place of some, and one more", async function () {
      await miner.reorganize(2, "back");

      expect(await head()).to.equal(before + 1n);
      const others = await lastBlocks();
      expect(others[0]).to.not.equal(blocks[0]);
      expect(others[1]).to.not.equal(blocks[1]);
    });

    it("brings the transactions back", async function () {
      await miner.reorganize(2, "back");

      expect(await Promise.all(hashes.map(blockOf))).to.deep.equal([before - 1n, before - 1n]);
    });

    it("brings those of the blocks that are taken back alone", async function () {
      await miner.reorganize(1, "gone");

      expect(await Promise.all(hashes.map(blockOf))).to.deep.equal([before - 1n, undefined]);
    });

    it("loses them", async function () {
      await miner.reorganize(2, "gone");
      await miner.next();

      expect(await Promise.all(hashes.map(blockOf))).to.deep.equal([undefined, undefined]);
    });

    it("brings them back later than before, behind others", async function () {
      await miner.reorganize(2, "otherwise");

      expect(await Promise.all(hashes.map(blockOf))).to.deep.equal([before + 1n, before + 1n]);
    });

    it("brings an older version back instead of the one that was mined", async function () {
      const older = await offer("alice", 2, GWEI);
      const newer = await offer("alice", 2, 2n * GWEI);
      await miner.next();
      const mined = await Promise.all([older, newer].map(blockOf));

      await miner.reorganize(1, "otherwise");

      expect(mined).to.deep.equal([undefined, before + 1n]);
      expect(await Promise.all([older, newer].map(blockOf))).to.deep.equal([before + 2n, undefined]);
    });

    it("takes no more back than it made", async function () {
      await miner.reorganize(8, "gone");

      expect(await head()).to.equal(before + 1n);
    });
  });
});
