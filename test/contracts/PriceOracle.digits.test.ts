import { expect } from "chai";

import { PROBE_UNITS } from "../../src/execute/deploy.ts";
import { CASH, type Fixture, HOUR, now, useFixture, WHOLE, WIDE } from "./support/fixture.ts";

/**
 * One raw unit of a token of 27 decimals is 10^-21 raw units of a coin of 6 when both are worth the same:
 * ln(10^-21) / ln(1.0001) = -48.354286 / 0.000099995 = -483,567.0.
 */
const PAR_TICK = -483_567;

describe("PriceOracle: many digits", function () {
  const get = useFixture();

  /** A feed that says one dollar with so many digits after the point. */
  async function dollarFeed(decimals: number): Promise<string> {
    const feed = await get().ethers.deployContract("MockFeed", ["X / USD", decimals]);
    await feed.setAnswer(10n ** BigInt(decimals), await now(get()));
    return feed.getAddress();
  }

  /** Lists a token of 27 decimals whose pool against the deposit coin has always stood at a tick. */
  async function listFine({ ethers, vault, oracle, people, usdc }: Fixture, tick: number) {
    const token = await ethers.deployContract("MockToken", ["Fine", "FINE", 27]);
    await token.mint(vault, PROBE_UNITS);
    await vault.connect(people.owner).listAsset(token, "fine", false);
    const pool = await ethers.deployContract("TickPool", [token, usdc, tick]);
    const index = await vault.indexOf(token);
    await oracle.connect(people.owner).setPool(index, pool, CASH);
    return { token, pool, index };
  }

  it("takes a feed of 36 decimals", async function () {
    const { oracle, people } = get();

    await oracle.connect(people.owner).setFeed(CASH, await dollarFeed(36), 24 * HOUR, WIDE);

    const [price] = await oracle.prices(1n);
    expect(price[CASH]).to.equal(WHOLE);
  });

  it("refuses a feed of 37 decimals", async function () {
    const { oracle, people } = get();
    const feed = await dollarFeed(37);

    await expect(oracle.connect(people.owner).setFeed(CASH, feed, 24 * HOUR, WIDE))
      .to.be.revertedWithCustomError(oracle, "FeedWithoutAnswer")
      .withArgs(feed);
  });

  it("prices a token of 27 decimals by a pool to a tick", async function () {
    const fixture = get();
    const { index } = await listFine(fixture, PAR_TICK);

    const [price] = await fixture.oracle.prices(1n << index);

    // A tick is one part in ten thousand.
    expect(Number(price[Number(index)] ?? 0n) / 1e18).to.be.within(0.9999, 1.0001);
  });

  // The last two are beyond the range of ticks.
  for (const tick of [700_000, 887_272, -887_272, 887_273, -887_273]) {
    it(`has no price for it, and stops nothing, when the pool goes to tick ${tick}`, async function () {
      const fixture = get();
      const { ethers, oracle, usdc, market } = fixture;
      const { token, pool, index } = await listFine(fixture, PAR_TICK);
      const template = await ethers.deployContract("TickPool", [token, usdc, tick]);
      const code = await ethers.provider.getCode(template);
      await market.chain.connection.networkHelpers.setCode(await pool.getAddress(), code);

      const [price] = await oracle.prices((1n << index) | 1n);

      expect([price[Number(index)], price[CASH]]).to.deep.equal([0n, WHOLE]);
    });
  }
});
