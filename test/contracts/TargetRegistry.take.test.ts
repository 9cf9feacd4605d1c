import { expect } from "chai";

import { impersonate } from "./support/bad-faith.ts";
import { useFixture } from "./support/fixture.ts";
import { publishBull, cashFund } from "./support/situations.ts";

describe("TargetRegistry: starts", function () {
  const get = useFixture(cashFund);

  describe("taking a target from the registry", function () {
    it("is refused to anyone but the rebalancer", async function () {
      const fixture = get();
      const { registry, people } = fixture;
      const { target } = await publishBull(fixture);

      await expect(registry.connect(people.keeper).take(target))
        .to.be.revertedWithCustomError(registry, "CallerNotRebalancer")
        .withArgs(people.keeper);
    });

    it("leaves nothing pending, so that it is taken once", async function () {
      const fixture = get();
      const { registry, rebalancer, ethers } = fixture;
      const { target } = await publishBull(fixture);
      const caller = registry.connect(await impersonate(fixture, rebalancer));
      await caller.take(target);

      expect([...(await registry.pending())]).to.deep.equal([0n, 0n, 0n, 0n, ethers.ZeroHash]);
      await expect(caller.take(target)).to.be.revertedWithCustomError(registry, "TargetUnknown").withArgs(target.id);
    });
  });
});
