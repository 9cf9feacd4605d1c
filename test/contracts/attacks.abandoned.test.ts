import { expect } from "chai";

import { DAY } from "../../src/core/time.ts";
import { giveCode, pushPool } from "./support/bad-faith.ts";
import {
  advanceTo,
  CASH,
  type Fixture,
  HOUR,
  now,
  refreshTo,
  USDC,
  useFixture,
  VETO_DELAY,
  WHOLE,
} from "./support/fixture.ts";
import { linesOf } from "./support/reading.ts";
import { execute, held, publish, tokenOf } from "./support/rebalance.ts";
import { investedFund } from "./support/situations.ts";

const exit = (fixture: Fixture, coinId: string) =>
  fixture.rebalancer.connect(fixture.people.stranger).exitAbandoned(tokenOf(fixture, coinId));

/** Some minutes more, in which pools and feeds come back to the market's prices. */
const settle = async (fixture: Fixture, seconds: number): Promise<void> =>
  refreshTo(fixture, (await now(fixture)) + seconds);

// A million dollars: a fifth each in bitcoin, alpha and beta, a tenth each in gamma, delta and binancecoin.
describe("Attack: by whoever carries out an abandoned exit", function () {
  const get = useFixture(async (fixture) => {
    await investedFund(fixture);
    await settle(fixture, 21 * DAY + 600);
  });

  describe("farming the reward", function () {
    it("gets 50 USD for a sale of 200,000 USD, not a thousandth of it", async function () {
      const fixture = get();
      const [paid] = await linesOf(fixture, await exit(fixture, "alpha"), "RewardPaid");

      expect([paid?.["asset"], paid?.["amount"]]).to.deep.equal([BigInt(CASH), 50n * USDC]);
    });

    it("gets nothing for the same token again, nor for tokens sent to the vault", async function () {
      const fixture = get();
      await exit(fixture, "alpha");
      const token = await fixture.ethers.getContractAt("MockToken", tokenOf(fixture, "alpha"));
      await token.mint(fixture.fund.addresses.vault, 1000n * WHOLE);

      await expect(exit(fixture, "alpha"))
        .to.be.revertedWithCustomError(fixture.rebalancer, "NothingToSell")
        .withArgs(tokenOf(fixture, "alpha"));
    });

    it("counts the reward as a loss of the exit", async function () {
      const fixture = get();
      const nav = await fixture.vault.nav();
      await exit(fixture, "alpha");

      // The cost kept is what the NAV has lost, up to a cent of rounding, and 50 USD of that are the reward.
      const { cost } = await fixture.rebalancer.running();
      const lost = nav - (await fixture.vault.nav());
      expect(cost - lost < WHOLE / 100n && lost - cost < WHOLE / 100n).to.equal(true);
      expect(cost > 50n * WHOLE).to.equal(true);
    });
  });

  describe("with a pool pushed down before the call", function () {
    it("sells nothing more than 3 % below the oracle, and a refused call leaves no trace", async function () {
      const fixture = get();
      const [sequence] = await fixture.vault.ledger();
      await pushPool(fixture, "alpha", [97n, 100n]); // 0.97² = 0.941 of the price

      await expect(exit(fixture, "alpha")).to.be.revertedWithCustomError(fixture.vault, "OutputBelowMinimum");

      expect((await fixture.vault.ledger())[0]).to.equal(sequence);
      expect((await fixture.rebalancer.running()).id).to.equal(0n);
    });

    it("takes no more than 1.5 % of the fund on the first day, whatever is pushed", async function () {
      const fixture = get();
      await exit(fixture, "delta");
      await settle(fixture, HOUR); // from now on 6 % below the oracle will do
      await pushPool(fixture, "bitcoin", [98n, 100n]); // 0.98² = 0.9604: 4 % of a fifth is 0.8 % of the fund
      await pushPool(fixture, "alpha", [98n, 100n]);
      await exit(fixture, "bitcoin");

      await expect(exit(fixture, "alpha")).to.be.revertedWithCustomError(fixture.rebalancer, "LossAboveBudget");

      const { spent } = await fixture.rebalancer.running();
      expect(spent > WHOLE / 125n && spent < (WHOLE * 3n) / 200n).to.equal(true); // between 0.8 % and 1.5 %
    });

    it("can go 10 % below after an hour, within the same budget", async function () {
      const fixture = get();
      await exit(fixture, "bitcoin");
      await settle(fixture, HOUR);
      await pushPool(fixture, "binancecoin", [97n, 100n]); // 6 % of a tenth is 0.6 % of the fund

      await exit(fixture, "binancecoin");

      expect(await held(fixture, "binancecoin")).to.equal(1n);
    });
  });

  it("is not stopped by a token that is frozen: the others go on", async function () {
    const fixture = get();
    await giveCode(fixture, "alpha", "FreezableToken");
    const token = await fixture.ethers.getContractAt("FreezableToken", tokenOf(fixture, "alpha"));
    await token.freeze();

    await expect(exit(fixture, "alpha")).to.revert(fixture.ethers);
    await exit(fixture, "bitcoin");

    expect([await held(fixture, "bitcoin"), (await held(fixture, "alpha")) > 1n]).to.deep.equal([1n, true]);
  });

  it("cannot keep the keeper out: a pending target stays, starts, and is not disturbed until its deadline", async function () {
    const fixture = get();
    const { rebalancer, registry } = fixture;
    const signed = await publish(fixture, "bull");
    const ready = (await now(fixture)) + VETO_DELAY;
    await exit(fixture, "alpha");
    expect((await registry.pending()).id).to.equal(signed.target.id);
    await refreshTo(fixture, ready);

    await execute(fixture, signed, []);

    const { deadline } = await rebalancer.running();
    await advanceTo(fixture, Number(deadline) - 1);
    await expect(exit(fixture, "bitcoin"))
      .to.be.revertedWithCustomError(rebalancer, "RebalanceUnderWay")
      .withArgs(signed.target.id, deadline);
  });

  it("cannot buy anything meanwhile: there is no target to buy towards", async function () {
    const fixture = get();
    const { rebalancer, registry, people } = fixture;
    const signed = await publish(fixture, "bull");
    await exit(fixture, "alpha");

    await expect(rebalancer.connect(people.keeper).execute(signed.target, signed.weights, [], 0))
      .to.be.revertedWithCustomError(registry, "TargetNotExecutableYet")
      .withArgs(signed.target.id, (await registry.pending()).executableAt);
    await expect(rebalancer.connect(people.stranger).strikeInStablecoins()).to.be.revertedWithCustomError(
      rebalancer,
      "NotInStablecoins",
    );
  });
});
