import { expect } from "chai";

import {
  advanceBy,
  CASH,
  type Fixture,
  now,
  openCappedFixture,
  refreshTo,
  stage,
  useFixture,
  USDC,
  WHOLE,
  WIDE,
} from "./support/fixture.ts";
import { publish, send, sign, tokenOf } from "./support/rebalance.ts";
import { requestDeposit } from "./support/situations.ts";
import { newToken } from "./support/tokens.ts";

/** {s} */
const MONTH = 30 * 86_400;

/** {ppm} */
const ALL = 1_000_000;

/** Lists a token that has no price source; gives back its index. */
async function listNew(fixture: Fixture, isStable = false): Promise<number> {
  const { vault, people } = fixture;
  const token = await newToken(fixture);
  await vault.connect(people.owner).listAsset(token, "new", isStable);
  return Number(await vault.indexOf(token));
}

/** Prices an asset by a feed at one dollar. */
async function feedAtOne(fixture: Fixture, index: number): Promise<void> {
  const { oracle, ethers, people } = fixture;
  const feed = await ethers.deployContract("MockFeed", ["X / USD", 18]);
  await feed.setAnswer(WHOLE, await now(fixture));
  await oracle.connect(people.owner).setFeed(index, feed, MONTH, WIDE);
}

/** Publishes a target that gives assets these parts, in ascending order, and the rest to the deposit coin. */
async function publishParts(fixture: Fixture, regime: "bear" | "bull", parts: readonly (readonly [number, number])[]) {
  const rest = ALL - parts.reduce((sum, [, part]) => sum + part, 0);
  const weights = { assets: [CASH, ...parts.map(([index]) => index)], parts: [rest, ...parts.map(([, part]) => part)] };
  return send(fixture, await sign(fixture, regime, { weights }));
}

