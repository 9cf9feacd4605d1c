import { expect } from "chai";

import {
  BULL,
  CASH,
  type Fixture,
  HOUR,
  type Leg,
  MONDAY,
  type Signed,
  TRANSIT,
  USDC,
  WEEK_NUMBER,
  WHOLE,
  advanceTo,
  buysWithUsdc,
  depositNow,
  execute,
  executeAndFinish,
  giveCode,
  held,
  investedFund,
  leg,
  linesOf,
  poolOf,
  publish,
  publishBull,
  pushPool,
  quoteOf,
  reasonsOf,
  refreshTo,
  sales,
  stage,
  tokenOf,
  useFixture,
} from "./support.ts";

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
    return reasonsOf(get(), await execute(get(), signed, [leg(get(), pair, amount, minimum)]));
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
    it("is recorded with the output at the oracle's prices and a floor 5 % below", async function () {
      const fixture = get();
      const { vault, ethers, fund } = fixture;

      const sent = await execute(fixture, signed, [leg(fixture, ["usd-coin", "alpha"], 200_000n * USDC)]);

      // 200,000 USD at 20 USD are 10,000 alpha; 95 % of them are 9,500.
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
          ...[200_000n * USDC, await held(fixture, "alpha"), 10_000n * WHOLE, 9500n * WHOLE],
          ...[ethers.getAddress(poolOf(fixture, "alpha")), sequence, head],
        );
    });

    it("has the plan's minimum when that is above the floor", async function () {
      const fixture = get();
      const buy = leg(fixture, ["usd-coin", "alpha"], 200_000n * USDC, 9900n * WHOLE);

      const [line] = await linesOf(fixture, await execute(fixture, signed, [buy]), "LegExecuted");

      expect(line?.["minimum"]).to.equal(9900n * WHOLE);
    });

    it("has the floor when the plan's minimum is below", async function () {
      const fixture = get();
      const buy = leg(fixture, ["usd-coin", "alpha"], 200_000n * USDC, 9499n * WHOLE);

      const [line] = await linesOf(fixture, await execute(fixture, signed, [buy]), "LegExecuted");

      expect(line?.["minimum"]).to.equal(9500n * WHOLE);
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

  describe("a refused leg", function () {
    it("is recorded with its reason", async function () {
      const fixture = get();
      const { vault, fund } = fixture;

      const sent = await execute(fixture, signed, [leg(fixture, ["usd-coin", "alpha"], 0n)]);

      const [sequence, head] = await vault.ledger();
      expect(fund.indexOf("alpha")).to.be.above(0);
      await expect(sent)
        .to.emit(vault, "LegSkipped")
        .withArgs(
          ...[signed.target.id, 0, tokenOf(fixture, "usd-coin"), tokenOf(fixture, "alpha"), "nothing to trade"],
          ...[sequence, head],
        );
    });

    it("lets the legs after it go on", async function () {
      const fixture = get();
      const legs = [leg(fixture, ["usd-coin", "alpha"], 0n), leg(fixture, ["usd-coin", "alpha"], 1000n * USDC)];

      const sent = await execute(fixture, signed, legs);

      const [line] = await linesOf(fixture, sent, "LegExecuted");
      expect(line?.["position"]).to.equal(1);
    });

    it("is counted", async function () {
      const fixture = get();
      const legs = [leg(fixture, ["usd-coin", "alpha"], 0n), leg(fixture, ["usd-coin", "alpha"], 1000n * USDC)];

      await execute(fixture, signed, legs);

      const { position, executed, skipped } = await fixture.rebalancer.running();
      expect([position, executed, skipped]).to.deep.equal([2n, 1n, 1n]);
    });

    it("has nothing to trade when it sells what it buys", async function () {
      const fixture = get();
      const same = { ...leg(fixture, ["usd-coin", "alpha"], 5n), bought: CASH };

      expect(await reasonsOf(fixture, await execute(fixture, signed, [same]))).to.deep.equal(["nothing to trade"]);
    });

    it("buys an asset that is not targeted", async function () {
      expect(await tryLeg(["usd-coin", "dai"], 5n * USDC)).to.deep.equal(["asset neither held nor targeted"]);
    });

    it("names an asset that does not exist", async function () {
      const fixture = get();
      const unknown = { ...leg(fixture, ["usd-coin", "alpha"], 5n), bought: 200 };

      const [line] = await linesOf(fixture, await execute(fixture, signed, [unknown]), "LegSkipped");

      expect([line?.["reason"], line?.["bought"]]).to.deep.equal([
        "asset neither held nor targeted",
        "0x0000000000000000000000000000000000000000",
      ]);
    });

    it("sells exactly what is held: one unit must stay", async function () {
      expect(await tryLeg(["usd-coin", "alpha"], 1_000_000n * USDC)).to.deep.equal(["more than is held"]);
    });

    it("sells what is not held", async function () {
      expect(await tryLeg(["alpha", "usd-coin"], 1n)).to.deep.equal(["more than is held"]);
    });

    it("sells the deposit coin below its target", async function () {
      // The target is 100,000 USD and 2 % of it may be missing: 98,000 must stay.
      expect(await tryLeg(["usd-coin", "transit"], 902_000n * USDC + 1n)).to.deep.equal(["sells below target"]);
    });

    it("buys above the target", async function () {
      // 200,000 USD of bitcoin and 2 % more are 204,000; one unit of USDC more is rounded up to one satoshi more.
      expect(await tryLeg(["usd-coin", "bitcoin"], 204_000n * USDC + 1n)).to.deep.equal(["buys above target"]);
    });

    it("buys wrapped ether as a holding when none is targeted", async function () {
      expect(await tryLeg(["usd-coin", "ethereum"], 5n * USDC)).to.deep.equal(["buys above target"]);
    });

    it("demands more than the pool gives", async function () {
      expect(await tryLeg(["usd-coin", "alpha"], 200_000n * USDC, 10_000n * WHOLE)).to.deep.equal([FAILED]);
    });

    it("goes to a pool that is not listed", async function () {
      const fixture = get();
      await fixture.venue.connect(fixture.people.owner).removePool(poolOf(fixture, "alpha"));

      expect(await tryLeg(["usd-coin", "alpha"], 1000n * USDC)).to.deep.equal([FAILED]);
    });

    it("goes to a pool of other tokens", async function () {
      const fixture = get();
      const astray = { ...leg(fixture, ["usd-coin", "alpha"], 1000n * USDC), pool: poolOf(fixture, "bitcoin") };

      expect(await reasonsOf(fixture, await execute(fixture, signed, [astray]))).to.deep.equal([FAILED]);
    });

    it("goes to an address without code", async function () {
      const fixture = get();
      const nowhere = { ...leg(fixture, ["usd-coin", "alpha"], 1000n * USDC), pool: `0x${"ab".repeat(20)}` as const };

      expect(await reasonsOf(fixture, await execute(fixture, signed, [nowhere]))).to.deep.equal([FAILED]);
    });

    it("turns wrapped ether in transit into wrapped ether held", async function () {
      const fixture = get();
      await execute(fixture, signed, [leg(fixture, ["usd-coin", "transit"], 1000n * USDC)]);
      const rebook = { ...leg(fixture, ["transit", "usd-coin"], 5n), bought: 1 };

      expect(await reasonsOf(fixture, await execute(fixture, signed, [rebook], 1))).to.deep.equal([
        "buys above target",
      ]);
    });

    it("has no fresh price in the middle of the rebalance", async function () {
      const fixture = get();
      await execute(fixture, signed, [leg(fixture, ["usd-coin", "alpha"], 1000n * USDC)]);
      fixture.market.stopFeed("bitcoin"); // last answer Sunday 22:00, stale after 25 hours
      await refreshTo(fixture, MONDAY + 24 * HOUR);
      const legs = [
        leg(fixture, ["usd-coin", "bitcoin"], 1000n * USDC),
        leg(fixture, ["usd-coin", "alpha"], 1000n * USDC),
      ];

      expect(await reasonsOf(fixture, await execute(fixture, signed, legs, 1))).to.deep.equal(["no fresh price"]);
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

  describe("when the pool stands away from the oracle", function () {
    it("run when it gives more than 95 %", async function () {
      const fixture = get();
      await pushPool(fixture, "alpha", [102n, 100n]); // 1.02² = 1.0404 times the price: 96 % of the output

      expect(await tryLeg(["usd-coin", "alpha"], 1000n * USDC)).to.deep.equal([]);
    });

    it("are left out when it gives less than 95 %", async function () {
      const fixture = get();
      await pushPool(fixture, "alpha", [103n, 100n]); // 1.03² = 1.0609 times the price: 94 % of the output

      expect(await tryLeg(["usd-coin", "alpha"], 1000n * USDC)).to.deep.equal([FAILED]);
    });

    it("lose nothing but the leg", async function () {
      const fixture = get();
      await pushPool(fixture, "alpha", [103n, 100n]);

      await tryLeg(["usd-coin", "alpha"], 1000n * USDC);

      expect(await held(fixture, "usd-coin")).to.equal(1_000_000n * USDC);
    });
  });

  describe("in batches", function () {
    const small = (fixture: Fixture): Leg => leg(fixture, ["usd-coin", "alpha"], 1000n * USDC);

    it("refuses a late duplicate by the position", async function () {
      const fixture = get();
      await execute(fixture, signed, [small(fixture)]);

      await expect(execute(fixture, signed, [small(fixture)]))
        .to.be.revertedWithCustomError(fixture.rebalancer, "PositionNotExpected")
        .withArgs(1, 0);
    });

    it("refuses a first batch that does not begin at zero", async function () {
      const fixture = get();

      await expect(execute(fixture, signed, [small(fixture)], 1))
        .to.be.revertedWithCustomError(fixture.rebalancer, "PositionNotExpected")
        .withArgs(0, 1);
    });

    it("end cleanly when gas is short", async function () {
      const fixture = get();
      const legs = Array.from({ length: 5 }, () => small(fixture));

      const { position, skipped } = await runWith(2_000_000n, legs);

      expect([position > 0n && position < 5n, skipped]).to.deep.equal([true, 0n]);
    });

    it("continue where gas was short", async function () {
      const fixture = get();
      const legs = Array.from({ length: 5 }, () => small(fixture));
      const { position } = await runWith(2_000_000n, legs);

      await execute(fixture, signed, legs.slice(Number(position)), Number(position));

      const { executed } = await fixture.rebalancer.running();
      expect(executed).to.equal(5);
    });

    it("run no leg at all without the gas for one", async function () {
      const fixture = get();

      const { position } = await runWith(1_200_000n, [small(fixture)]);

      expect(position).to.equal(0);
    });

    it("give the same holdings and head however the plan is split", async function () {
      const fixture = get();
      const legs = ["bitcoin", "alpha", "binancecoin"].map((id) => leg(fixture, ["usd-coin", id], 90_000n * USDC));
      const saved = await fixture.market.snapshot();
      await execute(fixture, signed, legs);
      const together = [await fixture.vault.ledger(), await fixture.vault.balances(2n ** 256n - 1n)];
      await fixture.market.revert(saved);

      for (const [position, single] of legs.entries()) await execute(fixture, signed, [single], position);

      expect([await fixture.vault.ledger(), await fixture.vault.balances(2n ** 256n - 1n)]).to.deep.equal(together);
    });

    async function runWith(gasLimit: bigint, legs: readonly Leg[]) {
      const { rebalancer, people } = get();
      await rebalancer.connect(people.keeper).execute(signed.target, signed.weights, [...legs], 0, { gasLimit });
      return rebalancer.running();
    }
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

      const sent = await execute(fixture, signed, [buy], Number(position));

      expect(await reasonsOf(fixture, sent)).to.deep.equal(["only sells after the deadline"]);
    });

    it("still sells wrapped ether in transit", async function () {
      const fixture = get();
      const { position } = await fixture.rebalancer.running();

      await executeAndFinish(fixture, signed, await sales(fixture, ["transit"]), Number(position));

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

    await executeAndFinish(fixture, signed, await sales(fixture, ["transit"]), RISKY.length);

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

      const sent = await execute(fixture, signed, await sales(fixture, rest), 1);

      const lines = await linesOf(fixture, sent, "LegSkipped");
      expect(lines.map(({ sold, reason }) => [sold, reason])).to.deep.equal([[tokenOf(fixture, "alpha"), FAILED]]);
    });

    it("can finish: the skipped leg is the exception", async function () {
      const fixture = get();
      const rest = RISKY.filter((coinId) => coinId !== "bitcoin");
      await execute(fixture, signed, await sales(fixture, rest), 1);

      await executeAndFinish(fixture, signed, await sales(fixture, ["transit"]), RISKY.length);

      expect((await fixture.rebalancer.running()).id).to.equal(0);
    });

    it("keep everyone from striking at once while the token is held", async function () {
      const fixture = get();
      const rest = RISKY.filter((coinId) => coinId !== "bitcoin");
      await execute(fixture, signed, await sales(fixture, rest), 1);
      await executeAndFinish(fixture, signed, await sales(fixture, ["transit"]), RISKY.length);

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

  it("belong to the week's next id", async function () {
    expect(signed.target.id).to.equal(WEEK_NUMBER * 8n + 1n);
    expect(quoteOf(get(), "gamma")).to.equal("transit");
  });
});
