// Tests of src/world/chaos/account.ts: each kind of breach is found, on a real chain and in a real journal.
import { join } from "node:path";

import { expect } from "chai";
import { type Hex, concat, encodeAbiParameters, encodeEventTopics, getAbiItem, padHex, toHex, zeroAddress } from "viem";

import { indexVaultAbi } from "../../src/core/abi.ts";
import { rebalanceTask } from "../../src/keeper/due.ts";
import { diaryOf, keyJournalOf } from "../../src/keeper/journal-names.ts";
import { openSqliteStore } from "../../src/keeper/store/sqlite.ts";
import type { KeeperStore } from "../../src/keeper/store/store.ts";
import { accountOf, endBreachesOf } from "../../src/world/chaos/account.ts";
import { type ChaosStage, openStage } from "../../src/world/chaos/stage.ts";

const NOWHERE = padHex("0x77", { size: 32 });

describe("account of chaos", function () {
  let stage: ChaosStage;
  let store: KeeperStore;
  let opened = 0;

  before(async function () {
    stage = await openStage(8);
  });

  beforeEach(async function () {
    await stage.restore();
    store = openSqliteStore(join(stage.folder, `account-${++opened}.sqlite`), { clock: { now: () => 0 } });
  });

  afterEach(async function () {
    await store.close();
  });

  after(async function () {
    await stage.close();
  });

  const chain = () => stage.world.market.chain;
  const diary = () => store.journal(diaryOf(stage.deployment));
  const keyJournal = () => store.journal(keyJournalOf(stage.deployment, chain().accounts.keeper.address));
  const breaches = async (foreign?: ReadonlySet<Hex>) => (await accountOf(stage, store, foreign)).breaches;
  /** A transaction of the keeper's key. */
  const transfer = (): Promise<Hex> =>
    chain().send(chain().accounts.keeper.address, { to: chain().accounts.bob.address, data: "0x" });

  /** Lets the vault's address emit an event, whatever the contracts would say of it. */
  async function forge(topics: readonly (Hex | Hex[] | null)[], data: Hex): Promise<void> {
    const { vault } = stage.deployment.addresses;
    const code = emitterOf(topics.length);
    await chain().provider.request({ method: "hardhat_setCode", params: [vault, code] });
    await chain().send(chain().accounts.bob.address, { to: vault, data: concat([...(topics as Hex[]), data]) });
  }

  function forgeLeg(position: bigint): Promise<void> {
    const abi = indexVaultAbi;
    const args = { id: BigInt(stage.targetId), sold: zeroAddress, bought: zeroAddress };
    const inputs = getAbiItem({ abi, name: "LegExecuted" }).inputs.filter((input) => !input.indexed);
    const values = [position, 0, 1, 5n, 5n, 5n, 5n, zeroAddress, 1n, padHex("0x", { size: 26 })];
    const data = encodeAbiParameters(inputs, values as never);
    return forge(encodeEventTopics({ abi, eventName: "LegExecuted", args }), data);
  }

  function forgeFinish(): Promise<void> {
    const abi = indexVaultAbi;
    const inputs = getAbiItem({ abi, name: "RebalanceFinished" }).inputs.filter((input) => !input.indexed);
    const values = ["bull", 1n, 1n, 1n, 1n, 0n, 1n, 1n, padHex("0x", { size: 26 })];
    const data = encodeAbiParameters(inputs, values as never);
    const topics = encodeEventTopics({ abi, eventName: "RebalanceFinished", args: { id: BigInt(stage.targetId) } });
    return forge(topics, data);
  }

  it("finds nothing wrong while nothing was done", async function () {
    const account = await accountOf(stage, store);

    expect(account).to.deep.equal({ finished: 0, transactions: 0, gas: 0, breaches: [] });
    expect(await endBreachesOf(stage, store, account)).to.deep.equal(["the week was not finished"]);
  });

  it("counts legs at different positions as fine", async function () {
    await forgeLeg(0n);
    await forgeLeg(1n);

    expect(await breaches()).to.deep.equal([]);
  });

  it("finds a leg that was executed twice", async function () {
    await forgeLeg(3n);
    await forgeLeg(3n);

    expect(await breaches()).to.deep.equal(["a leg was executed twice"]);
  });

  it("finds a week that was executed twice", async function () {
    await forgeFinish();
    expect(await breaches()).to.deep.equal([]);

    await forgeFinish();
    expect(await breaches()).to.deep.equal(["a week was executed twice"]);
  });

  it("finds a diary that says done what the chain does not", async function () {
    await diary().append({ task: rebalanceTask(stage.targetId), step: "reconciled", note: { transactions: 1 } });

    expect(await breaches()).to.deep.equal(["the diary says done what the chain does not"]);
  });

  it("finds a final transaction that is not on chain", async function () {
    await keyJournal().append({ task: "rebalance", step: "final", nonce: stage.nonce, hash: NOWHERE });

    expect(await breaches()).to.deep.equal([
      "1 transactions that the journal has as final are not on chain",
      "the journal has more transactions than the chain",
    ]);
  });

  it("finds a transaction that the journal does not have, unless it is somebody else's", async function () {
    const hash = await transfer();

    const account = await accountOf(stage, store);

    expect(await endBreachesOf(stage, store, account)).to.include("the chain has 1 transactions and the journal 0");
    expect((await accountOf(stage, store, new Set([hash]))).transactions).to.equal(0);
  });

  it("finds a transaction that is open at the end", async function () {
    await keyJournal().append({ task: "rebalance", step: "sent", nonce: stage.nonce, hash: NOWHERE });

    const account = await accountOf(stage, store);

    expect(await endBreachesOf(stage, store, account)).to.include("1 transactions are open in the journal");
  });
});

/** Code that emits the data it is called with, of which the first words are topics. */
function emitterOf(topics: number): Hex {
  const head = toHex(32 * topics, { size: 1 });
  const loads = Array.from({ length: topics }, (_, i) => {
    return concat(["0x60", toHex(32 * (topics - 1 - i), { size: 1 }), "0x35"]); // PUSH1, CALLDATALOAD
  });
  return concat([
    concat(["0x60", head, "0x3603"]), // size = CALLDATASIZE - words of topics
    concat(["0x8060", head, "0x600037"]), // CALLDATACOPY(0, words of topics, size)
    ...loads,
    toHex(0x80 + topics, { size: 1 }), // DUP of the size
    "0x6000",
    toHex(0xa0 + topics, { size: 1 }), // LOG
    "0x00",
  ]);
}
