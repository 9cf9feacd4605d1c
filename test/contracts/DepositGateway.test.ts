import { expect } from "chai";

import { advanceTo, type Fixture, MONDAY, stage, USDC, useFixture, WHOLE } from "./support/fixture.ts";
import { executeAndFinish, publish, sales } from "./support/rebalance.ts";
import { depositNow, enterBull } from "./support/situations.ts";

async function approve({ usdc, vault, gateway, people }: Fixture): Promise<void> {
  await usdc.connect(people.carol).approve(gateway, 2n ** 255n);
  await vault.connect(people.carol).approve(gateway, 2n ** 255n);
}

describe("DepositGateway", function () {
  const get = useFixture(async (fixture) => {
    await depositNow(fixture, "alice", 1_000_000n * USDC);
    await approve(fixture);
  });

  it("turns coins into shares in one transaction", async function () {
    const { gateway, vault, people } = get();

    await gateway.connect(people.carol).deposit(300n * USDC, people.dave, 0);

    expect(await vault.balanceOf(people.dave)).to.equal(300n * WHOLE);
  });

  it("turns shares into coins in one transaction", async function () {
    const { gateway, people, usdc, ethers } = get();
    await gateway.connect(people.carol).deposit(300n * USDC, people.carol, 0);

    await expect(gateway.connect(people.carol).redeem(100n * WHOLE, people.dave, 0)).to.changeTokenBalance(
      ethers,
      usdc,
      people.dave,
      100n * USDC,
    );
  });

  it("keeps neither coins nor shares", async function () {
    const { gateway, vault, people, usdc } = get();

    await gateway.connect(people.carol).deposit(300n * USDC, people.carol, 0);
    await gateway.connect(people.carol).redeem(100n * WHOLE, people.carol, 0);

    expect([await usdc.balanceOf(gateway), await vault.balanceOf(gateway)]).to.deep.equal([0n, 0n]);
  });

  it("leaves the vault no allowance", async function () {
    const { gateway, vault, people, usdc } = get();

    await gateway.connect(people.carol).deposit(300n * USDC, people.carol, 0);

    expect(await usdc.allowance(gateway, vault)).to.equal(0);
  });

  it("refuses a deposit that brings fewer shares than demanded", async function () {
    const { gateway, people } = get();

    await expect(gateway.connect(people.carol).deposit(300n * USDC, people.carol, 300n * WHOLE + 1n))
      .to.be.revertedWithCustomError(gateway, "ReceivedBelowMinimum")
      .withArgs(300n * WHOLE, 300n * WHOLE + 1n);
  });

  it("refuses a redemption that brings fewer coins than demanded", async function () {
    const { gateway, people } = get();
    await gateway.connect(people.carol).deposit(300n * USDC, people.carol, 0);

    await expect(gateway.connect(people.carol).redeem(100n * WHOLE, people.carol, 100n * USDC + 1n))
      .to.be.revertedWithCustomError(gateway, "ReceivedBelowMinimum")
      .withArgs(100n * USDC, 100n * USDC + 1n);
  });

  describe("when a stranger requested in its name before the price of a share fell", function () {
    // Bob plants 1,000,000 USDC at 1 USD a share; going into alpha and back then costs both of them some 0.1 %.
    stage(get, async (fixture) => {
      const { vault, people, gateway, rebalancer } = fixture;
      await vault.connect(people.bob).requestDeposit(1_000_000n * USDC, gateway, people.bob);
      await rebalancer.strikeInStablecoins();
      await advanceTo(fixture, MONDAY + 60);
      await enterBull(fixture, 2_000_000n * USDC, { "usd-coin": 500_000, alpha: 500_000 });
      await executeAndFinish(fixture, await publish(fixture, "bear"), await sales(fixture, ["alpha"]));
    });

    it("gives the depositor no fewer shares than the strike", async function () {
      const { gateway, vault, people } = get();
      const fair = await vault.convertToShares(300n * USDC);

      await gateway.connect(people.carol).deposit(300n * USDC, people.carol, fair);

      expect(await vault.balanceOf(people.carol)).to.be.at.least(fair);
    });

    it("leaves nothing behind in its own name", async function () {
      const { gateway, vault, people } = get();

      await gateway.connect(people.carol).deposit(300n * USDC, people.carol, 0);

      expect(await vault.maxMint(gateway)).to.equal(0);
    });
  });

  it("refuses to deposit while the fund is not in stablecoins", async function () {
    const fixture = get();
    await advanceTo(fixture, MONDAY + 60);
    await enterBull(fixture, 1_000_000n * USDC);

    await expect(fixture.gateway.connect(fixture.people.carol).deposit(300n * USDC, fixture.people.carol, 0))
      .to.be.revertedWithCustomError(fixture.rebalancer, "NotInStablecoins")
      .withArgs();
  });

  it("refuses to redeem while the fund is not in stablecoins", async function () {
    const fixture = get();
    const { gateway, people, rebalancer } = fixture;
    await gateway.connect(people.carol).deposit(300n * USDC, people.carol, 0);
    await advanceTo(fixture, MONDAY + 60);
    await enterBull(fixture, 1_000_000n * USDC);

    await expect(gateway.connect(people.carol).redeem(WHOLE, people.carol, 0)).to.be.revertedWithCustomError(
      rebalancer,
      "NotInStablecoins",
    );
  });
});
