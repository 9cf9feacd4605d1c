import { expect } from "chai";

import { HOUR, MONDAY, now, refreshTo, stage, USDC, useFixture, WEEK, WHOLE, type Fixture } from "./support/fixture.ts";
import { execute, leg, publish } from "./support/rebalance.ts";
import { bitOf, invested, quarantine } from "./support/quarantine.ts";
import { depositNow, investedFund, requestDeposit } from "./support/situations.ts";

const DAY = 86_400;
const NONE = 2n ** 256n - 1n;

async function raiseFees({ vault, people }: Fixture): Promise<void> {
  await vault.connect(people.owner).raiseFees(150, 40, people.dave);
}

describe("VaultLens: costs", function () {
  const get = useFixture((fixture) => depositNow(fixture, "alice", 1000n * USDC));

  it("are nothing in stablecoins before anything was set or traded", async function () {
    const costs = await get().lens.costs();

    expect([costs.depositSwing, costs.redemptionSwing, costs.leastSwing, costs.fee]).to.deep.equal([0n, 0n, 0n, 0n]);
    expect([costs.bullFee, costs.bearFee]).to.deep.equal([0n, 0n]);
  });

  it("name what the code allows at most: 1 % swing, 2 % and 0.5 % a year", async function () {
    const { mostSwing, mostBullFee, mostBearFee } = await get().lens.costs();

    expect([mostSwing, mostBullFee, mostBearFee]).to.deep.equal([100n, 200n, 50n]);
  });

  it("name the least requests: a whole coin, a whole share", async function () {
    const { leastDeposit, leastRedemption } = await get().lens.costs();

    expect([leastDeposit, leastRedemption]).to.deep.equal([USDC, WHOLE]);
  });

  it("name the rate of stablecoins while the fund is in them, and who gets it", async function () {
    const fixture = get();
    await raiseFees(fixture);

    const { fee, bullFee, bearFee, feeRecipient } = await fixture.lens.costs();

    expect([fee, bullFee, bearFee, feeRecipient]).to.deep.equal([40n, 150n, 40n, fixture.people.dave.address]);
  });

  it("show no limit without a deposit cap", async function () {
    const { depositCap, depositCapUsed, depositRoom } = await get().lens.costs();

    expect([depositCap, depositCapUsed, depositRoom]).to.deep.equal([2n ** 96n - 1n, 1000n * WHOLE, NONE]);
  });

  it("show a room that is exactly what may still be requested", async function () {
    const fixture = get();
    const { vault, people, lens } = fixture;
    await requestDeposit(fixture, "bob", 200n * USDC);
    await vault.connect(people.guardian).lowerDepositCap(1500n * WHOLE);

    const { depositCap, depositCapUsed, depositRoom } = await lens.costs();

    // 1,000 USD in the fund and 200 USDC that wait.
    expect([depositCap, depositCapUsed, depositRoom]).to.deep.equal([1500n * WHOLE, 1200n * WHOLE, 300n * USDC]);
    await expect(requestDeposit(fixture, "carol", depositRoom + 1n))
      .to.be.revertedWithCustomError(vault, "DepositCapReached")
      .withArgs(1500n * WHOLE + 10n ** 12n, 1500n * WHOLE);
    await requestDeposit(fixture, "carol", depositRoom);
    expect((await lens.costs()).depositRoom).to.equal(0n);
  });

  it("show no room below what is in the fund already", async function () {
    const { vault, people, lens } = get();
    await vault.connect(people.guardian).lowerDepositCap(999n * WHOLE);

    const { depositCapUsed, depositRoom } = await lens.costs();

    expect([depositCapUsed, depositRoom]).to.deep.equal([1000n * WHOLE, 0n]);
  });

  it("show until when deposits are paused, and nothing afterwards", async function () {
    const fixture = get();
    const { vault, people, lens } = fixture;
    await vault.connect(people.guardian).pauseDeposits(DAY);
    const until = BigInt((await now(fixture)) + DAY);

    expect((await lens.costs()).depositsPausedUntil).to.equal(until);
    await refreshTo(fixture, Number(until));
    expect((await lens.costs()).depositsPausedUntil).to.equal(0n);
  });
});

describe("VaultLens: costs in the market", function () {
  const get = useFixture(async (fixture) => {
    await raiseFees(fixture);
    await investedFund(fixture);
  });

  it("are at least 30 bps a request, and the rate of the market a year", async function () {
    const { depositSwing, redemptionSwing, leastSwing, fee } = await get().lens.costs();

    expect([depositSwing, redemptionSwing, leastSwing, fee]).to.deep.equal([30n, 30n, 30n, 150n]);
  });

  it("keep the swing of an epoch that opened in the market, while the next may have none", async function () {
    const fixture = get();
    await requestDeposit(fixture, "bob", 100n * USDC);
    await execute(fixture, await publish(fixture, "bear"), []);

    const { depositSwing, leastSwing, fee } = await fixture.lens.costs();

    expect([depositSwing, leastSwing, fee]).to.deep.equal([30n, 0n, 40n]);
  });

  it("are those of stablecoins in an exit without a target", async function () {
    const fixture = get();
    const { lens, rebalancer, people, market } = fixture;
    await refreshTo(fixture, Number(await rebalancer.abandonedFrom()));
    await rebalancer.connect(people.stranger).exitAbandoned(market.coin("alpha").token);

    const { leastSwing, fee } = await lens.costs();

    // The regime of the last target is still that of the market.
    expect([leastSwing, fee, (await lens.status()).regime]).to.deep.equal([0n, 40n, "bull"]);
  });
});

describe("VaultLens: guards", function () {
  const get = useFixture(invested);

  it("are down in the market, but for when the fund counts as left alone", async function () {
    const fixture = get();
    const { rebalancer, lens } = fixture;

    const { buyingPausedUntil, closed, unmovable, unsold, abandonedFrom } = await lens.guards();

    expect([buyingPausedUntil, closed, unmovable, unsold]).to.deep.equal([0n, 0n, 0n, 0n]);
    expect(abandonedFrom).to.equal(await rebalancer.abandonedFrom());
    // 21 days after the rebalance that has just finished.
    expect(abandonedFrom).to.equal(BigInt((await now(fixture)) + 21 * DAY));
  });

  it("show a pause of buying until it ends", async function () {
    const fixture = get();
    const { venue, people, lens } = fixture;
    const until = (await now(fixture)) + DAY;
    await venue.connect(people.guardian).pauseBuying(until);

    expect((await lens.guards()).buyingPausedUntil).to.equal(until);
    await refreshTo(fixture, until);
    expect((await lens.guards()).buyingPausedUntil).to.equal(0n);
  });

  it("show the assets that are closed to buying", async function () {
    const fixture = get();
    const { venue, people, lens, fund } = fixture;
    await venue.connect(people.guardian).closeAsset(fund.indexOf("alpha"));

    expect((await lens.guards()).closed).to.equal(bitOf(fixture));
  });

  it("show what is in quarantine, and why", async function () {
    const fixture = get();
    await quarantine(fixture);

    const { unmovable, unsold } = await fixture.lens.guards();

    expect([unmovable, unsold]).to.deep.equal([bitOf(fixture), 0n]);
  });

  describe("after the fund has left the market", function () {
    stage(get, async (fixture) => {
      await refreshTo(fixture, MONDAY + WEEK + HOUR);
      await execute(fixture, await publish(fixture, "bear"), [leg(fixture, ["alpha", "usd-coin"], 1n)]);
    });

    it("name no time after which it would count as left alone", async function () {
      expect((await get().lens.guards()).abandonedFrom).to.equal(0n);
    });
  });
});
