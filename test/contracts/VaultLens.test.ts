import { expect } from "chai";

import {
  advanceTo,
  HOUR,
  MONDAY,
  now,
  refreshTo,
  stage,
  USDC,
  useFixture,
  VETO_DELAY,
  WEEK_NUMBER,
  WHOLE,
} from "./support/fixture.ts";
import { execute, held, leg, publish, tokenOf } from "./support/rebalance.ts";
import { depositNow, publishBull, requestDeposit, requestRedeem } from "./support/situations.ts";

describe("VaultLens", function () {
  const get = useFixture((fixture) => depositNow(fixture, "alice", 1000n * USDC));

  it("shows regime, NAV and supply", async function () {
    const { regime, nav, supply, unpriced } = await get().lens.status();

    expect([regime, nav, supply, unpriced]).to.deep.equal(["bear", 1000n * WHOLE, 1000n * WHOLE, 0n]);
  });

  it("shows since when the regime has held, from the first way into the market on", async function () {
    const fixture = get();
    const turns = [(await fixture.lens.status()).regimeSince];
    await advanceTo(fixture, MONDAY + 60);
    await execute(fixture, await publishBull(fixture), []);
    const entered = BigInt(await now(fixture));
    turns.push((await fixture.lens.status()).regimeSince);
    await advanceTo(fixture, Number(entered) + HOUR);
    turns.push((await fixture.lens.status()).regimeSince);
    await execute(fixture, await publish(fixture, "bear"), []);
    turns.push((await fixture.lens.status()).regimeSince);

    expect(turns).to.deep.equal([0n, entered, entered, BigInt(await now(fixture))]);
  });

  it("shows what waits and what is set aside", async function () {
    const fixture = get();
    await requestRedeem(fixture, "alice", 100n * WHOLE);
    await fixture.rebalancer.strikeInStablecoins();
    await requestDeposit(fixture, "bob", 7n * USDC);

    const { depositsPending, sharesDue, setAside } = await fixture.lens.status();

    expect([depositsPending, sharesDue, setAside]).to.deep.equal([7n * USDC, 0n, 100n * USDC]);
  });

  it("shows the pending target", async function () {
    const fixture = get();
    await advanceTo(fixture, MONDAY + 60);
    await publish(fixture, "bull");

    const { pendingId, executableAt } = await fixture.lens.status();

    expect([pendingId, executableAt]).to.deep.equal([WEEK_NUMBER * 8n, BigInt((await now(fixture)) + VETO_DELAY)]);
  });

  it("shows the end of the ledger", async function () {
    const { lens, vault } = get();

    const { sequence, head } = await lens.status();

    expect([sequence, head]).to.deep.equal([...(await vault.ledger())]);
  });

  describe("while a rebalance is under way", function () {
    stage(get, async (fixture) => {
      await advanceTo(fixture, MONDAY + 60);
      const signed = await publishBull(fixture, { "usd-coin": 500_000, alpha: 250_000, gamma: 250_000 });
      const legs = [
        leg(fixture, ["usd-coin", "alpha"], 250n * USDC),
        leg(fixture, ["usd-coin", "transit"], 250n * USDC),
      ];
      await execute(fixture, signed, legs);
    });

    it("shows it", async function () {
      const { regime, runningId, lastId } = await get().lens.status();

      expect([regime, runningId, lastId]).to.deep.equal(["bull", WEEK_NUMBER * 8n, WEEK_NUMBER * 8n]);
    });

    it("shows every holding in the order of the indexes, transit last", async function () {
      const fixture = get();

      const { tokens, amounts } = await fixture.lens.holdings();

      const coins = ["usd-coin", "alpha", "transit"];
      expect([tokens, amounts]).to.deep.equal([
        coins.map((coinId) => tokenOf(fixture, coinId)),
        await Promise.all(coins.map((coinId) => held(fixture, coinId))),
      ]);
    });

    it("shows what each is worth", async function () {
      const fixture = get();

      // By position: `values` is a method of every array.
      const [, , prices, values] = await fixture.lens.holdings();

      expect([prices, values]).to.deep.equal([
        [WHOLE, 20n * WHOLE, 4000n * WHOLE],
        [500n * WHOLE, (await held(fixture, "alpha")) * 20n, (await held(fixture, "transit")) * 4000n],
      ]);
    });

    it("shows weights that sum to just below 1,000,000", async function () {
      const { weights } = await get().lens.holdings();

      // Three weights, each rounded down by less than one.
      expect(weights.reduce((sum, weight) => sum + weight, 0n)).to.be.within(999_997n, 1_000_000n);
    });

    it("shows an asset without a fresh price as unpriced and outside the NAV", async function () {
      const fixture = get();
      fixture.market.stopFeed("alpha");
      await refreshTo(fixture, MONDAY + 26 * HOUR);

      const { unpriced, nav } = await fixture.lens.status();

      expect([unpriced, nav]).to.deep.equal([1n, 500n * WHOLE + (await held(fixture, "transit")) * 4000n]);
    });
  });

  it("shows no holdings of an empty fund", async function () {
    const { lens, vault, people } = get();
    await vault.connect(people.alice).redeemInKind(1000n * WHOLE, people.alice, people.alice, [], []);

    const { tokens } = await lens.holdings();

    expect(tokens).to.have.length(0);
  });
});
