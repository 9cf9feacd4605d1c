import { expect } from "chai";

import { BULL, CASH, type Fixture, GAS_CAP, now, stage, useFixture, WHOLE } from "./support/fixture.ts";
import { reasonsOf } from "./support/reading.ts";
import { execute, leg, poolOf, publish } from "./support/rebalance.ts";
import { investedFund } from "./support/situations.ts";

/** In the order of FaultySource.sol. */
const FAULTS = [
  "reverts",
  "burns its gas",
  "returns nothing",
  "returns too little",
  "returns nonsense",
  "returns too much",
] as const;

type Fault = (typeof FAULTS)[number] | "has no code";

const EVERY_FAULT: readonly Fault[] = [...FAULTS, "has no code"];

const COINS = Object.keys(BULL);

async function breakSource({ ethers, market }: Fixture, address: string, fault: Fault): Promise<void> {
  const { networkHelpers } = market.chain.connection;
  if (fault === "has no code") return networkHelpers.setCode(address, "0x");
  const template = await ethers.deployContract("FaultySource", [FAULTS.indexOf(fault)]);
  await networkHelpers.setCode(address, await ethers.provider.getCode(template));
}

function feedOf({ market }: Fixture, coinId: string): string {
  return market.coin(coinId).feed?.address ?? "";
}

/** Coins of {@link BULL} that have no price when all of them are asked for at once. */
async function unpriced({ oracle, fund }: Fixture): Promise<string[]> {
  const set = COINS.reduce((all, coinId) => all | (1n << BigInt(fund.indexOf(coinId))), 0n);
  const [price] = await oracle.prices(set, { gasLimit: GAS_CAP });
  return COINS.filter((coinId) => price[fund.indexOf(coinId)] === 0n);
}

describe("PriceOracle: one broken source", function () {
  const get = useFixture();

  it("finds every coin priced before anything breaks", async function () {
    expect(await unpriced(get())).to.deep.equal([]);
  });

  for (const fault of EVERY_FAULT) {
    it(`leaves all other coins their prices when a feed ${fault}`, async function () {
      const fixture = get();

      await breakSource(fixture, feedOf(fixture, "bitcoin"), fault);

      expect(await unpriced(fixture)).to.deep.equal(["bitcoin"]);
    });

    it(`leaves all other coins their prices when a pool ${fault}`, async function () {
      const fixture = get();

      await breakSource(fixture, poolOf(fixture, "beta"), fault);

      expect(await unpriced(fixture)).to.deep.equal(["beta"]);
    });

    it(`still names an asset's source when its feed ${fault}`, async function () {
      const fixture = get();
      const { oracle, fund, ethers } = fixture;

      await breakSource(fixture, feedOf(fixture, "bitcoin"), fault);

      const [feed, , updatedAt] = await oracle.source(fund.indexOf("bitcoin"));
      expect([feed, updatedAt]).to.deep.equal([ethers.getAddress(feedOf(fixture, "bitcoin")), 0n]);
    });
  }

  it("takes the prices of the coins that it quotes along, and no others", async function () {
    const fixture = get();

    await breakSource(fixture, feedOf(fixture, "ethereum"), "burns its gas");

    expect(await unpriced(fixture)).to.deep.equal(["gamma"]);
  });

  it("asks a quote that gives no price only once", async function () {
    const fixture = get();
    const { oracle, fund, people } = fixture;
    for (const coinId of ["alpha", "binancecoin"]) {
      await oracle.connect(people.owner).setPool(fund.indexOf(coinId), poolOf(fixture, coinId), CASH);
    }
    const pooled = ["alpha", "beta", "binancecoin"].map((coinId) => fund.indexOf(coinId));
    await breakSource(fixture, feedOf(fixture, "usd-coin"), "burns its gas");

    const set = pooled.reduce((all, index) => all | (1n << BigInt(index)), 0n);
    // 100,000 gas are burned by the feed once, and 111,000 must be left to ask it: a third time would be too much.
    const [price] = await oracle.prices(set, { gasLimit: 300_000n });

    expect(pooled.map((index) => price[index])).to.deep.equal([0n, 0n, 0n]);
  });

  it("never takes a lack of gas for a broken source", async function () {
    const fixture = get();
    const { oracle, fund } = fixture;
    const set = 1n << BigInt(fund.indexOf("bitcoin"));

    for (const gasLimit of [120_000n, 90_000n, 60_000n]) {
      const answer = oracle.prices(set, { gasLimit });

      await expect(answer).to.be.revertedWithCustomError(oracle, "GasShortForPrice");
    }
  });

  describe("in a fund that is invested", function () {
    stage(get, investedFund);

    it("stops its own legs and no others", async function () {
      const fixture = get();
      const signed = await publish(fixture, "bear");
      await breakSource(fixture, feedOf(fixture, "bitcoin"), "has no code");

      const sent = await execute(fixture, signed, [
        leg(fixture, ["bitcoin", "usd-coin"], 1000n),
        leg(fixture, ["alpha", "usd-coin"], WHOLE),
      ]);

      expect(await reasonsOf(fixture, sent)).to.deep.equal(["no fresh price"]);
    });

    it("cannot stop an exit with an absurd answer", async function () {
      const fixture = get();
      const { ethers, market } = fixture;
      const signed = await publish(fixture, "bear");
      const feed = await ethers.getContractAt("MockFeed", market.coin("bitcoin").feed?.aggregator ?? "");
      // 2^190 with 8 decimals: 1.6e49 USD a coin, times 4 coins more than 2^128 of D18{USD}.
      await feed.setAnswer(2n ** 190n, await now(fixture));

      const sent = await execute(fixture, signed, [leg(fixture, ["alpha", "usd-coin"], WHOLE)]);

      expect(await reasonsOf(fixture, sent)).to.deep.equal([]);
    });

    it("cannot stop an exit with a pool at the end of its range", async function () {
      const fixture = get();
      const { ethers, market, usdc } = fixture;
      const signed = await publish(fixture, "bear");
      const tick = isToken0(fixture, "beta") ? 880_000 : -880_000;
      const template = await ethers.deployContract("TickPool", [usdc, usdc, tick]);
      await market.chain.connection.networkHelpers.setCode(
        poolOf(fixture, "beta"),
        await ethers.provider.getCode(template),
      );

      const sent = await execute(fixture, signed, [leg(fixture, ["alpha", "usd-coin"], WHOLE)]);

      expect(await reasonsOf(fixture, sent)).to.deep.equal([]);
    });
  });
});

function isToken0({ market }: Fixture, coinId: string): boolean {
  return market.coin(coinId).pool?.quoteIsToken1 ?? false;
}
