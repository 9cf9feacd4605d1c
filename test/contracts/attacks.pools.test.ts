import { expect } from "chai";

import { impersonate, pushPool, thinPool } from "./support/bad-faith.ts";
import {
  advanceTo,
  type Fixture,
  MONDAY,
  openFixture,
  refreshTo,
  USDC,
  useFixture,
  WEEK,
  WHOLE,
} from "./support/fixture.ts";
import { linesOf, reasonsOf } from "./support/reading.ts";
import { batchFrom, execute, finish, held, leg, poolOf, type Signed, tokenOf } from "./support/rebalance.ts";
import { depositNow, enterBull, publishBull, cashFund } from "./support/situations.ts";

const FAILED = "swap failed or below minimum";

/** A coin whose pool moves by 2 % for 0.5 % of its volume: for 100,000 USD. */
const THIN = { coinId: "thin", symbol: "THN", priceUsd: 10, volumeUsd: 2e7, decimals: 18, quote: "USDC" } as const;

const openThin = (): Promise<Fixture> =>
  openFixture([
    { coinId: "bitcoin", symbol: "BTC", priceUsd: 50_000, volumeUsd: 2e10, quote: "USDC", hasFeed: true },
    { coinId: "ethereum", symbol: "ETH", priceUsd: 4000, volumeUsd: 2e10 },
    { ...THIN, hasFeed: true },
  ]);

describe("Attack: one leg empties a thin pool", function () {
  let signed: Signed;
  const get = useFixture(async (fixture) => {
    await depositNow(fixture, "alice", 1_000_000n * USDC);
    await advanceTo(fixture, MONDAY + 60);
    signed = await publishBull(fixture, { "usd-coin": 700_000, thin: 300_000 });
  }, openThin);
  const buy = async (usdc: bigint) => execute(get(), signed, [leg(get(), ["usd-coin", "thin"], usdc * USDC)]);

  it("passes while it moves the price by less than 3 %", async function () {
    expect(await reasonsOf(get(), await buy(140_000n))).to.deep.equal([]); // 2.8 %
  });

  it("is left out above, although its output is within the floor", async function () {
    // 160,000 USD move it by 3.2 %: 1.6 % of impact and 0.3 % of fee are well within 3 %.
    expect(await reasonsOf(get(), await buy(160_000n))).to.deep.equal([FAILED]);
  });

  it("excuses nothing: the leg was too large", async function () {
    await buy(160_000n);

    await expect(finish(get(), signed)).to.be.revertedWithCustomError(get().rebalancer, "AssetOutsideBand");
  });

  it("may go further where the owner has raised the asset's limit", async function () {
    const { venue, people, fund } = get();
    await venue.connect(people.owner).raiseLimit(fund.indexOf("thin"), 400);

    expect(await reasonsOf(get(), await buy(160_000n))).to.deep.equal([]);
  });

  it("goes less far where the guardian has lowered it", async function () {
    const { venue, people, fund } = get();
    await venue.connect(people.guardian).lowerLimit(fund.indexOf("thin"), 200);

    expect(await reasonsOf(get(), await buy(140_000n))).to.deep.equal([FAILED]);
  });
});

describe("Attack: the keeper moves a pool before a leg", function () {
  let signed: Signed;
  const get = useFixture(async (fixture) => {
    await depositNow(fixture, "alice", 1_000_000n * USDC);
    await advanceTo(fixture, MONDAY + 60);
    signed = await publishBull(fixture, { "usd-coin": 600_000, alpha: 200_000, beta: 200_000 });
  });

  for (const coinId of ["alpha", "beta"] as const) {
    it(`by 5 %: ${coinId} is not bought, and nothing is lost`, async function () {
      const fixture = get();
      await pushPool(fixture, coinId, [1_025n, 1_000n]); // 1.025² = 1.0506

      const sent = await execute(fixture, signed, [leg(fixture, ["usd-coin", coinId], 200_000n * USDC)]);

      expect(await reasonsOf(fixture, sent)).to.deep.equal([FAILED]);
      expect(await held(fixture, "usd-coin")).to.equal(1_000_000n * USDC);
    });
  }

  it("in the fund's favor: it is bought", async function () {
    const fixture = get();
    await pushPool(fixture, "alpha", [975n, 1_000n]);

    const sent = await execute(fixture, signed, [leg(fixture, ["usd-coin", "alpha"], 100_000n * USDC)]);

    expect(await reasonsOf(fixture, sent)).to.deep.equal([]);
  });

  it("by 2.2 %, before a sale that is none of an exit: it is not sold", async function () {
    const fixture = get();
    const pair = { "usd-coin": 800_000, alpha: 200_000 };
    await refreshTo(fixture, MONDAY + WEEK + 60);
    await enterBull(fixture, 1_000_000n * USDC, pair);
    await refreshTo(fixture, MONDAY + 2 * WEEK + 60);
    const less = await publishBull(fixture, { "usd-coin": 900_000, alpha: 100_000 });
    await pushPool(fixture, "alpha", [989n, 1_000n]); // 0.989² = 0.9781

    const sent = await execute(fixture, less, [leg(fixture, ["alpha", "usd-coin"], 4000n * WHOLE)]);

    expect(await reasonsOf(fixture, sent)).to.deep.equal([FAILED]);
  });
});

