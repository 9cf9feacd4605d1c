import { expect } from "chai";

import { useFixture } from "./support/fixture.ts";
import { linesOf } from "./support/reading.ts";
import { held } from "./support/rebalance.ts";
import { balanceOf, exit, HELD, leavableFund, QUARTER } from "./support/in-kind.ts";

describe("IndexVault: choices in an exit in kind", function () {
  const get = useFixture(leavableFund);

  describe("with skipped assets", function () {
    it("leaves their part to the others", async function () {
      const fixture = get();
      const before = await held(fixture, "alpha");

      await exit(fixture, ["alpha"]);

      expect(await held(fixture, "alpha")).to.equal(before);
    });

    it("pays the other assets in full", async function () {
      const fixture = get();
      const before = await held(fixture, "beta");

      await exit(fixture, ["alpha"]);

      expect(await balanceOf(fixture, "beta")).to.equal(before / 4n);
    });

    it("does not list them", async function () {
      const fixture = get();

      const [line] = await linesOf(fixture, await exit(fixture, ["alpha"]), "RedeemedInKind");

      expect(line?.["assets"]).to.have.length(HELD.length - 1);
    });

    it("ignores one that is not held", async function () {
      const fixture = get();

      const [line] = await linesOf(fixture, await exit(fixture, ["dai"]), "RedeemedInKind");

      expect(line?.["assets"]).to.have.length(HELD.length);
    });
  });

  describe("with minimums", function () {
    it("passes at exactly the amount", async function () {
      const fixture = get();
      const { vault, people, fund } = fixture;
      const amount = (await held(fixture, "alpha")) / 4n;

      await vault
        .connect(people.alice)
        .redeemInKind(QUARTER, people.dave, people.alice, [], [{ asset: fund.indexOf("alpha"), amount }]);

      expect(await balanceOf(fixture, "alpha")).to.equal(amount);
    });

    it("is refused one unit below", async function () {
      const fixture = get();
      const { vault, people, fund } = fixture;
      const amount = (await held(fixture, "alpha")) / 4n;
      const minimum = { asset: fund.indexOf("alpha"), amount: amount + 1n };

      await expect(vault.connect(people.alice).redeemInKind(QUARTER, people.dave, people.alice, [], [minimum]))
        .to.be.revertedWithCustomError(vault, "InKindBelowMinimum")
        .withArgs(minimum.asset, amount, amount + 1n);
    });

    it("is refused for an asset that is skipped too", async function () {
      const { vault, people, fund } = get();
      const index = fund.indexOf("alpha");
      const minimum = { asset: index, amount: 1 };

      await expect(vault.connect(people.alice).redeemInKind(QUARTER, people.dave, people.alice, [index], [minimum]))
        .to.be.revertedWithCustomError(vault, "InKindBelowMinimum")
        .withArgs(index, 0, 1);
    });
  });
});
