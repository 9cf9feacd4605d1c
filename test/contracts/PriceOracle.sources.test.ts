import { expect } from "chai";

import { thinPool } from "./support/bad-faith.ts";
import { advanceBy, advanceTo, CASH, HOUR, MONDAY, now, stage, useFixture, WHOLE, WIDE } from "./support/fixture.ts";
import { poolOf } from "./support/rebalance.ts";
import { priceOf } from "./support/reading.ts";

describe("PriceOracle: naming sources", function () {
  const get = useFixture();

  describe("naming a feed", function () {
    async function feedOf(answer: bigint, decimals: number) {
      const feed = await get().ethers.deployContract("MockFeed", ["X / USD", decimals]);
      await feed.setAnswer(answer, await now(get()));
      return feed;
    }

    it("is refused from anyone but the admin", async function () {
      const { oracle, people } = get();

      await expect(oracle.connect(people.keeper).setFeed(CASH, people.keeper, 1, WIDE))
        .to.be.revertedWithCustomError(oracle, "AccessManagedUnauthorized")
        .withArgs(people.keeper);
    });

    it("is refused without a heartbeat", async function () {
      const { oracle, people } = get();

      await expect(oracle.connect(people.owner).setFeed(CASH, await feedOf(1n, 8), 0, WIDE))
        .to.be.revertedWithCustomError(oracle, "HeartbeatMissing")
        .withArgs(CASH);
    });

    it("is refused for an index without an asset", async function () {
      const { oracle, people } = get();

      await expect(oracle.connect(people.owner).setFeed(200, await feedOf(10n ** 8n, 8), 1000, WIDE))
        .to.be.revertedWithCustomError(oracle, "AssetWithoutToken")
        .withArgs(200);
    });

    it("is refused when the feed has no fresh answer", async function () {
      const { oracle, people } = get();
      const feed = await feedOf(0n, 8);

      await expect(oracle.connect(people.owner).setFeed(CASH, feed, 1000, WIDE))
        .to.be.revertedWithCustomError(oracle, "FeedWithoutAnswer")
        .withArgs(feed);
    });

    it("is refused for a price of three digits", async function () {
      const { oracle, people } = get();

      await expect(oracle.connect(people.owner).setFeed(CASH, await feedOf(999n, 18), 1000, WIDE))
        .to.be.revertedWithCustomError(oracle, "PriceTooCoarse")
        .withArgs(CASH, 999);
    });

    it("is allowed for a price of four digits", async function () {
      const fixture = get();
      const { oracle, people } = fixture;

      await oracle.connect(people.owner).setFeed(CASH, await feedOf(1000n, 18), 1000, WIDE);

      expect(await priceOf(fixture, CASH)).to.equal(1000);
    });

    for (const [name, low, high] of [
      ["the other way around", 2n * WHOLE, WHOLE],
      ["above a trillion dollars", 0n, 10n ** 30n + 1n],
    ] as const) {
      it(`is refused with bounds that are ${name}`, async function () {
        const { oracle, people } = get();

        await expect(oracle.connect(people.owner).setFeed(CASH, await feedOf(10n ** 8n, 8), 1000, { low, high }))
          .to.be.revertedWithCustomError(oracle, "BoundsUnusable")
          .withArgs(low, high);
      });
    }

    it("is refused when the answer is out of its bounds", async function () {
      const { oracle, people } = get();
      const feed = await feedOf(3n * 10n ** 8n, 8);

      await expect(oracle.connect(people.owner).setFeed(CASH, feed, 1000, { low: WHOLE, high: 2n * WHOLE }))
        .to.be.revertedWithCustomError(oracle, "FeedWithoutAnswer")
        .withArgs(feed);
    });

    it("keeps eight binary digits of the bounds, rounded down", async function () {
      const { oracle, people } = get();

      await oracle
        .connect(people.owner)
        .setFeed(CASH, await feedOf(10n ** 8n, 8), 1000, { low: 511n, high: WHOLE * 2n });

      // 511 is nine ones. 2e18 = 111.02 * 2^54: eight digits are 222 * 2^53.
      const { low, high } = await oracle.boundsOf(CASH);
      expect([low, high]).to.deep.equal([510n, 222n * 2n ** 53n]);
    });

    it("takes the place of a pool", async function () {
      const fixture = get();
      const { oracle, people, fund, ethers } = fixture;

      await oracle.connect(people.owner).setFeed(fund.indexOf("beta"), await feedOf(3n * 10n ** 8n, 8), 1000, WIDE);

      const [, , , pool] = await oracle.source(fund.indexOf("beta"));
      expect([await priceOf(fixture, "beta"), pool]).to.deep.equal([3n * WHOLE, ethers.ZeroAddress]);
    });
  });

  describe("naming a pool", function () {
    it("is refused from anyone but the admin", async function () {
      const { oracle, people } = get();

      await expect(oracle.connect(people.signer).setPool(5, people.keeper, CASH))
        .to.be.revertedWithCustomError(oracle, "AccessManagedUnauthorized")
        .withArgs(people.signer);
    });

    it("is refused when the quote has no feed", async function () {
      const fixture = get();
      const { oracle, people, fund } = fixture;
      const gamma = fund.indexOf("gamma");

      await expect(oracle.connect(people.owner).setPool(fund.indexOf("beta"), poolOf(fixture, "beta"), gamma))
        .to.be.revertedWithCustomError(oracle, "QuoteWithoutFeed")
        .withArgs(gamma);
    });

    it("is refused for a pool of other tokens", async function () {
      const fixture = get();
      const { oracle, people, fund, ethers } = fixture;

      await expect(oracle.connect(people.owner).setPool(fund.indexOf("beta"), poolOf(fixture, "alpha"), CASH))
        .to.be.revertedWithCustomError(oracle, "PoolWithoutTwap")
        .withArgs(ethers.getAddress(poolOf(fixture, "alpha")));
    });

    it("is refused for a pool that cannot look back over the window", async function () {
      const fixture = get();
      const { oracle, people, fund } = fixture;
      const pool = await thinPool(fixture, "alpha"); // a few seconds old

      await expect(oracle.connect(people.owner).setPool(fund.indexOf("alpha"), pool, CASH))
        .to.be.revertedWithCustomError(oracle, "PoolWithoutTwap")
        .withArgs(pool);
    });

    it("is refused for a pool that keeps too few observations", async function () {
      const fixture = get();
      const { oracle, people, fund } = fixture;
      const pool = await thinPool(fixture, "beta");
      await advanceBy(fixture, 600);

      await expect(oracle.connect(people.owner).setPool(fund.indexOf("beta"), pool, CASH))
        .to.be.revertedWithCustomError(oracle, "PoolMemoryShort")
        .withArgs(pool, 1, 30);
    });

    it("is refused when the quote's feed is stale", async function () {
      const fixture = get();
      const { oracle, people, fund, market, ethers } = fixture;
      await advanceTo(fixture, MONDAY + 26 * HOUR);

      await expect(oracle.connect(people.owner).setPool(fund.indexOf("beta"), poolOf(fixture, "beta"), CASH))
        .to.be.revertedWithCustomError(oracle, "FeedWithoutAnswer")
        .withArgs(ethers.getAddress(market.coin("usd-coin").feed?.address ?? ""));
    });

    it("is refused for a price of three digits", async function () {
      const fixture = get();
      const { oracle, people, fund, ethers } = fixture;
      const feed = await ethers.deployContract("MockFeed", ["USDC / USD", 18]);
      await feed.setAnswer(1000, await now(fixture));
      await oracle.connect(people.owner).setFeed(CASH, feed, 1000, WIDE);
      await feed.setAnswer(400, await now(fixture));

      await expect(oracle.connect(people.owner).setPool(fund.indexOf("beta"), poolOf(fixture, "beta"), CASH))
        .to.be.revertedWithCustomError(oracle, "PriceTooCoarse")
        .withArgs(fund.indexOf("beta"), 799); // 2 of the quote at 400e-18 USD, a tick less: 799.9, rounded down
    });
  });

  describe("an asset against which another one is priced", function () {
    stage(get, async ({ ethers, market, oracle, people, fund }) => {
      const tokens = [market.coin("gamma").token, market.coin("binancecoin").token];
      const pool = await ethers.deployContract("TickPool", [...tokens, 0]);
      await oracle.connect(people.owner).setPool(fund.indexOf("gamma"), pool, fund.indexOf("binancecoin"));
    });

    it("gives it its price", async function () {
      expect(await priceOf(get(), "gamma")).to.equal(500n * WHOLE); // at tick 0, one to one
    });

    it("cannot be delisted", async function () {
      const { vault, oracle, people, fund } = get();

      await expect(vault.connect(people.owner).delistAsset(fund.indexOf("binancecoin")))
        .to.be.revertedWithCustomError(oracle, "QuoteInUse")
        .withArgs(fund.indexOf("binancecoin"));
    });

    it("cannot be priced by a pool itself", async function () {
      const fixture = get();
      const { oracle, people, fund } = fixture;
      const index = fund.indexOf("binancecoin");

      await expect(oracle.connect(people.owner).setPool(index, poolOf(fixture, "binancecoin"), CASH))
        .to.be.revertedWithCustomError(oracle, "QuoteInUse")
        .withArgs(index);
    });

    it("is free when the other one has a feed", async function () {
      const { vault, oracle, people, fund, ethers } = get();
      const feed = await ethers.deployContract("MockFeed", ["GAM / USD", 8]);
      await feed.setAnswer(10n ** 8n, await now(get()));
      await oracle.connect(people.owner).setFeed(fund.indexOf("gamma"), feed, 1000, WIDE);

      await vault.connect(people.owner).delistAsset(fund.indexOf("binancecoin"));

      expect((await oracle.source(fund.indexOf("binancecoin")))[0]).to.equal(ethers.ZeroAddress);
    });

    it("is free when the other one is delisted", async function () {
      const { vault, oracle, people, fund, ethers } = get();
      await vault.connect(people.owner).delistAsset(fund.indexOf("gamma"));

      await vault.connect(people.owner).delistAsset(fund.indexOf("binancecoin"));

      expect((await oracle.source(fund.indexOf("gamma")))[3]).to.equal(ethers.ZeroAddress);
    });
  });

  it("has nothing forgotten by anyone but the vault", async function () {
    const { oracle, people } = get();

    await expect(oracle.connect(people.owner).forget(CASH))
      .to.be.revertedWithCustomError(oracle, "CallerNotVault")
      .withArgs(people.owner);
  });
});
