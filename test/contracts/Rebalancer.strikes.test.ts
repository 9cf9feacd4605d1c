import { expect } from "chai";

import { pushPool } from "./support/bad-faith.ts";
import {
  advanceBy,
  type Fixture,
  HOUR,
  MONDAY,
  refreshTo,
  stage,
  USDC,
  useFixture,
  WEEK,
  type WeightsByCoin,
  WHOLE,
} from "./support/fixture.ts";
import { linesOf, priceOf } from "./support/reading.ts";
import { execute, executeAndFinish, finish, held, publish } from "./support/rebalance.ts";
import { depositNow, enterBull, publishBull, requestDeposit, requestRedeem } from "./support/situations.ts";

/** Alpha, 1.5 %, has a feed; beta, a fifth, is priced by its pool. */
const SMALL: WeightsByCoin = { "usd-coin": 385_000, bitcoin: 400_000, alpha: 15_000, beta: 200_000 };

/** As {@link SMALL}, but alpha is 3 %. */
const LARGE: WeightsByCoin = { "usd-coin": 370_000, bitcoin: 400_000, alpha: 30_000, beta: 200_000 };

/** Alice brings 1,000,000 USDC; the fund enters the weights. */
function fundIn(parts: WeightsByCoin): (fixture: Fixture) => Promise<void> {
  return async (fixture) => {
    await depositNow(fixture, "alice", 1_000_000n * USDC);
    await refreshTo(fixture, MONDAY + 60);
    await enterBull(fixture, 1_000_000n * USDC, parts);
  };
}

/** Alpha's feed falls silent for a week. */
async function loseAlpha(fixture: Fixture): Promise<void> {
  fixture.market.stopFeed("alpha");
  await refreshTo(fixture, MONDAY + WEEK + 60);
}

async function lastOf({ oracle, fund }: Fixture, coinId: string): Promise<bigint> {
  const index = fund.indexOf(coinId);
  return (await oracle.lastGood(1n << BigInt(index)))[index] ?? 0n;
}

/** D18{USD} What a price makes of a holding, rounded up. */
async function worth(fixture: Fixture, coinId: string, price: bigint): Promise<bigint> {
  const unit = 10n ** BigInt(fixture.market.coin(coinId).decimals);
  return ((await held(fixture, coinId)) * price + unit - 1n) / unit;
}

