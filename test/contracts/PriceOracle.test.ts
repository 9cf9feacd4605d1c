import { expect } from "chai";

import { pushPool } from "./support/bad-faith.ts";
import {
  advanceBy,
  advanceTo,
  ETHER,
  type Fixture,
  HOUR,
  MONDAY,
  now,
  refreshTo,
  TRANSIT,
  useFixture,
  WHOLE,
  WIDE,
} from "./support/fixture.ts";
import { poolOf } from "./support/rebalance.ts";
import { priceOf } from "./support/reading.ts";

/** {s} In src/world/fund.ts: 25 hours. */
const HEARTBEAT = 90_000;

async function aggregatorOf({ ethers, market }: Fixture, coinId: string) {
  return ethers.getContractAt("MockFeed", market.coin(coinId).feed?.aggregator ?? "");
}

describe("PriceOracle", function () {
  const get = useFixture();

  describe("a feed", function () {
    it("of 8 decimals gives a price of 18", async function () {
      expect(await priceOf(get(), "bitcoin")).to.equal(50_000n * WHOLE);
    });

    it("of 18 decimals gives a price of 18", async function () {
      const fixture = get();
      const { ethers, oracle, people, fund } = fixture;
      const feed = await ethers.deployContract("MockFeed", ["DAI / USD", 18]);
      await feed.setAnswer(999n * 10n ** 15n, await now(fixture));

      await oracle.connect(people.owner).setFeed(fund.indexOf("dai"), feed, 3600, WIDE);

      expect(await priceOf(fixture, "dai")).to.equal(999n * 10n ** 15n); // 0.999 USD
    });

    it("is fresh up to its heartbeat", async function () {
      const fixture = get();
      const [, , updatedAt] = await fixture.oracle.source(fixture.fund.indexOf("bitcoin"));

      await advanceTo(fixture, Number(updatedAt) + HEARTBEAT);

      expect(await priceOf(fixture, "bitcoin")).to.equal(50_000n * WHOLE);
    });

    it("gives no price a second later", async function () {
      const fixture = get();
      const [, , updatedAt] = await fixture.oracle.source(fixture.fund.indexOf("bitcoin"));

      await advanceTo(fixture, Number(updatedAt) + HEARTBEAT + 1);

      expect(await priceOf(fixture, "bitcoin")).to.equal(0);
    });

    for (const [name, answer] of [
      ["zero", 0n],
      ["negative", -1n],
    ] as const) {
      it(`gives no price when its answer is ${name}`, async function () {
        const fixture = get();
        const feed = await aggregatorOf(fixture, "bitcoin");

        await feed.setAnswer(answer, await now(fixture));

        expect(await priceOf(fixture, "bitcoin")).to.equal(0);
      });
    }

    it("gives no price when its answer is of the future", async function () {
      const fixture = get();
      const feed = await aggregatorOf(fixture, "bitcoin");

      await feed.setAnswer(50_000n * 10n ** 8n, (await now(fixture)) + 1000);

      expect(await priceOf(fixture, "bitcoin")).to.equal(0);
    });

    it("gives no price when it reverts", async function () {
      const fixture = get();
      const { ethers, market, venue } = fixture;
      const proxy = await ethers.getContractAt("MockFeedProxy", market.coin("bitcoin").feed?.address ?? "");

      await proxy.setAggregator(venue);

      expect(await priceOf(fixture, "bitcoin")).to.equal(0);
    });

    it("prices wrapped ether in transit as wrapped ether", async function () {
      expect([await priceOf(get(), ETHER), await priceOf(get(), TRANSIT)]).to.deep.equal([
        4000n * WHOLE,
        4000n * WHOLE,
      ]);
    });

    it("gives the unit of the asset's own decimals", async function () {
      const { oracle, fund } = get();
      const indexes = ["usd-coin", "bitcoin", "alpha", "beta"].map((coinId) => fund.indexOf(coinId));

      const [, unit] = await oracle.prices(indexes.reduce((set, index) => set | (1n << BigInt(index)), 0n));

      expect(indexes.map((index) => unit[index])).to.deep.equal([10n ** 6n, 10n ** 8n, 10n ** 18n, 10n ** 6n]);
    });
  });

  describe("a pool", function () {
    it("against USDC prices a coin of 6 decimals", async function () {
      // A tick is 0.01 %, rounded down.
      expect(await priceOf(get(), "beta")).to.be.within(
        (2n * WHOLE * 9998n) / 10_000n,
        (2n * WHOLE * 10_002n) / 10_000n,
      );
    });

    it("against wrapped ether prices a coin of 18 decimals", async function () {
      expect(await priceOf(get(), "gamma")).to.be.within(
        (5n * WHOLE * 9998n) / 10_000n,
        (5n * WHOLE * 10_002n) / 10_000n,
      );
    });

    it("is not moved by a trade in the same block", async function () {
      const fixture = get();
      const before = await priceOf(fixture, "beta");

      await pushPool(fixture, "beta", [12n, 10n]); // 44 % up

      // One second of 600 at 1.44: a factor of 1.44^(1/600) = 1.0006.
      expect(await priceOf(fixture, "beta")).to.be.within(before, (before * 10_008n) / 10_000n);
    });

    it("is half way, as a product, after half of the window", async function () {
      const fixture = get();
      const before = await priceOf(fixture, "beta");
      await pushPool(fixture, "beta", [12n, 10n]);

      await advanceBy(fixture, 300);

      // The mean of ticks is a geometric mean: the root of 1.44 is 1.2.
      expect(await priceOf(fixture, "beta")).to.be.within((before * 1198n) / 1000n, (before * 1202n) / 1000n);
    });

    it("has followed after the window", async function () {
      const fixture = get();
      const before = await priceOf(fixture, "beta");
      await pushPool(fixture, "beta", [12n, 10n]);

      await advanceBy(fixture, 601);

      expect(await priceOf(fixture, "beta")).to.be.within((before * 1438n) / 1000n, (before * 1442n) / 1000n);
    });

    it("follows its quote's feed", async function () {
      const fixture = get();
      const feed = await aggregatorOf(fixture, "usd-coin");
      const before = await priceOf(fixture, "beta");

      await feed.setAnswer(99_000_000n, await now(fixture)); // 0.99 USD

      expect(await priceOf(fixture, "beta")).to.equal((before * 99n) / 100n);
    });

    it("gives no price when its quote has none", async function () {
      const fixture = get();
      fixture.market.stopFeed("ethereum");

      await refreshTo(fixture, MONDAY + 26 * HOUR);

      expect(
        [await priceOf(fixture, "gamma"), await priceOf(fixture, "beta")].map((price) => price > 0n),
      ).to.deep.equal([false, true]);
    });

    it("gives no price when it does not answer", async function () {
      const fixture = get();

      await fixture.market.chain.connection.networkHelpers.setCode(poolOf(fixture, "beta"), "0x");

      expect(await priceOf(fixture, "beta")).to.equal(0);
    });
  });

  it("quotes the same in one word an asset, the unit above the price", async function () {
    const { oracle, fund } = get();
    const indexes = [fund.indexOf("bitcoin"), fund.indexOf("beta"), 200, TRANSIT].toSorted((a, b) => a - b);
    const set = indexes.reduce((sum, index) => sum | (1n << BigInt(index)), 0n);
    const [price, unit] = await oracle.prices(set);

    const words = await oracle.quotes(set);

    expect([...words]).to.deep.equal(indexes.map((index) => ((unit[index] ?? 0n) << 128n) | (price[index] ?? 0n)));
    expect(price[TRANSIT]).to.equal(4000n * WHOLE);
  });

  it("gives neither price nor unit for an asset without a source", async function () {
    const { oracle } = get();

    const [price, unit] = await oracle.prices(1n << 200n);

    expect([price[200], unit[200]]).to.deep.equal([0n, 0n]);
  });

  it("names the source of each asset", async function () {
    const { oracle, fund, market, ethers } = get();

    const [feed, heartbeat, , pool] = await oracle.source(fund.indexOf("beta"));

    expect([feed, heartbeat, pool]).to.deep.equal([
      ethers.ZeroAddress,
      0n,
      ethers.getAddress(market.coin("beta").pool?.address ?? ""),
    ]);
  });
});
