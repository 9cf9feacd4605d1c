import { expect } from "chai";

import { advanceBy, type Fixture, now, openHandedOverFixture, USDC, useFixture, WHOLE } from "./support/fixture.ts";
import { poolOf } from "./support/rebalance.ts";
import {
  ADMIN,
  GUARDIAN,
  KEEPER,
  NINE_DAYS,
  OPERATIONS,
  type Operation,
  ofManager,
} from "./support/owner-operations.ts";
import { depositNow } from "./support/situations.ts";

/** Nine days later the quote of the pool has no fresh price: only the waiting is tested. */
const NEEDS_MORE: ReadonlySet<string> = new Set(["set a price source"]);

function hashOf({ ethers, people }: Fixture, { target, data }: Operation): string {
  const types = ["address", "address", "bytes"];
  return ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode(types, [people.owner.address, target, data]));
}

/** Announces an operation as the owner, for as early as may be. */
async function announce({ manager, people }: Fixture, { target, data }: Operation): Promise<void> {
  await manager.connect(people.owner).schedule(target, data, 0);
}

describe("DelayedAccessManager: an owner who announces nothing", function () {
  const get = useFixture(undefined, openHandedOverFixture);

  for (const [words, make] of Object.entries(OPERATIONS)) {
    it(`cannot ${words}`, async function () {
      const fixture = get();
      const { manager, people } = fixture;
      const operation = await make(fixture);

      // Sent straight to the contract: the manager's own functions and those of the fund ask the manager alike.
      await expect(people.owner.sendTransaction({ to: operation.target, data: operation.data }))
        .to.be.revertedWithCustomError(manager, "AccessManagerNotScheduled")
        .withArgs(hashOf(fixture, operation));
    });

    it(`cannot ${words} through the manager`, async function () {
      const fixture = get();
      const { manager, people } = fixture;
      const operation = await make(fixture);

      await expect(manager.connect(people.owner).execute(operation.target, operation.data))
        .to.be.revertedWithCustomError(manager, "AccessManagerNotScheduled")
        .withArgs(hashOf(fixture, operation));
    });

    it(`cannot ${words} before nine days have passed`, async function () {
      const fixture = get();
      const { manager, people } = fixture;
      const operation = await make(fixture);
      await announce(fixture, operation);
      await advanceBy(fixture, NINE_DAYS - 2);

      await expect(manager.connect(people.owner).execute(operation.target, operation.data))
        .to.be.revertedWithCustomError(manager, "AccessManagerNotReady")
        .withArgs(hashOf(fixture, operation));
    });

    it(`cannot announce to ${words} any sooner`, async function () {
      const fixture = get();
      const { manager, people } = fixture;
      const { target, data } = await make(fixture);
      const tooSoon = (await now(fixture)) + NINE_DAYS;

      await expect(manager.connect(people.owner).schedule(target, data, tooSoon))
        .to.be.revertedWithCustomError(manager, "AccessManagerUnauthorizedCall")
        .withArgs(people.owner, target, data.slice(0, 10));
    });

    if (!NEEDS_MORE.has(words)) {
      it(`can ${words} after nine days`, async function () {
        const fixture = get();
        const { manager, people } = fixture;
        const operation = await make(fixture);
        await announce(fixture, operation);
        await advanceBy(fixture, NINE_DAYS);

        await expect(manager.connect(people.owner).execute(operation.target, operation.data))
          .to.emit(manager, "OperationExecuted")
          .withArgs(hashOf(fixture, operation), 1);
      });
    }
  }

  it("cannot bundle what was not announced", async function () {
    const fixture = get();
    const { manager, people } = fixture;
    const operation = await ofManager(fixture, "grantRole", [KEEPER, people.stranger.address, 0]);

    await expect(manager.connect(people.owner).multicall([operation.data]))
      .to.be.revertedWithCustomError(manager, "AccessManagerNotScheduled")
      .withArgs(hashOf(fixture, operation));
  });
});

