import { expect } from "chai";

import { advanceBy, type Fixture, now, stage, USDC, useFixture, WHOLE } from "./support/fixture.ts";
import { depositNow, requestDeposit, requestRedeem } from "./support/situations.ts";

const DAY = 86_400;
const GUARDIAN_ROLE = 2n;
const UNLIMITED = 2n ** 96n - 1n;

describe("IndexVault: deposit cap", function () {
  const get = useFixture((fixture) => depositNow(fixture, "alice", 1000n * USDC));

  it("is none at first", async function () {
    expect((await get().vault.conditions()).depositCap).to.equal(UNLIMITED);
  });

  it("follows the NAV of the last strike", async function () {
    const fixture = get();
    await requestRedeem(fixture, "alice", 400n * WHOLE);
    await fixture.rebalancer.strikeInStablecoins();

    expect((await fixture.vault.conditions()).lastNav).to.equal(600n * WHOLE);
  });

  describe("of 1,500 USD in a fund of 1,000", function () {
    stage(get, ({ vault, people }) => vault.connect(people.guardian).lowerDepositCap(1500n * WHOLE));

    it("lets 500 in", async function () {
      const fixture = get();

      await requestDeposit(fixture, "bob", 500n * USDC);

      expect(await fixture.vault.depositsPending()).to.equal(500n * USDC);
    });

    it("counts what is pending already", async function () {
      const fixture = get();
      await requestDeposit(fixture, "bob", 400n * USDC);

      await expect(requestDeposit(fixture, "carol", 100n * USDC + 1n))
        .to.be.revertedWithCustomError(fixture.vault, "DepositCapReached")
        .withArgs(1500n * WHOLE + 10n ** 12n, 1500n * WHOLE);
    });

    it("is raised by the owner alone", async function () {
      const { vault, people } = get();

      await expect(vault.connect(people.owner).raiseDepositCap(1600n * WHOLE))
        .to.emit(vault, "DepositCapChanged")
        .withArgs(1600n * WHOLE);
      await expect(vault.connect(people.guardian).raiseDepositCap(1700n * WHOLE))
        .to.be.revertedWithCustomError(vault, "AccessManagedUnauthorized")
        .withArgs(people.guardian);
    });

    it("is lowered by the function that lowers and raised by the one that raises", async function () {
      const { vault, people } = get();

      await expect(vault.connect(people.owner).raiseDepositCap(1500n * WHOLE - 1n))
        .to.be.revertedWithCustomError(vault, "TermOutOfRange")
        .withArgs(1500n * WHOLE - 1n, 1500n * WHOLE, UNLIMITED);
      await expect(vault.connect(people.guardian).lowerDepositCap(1500n * WHOLE + 1n))
        .to.be.revertedWithCustomError(vault, "TermOutOfRange")
        .withArgs(1500n * WHOLE + 1n, 0, 1500n * WHOLE);
    });

    it("is lowered by no stranger", async function () {
      const { vault, people, rebalancer } = get();

      await expect(vault.connect(people.stranger).lowerDepositCap(0))
        .to.be.revertedWithCustomError(rebalancer, "RoleMissing")
        .withArgs(people.stranger, GUARDIAN_ROLE);
    });
  });

  it("of zero takes no deposit", async function () {
    const fixture = get();
    const { vault, people } = fixture;
    await vault.connect(people.owner).lowerDepositCap(0);

    await expect(requestDeposit(fixture, "bob", USDC))
      .to.be.revertedWithCustomError(vault, "DepositCapReached")
      .withArgs(1001n * WHOLE, 0);
  });
});

describe("IndexVault: pause of deposits", function () {
  let until = 0n;
  const get = useFixture(async (fixture) => {
    await depositNow(fixture, "alice", 1000n * USDC);
    await requestDeposit(fixture, "bob", 10n * USDC);
    const { vault, people, manager } = fixture;
    // A closed target stops what is `restricted`, and not this.
    await manager.connect(people.owner).setTargetClosed(vault, true);
    await vault.connect(people.guardian).pauseDeposits(7 * DAY);
    until = BigInt((await now(fixture)) + 7 * DAY);
  });

  const pause = ({ vault, people }: Fixture, seconds: number) => vault.connect(people.guardian).pauseDeposits(seconds);

  it("stops new requests until it ends", async function () {
    const fixture = get();

    await expect(requestDeposit(fixture, "carol", USDC))
      .to.be.revertedWithCustomError(fixture.vault, "DepositsArePaused")
      .withArgs(until);
  });

  it("ends by itself", async function () {
    const fixture = get();
    await advanceBy(fixture, 7 * DAY);

    await requestDeposit(fixture, "carol", USDC);

    expect(await fixture.vault.depositsPending()).to.equal(11n * USDC);
  });

  it("lets everything else go on", async function () {
    const fixture = get();
    const { vault, people } = fixture;

    await vault.connect(people.bob).cancelDepositRequest(2, people.bob, people.bob);
    await requestRedeem(fixture, "alice", 10n * WHOLE);
    await fixture.rebalancer.strikeInStablecoins();
    await vault.connect(people.alice).redeem(10n * WHOLE, people.alice, people.alice);
    await vault.connect(people.alice).redeemInKind(10n * WHOLE, people.alice, people.alice, [], []);

    expect(await vault.balanceOf(people.alice)).to.equal(980n * WHOLE);
  });

  it("does not follow itself without a gap of 7 days", async function () {
    const fixture = get();
    await advanceBy(fixture, 7 * DAY + 60);

    await expect(pause(fixture, DAY))
      .to.be.revertedWithCustomError(fixture.vault, "PauseTooSoon")
      .withArgs(until + 7n * 86_400n);
    await advanceBy(fixture, 7 * DAY);
    await expect(pause(fixture, DAY)).to.emit(fixture.vault, "DepositsPaused");
  });

  it("is 7 days at most", async function () {
    const fixture = get();
    await advanceBy(fixture, 14 * DAY);

    await expect(pause(fixture, 7 * DAY + 1))
      .to.be.revertedWithCustomError(fixture.vault, "TermOutOfRange")
      .withArgs(7 * DAY + 1, 1, 7 * DAY);
  });

  it("is the guardian's", async function () {
    const { vault, people, rebalancer } = get();

    await expect(vault.connect(people.owner).pauseDeposits(1))
      .to.be.revertedWithCustomError(rebalancer, "RoleMissing")
      .withArgs(people.owner, GUARDIAN_ROLE);
  });

  it("is neither shortened nor prolonged", async function () {
    const fixture = get();

    for (const duration of [1, 7 * DAY]) {
      await expect(pause(fixture, duration))
        .to.be.revertedWithCustomError(fixture.vault, "PauseTooSoon")
        .withArgs(until + 7n * 86_400n);
    }
  });
});
