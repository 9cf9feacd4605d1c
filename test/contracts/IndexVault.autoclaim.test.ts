import { expect } from "chai";

import { type Fixture, stage, USDC, useFixture, WHOLE } from "./support/fixture.ts";
import { linesOf } from "./support/reading.ts";
import { depositNow, requestDeposit, requestRedeem } from "./support/situations.ts";

/** Bob has 100 shares and 40 USDC to claim. */
async function somethingToClaim(fixture: Fixture): Promise<void> {
  await depositNow(fixture, "alice", 1000n * USDC);
  await depositNow(fixture, "bob", 50n * USDC);
  await requestDeposit(fixture, "bob", 100n * USDC);
  await requestRedeem(fixture, "bob", 40n * WHOLE);
  await fixture.rebalancer.strikeInStablecoins();
}

describe("IndexVault: what is claimable at a new request", function () {
  const get = useFixture(somethingToClaim);

  it("of shares goes to the controller before the request", async function () {
    const fixture = get();
    const { vault, people } = fixture;

    const request = await requestDeposit(fixture, "bob", 7n * USDC);

    const [claim] = await linesOf(fixture, request, "DepositClaimed");
    expect(claim).to.include({ receiver: people.bob.address, assets: 100n * USDC, shares: 100n * WHOLE });
    expect([await vault.balanceOf(people.bob), await vault.maxMint(people.bob)]).to.deep.equal([110n * WHOLE, 0n]);
  });

  it("of coins goes to the controller before the request", async function () {
    const fixture = get();
    const { vault, people, usdc, ethers } = fixture;

    const request = requestRedeem(fixture, "bob", 5n * WHOLE);

    await expect(request).to.changeTokenBalance(ethers, usdc, people.bob, 40n * USDC);
    expect([await vault.maxWithdraw(people.bob), await vault.setAside()]).to.deep.equal([0n, 0n]);
  });

  it("of the other kind stays claimable", async function () {
    const fixture = get();

    await requestDeposit(fixture, "bob", 7n * USDC);

    expect(await fixture.vault.maxWithdraw(fixture.people.bob)).to.equal(40n * USDC);
  });

  it("is left alone by a stranger's request in the controller's name", async function () {
    const { vault, people } = get();
    const { alice, bob } = people;

    await vault.connect(alice).requestDeposit(7n * USDC, bob, alice);
    await vault.connect(alice).requestRedeem(7n * WHOLE, bob, alice);

    expect([await vault.maxMint(bob), await vault.maxWithdraw(bob)]).to.deep.equal([100n * WHOLE, 40n * USDC]);
  });

  it("is handed out to the controller when an operator asks", async function () {
    const { vault, people } = get();
    const { alice, bob } = people;
    await vault.connect(bob).setOperator(alice, true);

    await vault.connect(alice).requestDeposit(7n * USDC, bob, alice);

    expect([await vault.maxMint(bob), await vault.balanceOf(bob)]).to.deep.equal([0n, 110n * WHOLE]);
  });

  describe("when the coin does not move", function () {
    stage(get, (fixture) => fixture.market.freezeToken("usd-coin"));

    it("does not stop a redemption request, and stays claimable", async function () {
      const fixture = get();
      const { vault, people } = fixture;

      await requestRedeem(fixture, "bob", 5n * WHOLE);

      expect([
        await vault.maxWithdraw(people.bob),
        await vault.setAside(),
        await vault.pendingRedeemRequest(2, people.bob),
      ]).to.deep.equal([40n * USDC, 40n * USDC, 5n * WHOLE]);
    });
  });
});
