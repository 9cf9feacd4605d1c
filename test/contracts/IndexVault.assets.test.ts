import { expect } from "chai";

import { PROBE_UNITS } from "../../src/execute/deploy.ts";
import { advanceTo, MONDAY, stage, USDC, useFixture, WHOLE } from "./support/fixture.ts";
import { executeAndFinish, held, publish, sales, tokenOf } from "./support/rebalance.ts";
import { depositNow, enterBull } from "./support/situations.ts";
import { newToken } from "./support/tokens.ts";

describe("IndexVault: assets", function () {
  const get = useFixture();

  describe("at deployment", function () {
    it("makes the deposit coin asset 0, a stablecoin of 6 decimals", async function () {
      const { vault, usdc } = get();

      const { token, decimals, isStable } = await vault.assetAt(0);

      expect([BigInt(token), decimals, isStable]).to.deep.equal([BigInt(await usdc.getAddress()), 6n, true]);
    });

    it("makes wrapped ether asset 1", async function () {
      const { vault, weth } = get();

      expect(await vault.indexOf(weth)).to.equal(1);
    });
  });

  describe("a new asset", function () {
    it("gets the lowest free index", async function () {
      const { vault, people } = get();
      const token = await newToken(get());

      await vault.connect(people.owner).listAsset(token, "new", false);

      // USDC, WETH, USDT, DAI, bitcoin, alpha, beta, gamma, delta, BNB: 0 to 9.
      expect(await vault.indexOf(token)).to.equal(10);
    });

    it("is a line of the ledger", async function () {
      const { vault, people } = get();
      const token = await newToken(get(), 27);

      const listing = await vault.connect(people.owner).listAsset(token, "new", true);

      const [sequence, head] = await vault.ledger();
      await expect(listing).to.emit(vault, "AssetListed").withArgs(10, token, "new", 27, true, sequence, head);
    });

    it("joins the listed set", async function () {
      const { vault, people } = get();
      const token = await newToken(get());

      await vault.connect(people.owner).listAsset(token, "new", false);

      expect(await vault.listedSet()).to.equal(2n ** 11n - 1n); // bits 0 to 10
    });

    it("joins the stable set when it is a stablecoin", async function () {
      const { vault, people } = get();
      const token = await newToken(get());
      const before = await vault.stableSet();

      await vault.connect(people.owner).listAsset(token, "new", true);

      expect(await vault.stableSet()).to.equal(before + 2n ** 10n);
    });

    it("is refused when its token is listed", async function () {
      const { vault, people, usdc } = get();

      await expect(vault.connect(people.owner).listAsset(usdc, "again", true))
        .to.be.revertedWithCustomError(vault, "TokenAlreadyListed")
        .withArgs(usdc);
    });

    it("is refused with more than 27 decimals", async function () {
      const { vault, people } = get();
      const token = await newToken(get(), 28);

      await expect(vault.connect(people.owner).listAsset(token, "new", false))
        .to.be.revertedWithCustomError(vault, "DecimalsOutOfRange")
        .withArgs(token, 28);
    });

    it("is refused from anyone but the admin", async function () {
      const { vault, people, usdc } = get();

      await expect(vault.connect(people.keeper).listAsset(usdc, "new", false))
        .to.be.revertedWithCustomError(vault, "AccessManagedUnauthorized")
        .withArgs(people.keeper);
    });

    it("finds no room after 255 assets", async function () {
      const { vault, ethers, people, market } = get();
      const template = await newToken(get());
      const code = await ethers.provider.getCode(template);
      const owned = vault.connect(people.owner);
      const { networkHelpers } = market.chain.connection;
      // Index 255 stands for wrapped ether in transit: indexes 10 to 254 are free, 245 assets.
      for (let place = 0; place < 245; place++) {
        const token = ethers.toBeHex(0x10000 + place, 20);
        await networkHelpers.setCode(token, code);
        await template.attach(token).getFunction("mint")(vault, PROBE_UNITS);
        await owned.listAsset(token, "new", false);
      }

      await expect(owned.listAsset(template, "new", false))
        .to.be.revertedWithCustomError(vault, "AssetListFull")
        .withArgs();
    });
  });

  it("has no index for an unknown token", async function () {
    const { vault, people } = get();

    await expect(vault.indexOf(people.stranger)).to.be.revertedWithCustomError(vault, "AssetNotListed").withArgs(0);
  });

  describe("delisting", function () {
    it("frees the index", async function () {
      const { vault, people, fund } = get();
      const beta = fund.indexOf("beta");
      const token = await newToken(get());

      await vault.connect(people.owner).delistAsset(beta);
      await vault.connect(people.owner).listAsset(token, "new", false);

      expect(await vault.indexOf(token)).to.equal(beta);
    });

    it("leaves the next asset at the index without a price", async function () {
      const { vault, oracle, ethers, people, fund } = get();
      const alpha = fund.indexOf("alpha");
      const token = await newToken(get());

      await vault.connect(people.owner).delistAsset(alpha);
      await vault.connect(people.owner).listAsset(token, "new", false);

      const [price, unit] = await oracle.prices(1n << BigInt(alpha));
      const [feed] = await oracle.source(alpha);
      expect([price[alpha], unit[alpha], feed]).to.deep.equal([0n, 0n, ethers.ZeroAddress]);
    });

    it("takes the asset out of the set of those with a feed", async function () {
      const { vault, oracle, people, fund } = get();
      const before = await oracle.fedSet();

      await vault.connect(people.owner).delistAsset(fund.indexOf("alpha"));

      expect(await oracle.fedSet()).to.equal(before - 2n ** BigInt(fund.indexOf("alpha")));
    });

    it("takes a stablecoin out of the stable set", async function () {
      const { vault, people, fund } = get();
      const before = await vault.stableSet();

      await vault.connect(people.owner).delistAsset(fund.indexOf("dai"));

      expect(await vault.stableSet()).to.equal(before - 2n ** BigInt(fund.indexOf("dai")));
    });

    it("is a line of the ledger", async function () {
      const fixture = get();
      const { vault, people, fund } = fixture;

      const delisting = await vault.connect(people.owner).delistAsset(fund.indexOf("beta"));

      const [sequence, head] = await vault.ledger();
      await expect(delisting)
        .to.emit(vault, "AssetDelisted")
        .withArgs(fund.indexOf("beta"), tokenOf(fixture, "beta"), 0, sequence, head);
    });

    it("is refused from anyone but the admin", async function () {
      const { vault, people } = get();

      await expect(vault.connect(people.guardian).delistAsset(5))
        .to.be.revertedWithCustomError(vault, "AccessManagedUnauthorized")
        .withArgs(people.guardian);
    });

    it("is refused for an index without an asset", async function () {
      const { vault, people } = get();

      await expect(vault.connect(people.owner).delistAsset(200))
        .to.be.revertedWithCustomError(vault, "AssetNotListed")
        .withArgs(200);
    });

    for (const [index, name] of [
      [0, "the deposit coin"],
      [1, "wrapped ether"],
    ] as const) {
      it(`is refused for ${name}`, async function () {
        const { vault, people } = get();

        await expect(vault.connect(people.owner).delistAsset(index))
          .to.be.revertedWithCustomError(vault, "AssetInUse")
          .withArgs(index);
      });
    }

    describe("of an asset that was bought", function () {
      stage(get, async (fixture) => {
        await depositNow(fixture, "alice", 1000n * USDC);
        await advanceTo(fixture, MONDAY + 60);
        await enterBull(fixture, 1000n * USDC, { "usd-coin": 500_000, beta: 500_000 });
      });

      it("is refused while it is held", async function () {
        const { vault, people, fund } = get();

        await expect(vault.connect(people.owner).delistAsset(fund.indexOf("beta")))
          .to.be.revertedWithCustomError(vault, "AssetInUse")
          .withArgs(fund.indexOf("beta"));
      });

      it("passes when one unit is left, which leaves the books in a line", async function () {
        const fixture = get();
        const { vault, people, fund } = fixture;
        await executeAndFinish(fixture, await publish(fixture, "bear"), await sales(fixture, ["beta"]));
        expect(await held(fixture, "beta")).to.equal(1);

        const delisting = await vault.connect(people.owner).delistAsset(fund.indexOf("beta"));

        expect(await held(fixture, "beta")).to.equal(0);
        const [sequence, head] = await vault.ledger();
        await expect(delisting)
          .to.emit(vault, "AssetDelisted")
          .withArgs(fund.indexOf("beta"), tokenOf(fixture, "beta"), 1, sequence, head);
      });

      it("is refused while a part of an in-kind exit is unclaimed", async function () {
        const fixture = get();
        const { vault, people, fund, market } = fixture;
        await market.freezeToken("beta");
        await vault.connect(people.alice).redeemInKind(1000n * WHOLE, people.alice, people.alice, [], []);
        expect(await held(fixture, "beta")).to.equal(0);

        await expect(vault.connect(people.owner).delistAsset(fund.indexOf("beta")))
          .to.be.revertedWithCustomError(vault, "AssetInUse")
          .withArgs(fund.indexOf("beta"));
      });

      it("passes when that part has been claimed", async function () {
        const { vault, people, fund, market } = get();
        await market.freezeToken("beta");
        await vault.connect(people.alice).redeemInKind(1000n * WHOLE, people.alice, people.alice, [], []);
        await market.thawToken("beta");
        await vault.connect(people.alice).claimInKind(fund.indexOf("beta"), people.alice);

        await vault.connect(people.owner).delistAsset(fund.indexOf("beta"));

        expect((await vault.assetAt(fund.indexOf("beta"))).token).to.equal("0x" + "0".repeat(40));
      });
    });
  });
});
