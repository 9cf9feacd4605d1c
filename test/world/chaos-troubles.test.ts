// Tests of src/world/chaos/misled-round.ts: a seeded rebalance through each kind of trouble, and what a round finds.
import { expect } from "chai";

import { randomStream } from "../../src/core/random.ts";
import { type MisledRound, playMisled } from "../../src/world/chaos/misled-round.ts";
import { type ChaosStage, openStage } from "../../src/world/chaos/stage.ts";
import type { Scene, TroubleKind } from "../../src/world/chaos/trouble.ts";
import { TROUBLES } from "../../src/world/chaos/troubles.ts";

/** {gas} A few legs. */
const ROOM = 1_500_000;
const MOST_SEEDS = 10;

describe("a round of trouble", function () {
  let stage: ChaosStage;
  let played = 0;

  before(async function () {
    stage = await openStage(8);
  });

  after(async function () {
    await stage.close();
  });

  const play = (kind: TroubleKind, seed: number): Promise<MisledRound> =>
    playMisled(stage, { kind, seed, name: `round-${++played}`, transactionGas: ROOM, timeoutMs: 300 });

  for (const kind of TROUBLES) {
    it(`is finished once, within its bounds: ${kind.name}`, async function () {
      let round = await play(kind, 1);
      for (let seed = 2; round.blows === 0 && seed <= MOST_SEEDS; seed++) round = await play(kind, seed);

      expect(round.breaches).to.deep.equal([]);
      expect(round.account.finished).to.equal(1);
      expect(round.blows).to.be.greaterThan(0);
    });
  }

  it("has the same troubles for the same seed", function () {
    const asked = ["eth_call", "eth_sendRawTransaction", "eth_getTransactionReceipt"].map((method) => ({ method }));
    const fatesOf = (seed: number): unknown[] => {
      const kind = kindOf("status 429");
      const trouble = kind.open({ ...sceneOf(stage), random: randomStream(seed) });
      return Array.from({ length: 90 }, (_, i) => trouble.fateOf?.(asked[i % 3] ?? { method: "" }, 0));
    };

    expect(fatesOf(5)).to.deep.equal(fatesOf(5));
    expect(fatesOf(5)).to.not.deep.equal(fatesOf(6));
  });

  it("finds a keeper that takes what is one block deep for final", async function () {
    const kind = kindOf("reorganizations, nothing comes back");
    const rash: TroubleKind = { ...kind, open: (scene) => ({ ...kind.open(scene), sending: { finality: 1 } }) };
    const found: string[] = [];

    for (let seed = 1; found.length === 0 && seed <= MOST_SEEDS; seed++) {
      found.push(...(await play(rash, seed)).breaches);
    }

    expect(found.join("; ")).to.contain("transactions that the journal has as final are not on chain");
  });
});

function kindOf(name: string): TroubleKind {
  const found = TROUBLES.find((kind) => kind.name === name);
  if (found === undefined) throw new TypeError(`expected a kind of trouble named ${name}`);
  return found;
}

/** What a trouble of answers alone never uses. */
function sceneOf({ world }: ChaosStage): Omit<Scene, "random"> {
  const never = (): never => {
    throw new TypeError("no block is made");
  };
  const miner = { next: never, reorganize: never, forget: never, saw: never, offer: never };
  return { miner, account: world.market.chain.accounts.keeper, foreign: never };
}