describe("UniswapV3Venue: the terms of a swap", function () {
  const get = useFixture(async (fixture) => {
    await depositNow(fixture, "alice", 1000n * USDC);
  });
  const TERMS = { isExit: false, maxMove: 300, spotMinimum: 0n };
  const asVault = async () => get().venue.connect(await impersonate(get(), get().vault));

  it("name what the amount must be worth at the pool's price", async function () {
    const fixture = get();
    const { usdc, venue } = fixture;
    const terms = { ...TERMS, spotMinimum: 6n * WHOLE };

    // 100 USDC are 5 alpha at 20 USD; the root of the price is cut to 96 binary digits.
    const swap = (await asVault()).swapExact(
      poolOf(fixture, "alpha"),
      usdc,
      tokenOf(fixture, "alpha"),
      100n * USDC,
      terms,
    );

    await expect(swap)
      .to.be.revertedWithCustomError(venue, "SpotTooFar")
      .withArgs((spot: bigint) => spot > 4_999_999n * 10n ** 12n && spot < 5_000_001n * 10n ** 12n, 6n * WHOLE);
  });

  it("keep all but exits out of a closed pool", async function () {
    const fixture = get();
    const { usdc, venue, people, ethers } = fixture;
    const pool = ethers.getAddress(poolOf(fixture, "alpha"));
    await venue.connect(people.guardian).closePool(pool);

    await expect((await asVault()).swapExact(pool, usdc, tokenOf(fixture, "alpha"), 1, TERMS))
      .to.be.revertedWithCustomError(venue, "PoolClosed")
      .withArgs(pool, true);
  });

  it("have a mean over five minutes for the pool's own tokens alone", async function () {
    const fixture = get();
    const { usdc, venue, ethers } = fixture;
    const pool = ethers.getAddress(poolOf(fixture, "alpha"));

    expect(await venue.meanOutput(pool, usdc, tokenOf(fixture, "alpha"), 100n * USDC)).to.be.within(
      49_990n * 10n ** 14n, // a tick is 0.01 %
      50_010n * 10n ** 14n,
    );
    await expect(venue.meanOutput(pool, usdc, tokenOf(fixture, "beta"), 1)).to.be.revertedWithCustomError(
      venue,
      "PoolOfOtherTokens",
    );
  });

  it("leave a pool that is not listed without a second look", async function () {
    const fixture = get();
    const order = {
      id: 1,
      position: 0,
      sold: 0,
      bought: fixture.fund.indexOf("alpha"),
      amount: 1,
      minimum: 0,
      fair: 0,
    };
    const pool = await thinPool(fixture, "alpha");

    const [, capacity] = await fixture.venue.secondLook({ ...order, pool, terms: TERMS });

    expect(capacity).to.equal(0n);
  });
});

describe("Rebalancer: a leg's record", function () {
  const get = useFixture(cashFund);

  it("shows a minimum by the limit of the asset, not of what pays for it", async function () {
    const fixture = get();
    const { venue, people, fund } = fixture;
    const signed = await publishBull(fixture, { "usd-coin": 600_000, alpha: 200_000, beta: 200_000 });
    await venue.connect(people.owner).raiseLimit(fund.indexOf("usd-coin"), 500);
    await venue.connect(people.guardian).lowerLimit(fund.indexOf("alpha"), 200);

    const sent = await execute(fixture, signed, [leg(fixture, ["usd-coin", "alpha"], 1000n * USDC)]);

    const [line] = await linesOf(fixture, sent, "LegExecuted");
    expect(line?.["minimum"]).to.equal(49n * WHOLE); // 98 % of 50
    await execute(fixture, signed, batchFrom(1, []));
  });
});