describe("DelayedAccessManager: what no waiting allows", function () {
  const get = useFixture(undefined, openHandedOverFixture);

  async function executeInTime(fixture: Fixture, operation: Operation) {
    await announce(fixture, operation);
    await advanceBy(fixture, NINE_DAYS);
    return fixture.manager.connect(fixture.people.owner).execute(operation.target, operation.data);
  }

  for (const [name, args] of [
    ["setRoleAdmin", () => [KEEPER, GUARDIAN]],
    ["setTargetFunctionRole", ({ fund }: Fixture) => [fund.addresses.vault, ["0x12345678"], KEEPER]],
    ["updateAuthority", ({ fund }: Fixture) => [fund.addresses.vault, fund.addresses.oracle]],
  ] as const) {
    it(`is ${name}, which would undo the delay`, async function () {
      const fixture = get();
      const operation = await ofManager(fixture, name, args(fixture));

      await expect(executeInTime(fixture, operation))
        .to.be.revertedWithCustomError(fixture.manager, "SetupOver")
        .withArgs();
    });
  }

  it("is another admin with a shorter delay", async function () {
    const fixture = get();
    const args = [ADMIN, fixture.people.stranger.address, NINE_DAYS - 1];
    const operation = await ofManager(fixture, "grantRole", args);

    await expect(executeInTime(fixture, operation))
      .to.be.revertedWithCustomError(fixture.manager, "AdminDelayTooShort")
      .withArgs(NINE_DAYS - 1, NINE_DAYS);
  });

  it("is a shorter delay of its own", async function () {
    const fixture = get();
    const operation = await ofManager(fixture, "grantRole", [ADMIN, fixture.people.owner.address, 0]);

    await expect(executeInTime(fixture, operation))
      .to.be.revertedWithCustomError(fixture.manager, "AdminDelayTooShort")
      .withArgs(0, NINE_DAYS);
  });

  it("is setting up again with the deployer as an admin who waits", async function () {
    const fixture = get();
    const { manager, people } = fixture;

    await executeInTime(fixture, await ofManager(fixture, "grantRole", [ADMIN, people.deployer.address, NINE_DAYS]));

    expect(await manager.isHandedOver()).to.equal(true);
  });

  it("is an admin who is not bound: a new one waits as well", async function () {
    const fixture = get();
    const { manager, people, vault, fund } = fixture;
    await executeInTime(fixture, await ofManager(fixture, "grantRole", [ADMIN, people.alice.address, NINE_DAYS]));

    await expect(vault.connect(people.alice).delistAsset(fund.indexOf("alpha"))).to.be.revertedWithCustomError(
      manager,
      "AccessManagerNotScheduled",
    );
  });

  it("is coming down from a longer delay faster than that delay", async function () {
    const fixture = get();
    const { manager, people } = fixture;
    const longer = 2 * NINE_DAYS;
    await executeInTime(fixture, await ofManager(fixture, "grantRole", [ADMIN, people.owner.address, longer]));
    await announce(fixture, await ofManager(fixture, "grantRole", [ADMIN, people.owner.address, NINE_DAYS]));
    const announcedAt = await now(fixture);
    await advanceBy(fixture, longer);

    await manager.connect(people.owner).grantRole(ADMIN, people.owner, NINE_DAYS);

    // Eighteen days of waiting, and then the difference of nine before the shorter delay counts.
    const [, current, pending, effect] = await manager.getAccess(ADMIN, people.owner);
    expect([current, pending]).to.deep.equal([BigInt(longer), BigInt(NINE_DAYS)]);
    expect(Number(effect) - announcedAt).to.be.at.least(longer + NINE_DAYS);
  });
});

describe("DelayedAccessManager: who can stop what was announced", function () {
  let operation: Operation = { target: "", data: "" };
  const get = useFixture(async (fixture) => {
    await depositNow(fixture, "alice", 1000n * USDC);
    const { venue } = fixture;
    const data = venue.interface.encodeFunctionData("removePool", [poolOf(fixture, "alpha")]);
    operation = { target: await venue.getAddress(), data };
    await announce(fixture, operation);
  }, openHandedOverFixture);

  it("the owner can", async function () {
    const fixture = get();
    const { manager, people } = fixture;

    await expect(manager.connect(people.owner).cancel(people.owner, operation.target, operation.data))
      .to.emit(manager, "OperationCanceled")
      .withArgs(hashOf(fixture, operation), 1);
  });

  for (const name of ["keeper", "guardian", "signer", "deployer", "stranger"] as const) {
    it(`the ${name} cannot`, async function () {
      const { manager, people } = get();

      await expect(manager.connect(people[name]).cancel(people.owner, operation.target, operation.data))
        .to.be.revertedWithCustomError(manager, "AccessManagerUnauthorizedCancel")
        .withArgs(people[name], people.owner, operation.target, operation.data.slice(0, 10));
    });

    it(`the ${name} cannot announce anything`, async function () {
      const { manager, people } = get();

      await expect(manager.connect(people[name]).schedule(operation.target, operation.data, 0))
        .to.be.revertedWithCustomError(manager, "AccessManagerUnauthorizedCall")
        .withArgs(people[name], operation.target, operation.data.slice(0, 10));
    });
  }

  it("a depositor who dislikes it leaves in kind before", async function () {
    const { vault, people, usdc } = get();
    const before = await usdc.balanceOf(people.alice);

    await vault.connect(people.alice).redeemInKind(1000n * WHOLE, people.alice, people.alice, [], []);

    expect((await usdc.balanceOf(people.alice)) - before).to.equal(1000n * USDC);
  });

  it("it lapses a week after it could have been carried out", async function () {
    const fixture = get();
    const { manager, people } = fixture;
    await advanceBy(fixture, NINE_DAYS + 604_800);

    await expect(manager.connect(people.owner).execute(operation.target, operation.data))
      .to.be.revertedWithCustomError(manager, "AccessManagerExpired")
      .withArgs(hashOf(fixture, operation));
  });
});
