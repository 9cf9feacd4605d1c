import { expect } from "chai";

import { impersonate, thinPool } from "./support/bad-faith.ts";
import { USDC, useFixture } from "./support/fixture.ts";
import { poolOf, tokenOf } from "./support/rebalance.ts";
import { depositNow } from "./support/situations.ts";

/** What the vault passes on of an ordinary leg. */
const TERMS = { isExit: false, maxMove: 300, spotMinimum: 0 };

describe("UniswapV3Venue", function () {
  const get = useFixture((fixture) => depositNow(fixture, "alice", 1000n * USDC));

  it("belongs to the vault", async function () {
    const { venue, vault } = get();

    expect(await venue.vault()).to.equal(await vault.getAddress());
  });

  describe("listing", function () {
    it("puts a pool of the factory on the list", async function () {
      const fixture = get();
      const { venue, people } = fixture;
      const pool = await thinPool(fixture, "alpha");

      await venue.connect(people.owner).listPool(pool);

      expect(await venue.isListed(pool)).to.equal(true);
    });

    it("is refused for a pool that the factory does not know", async function () {
      const { venue, people, ethers, usdc, weth } = get();
      const fake = await ethers.deployContract("FakePool", [usdc, weth, 500]);

      await expect(venue.connect(people.owner).listPool(fake))
        .to.be.revertedWithCustomError(venue, "PoolNotOfFactory")
        .withArgs(fake);
    });

    it("is refused from anyone but the admin", async function () {
      const fixture = get();
      const { venue, people } = fixture;

      await expect(venue.connect(people.keeper).listPool(poolOf(fixture, "alpha")))
        .to.be.revertedWithCustomError(venue, "AccessManagedUnauthorized")
        .withArgs(people.keeper);
    });
  });

  describe("removing", function () {
    it("takes a pool off the list", async function () {
      const fixture = get();
      const { venue, people } = fixture;

      await venue.connect(people.owner).removePool(poolOf(fixture, "alpha"));

      expect(await venue.isListed(poolOf(fixture, "alpha"))).to.equal(false);
    });

    it("is refused for a pool that is not on the list", async function () {
      const { venue, people } = get();

      await expect(venue.connect(people.owner).removePool(people.stranger))
        .to.be.revertedWithCustomError(venue, "PoolNotListed")
        .withArgs(people.stranger);
    });

    it("is refused from anyone but the admin", async function () {
      const fixture = get();
      const { venue, people } = fixture;

      await expect(venue.connect(people.guardian).removePool(poolOf(fixture, "alpha")))
        .to.be.revertedWithCustomError(venue, "AccessManagedUnauthorized")
        .withArgs(people.guardian);
    });
  });

  describe("the main pool of two tokens", function () {
    it("is the first that was listed, whichever token is named first", async function () {
      const fixture = get();
      const { venue, people, usdc } = fixture;
      await venue.connect(people.owner).listPool(await thinPool(fixture, "alpha"));

      const alpha = tokenOf(fixture, "alpha");
      const pools = await Promise.all([venue.poolOf(alpha, usdc), venue.poolOf(usdc, alpha)]);

      expect(pools.map(BigInt)).to.deep.equal([poolOf(fixture, "alpha"), poolOf(fixture, "alpha")].map(BigInt));
    });

    it("is none when it is removed, and then the next that is listed", async function () {
      const fixture = get();
      const { venue, people, usdc, ethers } = fixture;
      const alpha = tokenOf(fixture, "alpha");
      const next = await thinPool(fixture, "alpha");
      await venue.connect(people.owner).removePool(poolOf(fixture, "alpha"));

      expect(await venue.poolOf(alpha, usdc)).to.equal(ethers.ZeroAddress);
      await venue.connect(people.owner).listPool(next);
      expect(await venue.poolOf(alpha, usdc)).to.equal(next);
    });

    it("stays when another pool of the two is removed", async function () {
      const fixture = get();
      const { venue, people, usdc } = fixture;
      const other = await thinPool(fixture, "alpha");
      await venue.connect(people.owner).listPool(other);

      await venue.connect(people.owner).removePool(other);

      expect(BigInt(await venue.poolOf(tokenOf(fixture, "alpha"), usdc))).to.equal(BigInt(poolOf(fixture, "alpha")));
    });
  });

  describe("a swap", function () {
    it("is refused to anyone but the vault", async function () {
      const fixture = get();
      const { venue, people, usdc, weth } = fixture;

      await expect(venue.connect(people.keeper).swapExact(poolOf(fixture, "ethereum"), usdc, weth, 1, TERMS))
        .to.be.revertedWithCustomError(venue, "OnlyVault")
        .withArgs(people.keeper);
    });

    it("is refused on a pool that is not listed", async function () {
      const fixture = get();
      const { venue, vault, usdc, weth, people } = fixture;

      await expect(venue.connect(await impersonate(fixture, vault)).swapExact(people.stranger, usdc, weth, 1, TERMS))
        .to.be.revertedWithCustomError(venue, "PoolNotListed")
        .withArgs(people.stranger);
    });

    for (const [name, pair] of [
      ["other tokens", ["usd-coin", "ethereum"]],
      ["one other token", ["usd-coin", "bitcoin"]],
      ["a token with itself", ["alpha", "alpha"]],
    ] as const) {
      it(`is refused for ${name}`, async function () {
        const fixture = get();
        const { venue, vault, ethers } = fixture;
        const [sold, bought] = pair.map((coinId) => tokenOf(fixture, coinId)) as [string, string];

        await expect(
          venue.connect(await impersonate(fixture, vault)).swapExact(poolOf(fixture, "alpha"), sold, bought, 1, TERMS),
        )
          .to.be.revertedWithCustomError(venue, "PoolOfOtherTokens")
          .withArgs(ethers.getAddress(poolOf(fixture, "alpha")), sold, bought);
      });
    }
  });

  describe("the callback", function () {
    it("is refused to anyone outside a swap", async function () {
      const { venue, people } = get();

      await expect(venue.connect(people.keeper).uniswapV3SwapCallback(1, 0, "0x"))
        .to.be.revertedWithCustomError(venue, "CallbackNotExpected")
        .withArgs(people.keeper);
    });

    it("is refused to a listed pool outside a swap", async function () {
      const fixture = get();
      const { venue } = fixture;
      const pool = poolOf(fixture, "alpha");
      const caller = await impersonate(fixture, { getAddress: () => Promise.resolve(pool) });

      await expect(venue.connect(caller).uniswapV3SwapCallback(1, 0, "0x"))
        .to.be.revertedWithCustomError(venue, "CallbackNotExpected")
        .withArgs(caller);
    });
  });
});
