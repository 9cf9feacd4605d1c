// The whole life of a fund with tokens of 2 and 27 decimals, with a feed and without, and one that returns nothing.
import { expect } from "chai";

import { type CoinSpec } from "../../src/world/coin.ts";
import {
  advanceTo,
  type Fixture,
  GAS_CAP,
  MONDAY,
  openFixture,
  refreshTo,
  stage,
  USDC,
  useFixture,
  WEEK,
  WHOLE,
} from "./support/fixture.ts";
import { batchFrom, execute, executeAndFinish, held, leg, publish, sales } from "./support/rebalance.ts";
import { depositNow, enterBull, publishBull } from "./support/situations.ts";

const COINS: readonly CoinSpec[] = [
  { coinId: "ethereum", symbol: "ETH", priceUsd: 4000, volumeUsd: 2e10 },
  { coinId: "cent", symbol: "CNT", priceUsd: 2, volumeUsd: 1e10, decimals: 2, quote: "USDC", hasFeed: true },
  { coinId: "cent-pool", symbol: "CNP", priceUsd: 5, volumeUsd: 1e10, decimals: 2, quote: "USDC", hasFeed: false },
  { coinId: "fine", symbol: "FIN", priceUsd: 4, volumeUsd: 1e10, decimals: 27, quote: "USDC", hasFeed: true },
  { coinId: "fine-pool", symbol: "FIP", priceUsd: 10, volumeUsd: 1e10, decimals: 27, quote: "WETH", hasFeed: false },
  {
    coinId: "silent",
    symbol: "SIL",
    priceUsd: 20,
    volumeUsd: 1e10,
    decimals: 18,
    quote: "USDC",
    hasFeed: true,
    quirk: "no-return",
  },
];

const PARTS = {
  "usd-coin": 0,
  cent: 200_000,
  "cent-pool": 200_000,
  fine: 200_000,
  "fine-pool": 200_000,
  silent: 200_000,
};
const RISKY = ["cent", "cent-pool", "fine", "fine-pool", "silent"] as const;

/** {USD/wholeTok} and {tok/wholeTok} */
const FACTS: Readonly<Record<(typeof RISKY)[number], readonly [number, bigint]>> = {
  cent: [2, 10n ** 2n],
  "cent-pool": [5, 10n ** 2n],
  fine: [4, 10n ** 27n],
  "fine-pool": [10, 10n ** 27n],
  silent: [20, WHOLE],
};

/** {USD} of each risky holding, by the prices above. */
async function worths(fixture: Fixture): Promise<number[]> {
  return Promise.all(
    RISKY.map(async (coinId) => {
      const [price, unit] = FACTS[coinId];
      return (Number(await held(fixture, coinId)) / Number(unit)) * price;
    }),
  );
}

describe("Tokens of 2 and 27 decimals, and one that returns nothing", function () {
  const get = useFixture(
    async (fixture) => {
      await depositNow(fixture, "alice", 1_000_000n * USDC);
      await advanceTo(fixture, MONDAY + 60);
      await enterBull(fixture, 999_000n * USDC, PARTS);
    },
    () => openFixture(COINS),
  );

  it("are bought to their weights", async function () {
    for (const worth of await worths(get())) expect(worth).to.be.within(198_000, 201_000);
  });

  it("are counted at their value", async function () {
    expect(await get().vault.nav()).to.be.within(995_000n * WHOLE, 1_000_000n * WHOLE);
  });

  it("are bought and sold in the weekly rebalance", async function () {
    const fixture = get();
    await refreshTo(fixture, MONDAY + WEEK + 60);
    const signed = await publishBull(fixture, { ...PARTS, cent: 100_000, fine: 300_000 });
    const half = (await held(fixture, "cent")) / 2n;

    await execute(fixture, signed, [leg(fixture, ["cent", "usd-coin"], half)]);
    const cash = await held(fixture, "usd-coin");
    await executeAndFinish(fixture, signed, batchFrom(1, [leg(fixture, ["usd-coin", "fine"], cash - USDC)]));

    const [cent, , fine] = await worths(fixture);
    expect(cent).to.be.within(99_000, 101_000);
    expect(fine).to.be.within(297_000, 302_000);
  });

  it("are all sold in an exit", async function () {
    const fixture = get();
    const signed = await publish(fixture, "bear");

    await execute(fixture, signed, await sales(fixture, RISKY));
    await executeAndFinish(fixture, signed, batchFrom(RISKY.length, await sales(fixture, ["transit"])));

    expect(await Promise.all(RISKY.map((coinId) => held(fixture, coinId)))).to.deep.equal([1n, 1n, 1n, 1n, 1n]);
    expect(await held(fixture, "usd-coin")).to.be.within(990_000n * USDC, 1_000_000n * USDC);
  });

  describe("when somebody leaves in kind with a tenth", function () {
    let before: bigint[] = [];
    stage(get, async (fixture) => {
      const { vault, people } = fixture;
      before = await Promise.all(RISKY.map((coinId) => held(fixture, coinId)));
      await vault
        .connect(people.alice)
        .redeemInKind(100_000n * WHOLE, people.stranger, people.alice, [], [], { gasLimit: GAS_CAP });
    });

    it("are paid to the unit, rounded down", async function () {
      const { ethers, market, people } = get();

      const paid = await Promise.all(
        RISKY.map(async (coinId) => {
          const token = await ethers.getContractAt("MockToken", market.coin(coinId).token);
          return token.balanceOf(people.stranger);
        }),
      );

      expect(paid).to.deep.equal(before.map((amount) => amount / 10n));
    });
  });
});
