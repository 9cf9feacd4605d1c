import { expect } from "chai";

import { MONDAY, refreshTo, stage, USDC, useFixture, WEEK, WHOLE } from "./support/fixture.ts";
import { execute, publish } from "./support/rebalance.ts";
import { requestDeposit } from "./support/situations.ts";

describe("IndexVault: epochs", function () {
  const get = useFixture();

  describe("a request beside one of an earlier week that waits for its strike", function () {
    stage(get, async (fixture) => {
      await requestDeposit(fixture, "alice", 5n * USDC);
      await refreshTo(fixture, MONDAY + 60);
      // A stranger's unasked request in her name does not keep alice from making hers.
      await fixture.vault.connect(fixture.people.bob).requestDeposit(USDC, fixture.people.alice, fixture.people.bob);
      await requestDeposit(fixture, "alice", 7n * USDC);
    });

    it("is pending in its own epoch", async function () {
      const { vault, people } = get();

      expect([
        await vault.pendingDepositRequest(1, people.alice),
        await vault.pendingDepositRequest(2, people.alice),
      ]).to.deep.equal([5n * USDC, 8n * USDC]); // 1 of bob's and 7 of her own
    });

    it("stays pending when the earlier one is struck", async function () {
      const fixture = get();
      const { vault, people } = fixture;

      await execute(fixture, await publish(fixture, "bear"), []);

      expect([
        await vault.claimableDepositRequest(1, people.alice),
        await vault.pendingDepositRequest(1, people.alice),
        await vault.pendingDepositRequest(2, people.alice),
      ]).to.deep.equal([5n * USDC, 0n, 8n * USDC]);
    });

    it("is struck together with it when no strike came between", async function () {
      const fixture = get();
      const { vault, people, rebalancer } = fixture;

      await rebalancer.strikeInStablecoins();

      expect([await vault.maxDeposit(people.alice), await vault.maxMint(people.alice)]).to.deep.equal([
        13n * USDC,
        13n * WHOLE,
      ]);
    });

    it("lets a third one join when both are due", async function () {
      const fixture = get();
      const { vault, people } = fixture;
      await refreshTo(fixture, MONDAY + WEEK + 60);

      await requestDeposit(fixture, "alice", 11n * USDC);

      // The two that are due are shown in the later epoch of the two.
      expect(await Promise.all([1, 2, 3].map((id) => vault.pendingDepositRequest(id, people.alice)))).to.deep.equal([
        0n,
        13n * USDC,
        11n * USDC,
      ]);
    });
  });
});
