import { expect } from "chai";

import { CASH, ETHER, HOUR, now, advanceTo, useFixture, TRANSIT } from "./support/fixture.ts";
import { poolOf, tokenOf } from "./support/rebalance.ts";

const DAY = 24 * HOUR;
const GUARDIAN = 2n;
const ZERO = "0x0000000000000000000000000000000000000000";

describe("UniswapV3Venue: rules on trading", function () {
  const get = useFixture();
  const alpha = (): number => get().fund.indexOf("alpha");
  const asGuardian = () => get().venue.connect(get().people.guardian);
  const asOwner = () => get().venue.connect(get().people.owner);

  it("give every asset a limit of 3 % at first", async function () {
    expect(await Promise.all([CASH, ETHER, alpha()].map((asset) => get().venue.priceLimit(asset)))).to.deep.equal([
      300n,
      300n,
      300n,
    ]);
  });

  describe("raising a limit", function () {
    it("is recorded from the vault's address", async function () {
      const { vault, venue, people } = get();

      await expect(asOwner().raiseLimit(alpha(), 500))
        .to.emit(vault, "TradingRuleSet")
        .withArgs("price limit", tokenOf(get(), "alpha"), 500, people.owner);
      expect(await venue.rules()).to.deep.equal([0n, 1n << BigInt(alpha())]);
    });

    it("of ether raises it for ether in transit", async function () {
      await asOwner().raiseLimit(ETHER, 350);

      expect(await get().venue.priceLimit(TRANSIT)).to.equal(350);
    });

    for (const limit of [501, 300, 299] as const) {
      it(`is refused to ${limit}`, async function () {
        await expect(asOwner().raiseLimit(alpha(), limit))
          .to.be.revertedWithCustomError(get().venue, "LimitNotRaised")
          .withArgs(limit, 300, 500);
      });
    }

    it("is refused for an index without a token", async function () {
      await expect(asOwner().raiseLimit(200, 400))
        .to.be.revertedWithCustomError(get().vault, "AssetNotListed")
        .withArgs(200);
    });
  });

  describe("lowering a limit", function () {
    it("is the guardian's, down to 1.5 %", async function () {
      const { vault, people } = get();

      await expect(asGuardian().lowerLimit(alpha(), 150))
        .to.emit(vault, "TradingRuleSet")
        .withArgs("price limit", tokenOf(get(), "alpha"), 150, people.guardian);
    });

    for (const limit of [149, 300, 301] as const) {
      it(`is refused to ${limit}`, async function () {
        await expect(asGuardian().lowerLimit(alpha(), limit))
          .to.be.revertedWithCustomError(get().venue, "LimitNotLowered")
          .withArgs(limit, 300, 150);
      });
    }
  });

  describe("a pause of buying", function () {
    it("ends by itself after seven days at the latest", async function () {
      const until = (await now(get())) + 7 * DAY;
      const { vault, venue, people } = get();

      await expect(asGuardian().pauseBuying(until))
        .to.emit(vault, "TradingRuleSet")
        .withArgs("buying paused", ZERO, until, people.guardian);

      await advanceTo(get(), until);
      expect((await venue.rules())[0]).to.equal(0n);
    });

    it("is refused for longer", async function () {
      const { market, venue } = get();
      const time = (await now(get())) + 60;
      await market.chain.setNextBlockTime(time as Parameters<typeof market.chain.setNextBlockTime>[0]);

      await expect(asGuardian().pauseBuying(time + 7 * DAY + 1))
        .to.be.revertedWithCustomError(venue, "PauseTooLong")
        .withArgs(time + 7 * DAY + 1, time + 7 * DAY);
    });

    it("is refused with an end in the past", async function () {
      await expect(asGuardian().pauseBuying(1)).to.be.revertedWithCustomError(get().venue, "PauseTooLong");
    });

    it("cannot follow another one within seven days", async function () {
      const until = (await now(get())) + DAY;
      await asGuardian().pauseBuying(until);
      await advanceTo(get(), until + 7 * DAY - 60);

      await expect(asGuardian().pauseBuying(until + 8 * DAY))
        .to.be.revertedWithCustomError(get().venue, "PauseTooSoon")
        .withArgs(until + 7 * DAY);
    });

    it("can follow after seven days", async function () {
      const until = (await now(get())) + DAY;
      await asGuardian().pauseBuying(until);
      await advanceTo(get(), until + 7 * DAY);

      await asGuardian().pauseBuying(until + 8 * DAY);

      expect(await get().venue.buyingPausedUntil()).to.equal(until + 8 * DAY);
    });

    it("is neither shortened nor prolonged", async function () {
      const { venue } = get();
      const until = (await now(get())) + 6 * DAY;
      await asGuardian().pauseBuying(until);

      for (const other of [until - DAY, until + HOUR]) {
        await expect(asGuardian().pauseBuying(other))
          .to.be.revertedWithCustomError(venue, "PauseTooSoon")
          .withArgs(until + 7 * DAY);
      }
    });
  });

  describe("closing an asset", function () {
    it("is the guardian's, reopening the owner's", async function () {
      const { vault, venue, people } = get();
      const token = tokenOf(get(), "alpha");

      await expect(asGuardian().closeAsset(alpha()))
        .to.emit(vault, "TradingRuleSet")
        .withArgs("asset closed", token, 0, people.guardian);
      expect(await venue.closedSet()).to.equal(1n << BigInt(alpha()));
      await expect(asOwner().reopenAsset(alpha()))
        .to.emit(vault, "TradingRuleSet")
        .withArgs("asset reopened", token, 0, people.owner);
      expect(await venue.closedSet()).to.equal(0n);
    });

    it("is refused twice", async function () {
      await asGuardian().closeAsset(alpha());

      await expect(asGuardian().closeAsset(alpha()))
        .to.be.revertedWithCustomError(get().venue, "AssetClosedAlready")
        .withArgs(alpha(), true);
    });

    it("is not undone when it is open", async function () {
      await expect(asOwner().reopenAsset(alpha()))
        .to.be.revertedWithCustomError(get().venue, "AssetClosedAlready")
        .withArgs(alpha(), false);
    });
  });

  describe("closing a pool", function () {
    it("is the guardian's, reopening the owner's", async function () {
      const { vault, venue, people, ethers } = get();
      const pool = ethers.getAddress(poolOf(get(), "alpha"));

      await expect(asGuardian().closePool(pool))
        .to.emit(vault, "TradingRuleSet")
        .withArgs("pool closed", pool, 0, people.guardian);
      expect(await venue.isClosed(pool)).to.equal(true);
      await expect(asOwner().reopenPool(pool))
        .to.emit(vault, "TradingRuleSet")
        .withArgs("pool reopened", pool, 0, people.owner);
      expect(await venue.isClosed(pool)).to.equal(false);
    });

    it("is refused twice", async function () {
      const pool = get().ethers.getAddress(poolOf(get(), "alpha"));
      await asGuardian().closePool(pool);

      await expect(asGuardian().closePool(pool))
        .to.be.revertedWithCustomError(get().venue, "PoolClosed")
        .withArgs(pool, true);
    });

    it("is not undone when it is open", async function () {
      const pool = get().ethers.getAddress(poolOf(get(), "alpha"));

      await expect(asOwner().reopenPool(pool))
        .to.be.revertedWithCustomError(get().venue, "PoolClosed")
        .withArgs(pool, false);
    });

    it("is refused for a pool that is not listed", async function () {
      await expect(asGuardian().closePool(ZERO))
        .to.be.revertedWithCustomError(get().venue, "PoolNotListed")
        .withArgs(ZERO);
    });
  });

  describe("a delisted asset", function () {
    it("leaves no rule to the next one at its index", async function () {
      const { fund, venue, vault, people } = get();
      const dai = fund.indexOf("dai");
      await asOwner().raiseLimit(dai, 500);
      await asGuardian().closeAsset(dai);

      await vault.connect(people.owner).delistAsset(dai);

      expect([await venue.rules(), await venue.priceLimit(dai)]).to.deep.equal([[0n, 0n], 300n]);
    });

    it("is forgotten for the vault alone", async function () {
      const { venue, oracle, people } = get();

      await expect(asOwner().forgetRules(2))
        .to.be.revertedWithCustomError(oracle, "CallerNotVault")
        .withArgs(people.owner);
      expect(await venue.closedSet()).to.equal(0n);
    });
  });

  type Venue = ReturnType<typeof asOwner>;
  const OWNER_CALLS: readonly [string, (venue: Venue) => Promise<unknown>][] = [
    ["raiseLimit", (venue) => venue.raiseLimit(2, 400)],
    ["reopenAsset", (venue) => venue.reopenAsset(2)],
    ["reopenPool", (venue) => venue.reopenPool(ZERO)],
  ];
  const GUARDIAN_CALLS: readonly [string, (venue: Venue) => Promise<unknown>][] = [
    ["lowerLimit", (venue) => venue.lowerLimit(2, 200)],
    ["pauseBuying", (venue) => venue.pauseBuying(2n ** 40n)],
    ["closeAsset", (venue) => venue.closeAsset(2)],
    ["closePool", (venue) => venue.closePool(ZERO)],
  ];

  for (const [name, call] of OWNER_CALLS) {
    for (const person of ["guardian", "keeper", "signer", "stranger"] as const) {
      it(`refuse ${name} to the ${person}`, async function () {
        const { venue, people } = get();

        await expect(call(venue.connect(people[person])))
          .to.be.revertedWithCustomError(venue, "AccessManagedUnauthorized")
          .withArgs(people[person]);
      });
    }
  }

  for (const [name, call] of GUARDIAN_CALLS) {
    for (const person of ["owner", "keeper", "signer", "stranger"] as const) {
      it(`refuse ${name} to the ${person}`, async function () {
        const { venue, people, rebalancer } = get();

        await expect(call(venue.connect(people[person])))
          .to.be.revertedWithCustomError(rebalancer, "RoleMissing")
          .withArgs(people[person], GUARDIAN);
      });
    }
  }

  it("are recorded for rebalancer and venue alone", async function () {
    const { vault, people } = get();

    await expect(vault.connect(people.guardian).recordRule("", ZERO, 0, ZERO))
      .to.be.revertedWithCustomError(vault, "OnlyVenue")
      .withArgs(people.guardian);
  });
});
