import { expect } from "chai";

import { pushPool } from "./support/bad-faith.ts";
import { advanceBy, advanceTo, type Fixture, MONDAY, stage, USDC, useFixture, WHOLE } from "./support/fixture.ts";
import { linesOf, reasonsOf } from "./support/reading.ts";
import { execute, held, type Leg, leg, publish, type Signed } from "./support/rebalance.ts";
import { depositNow, enterBull } from "./support/situations.ts";

const FAILED = "swap failed or below minimum";
/** {s} The window of a failed leg's second look, and a little. */
const FIVE_MINUTES = 310;

/** Sells all of a coin in an exit. */
async function sellAll(fixture: Fixture, signed: Signed, coinId: string) {
  return execute(fixture, signed, [leg(fixture, [coinId, "usd-coin"], (await held(fixture, coinId)) - 1n)]);
}

describe("Rebalancer: an exit whose market falls", function () {
  let signed: Signed;
  const get = useFixture(async (fixture) => {
    await depositNow(fixture, "alice", 1_000_000n * USDC);
    await advanceTo(fixture, MONDAY + 60);
    await enterBull(fixture, 1_000_000n * USDC, { "usd-coin": 800_000, alpha: 100_000, beta: 100_000 });
    signed = await publish(fixture, "bear");
    await execute(fixture, signed, []);
  });

  describe("when the feed has not followed a pool at 0.9506", function () {
    stage(get, (fixture) => pushPool(fixture, "alpha", [975n, 1_000n])); // 0.975² = 0.9506

    it("does not sell within the block", async function () {
      expect(await reasonsOf(get(), await sellAll(get(), signed, "alpha"))).to.deep.equal([FAILED]);
    });

    it("sells by the pool's own mean after five minutes", async function () {
      const fixture = get();
      await advanceBy(fixture, FIVE_MINUTES);

      const sold = (await held(fixture, "alpha")) - 1n;
      const [line] = await linesOf(fixture, await sellAll(fixture, signed, "alpha"), "LegExecuted");

      // 97 % of 0.9506 are 0.9221 of the feed's 20 USD; the entry had moved the pool by less than 0.01 %.
      const share = (Number(line?.["minimum"]) * 1e12) / (Number(sold) * 20);
      expect(share).to.be.within(0.922, 0.9223);
    });

    it("sells no worse than the plan's own minimum", async function () {
      const fixture = get();
      await advanceBy(fixture, FIVE_MINUTES);

      // 100 alpha at 20 USD and 0.9506 are 1,901 USD.
      const sent = await execute(fixture, signed, [leg(fixture, ["alpha", "usd-coin"], [100n * WHOLE, 1_905n * USDC])]);

      expect(await reasonsOf(fixture, sent)).to.deep.equal([FAILED]);
    });
  });

  it("never sells under 90 % of a fresh feed", async function () {
    const fixture = get();
    await pushPool(fixture, "alpha", [945n, 1_000n]); // 0.945² = 0.8930
    await advanceBy(fixture, FIVE_MINUTES);

    expect(await reasonsOf(fixture, await sellAll(fixture, signed, "alpha"))).to.deep.equal([FAILED]);
  });

  describe("when an asset without a feed stands at 0.8836 of its mean", function () {
    stage(get, (fixture) => pushPool(fixture, "beta", [94n, 100n])); // 0.94² = 0.8836

    it("does not sell within the block", async function () {
      expect(await reasonsOf(get(), await sellAll(get(), signed, "beta"))).to.deep.equal([FAILED]);
    });

    it("sells by the five minutes, of which the ten of the reference know half", async function () {
      const fixture = get();
      await advanceBy(fixture, FIVE_MINUTES);

      expect(await reasonsOf(fixture, await sellAll(fixture, signed, "beta"))).to.deep.equal([]);
    });
  });

  describe("with gas for a leg and none for a pool's mean", function () {
    it("leaves out a token that does not move: no mean would help", async function () {
      const fixture = get();
      await fixture.market.freezeToken("alpha");

      expect(await positionAfter(fixture, [leg(fixture, ["alpha", "usd-coin"], 100n * WHOLE)])).to.equal(1);
    });

    it("waits with a leg that brings too little", async function () {
      const fixture = get();
      await pushPool(fixture, "alpha", [975n, 1_000n]); // 0.975² = 0.9506

      expect(await positionAfter(fixture, [leg(fixture, ["alpha", "usd-coin"], 100n * WHOLE)])).to.equal(0);
    });

    /** A leg begins with 1.11 M gas left, and the mean is asked for with 1.47 M. */
    async function positionAfter({ rebalancer, people }: Fixture, legs: Leg[]): Promise<bigint> {
      const { target, weights } = signed;
      await rebalancer.connect(people.keeper).execute(target, weights, legs, 0, { gasLimit: 1_500_000 });
      return (await rebalancer.running()).position;
    }
  });

  it("sells to a pool that stands away by more than 2 %: there is no spot rule", async function () {
    const fixture = get();
    await pushPool(fixture, "alpha", [987n, 1_000n]); // 0.987² = 0.9742: within the floor of 3 %

    expect(await reasonsOf(fixture, await sellAll(fixture, signed, "alpha"))).to.deep.equal([]);
  });
});
