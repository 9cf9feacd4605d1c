import { expect } from "chai";

import { CASH, type Fixture, HOUR, now, useFixture, WHOLE } from "./support/fixture.ts";

type Round = {
  readonly id: bigint;
  readonly answer: bigint;
  readonly startedAt: bigint; // {s}
  readonly updatedAt: bigint; // {s}
  readonly answeredInRound: bigint;
};

/** A complete round of one dollar, written now, with 8 decimals. */
async function completeRound(fixture: Fixture): Promise<Round> {
  const time = BigInt(await now(fixture));
  return { id: 7n, answer: 10n ** 8n, startedAt: time, updatedAt: time, answeredInRound: 7n };
}

async function roundFeed({ ethers }: Fixture, round: Round) {
  const feed = await ethers.deployContract("RoundFeed", [8]);
  await feed.setRound(round);
  return feed;
}

async function cashPrice({ oracle }: Fixture): Promise<bigint> {
  const [price] = await oracle.prices(1n);
  return price[CASH] ?? 0n;
}

describe("PriceOracle: rounds and bounds", function () {
  const get = useFixture();

  /** Prices the deposit coin by a feed between 0.5 and 2 USD, then changes its round. */
  async function priceAfter(change: Partial<Round>): Promise<bigint> {
    const fixture = get();
    const { oracle, people } = fixture;
    const round = await completeRound(fixture);
    const feed = await roundFeed(fixture, round);
    const bounds = { low: WHOLE / 2n, high: 2n * WHOLE };
    await oracle.connect(people.owner).setFeed(CASH, feed, 48 * HOUR, bounds);
    await feed.setRound({ ...round, ...change });
    return cashPrice(fixture);
  }

  it("takes a complete round", async function () {
    expect(await priceAfter({})).to.equal(WHOLE);
  });

  it("takes an answer that was carried over from no earlier round", async function () {
    expect(await priceAfter({ answeredInRound: 8n })).to.equal(WHOLE);
  });

  for (const [name, change] of [
    ["that carries an older answer", { answeredInRound: 6n }],
    ["that was never started", { startedAt: 0n }],
    ["that was never updated", { updatedAt: 0n }],
    ["of the far future", { updatedAt: 2n ** 256n - 1n }],
    ["with the largest answer there is", { answer: 2n ** 255n - 1n }],
    ["with the smallest answer there is", { answer: -(2n ** 255n) }],
    ["below the bounds", { answer: 49_000_000n }], // 0.49 USD
    ["above the bounds", { answer: 200_000_001n }], // 2.00000001 USD
  ] as const) {
    it(`takes no price from a round ${name}`, async function () {
      expect(await priceAfter(change)).to.equal(0);
    });
  }

  it("takes an answer at the low bound", async function () {
    expect(await priceAfter({ answer: 50_000_000n })).to.equal(WHOLE / 2n);
  });
});

describe("PriceOracle: a sequencer", function () {
  const get = useFixture();

  /** An oracle of the same vault on a chain with a sequencer, that prices the deposit coin at one dollar. */
  async function withSequencer(fixture: Fixture) {
    const { ethers, people, fund } = fixture;
    const sequencer = await ethers.deployContract("RoundFeed", [0]);
    const { accessManager, vault } = fund.addresses;
    const oracle = await ethers.deployContract("PriceOracle", [accessManager, vault, sequencer]);
    const feed = await roundFeed(fixture, await completeRound(fixture));
    const bounds = { low: 1n, high: 10n ** 30n };
    await oracle.connect(people.owner).setFeed(CASH, feed, 48 * HOUR, bounds);
    return { sequencer, oracle };
  }

  /** What the deposit coin costs when the sequencer's feed says this; times are seconds before the next block. */
  async function priceWith({ isDown, since }: { readonly isDown: bigint; readonly since: number }): Promise<bigint> {
    const fixture = get();
    const { sequencer, oracle } = await withSequencer(fixture);
    // Writing the round takes one block, a second.
    const startedAt = BigInt((await now(fixture)) + 1 - since);
    await sequencer.setRound({ id: 1n, answer: isDown, startedAt, updatedAt: startedAt, answeredInRound: 1n });
    const [price] = await oracle.prices(1n);
    return price[CASH] ?? 0n;
  }

  it("lets prices through when it has been up for more than an hour", async function () {
    expect(await priceWith({ isDown: 0n, since: HOUR + 1 })).to.equal(WHOLE);
  });

  it("holds them back for an hour after it has come back", async function () {
    expect(await priceWith({ isDown: 0n, since: HOUR })).to.equal(0);
  });

  it("holds them back while it is down", async function () {
    expect(await priceWith({ isDown: 1n, since: 10 * HOUR })).to.equal(0);
  });

  it("holds them back when its last change lies in the future", async function () {
    expect(await priceWith({ isDown: 0n, since: -HOUR })).to.equal(0);
  });

  it("holds them back when its feed has no round yet", async function () {
    const { oracle } = await withSequencer(get());

    const [price] = await oracle.prices(1n);

    expect(price[CASH]).to.equal(0);
  });

  it("holds them back when its feed has no code, and reverts nothing", async function () {
    const fixture = get();
    const { sequencer, oracle } = await withSequencer(fixture);
    await fixture.market.chain.connection.networkHelpers.setCode(await sequencer.getAddress(), "0x");

    const [price, unit] = await oracle.prices(1n);

    expect([price[CASH], unit[CASH]]).to.deep.equal([0n, 10n ** 6n]);
  });

  it("is absent where none was named", async function () {
    const { oracle, ethers } = get();

    expect([await oracle.SEQUENCER(), await cashPrice(get())]).to.deep.equal([ethers.ZeroAddress, WHOLE]);
  });
});
