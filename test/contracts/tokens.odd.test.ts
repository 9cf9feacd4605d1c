// Tokens that turn odd while the fund holds them: what each still allows, and that it takes nothing else along.
import { expect } from "chai";

import { type Fixture, GAS_CAP, refreshTo, MONDAY, stage, USDC, useFixture, WEEK, WHOLE } from "./support/fixture.ts";
import { linesOf, reasonsOf } from "./support/reading.ts";
import { batchFrom, execute, held, leg, publish, sales, type Signed } from "./support/rebalance.ts";
import { investedFund, publishBull } from "./support/situations.ts";
import { becomeOdd, blockAccount, type QuirkName } from "./support/tokens.ts";

const HELD = ["usd-coin", "bitcoin", "alpha", "beta", "gamma", "delta", "binancecoin"] as const;
const FAILED = "swap failed or below minimum";

/** Whether alpha can be sold, and whether an exit in kind delivers it. */
const EXPECTED: readonly { readonly quirk: QuirkName; readonly isSold: boolean; readonly isDelivered: boolean }[] = [
  { quirk: "returns false", isSold: false, isDelivered: false },
  { quirk: "refuses zero", isSold: true, isDelivered: true },
  { quirk: "returns much", isSold: true, isDelivered: true },
  // A pool gets less than it is owed and refuses; a person gets less, and has left.
  { quirk: "takes a fee", isSold: false, isDelivered: true },
  // Twice in the pool, 340,000 of the leg's 700,000 gas.
  { quirk: "has a dear balance", isSold: true, isDelivered: true },
];

function exitInKind({ vault, people }: Fixture) {
  return vault
    .connect(people.alice)
    .redeemInKind(250_000n * WHOLE, people.dave, people.alice, [], [], { gasLimit: GAS_CAP });
}

describe("Tokens that turn odd while they are held", function () {
  const get = useFixture(investedFund);

  for (const { quirk, isSold, isDelivered } of EXPECTED) {
    describe(`when alpha ${quirk}`, function () {
      stage(get, (fixture) => becomeOdd(fixture, "alpha", quirk));

      it(`an exit ${isSold ? "sells it too" : "leaves it, and says so"}`, async function () {
        const fixture = get();
        const signed = await publish(fixture, "bear");

        const sent = await execute(fixture, signed, await sales(fixture, ["alpha"]));

        expect(await reasonsOf(fixture, sent)).to.deep.equal(isSold ? [] : [FAILED]);
      });

      it("an exit sells all others", async function () {
        const fixture = get();
        const others = ["bitcoin", "beta", "gamma", "delta", "binancecoin"];
        const signed = await publish(fixture, "bear");

        await execute(fixture, signed, await sales(fixture, ["alpha", ...others]));

        const left = await Promise.all(others.map((coinId) => held(fixture, coinId)));
        expect(left).to.deep.equal([1n, 1n, 1n, 1n, 1n]);
      });

      it(`an exit in kind ${isDelivered ? "delivers" : "keeps"} it and delivers all others`, async function () {
        const fixture = get();

        const [line] = await linesOf(fixture, await exitInKind(fixture), "RedeemedInKind");

        expect(line?.["delivered"]).to.deep.equal(HELD.map((coinId) => coinId !== "alpha" || isDelivered));
      });
    });
  }

  describe("when alpha blocks the vault", function () {
    stage(get, async (fixture) => {
      await blockAccount(fixture, "alpha", fixture.fund.addresses.vault);
    });

    it("an exit leaves it, and sells all others", async function () {
      const fixture = get();
      const signed = await publish(fixture, "bear");

      const sent = await execute(fixture, signed, await sales(fixture, ["alpha", "bitcoin"]));

      expect([await reasonsOf(fixture, sent), await held(fixture, "bitcoin")]).to.deep.equal([[FAILED], 1n]);
    });

    it("an exit in kind keeps it for the one who left", async function () {
      const fixture = get();
      const before = await held(fixture, "alpha");

      await exitInKind(fixture);

      const index = fixture.fund.indexOf("alpha");
      expect(await fixture.vault.inKindClaimable(fixture.people.alice, index)).to.equal(before / 4n);
    });
  });

  describe("when alpha blocks the receiver of an exit in kind", function () {
    stage(get, async (fixture) => {
      await blockAccount(fixture, "alpha", fixture.people.dave.address);
    });

    it("the one who left claims it to another address", async function () {
      const fixture = get();
      const { vault, people, fund, ethers, market } = fixture;
      const before = await held(fixture, "alpha");
      await exitInKind(fixture);

      await vault.connect(people.alice).claimInKind(fund.indexOf("alpha"), people.carol);

      const token = await ethers.getContractAt("MockToken", market.coin("alpha").token);
      expect(await token.balanceOf(people.carol)).to.equal(before / 4n);
    });
  });

  describe("when alpha takes a fee since it was listed", function () {
    let signed: Signed | undefined;
    stage(get, async (fixture) => {
      await refreshTo(fixture, MONDAY + WEEK + 60);
      signed = await publishBull(fixture, { "usd-coin": 50_000, alpha: 250_000, bitcoin: 700_000 });
      await becomeOdd(fixture, "alpha", "takes a fee");
    });

    it("a purchase books what arrived", async function () {
      const fixture = get();
      if (signed === undefined) throw new TypeError("stage did not run");
      const before = await held(fixture, "alpha");

      const sent = await execute(fixture, signed, [leg(fixture, ["usd-coin", "alpha"], 20_000n * USDC)]);

      const [line] = await linesOf(fixture, sent, "LegExecuted");
      const token = await fixture.ethers.getContractAt("MockToken", fixture.market.coin("alpha").token);
      const booked = await held(fixture, "alpha");
      // 10,000 units were there before for the trial of the listing, outside the books.
      expect([await token.balanceOf(fixture.vault), line?.["bought"]]).to.deep.equal([
        booked + 10_000n,
        line?.["bought"],
      ]);
      // About 1,000 at 20 USD, less a hundredth.
      expect(booked - before).to.be.within(980n * WHOLE, 990n * WHOLE);
    });
  });

  describe("when the deposit coin blocks somebody", function () {
    stage(get, async (fixture) => {
      const { vault, people } = fixture;
      await vault.connect(people.alice).transfer(people.bob, 100_000n * WHOLE);
      await blockAccount(fixture, "usd-coin", people.dave.address);
    });

    it("an exit in kind to him delivers all others", async function () {
      const fixture = get();

      const [line] = await linesOf(fixture, await exitInKind(fixture), "RedeemedInKind");

      expect(line?.["delivered"]).to.deep.equal(HELD.map((coinId) => coinId !== "usd-coin"));
    });

    it("others leave with everything", async function () {
      const fixture = get();
      const { vault, people } = fixture;

      const sent = await vault
        .connect(people.bob)
        .redeemInKind(100_000n * WHOLE, people.bob, people.bob, [], [], { gasLimit: GAS_CAP });

      const [line] = await linesOf(fixture, sent, "RedeemedInKind");
      expect(line?.["delivered"]).to.deep.equal(HELD.map(() => true));
    });
  });

  it("that cost 170,000 gas a balance can all be sold in one batch", async function () {
    const fixture = get();
    const coins = ["alpha", "bitcoin", "gamma"] as const;
    for (const coinId of coins) await becomeOdd(fixture, coinId, "has a dear balance");
    const signed = await publish(fixture, "bear");

    const sent = await execute(fixture, signed, batchFrom(0, await sales(fixture, coins)));

    expect(await reasonsOf(fixture, sent)).to.deep.equal([]);
  });
});
