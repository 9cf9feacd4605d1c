import { anyUint } from "@nomicfoundation/hardhat-ethers-chai-matchers/withArgs";
import { expect } from "chai";

import { giveCode } from "./support/bad-faith.ts";
import { stage, useFixture } from "./support/fixture.ts";
import { linesOf } from "./support/reading.ts";
import { held, tokenOf } from "./support/rebalance.ts";
import { balanceOf, exit, HELD, heldOf, leavableFund, QUARTER } from "./support/in-kind.ts";

describe("IndexVault: exit in kind with bad tokens", function () {
  const get = useFixture(leavableFund);

  describe("when a token is frozen", function () {
    stage(get, (fixture) => fixture.market.freezeToken("beta"));

    it("pays all others", async function () {
      const fixture = get();
      const others = HELD.filter((coinId) => coinId !== "beta");
      const before = await heldOf(fixture, others);

      await exit(fixture);

      const paid = await Promise.all(others.map((coinId) => balanceOf(fixture, coinId)));
      expect(paid).to.deep.equal(before.map((amount) => amount / 4n));
    });

    it("says in the ledger what was not delivered", async function () {
      const fixture = get();

      const [line] = await linesOf(fixture, await exit(fixture), "RedeemedInKind");

      expect(line?.["delivered"]).to.deep.equal(HELD.map((coinId) => coinId !== "beta"));
    });

    it("keeps the part claimable by the one who left", async function () {
      const fixture = get();
      const before = await held(fixture, "beta");

      await exit(fixture);

      const index = fixture.fund.indexOf("beta");
      expect(await fixture.vault.inKindClaimable(fixture.people.alice, index)).to.equal(before / 4n);
    });

    it("takes the part out of the books", async function () {
      const fixture = get();
      const before = await held(fixture, "beta");

      await exit(fixture);

      expect(await held(fixture, "beta")).to.equal(before - before / 4n);
    });

    it("refuses the claim while it is frozen", async function () {
      const fixture = get();
      const { vault, people, fund } = fixture;
      await exit(fixture);

      await expect(vault.connect(people.alice).claimInKind(fund.indexOf("beta"), people.dave))
        .to.be.revertedWithCustomError(vault, "TransferStillFails")
        .withArgs(tokenOf(fixture, "beta"));
    });

    it("pays the claim after the thaw", async function () {
      const fixture = get();
      const { vault, people, fund, market } = fixture;
      const before = await held(fixture, "beta");
      await exit(fixture);
      await market.thawToken("beta");

      await vault.connect(people.alice).claimInKind(fund.indexOf("beta"), people.dave);

      expect(await balanceOf(fixture, "beta")).to.equal(before / 4n);
    });

    it("writes the claim into the ledger", async function () {
      const fixture = get();
      const { vault, people, fund, market } = fixture;
      const before = await held(fixture, "beta");
      await exit(fixture);
      await market.thawToken("beta");

      const claim = await vault.connect(people.alice).claimInKind(fund.indexOf("beta"), people.dave);

      const [sequence, head] = await vault.ledger();
      await expect(claim)
        .to.emit(vault, "InKindClaimed")
        .withArgs(people.alice, people.dave, tokenOf(fixture, "beta"), before / 4n, sequence, head);
    });

    it("pays the claim only once", async function () {
      const fixture = get();
      const { vault, people, fund, market } = fixture;
      await exit(fixture);
      await market.thawToken("beta");
      await vault.connect(people.alice).claimInKind(fund.indexOf("beta"), people.dave);

      await expect(vault.connect(people.alice).claimInKind(fund.indexOf("beta"), people.dave))
        .to.be.revertedWithCustomError(vault, "NothingToClaim")
        .withArgs(people.alice, fund.indexOf("beta"));
    });

    it("pays the receiver of the exit nothing of the claim", async function () {
      const fixture = get();
      const { vault, people, fund } = fixture;
      await exit(fixture);

      await expect(vault.connect(people.dave).claimInKind(fund.indexOf("beta"), people.dave))
        .to.be.revertedWithCustomError(vault, "NothingToClaim")
        .withArgs(people.dave, fund.indexOf("beta"));
    });

    it("adds up the parts of several exits", async function () {
      const fixture = get();
      const before = await held(fixture, "beta");
      await exit(fixture);

      await exit(fixture);

      // A quarter of it, then 250,000 of the 750,000 remaining shares of the rest.
      const rest = before - before / 4n;
      const index = fixture.fund.indexOf("beta");
      expect(await fixture.vault.inKindClaimable(fixture.people.alice, index)).to.equal(before / 4n + rest / 3n);
    });
  });

  describe("when a token returns nothing and is frozen", function () {
    it("keeps its part claimable", async function () {
      const fixture = get();
      await fixture.market.freezeToken("binancecoin");
      const before = await held(fixture, "binancecoin");

      await exit(fixture);

      const index = fixture.fund.indexOf("binancecoin");
      expect(await fixture.vault.inKindClaimable(fixture.people.alice, index)).to.equal(before / 4n);
    });
  });

  describe("when a token burns all gas", function () {
    stage(get, (fixture) => giveCode(fixture, "alpha", "GasBurningToken"));

    it("pays all others", async function () {
      const fixture = get();

      const [line] = await linesOf(fixture, await exit(fixture), "RedeemedInKind");

      expect(line?.["delivered"]).to.deep.equal(HELD.map((coinId) => coinId !== "alpha"));
    });
  });

  describe("with too little gas", function () {
    it("fails as a whole, so that no transfer fails for want of gas", async function () {
      const fixture = get();
      const { vault, people } = fixture;

      await expect(
        vault.connect(people.alice).redeemInKind(QUARTER, people.dave, people.alice, [], [], { gasLimit: 700_000 }),
      )
        .to.be.revertedWithCustomError(vault, "GasShort")
        .withArgs(anyUint);
    });
  });
});
