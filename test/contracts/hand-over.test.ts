import { expect } from "chai";

import { PowersDifferError, handOver, powersDifferences } from "../../src/execute/hand-over.ts";
import {
  type Fixture,
  openFixture,
  openHandedOverFixture,
  placeOf,
  powersOf,
  stage,
  useFixture,
} from "./support/fixture.ts";

const NINE_DAYS = 777_600;
const SIGNER = 3n;

/** Hands the fund over from the account that deployed it, which is "owner" in an ordinary fixture, to alice. */
function handOverToAlice(fixture: Fixture): Promise<void> {
  const { wallets, publicClient, accounts } = fixture.market.chain;
  return handOver({ wallet: wallets.owner, reader: publicClient }, placeOf(fixture), {
    ...powersOf(fixture),
    owner: accounts.alice.address,
  });
}

/** The differences with which handing over stops. */
async function differencesOf(fixture: Fixture): Promise<readonly string[]> {
  const error = await handOverToAlice(fixture).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).to.be.instanceOf(PowersDifferError);
  return (error as PowersDifferError).differences;
}

describe("handOver", function () {
  describe("of a fund as it was deployed", function () {
    const get = useFixture(undefined, openHandedOverFixture);

    it("leaves the owner as admin, who waits for nine days", async function () {
      const { manager, people } = get();

      expect(await manager.hasRole(0, people.owner)).to.deep.equal([true, BigInt(NINE_DAYS)]);
    });

    it("leaves the deployer nothing", async function () {
      const { manager, people } = get();

      const roles = await Promise.all([0n, 1n, 2n, 3n].map((role) => manager.hasRole(role, people.deployer)));
      expect(roles.map(([isMember]) => isMember)).to.deep.equal([false, false, false, false]);
    });

    it("leaves a manager that says so", async function () {
      expect(await get().manager.isHandedOver()).to.equal(true);
    });

    it("can be confirmed by anybody", async function () {
      const fixture = get();

      const found = await powersDifferences(fixture.market.chain.publicClient, placeOf(fixture), powersOf(fixture));

      expect(found).to.deep.equal([]);
    });

    it("is found out when somebody gives a role up later", async function () {
      const fixture = get();
      const { manager, people } = fixture;
      await manager.connect(people.signer).renounceRole(SIGNER, people.signer);

      const found = await powersDifferences(fixture.market.chain.publicClient, placeOf(fixture), powersOf(fixture));

      expect(found).to.deep.equal([`missing: signer ${people.signer.address.toLowerCase()} with a delay of 0 s`]);
    });
  });

  describe("of a fund that was tampered with", function () {
    const get = useFixture(undefined, openFixture);

    it("stops at a second keeper", async function () {
      const fixture = get();
      const { manager, people } = fixture;
      await manager.connect(people.owner).grantRole(1, people.stranger, 0);

      const stranger = people.stranger.address.toLowerCase();
      expect(await differencesOf(fixture)).to.deep.equal([`too many: keeper ${stranger} with a delay of 0 s`]);
    });

    it("stops at a role of which nobody knows", async function () {
      const fixture = get();
      const { manager, people } = fixture;
      await manager.connect(people.owner).grantRole(77, people.stranger, 5);

      const stranger = people.stranger.address.toLowerCase();
      expect(await differencesOf(fixture)).to.deep.equal([`too many: role 77 ${stranger} with a delay of 5 s`]);
    });

    it("stops when a function was given to a role", async function () {
      const fixture = get();
      const { manager, people, vault } = fixture;
      const { selector } = vault.interface.getFunction("listAsset");
      await manager.connect(people.owner).setTargetFunctionRole(vault, [selector], 1);

      const [difference] = await differencesOf(fixture);

      expect(difference).to.match(/^TargetFunctionRoleUpdated in block \d+$/);
    });

    it("stops when a contract asks another manager", async function () {
      const fixture = get();
      const { manager, people, venue, ethers } = fixture;
      const other = await ethers.deployContract("DelayedAccessManager", [people.stranger]);
      await manager.connect(people.owner).updateAuthority(venue, other);

      expect(await differencesOf(fixture)).to.deep.equal([`venue asks ${await other.getAddress()}`]);
    });

    describe("and after it has stopped", function () {
      stage(get, async (fixture) => {
        await fixture.manager.connect(fixture.people.owner).setTargetClosed(fixture.vault, true);
        await differencesOf(fixture);
      });

      it("leaves the deployer its role, so that it can be mended", async function () {
        const { manager, people } = get();

        expect(await manager.hasRole(0, people.owner)).to.deep.equal([true, 0n]);
      });
    });
  });
});
