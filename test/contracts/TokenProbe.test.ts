import { expect } from "chai";

import { PROBE_UNITS } from "../../src/execute/deploy.ts";
import { type Fixture, openFixture, useFixture } from "./support/fixture.ts";
import { type QuirkName, QUIRKS, newToken } from "./support/tokens.ts";

/** Asks the vault to list a token as its owner. */
function list({ vault, people }: Fixture, token: string, gasLimit = 5_000_000) {
  return vault.connect(people.owner).listAsset(token, "new", false, { gasLimit });
}

/** A token with an oddity, of which the vault has `units`. */
async function oddToken({ ethers, vault }: Fixture, quirk: QuirkName) {
  const token = await ethers.deployContract("QuirkToken", ["Odd", "ODD", 18]);
  await token.mint(vault, PROBE_UNITS);
  await token.become(QUIRKS.indexOf(quirk));
  return token;
}

describe("TokenProbe: a listing", function () {
  const get = useFixture(undefined, openFixture);

  it("leaves the tried units in the vault, outside the books", async function () {
    const fixture = get();
    const token = await newToken(fixture);

    await list(fixture, await token.getAddress());

    const index = await fixture.vault.indexOf(token);
    const books = await fixture.vault.balances(1n << index);
    expect([await token.balanceOf(fixture.vault), books[0]]).to.deep.equal([PROBE_UNITS, 0n]);
  });

  it("is refused without the units to try", async function () {
    const fixture = get();
    const token = await fixture.ethers.deployContract("MockToken", ["New", "NEW", 18]);
    await token.mint(fixture.vault, PROBE_UNITS - 1n);

    await expect(list(fixture, await token.getAddress()))
      .to.be.revertedWithCustomError(fixture.vault, "ProbeUnitsMissing")
      .withArgs(token, 9_999, 10_000);
  });

  describe("refuses for a reason", function () {
    it("a token with a fee on transfer", async function () {
      const fixture = get();
      const token = await oddToken(fixture, "takes a fee");

      // One unit in a hundred of the 10,000 does not arrive.
      await expect(list(fixture, await token.getAddress()))
        .to.be.revertedWithCustomError(fixture.vault, "TransferInexact")
        .withArgs(token, 10_000, 9_900);
    });

    it("a token whose balances are shares that round", async function () {
      const fixture = get();
      const token = await fixture.ethers.deployContract("SharesToken", ["Odd", "ODD", 18]);
      await token.mint(fixture.vault, 20_000n);

      // 20,000 units are floor(20,000 / 1.1) = 18,181 shares, worth floor(18,181 × 1.1) = 19,999 units. 10,000 units
      // are 9,090 shares, which leave 9,091, worth floor(10,000.1) = 10,000 instead of 9,999.
      await expect(list(fixture, await token.getAddress()))
        .to.be.revertedWithCustomError(fixture.vault, "TransferInexact")
        .withArgs(token, 9_999, 10_000);
    });

    for (const [words, question] of [
      ["stETH", "sharesOf(address)"],
      ["aTokens and AMPL", "scaledBalanceOf(address)"],
      ["OUSD", "rebasingCreditsPerToken()"],
      ["sOHM", "gonsForBalance(uint256)"],
    ] as const) {
      it(`a token that answers ${question}, as ${words} do`, async function () {
        const fixture = get();
        const { ethers, vault } = fixture;
        const selector = ethers.id(question).slice(0, 10);
        const token = await ethers.deployContract("AnsweringToken", ["Odd", "ODD", 18, selector]);
        await token.mint(vault, PROBE_UNITS);

        await expect(list(fixture, await token.getAddress()))
          .to.be.revertedWithCustomError(vault, "TokenRebases")
          .withArgs(token, selector);
      });
    }

    it("a token that says that it did not move", async function () {
      const fixture = get();
      const token = await oddToken(fixture, "returns false");

      await expect(list(fixture, await token.getAddress()))
        .to.be.revertedWithCustomError(fixture.vault, "SafeERC20FailedOperation")
        .withArgs(token);
    });

    it("a token that burns the gas of its transfer", async function () {
      const fixture = get();
      const token = await fixture.ethers.deployContract("GasBurningToken", ["Odd", "ODD", 18]);
      await token.mint(fixture.vault, PROBE_UNITS);

      await expect(list(fixture, await token.getAddress(), 1_000_000)).to.revert(fixture.ethers);
    });
  });

  describe("passes", function () {
    it("a token that returns nothing", async function () {
      const fixture = get();
      const token = await fixture.ethers.deployContract("NoReturnToken", ["Odd", "ODD", 6]);
      await token.mint(fixture.vault, PROBE_UNITS);

      await list(fixture, await token.getAddress());

      expect(await fixture.vault.indexOf(token)).to.equal(10);
    });

    it("a token whose balance costs 170,000 gas", async function () {
      const fixture = get();
      const token = await oddToken(fixture, "has a dear balance");

      await list(fixture, await token.getAddress());

      expect(await fixture.vault.indexOf(token)).to.equal(10);
    });

    it("a token whose answers have 100,000 bytes", async function () {
      const fixture = get();
      const token = await oddToken(fixture, "returns much");

      await list(fixture, await token.getAddress());

      expect(await fixture.vault.indexOf(token)).to.equal(10);
    });

    it("a token that calls back, and finds the vault shut", async function () {
      const fixture = get();
      const { ethers, vault, people } = fixture;
      const token = await ethers.deployContract("CallbackToken", ["Odd", "ODD", 18]);
      await token.mint(vault, PROBE_UNITS);
      const data = vault.interface.encodeFunctionData("requestDeposit", [1, people.bob.address, people.bob.address]);
      await token.arm(vault, data);

      await list(fixture, await token.getAddress());

      // Once from the vault and twice back.
      expect([await token.successes(), await token.failures(), await token.lastError()]).to.deep.equal([
        0n,
        3n,
        vault.interface.getError("ReentrancyGuardReentrantCall")?.selector,
      ]);
    });
  });
});
