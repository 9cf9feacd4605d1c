import { anyUint } from "@nomicfoundation/hardhat-ethers-chai-matchers/withArgs";
import { expect } from "chai";

import {
  BULL,
  type Fixture,
  GAS_CAP,
  MONDAY,
  TRANSIT,
  USDC,
  WHOLE,
  advanceBy,
  advanceTo,
  buysWithUsdc,
  depositNow,
  execute,
  executeAndFinish,
  giveCode,
  held,
  investedFund,
  linesOf,
  publish,
  publishBull,
  sales,
  stage,
  tokenOf,
  useFixture,
} from "./support.ts";

const HELD = ["usd-coin", "bitcoin", "alpha", "beta", "gamma", "delta", "binancecoin"] as const;

/** A quarter of alice's shares, which are all. */
const QUARTER = 250_000n * WHOLE;

function exit(fixture: Fixture, skipped: readonly string[] = [], shares = QUARTER) {
  const { vault, people, fund } = fixture;
  const indexes = skipped.map((coinId) => fund.indexOf(coinId));
  return vault
    .connect(people.alice)
    .redeemInKind(shares, people.dave, people.alice, indexes, [], { gasLimit: GAS_CAP });
}

async function balanceOf({ ethers, market, people }: Fixture, coinId: string): Promise<bigint> {
  const token = await ethers.getContractAt("MockToken", market.coin(coinId).token);
  return token.balanceOf(people.dave);
}

function heldOf(fixture: Fixture, coinIds: readonly string[]): Promise<bigint[]> {
  return Promise.all(coinIds.map((coinId) => held(fixture, coinId)));
}

describe("IndexVault: exit in kind", function () {
  const get = useFixture(async (fixture) => {
    await investedFund(fixture);
    // Dave is the receiver of every exit: he starts without coins.
    const { usdc, people } = fixture;
    await usdc.connect(people.dave).transfer(people.stranger, await usdc.balanceOf(people.dave));
  });

  it("pays a quarter of every holding for a quarter of the shares, rounded down", async function () {
    const fixture = get();
    const before = await heldOf(fixture, HELD);

    await exit(fixture);

    const paid = await Promise.all(HELD.map((coinId) => balanceOf(fixture, coinId)));
    expect(paid).to.deep.equal(before.map((amount) => amount / 4n));
  });

  it("leaves the rest in the books", async function () {
    const fixture = get();
    const before = await heldOf(fixture, HELD);

    await exit(fixture);

    expect(await heldOf(fixture, HELD)).to.deep.equal(before.map((amount) => amount - amount / 4n));
  });

  it("burns the shares", async function () {
    const fixture = get();

    await exit(fixture);

    expect(await fixture.vault.totalSupply()).to.equal(750_000n * WHOLE);
  });

  it("is a line of the ledger with every amount", async function () {
    const fixture = get();
    const { vault, people, fund } = fixture;
    const before = await heldOf(fixture, HELD);

    const sent = await exit(fixture);

    const [sequence, head] = await vault.ledger();
    await expect(sent)
      .to.emit(vault, "RedeemedInKind")
      .withArgs(
        people.alice,
        people.dave,
        QUARTER,
        HELD.map((coinId) => fund.indexOf(coinId)),
        HELD.map((coinId) => tokenOf(fixture, coinId)),
        before.map((amount) => amount / 4n),
        HELD.map(() => true),
        sequence,
        head,
      );
  });

  it("pays everything for all shares", async function () {
    const fixture = get();

    await exit(fixture, [], 1_000_000n * WHOLE);

    expect(await heldOf(fixture, HELD)).to.deep.equal(HELD.map(() => 0n));
  });

  it("is refused for no shares", async function () {
    const fixture = get();

    await expect(exit(fixture, [], 0n))
      .to.be.revertedWithCustomError(fixture.vault, "RequestEmpty")
      .withArgs();
  });

  it("is refused for more shares than the owner has", async function () {
    const { vault, people } = get();

    await expect(vault.connect(people.bob).redeemInKind(5, people.bob, people.bob, [], []))
      .to.be.revertedWithCustomError(vault, "ERC20InsufficientBalance")
      .withArgs(people.bob, 0, 5);
  });

  describe("of the shares of another", function () {
    it("is refused without an allowance", async function () {
      const { vault, people } = get();

      await expect(vault.connect(people.bob).redeemInKind(5, people.bob, people.alice, [], []))
        .to.be.revertedWithCustomError(vault, "ERC20InsufficientAllowance")
        .withArgs(people.bob, 0, 5);
    });

    it("uses up the allowance", async function () {
      const { vault, people } = get();
      await vault.connect(people.alice).approve(people.bob, QUARTER);

      await vault.connect(people.bob).redeemInKind(QUARTER, people.bob, people.alice, [], []);

      expect(await vault.allowance(people.alice, people.bob)).to.equal(0);
    });

    it("needs no allowance from an operator", async function () {
      const { vault, people } = get();
      await vault.connect(people.alice).setOperator(people.bob, true);

      await vault.connect(people.bob).redeemInKind(QUARTER, people.bob, people.alice, [], []);

      expect(await vault.balanceOf(people.alice)).to.equal(750_000n * WHOLE);
    });
  });

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

  it("works when every feed is stale", async function () {
    const fixture = get();
    const before = await held(fixture, "alpha");
    await advanceBy(fixture, 30 * 86_400);

    await exit(fixture);

    expect(await balanceOf(fixture, "alpha")).to.equal(before / 4n);
  });

  it("leaves out an asset of which one unit is left", async function () {
    const fixture = get();
    const signed = await publish(fixture, "bear");
    await execute(fixture, signed, await sales(fixture, ["alpha"]));

    const [line] = await linesOf(fixture, await exit(fixture), "RedeemedInKind");

    expect(line?.["assets"]).to.not.include(BigInt(fixture.fund.indexOf("alpha")));
  });

  it("refuses to send for anyone but the vault itself", async function () {
    const { vault, people, usdc } = get();

    await expect(vault.connect(people.alice).sendOut(usdc, people.alice, 1))
      .to.be.revertedWithCustomError(vault, "OnlySelf")
      .withArgs(people.alice);
  });
});

describe("IndexVault: exit in kind in the middle of a rebalance", function () {
  const get = useFixture(async (fixture) => {
    await depositNow(fixture, "alice", 1_000_000n * USDC);
    await advanceTo(fixture, MONDAY + 60);
    const signed = await publishBull(fixture);
    await execute(fixture, signed, buysWithUsdc(fixture, BULL, 1_000_000n * USDC).slice(0, 1));
  });

  it("pays wrapped ether in transit too", async function () {
    const fixture = get();
    const transit = await held(fixture, "transit");

    const [line] = await linesOf(fixture, await exit(fixture), "RedeemedInKind");

    expect([line?.["assets"], (line?.["amounts"] as bigint[])[1]]).to.deep.equal([[0n, BigInt(TRANSIT)], transit / 4n]);
  });

  it("leaves the rebalance able to finish", async function () {
    const fixture = get();
    await exit(fixture, [], 500_000n * WHOLE);
    const signed = await publish(fixture, "bear");

    await executeAndFinish(fixture, signed, await sales(fixture, ["transit"]));

    expect((await fixture.rebalancer.running()).id).to.equal(0);
  });
});