describe("Rebalancer: strikes on two sides", function () {
  const get = useFixture();

  describe("when 1.5 % of the fund has no fresh price", function () {
    stage(get, async (fixture) => {
      await fundIn(SMALL)(fixture);
      await requestDeposit(fixture, "bob", 100_000n * USDC);
      await loseAlpha(fixture);
    });

    it("has no NAV to show without it", async function () {
      const { vault, rebalancer, fund } = get();

      await expect(vault.nav())
        .to.be.revertedWithCustomError(rebalancer, "PriceMissing")
        .withArgs(fund.indexOf("alpha"));
    });

    it("strikes deposits at the last good price of it", async function () {
      const fixture = get();
      const priced = (await fixture.lens.status()).nav;
      const missing = await worth(fixture, "alpha", await lastOf(fixture, "alpha"));

      const sent = await execute(fixture, await publish(fixture, "bear"), []);

      const [line] = await linesOf(fixture, sent, "DepositsStruck");
      expect([line?.["assets"], line?.["nav"]]).to.deep.equal([100_000n * USDC, priced + missing]);
    });

    it("lets no depositor in below what the others paid", async function () {
      const fixture = get();

      await execute(fixture, await publish(fixture, "bear"), []);

      // The swing keeps 0.3 %. The fund has lost up to 0.3 % to fees: a share is a little below one USD, and far above 0.985.
      expect(await fixture.vault.maxMint(fixture.people.bob)).to.be.within(99_700n * WHOLE, 100_000n * WHOLE);
    });

    it("finishes, and names what could not be traded", async function () {
      const fixture = get();
      const signed = await publishBull(fixture, SMALL);

      const sent = await executeAndFinish(fixture, signed, []);

      const skips = await linesOf(fixture, sent, "LegSkipped");
      const token = fixture.ethers.getAddress(fixture.market.coin("alpha").token);
      expect(skips.map(({ sold, reason }) => [sold, reason])).to.deep.equal([[token, "no fresh price"]]);
    });

    it("strikes redemptions without the value of it", async function () {
      const fixture = get();
      await requestRedeem(fixture, "alice", 10_000n * WHOLE);
      await refreshTo(fixture, MONDAY + 2 * WEEK + 60);
      const signed = await publishBull(fixture, SMALL);

      const sent = await executeAndFinish(fixture, signed, []);

      const [line] = await linesOf(fixture, sent, "RedemptionsStruck");
      const [struck] = await linesOf(fixture, sent, "DepositsStruck");
      const left = (await fixture.lens.status()).nav + 10n ** 12n * (line?.["assets"] as bigint);
      expect([line?.["shares"], line?.["nav"]]).to.deep.equal([10_000n * WHOLE, left]);
      expect(line?.["nav"]).to.be.lessThan((struck?.["nav"] as bigint) + 100_000n * WHOLE);
    });
  });

  describe("when 3 % of the fund has no fresh price", function () {
    stage(get, async (fixture) => {
      await fundIn(LARGE)(fixture);
      await requestDeposit(fixture, "bob", 100_000n * USDC);
      await requestRedeem(fixture, "alice", 10_000n * WHOLE);
      await loseAlpha(fixture);
    });

    it("leaves deposits due", async function () {
      const fixture = get();

      const sent = await execute(fixture, await publish(fixture, "bear"), []);

      expect(await linesOf(fixture, sent, "DepositsStruck")).to.deep.equal([]);
      expect(await fixture.vault.depositsPending()).to.equal(100_000n * USDC);
    });

    it("lets the deposits that it passed by be taken back", async function () {
      const fixture = get();
      const { vault, people, usdc, ethers } = fixture;
      await execute(fixture, await publish(fixture, "bear"), []);

      const cancel = vault.connect(people.bob).cancelDepositRequest(2, people.bob, people.bob);

      await expect(cancel).to.changeTokenBalance(ethers, usdc, people.bob, 100_000n * USDC);
      expect(await vault.depositsPending()).to.equal(0n);
    });

    it("lets nothing be taken back before a start has passed by", async function () {
      const { vault, people } = get();

      await expect(vault.connect(people.bob).cancelDepositRequest(2, people.bob, people.bob))
        .to.be.revertedWithCustomError(vault, "RequestNotCancellable")
        .withArgs(2);
    });

    it("refuses to finish before the deadline", async function () {
      const fixture = get();
      const signed = await publishBull(fixture, LARGE);
      await execute(fixture, signed, []);
      const priced = (await fixture.lens.status()).nav;
      const missing = await worth(fixture, "alpha", await lastOf(fixture, "alpha"));

      await expect(finish(fixture, signed))
        .to.be.revertedWithCustomError(fixture.rebalancer, "TooMuchUnpriced")
        .withArgs(missing, priced + missing);
    });

    it("finishes after the deadline, and redemptions stay due", async function () {
      const fixture = get();
      const signed = await publishBull(fixture, LARGE);
      await execute(fixture, signed, []);
      await refreshTo(fixture, MONDAY + WEEK + 48 * HOUR);

      const sent = await finish(fixture, signed);

      expect(await linesOf(fixture, sent, "RebalanceFinished")).to.have.length(1);
      expect(await fixture.vault.sharesDue()).to.equal(10_000n * WHOLE);
    });

    it("strikes both when the feed is back", async function () {
      const fixture = get();
      fixture.market.resumeFeed("alpha");
      await refreshTo(fixture, MONDAY + WEEK + HOUR);

      const sent = await executeAndFinish(fixture, await publishBull(fixture, LARGE), []);

      expect([
        await linesOf(fixture, sent, "DepositsStruck"),
        await linesOf(fixture, sent, "RedemptionsStruck"),
      ]).to.satisfy((lines: unknown[][]) => lines.every((line) => line.length === 1));
    });
  });

  describe("Attack: a pool pushed before a strike", function () {
    stage(get, async (fixture) => {
      await fundIn(SMALL)(fixture);
      await refreshTo(fixture, MONDAY + WEEK - HOUR);
      await requestDeposit(fixture, "bob", 100_000n * USDC);
      await requestRedeem(fixture, "alice", 10_000n * WHOLE);
      await refreshTo(fixture, MONDAY + WEEK + 60);
    });

    /** The price of beta is multiplied by the square of the ratio, and held there for an hour. */
    async function push(ratio: readonly [bigint, bigint]): Promise<void> {
      await pushPool(get(), "beta", ratio);
      await advanceBy(get(), HOUR);
    }

    it("down lets nobody in cheaper than at 75 % of the last good price", async function () {
      const fixture = get();
      const last = await lastOf(fixture, "beta");
      await push([1n, 2n]);
      const others = (await fixture.lens.status()).nav;
      const units = await held(fixture, "beta");
      const counted = (units * (await priceOf(fixture, "beta"))) / 10n ** 6n;
      const paid = (units * ((last * 3n + 3n) / 4n)) / 10n ** 6n;

      const sent = await execute(fixture, await publish(fixture, "bear"), []);

      const [line] = await linesOf(fixture, sent, "DepositsStruck");
      expect(line?.["nav"]).to.equal(others - counted + paid);
    });

    it("up pays nobody more than 125 % of the last good price", async function () {
      const fixture = get();
      const signed = await publish(fixture, "bull", SMALL);
      await advanceBy(fixture, 11 * HOUR);
      await execute(fixture, signed, []);
      const last = await lastOf(fixture, "beta");
      await refreshTo(fixture, MONDAY + WEEK + 36 * HOUR); // past the deadline: no band is in the way
      await push([2n, 1n]);
      const units = await held(fixture, "beta");
      const counted = (units * (await priceOf(fixture, "beta"))) / 10n ** 6n;
      const others = (await fixture.lens.status()).nav - counted;

      const sent = await finish(fixture, signed);

      const [line] = await linesOf(fixture, sent, "RedemptionsStruck");
      expect(line?.["nav"]).to.equal(others + (units * ((last * 5n) / 4n)) / 10n ** 6n);
    });
  });
});