describe("TargetRegistry: caps", function () {
  const get = useFixture(undefined, openCappedFixture);

  async function isPending(): Promise<boolean> {
    return (await get().registry.pending()).id !== 0n;
  }

  for (const [tier, coinId, cap] of [
    ["bitcoin", "bitcoin", 800_000],
    ["wrapped ether", "ethereum", 400_000],
    ["an asset with a feed", "alpha", 150_000],
    ["an asset without a feed", "beta", 10_000],
    ["a stablecoin that is not the deposit coin", "tether", 600_000],
  ] as const) {
    it(`lets ${tier} be ${cap} parts of a bull target`, async function () {
      await publish(get(), "bull", { "usd-coin": ALL - cap, [coinId]: cap });

      expect(await isPending()).to.equal(true);
    });

    it(`does not let ${tier} be one part more`, async function () {
      const fixture = get();

      await expect(publish(fixture, "bull", { "usd-coin": ALL - cap - 1, [coinId]: cap + 1 }))
        .to.be.revertedWithCustomError(fixture.registry, "PartAboveCap")
        .withArgs(fixture.fund.indexOf(coinId), cap + 1, cap);
    });
  }

  it("leaves the deposit coin free in a bull target", async function () {
    await publish(get(), "bull", { "usd-coin": ALL });

    expect(await isPending()).to.equal(true);
  });

  it("takes an asset as one without a feed from the day that its feed is taken away", async function () {
    const fixture = get();
    const { oracle, people, fund, market } = fixture;
    await oracle.connect(people.owner).setPool(fund.indexOf("alpha"), market.coin("alpha").pool?.address ?? "", CASH);

    await expect(publish(fixture, "bull", { "usd-coin": 850_000, alpha: 150_000 }))
      .to.be.revertedWithCustomError(fixture.registry, "PartAboveCap")
      .withArgs(fund.indexOf("alpha"), 150_000, 10_000);
  });

  describe("of many assets without a feed", function () {
    const indexes: number[] = [];

    stage(get, async (fixture) => {
      for (let place = 0; place < 11; place++) indexes.push(await listNew(fixture));
    });

    it("let them be a tenth together", async function () {
      await publishParts(
        get(),
        "bull",
        indexes.slice(0, 10).map((index) => [index, 10_000]),
      );

      expect(await isPending()).to.equal(true);
    });

    it("do not let them be one part more", async function () {
      const fixture = get();
      const parts = indexes.map((index, place) => [index, place === 10 ? 1 : 10_000] as const);

      await expect(publishParts(fixture, "bull", parts))
        .to.be.revertedWithCustomError(fixture.registry, "PartsWithoutFeedAboveCap")
        .withArgs(100_001, 100_000);
    });
  });

  describe("of an asset that is listed when money is in the fund", function () {
    let young: number;

    stage(get, async (fixture) => {
      await requestDeposit(fixture, "alice", USDC);
      young = await listNew(fixture);
      await feedAtOne(fixture, young);
    });

    it("let it be a hundredth although it has a feed", async function () {
      await publishParts(get(), "bull", [[young, 10_000]]);

      expect(await isPending()).to.equal(true);
    });

    it("do not let it be one part more", async function () {
      const fixture = get();

      await expect(publishParts(fixture, "bull", [[young, 10_001]]))
        .to.be.revertedWithCustomError(fixture.registry, "PartAboveCap")
        .withArgs(young, 10_001, 10_000);
    });

    it("hold it young for 30 days", async function () {
      const { vault, people } = get();
      const { listedAt } = await vault.assetAt(young);
      await advanceBy(get(), Number(listedAt) + MONTH - (await now(get())) - 2);

      await expect(vault.connect(people.stranger).mature(young))
        .to.be.revertedWithCustomError(vault, "AssetStillYoung")
        .withArgs(young, listedAt + BigInt(MONTH));
    });

    it("let anyone end its youth then", async function () {
      const fixture = get();
      const { vault, people } = fixture;
      const { listedAt } = await vault.assetAt(young);
      await refreshTo(fixture, Number(listedAt) + MONTH);

      await vault.connect(people.stranger).mature(young);

      await publishParts(fixture, "bull", [[young, 150_000]]);
      expect(await isPending()).to.equal(true);
    });

    it("forget its youth when it is delisted", async function () {
      const { vault, people } = get();

      await vault.connect(people.owner).delistAsset(young);

      const [, , youngSet] = await vault.tiers();
      expect(youngSet).to.equal(0);
    });
  });

  it("never hold an asset young that was listed before there was any money", async function () {
    const { vault, people, fund } = get();

    await expect(vault.connect(people.stranger).mature(fund.indexOf("alpha"))).to.be.revertedWithCustomError(
      vault,
      "AssetStillYoung",
    );
  });

  describe("of a bear target", function () {
    it("leave the deposit coin free while it is the only stablecoin near a dollar", async function () {
      await publish(get(), "bear", { "usd-coin": ALL });

      expect(await isPending()).to.equal(true);
    });

    describe("with two stablecoins near a dollar", function () {
      stage(get, (fixture) => feedAtOne(fixture, fixture.fund.indexOf("dai")));

      it("let each be six tenths", async function () {
        await publish(get(), "bear", { "usd-coin": 600_000, tether: 400_000 });

        expect(await isPending()).to.equal(true);
      });

      for (const coinId of ["usd-coin", "dai"]) {
        it(`do not let ${coinId} be one part more`, async function () {
          const fixture = get();

          await expect(publish(fixture, "bear", { [coinId]: 600_001, tether: 399_999 }))
            .to.be.revertedWithCustomError(fixture.registry, "PartAboveCap")
            .withArgs(fixture.fund.indexOf(coinId), 600_001, 600_000);
        });
      }
    });

    it("do not count a stablecoin that is young", async function () {
      const fixture = get();
      await requestDeposit(fixture, "alice", USDC);
      await feedAtOne(fixture, await listNew(fixture, true));

      await publish(fixture, "bear", { "usd-coin": ALL });

      expect(await isPending()).to.equal(true);
    });
  });

  describe("naming an asset bitcoin", function () {
    it("is an event", async function () {
      const fixture = get();
      const { vault, people, fund } = fixture;
      const alpha = fund.indexOf("alpha");

      await expect(vault.connect(people.owner).nameBitcoin(alpha))
        .to.emit(vault, "BitcoinNamed")
        .withArgs(alpha, tokenOf(fixture, "alpha"));
    });

    it("is refused from anyone but the admin", async function () {
      const { vault, people } = get();

      await expect(vault.connect(people.signer).nameBitcoin(4))
        .to.be.revertedWithCustomError(vault, "AccessManagedUnauthorized")
        .withArgs(people.signer);
    });

    it("is refused for an index without an asset", async function () {
      const { vault, people } = get();

      await expect(vault.connect(people.owner).nameBitcoin(200))
        .to.be.revertedWithCustomError(vault, "AssetNotListed")
        .withArgs(200);
    });

    it("ends with its delisting", async function () {
      const { vault, people, fund } = get();

      await vault.connect(people.owner).delistAsset(fund.indexOf("bitcoin"));

      const [, , , bitcoin] = await vault.tiers();
      expect(bitcoin).to.equal(0);
    });
  });
});
