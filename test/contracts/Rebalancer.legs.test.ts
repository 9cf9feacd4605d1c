import { expect } from "chai";

import { giveCode } from "./support/bad-faith.ts";
import {
  advanceTo,
  BULL,
  CASH,
  HOUR,
  MONDAY,
  refreshTo,
  stage,
  TRANSIT,
  USDC,
  useFixture,
  WEEK_NUMBER,
  WHOLE,
} from "./support/fixture.ts";
import { linesOf, reasonsOf } from "./support/reading.ts";
import {
  buysWithUsdc,
  execute,
  executeAndFinish,
  batchFrom,
  held,
  leg,
  poolOf,
  publish,
  quoteOf,
  sales,
  type Signed,
  tokenOf,
} from "./support/rebalance.ts";
import { depositNow, investedFund, publishBull } from "./support/situations.ts";

const FAILED = "swap failed or below minimum";

describe("Rebalancer: legs out of stablecoins", function () {
  let signed: Signed;

  const get = useFixture(async (fixture) => {
    await depositNow(fixture, "alice", 1_000_000n * USDC);
    await advanceTo(fixture, MONDAY + 60);
    signed = await publishBull(fixture);
  });

  /** Runs one leg; why it was left out, or an empty list. */
  async function tryLeg(pair: readonly [string, string], amount: bigint, minimum = 0n): Promise<readonly unknown[]> {
    return reasonsOf(get(), await execute(get(), signed, [leg(get(), pair, [amount, minimum])]));
  }

  it("are refused to anyone but the keeper", async function () {
    const { rebalancer, people } = get();

    await expect(rebalancer.connect(people.owner).execute(signed.target, signed.weights, [], 0))
      .to.be.revertedWithCustomError(rebalancer, "RoleMissing")
      .withArgs(people.owner, 1);
  });

  it("are refused to anyone but the keeper with the finish too", async function () {
    const { rebalancer, people } = get();

    await expect(rebalancer.connect(people.signer).executeAndFinish(signed.target, signed.weights, [], 0))
      .to.be.revertedWithCustomError(rebalancer, "RoleMissing")
      .withArgs(people.signer, 1);
  });

  describe("an executed leg", function () {
    it("is recorded with the output at the oracle's prices and a floor 3 % below", async function () {
      const fixture = get();
      const { vault, ethers, fund } = fixture;

      const sent = await execute(fixture, signed, [leg(fixture, ["usd-coin", "alpha"], 200_000n * USDC)]);

      // 200,000 USD at 20 USD are 10,000 alpha; 97 % of them are 9,700.
      const [sequence, head] = await vault.ledger();
      await expect(sent)
        .to.emit(vault, "LegExecuted")
        .withArgs(
          ...[
            signed.target.id,
            0,
            CASH,
            fund.indexOf("alpha"),
            tokenOf(fixture, "usd-coin"),
            tokenOf(fixture, "alpha"),
          ],
          ...[200_000n * USDC, await held(fixture, "alpha"), 10_000n * WHOLE, 9700n * WHOLE],
          ...[ethers.getAddress(poolOf(fixture, "alpha")), sequence, head],
        );
    });

    it("has the plan's minimum when that is above the floor", async function () {
      const fixture = get();
      const buy = leg(fixture, ["usd-coin", "alpha"], [200_000n * USDC, 9900n * WHOLE]);

      const [line] = await linesOf(fixture, await execute(fixture, signed, [buy]), "LegExecuted");

      expect(line?.["minimum"]).to.equal(9900n * WHOLE);
    });

    it("has the floor when the plan's minimum is below", async function () {
      const fixture = get();
      const buy = leg(fixture, ["usd-coin", "alpha"], [200_000n * USDC, 9699n * WHOLE]);

      const [line] = await linesOf(fixture, await execute(fixture, signed, [buy]), "LegExecuted");

      expect(line?.["minimum"]).to.equal(9700n * WHOLE);
    });

    for (const [coinId, amount] of [
      ["bitcoin", 8],
      ["alpha", 18],
      ["beta", 6],
      ["binancecoin", 18],
    ] as const) {
      it(`buys ${coinId} with its ${amount} decimals`, async function () {
        const fixture = get();
        const price = BigInt(fixture.market.priceOf(coinId));

        await execute(fixture, signed, [leg(fixture, ["usd-coin", coinId], 100_000n * USDC)]);

        // 100,000 USD at the price, less 0.05 % of fee and less than 0.05 % of impact.
        const ideal = (100_000n * 10n ** BigInt(amount)) / price;
        expect(await held(fixture, coinId)).to.be.within((ideal * 999n) / 1000n, ideal);
      });
    }

    it("books wrapped ether in transit apart from wrapped ether held", async function () {
      const fixture = get();

      await execute(fixture, signed, [leg(fixture, ["usd-coin", "transit"], 100_000n * USDC)]);

      expect([(await held(fixture, "transit")) > 0n, await held(fixture, "ethereum")]).to.deep.equal([true, 0n]);
    });
  });

  describe("at the edge", function () {
    it("may sell the deposit coin down to 98 % of its target", async function () {
      expect(await tryLeg(["usd-coin", "transit"], 902_000n * USDC)).to.deep.equal([]);
    });

    it("may buy up to 102 % of the target", async function () {
      expect(await tryLeg(["usd-coin", "bitcoin"], 204_000n * USDC)).to.deep.equal([]);
    });
  });

  describe("after the deadline", function () {
    stage(get, async (fixture) => {
      const buys = buysWithUsdc(fixture, BULL, 900_000n * USDC);
      await execute(fixture, signed, buys);
      await refreshTo(fixture, MONDAY + 36 * HOUR);
    });

    it("refuses to buy", async function () {
      const fixture = get();
      const { position } = await fixture.rebalancer.running();
      const buy = leg(fixture, ["usd-coin", "alpha"], 1000n * USDC);

      const sent = await execute(fixture, signed, batchFrom(Number(position), [buy]));

      expect(await reasonsOf(fixture, sent)).to.deep.equal(["only sells after the deadline"]);
    });

    it("still sells wrapped ether in transit", async function () {
      const fixture = get();
      const { position } = await fixture.rebalancer.running();

      await executeAndFinish(fixture, signed, batchFrom(Number(position), await sales(fixture, ["transit"])));

      expect(await held(fixture, "transit")).to.equal(1);
    });
  });
});

