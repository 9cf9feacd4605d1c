import { expect } from "chai";

import { openHandedOverFixture, useFixture } from "./support/fixture.ts";

const [KEEPER, GUARDIAN, SIGNER] = [1n, 2n, 3n] as const;

describe("DelayedAccessManager: a stolen key", function () {
  const get = useFixture(undefined, openHandedOverFixture);

  for (const [name, role] of [
    ["keeper", KEEPER],
    ["guardian", GUARDIAN],
    ["signer", SIGNER],
  ] as const) {
    it(`is given up at once by the ${name}, who still has it too`, async function () {
      const { manager, people } = get();

      await manager.connect(people[name]).renounceRole(role, people[name]);

      expect(await manager.hasRole(role, people[name])).to.deep.equal([false, 0n]);
    });
  }

  it("cannot have the others give up theirs", async function () {
    const { manager, people } = get();

    await expect(manager.connect(people.keeper).renounceRole(SIGNER, people.signer))
      .to.be.revertedWithCustomError(manager, "AccessManagerBadConfirmation")
      .withArgs();
  });
});
