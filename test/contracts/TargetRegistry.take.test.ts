import { expect } from "chai";

import { advanceTo, MONDAY, USDC, useFixture } from "./support/fixture.ts";
import { depositNow, publishBull } from "./support/situations.ts";

describe("TargetRegistry: starts", function () {
  const get = useFixture(async (fixture) => {
    await depositNow(fixture, "alice", 1_000_000n * USDC);
    await advanceTo(fixture, MONDAY + 60);
  });

  describe("taking a target from the registry", function () {
    it("is refused to anyone but the rebalancer", async function () {
      const fixture = get();
      const { registry, people } = fixture;
      const { target } = await publishBull(fixture);

      await expect(registry.connect(people.keeper).take(target))
        .to.be.revertedWithCustomError(registry, "CallerNotRebalancer")
        .withArgs(people.keeper);
    });
  });
});