describe("Rebalancer: legs into stablecoins", function () {
  const RISKY = Object.keys(BULL).filter((coinId) => coinId !== "usd-coin");
  let signed: Signed;
  const get = useFixture(async (fixture) => {
    await investedFund(fixture);
    signed = await publish(fixture, "bear");
  });

  it("sell everything but one unit each", async function () {
    const fixture = get();

    await execute(fixture, signed, await sales(fixture, RISKY));

    expect(await Promise.all(RISKY.map((coinId) => held(fixture, coinId)))).to.deep.equal(RISKY.map(() => 1n));
  });

  it("may end in two calls", async function () {
    const fixture = get();
    await execute(fixture, signed, await sales(fixture, RISKY));

    await executeAndFinish(fixture, signed, batchFrom(RISKY.length, await sales(fixture, ["transit"])));

    expect((await fixture.rebalancer.running()).id).to.equal(0);
  });

  describe("when a token is frozen in the middle", function () {
    stage(get, async (fixture) => {
      await execute(fixture, signed, await sales(fixture, ["bitcoin"]));
      await fixture.market.freezeToken("alpha");
    });

    it("leave out that token alone", async function () {
      const fixture = get();
      const rest = RISKY.filter((coinId) => coinId !== "bitcoin");

      const sent = await execute(fixture, signed, batchFrom(1, await sales(fixture, rest)));

      const lines = await linesOf(fixture, sent, "LegSkipped");
      expect(lines.map(({ sold, reason }) => [sold, reason])).to.deep.equal([[tokenOf(fixture, "alpha"), FAILED]]);
    });

    it("can finish: the skipped leg is the exception", async function () {
      const fixture = get();
      const rest = RISKY.filter((coinId) => coinId !== "bitcoin");
      await execute(fixture, signed, batchFrom(1, await sales(fixture, rest)));

      await executeAndFinish(fixture, signed, batchFrom(RISKY.length, await sales(fixture, ["transit"])));

      expect((await fixture.rebalancer.running()).id).to.equal(0);
    });

    it("keep everyone from striking at once while the token is held", async function () {
      const fixture = get();
      const rest = RISKY.filter((coinId) => coinId !== "bitcoin");
      await execute(fixture, signed, batchFrom(1, await sales(fixture, rest)));
      await executeAndFinish(fixture, signed, batchFrom(RISKY.length, await sales(fixture, ["transit"])));

      await expect(fixture.rebalancer.strikeInStablecoins()).to.be.revertedWithCustomError(
        fixture.rebalancer,
        "NotInStablecoins",
      );
    });
  });

  it("go on behind a token that burns all gas", async function () {
    const fixture = get();
    await giveCode(fixture, "alpha", "GasBurningToken");

    const sent = await execute(fixture, signed, await sales(fixture, RISKY));

    expect((await linesOf(fixture, sent, "LegExecuted")).length).to.equal(RISKY.length - 1);
  });

  it("may run before a pending price of another asset comes back", async function () {
    const fixture = get();
    fixture.market.stopFeed("alpha");
    await refreshTo(fixture, MONDAY + 26 * HOUR);

    const sent = await execute(fixture, signed, await sales(fixture, ["alpha", "bitcoin"]));

    expect(await reasonsOf(fixture, sent)).to.deep.equal(["no fresh price"]);
  });

  it("sell no stablecoin below its target", async function () {
    const fixture = get();
    const back = { ...leg(fixture, ["usd-coin", "transit"], 90_000n * USDC), bought: TRANSIT };

    expect(await reasonsOf(fixture, await execute(fixture, signed, [back]))).to.deep.equal(["sells below target"]);
  });

  it("belong to the week's next id", function () {
    expect(signed.target.id).to.equal(WEEK_NUMBER * 8n + 1n);
    expect(quoteOf(get(), "gamma")).to.equal("transit");
  });
});
