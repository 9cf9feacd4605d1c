import { expect } from "chai";

import { advanceBy, advanceTo, BULL, MONDAY, TRANSIT, USDC, useFixture, WHOLE } from "./support/fixture.ts";
import { linesOf } from "./support/reading.ts";
import { buysWithUsdc, execute, executeAndFinish, held, publish, sales, tokenOf } from "./support/rebalance.ts";
import { depositNow, publishBull } from "./support/situations.ts";
import { balanceOf, exit, HELD, heldOf, leavableFund, QUARTER } from "./support/in-kind.ts";

describe("IndexVault: exit in kind", function () {
  const get = useFixture(leavableFund);

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
