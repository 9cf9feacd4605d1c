import { expect } from "chai";

import { booksAfter } from "../../src/record/rebuild.ts";
import { fetchLedger } from "../../src/record/ledger.ts";
import { senderOf } from "../../src/world/week.ts";
import { MONDAY, refreshTo, USDC, useFixture, WEEK, type WeightsByCoin, WHOLE } from "./support/fixture.ts";
import { linesOf } from "./support/reading.ts";
import { executeAndFinish, held, tokenOf } from "./support/rebalance.ts";
import { depositNow, enterBull, publishBull, requestRedeem } from "./support/situations.ts";

/** Alpha, 1.5 %, loses its feed. */
const WEIGHTS: WeightsByCoin = { "usd-coin": 585_000, bitcoin: 400_000, alpha: 15_000 };

type Line = Readonly<Record<string, unknown>>;

/** Alpha units in a line with parallel arrays. */
function amountIn(line: Line | undefined): bigint {
  return (line?.["amounts"] as bigint[])[0] ?? 0n;
}

/** The transaction of the strike, once the tests have begun. */
function strikeOf<Sent>(sent: Sent | undefined): Sent {
  if (sent === undefined) throw new TypeError("The strike is made in `before`: read it inside a test.");
  return sent;
}

describe("IndexVault: units for redemptions of what a strike cannot price", function () {
  /** {tok} of alpha before the strike, and the lines that it wrote. */
  let [units, finished]: [bigint, Awaited<ReturnType<typeof executeAndFinish>> | undefined] = [0n, undefined];
  let setAside: Line | undefined;

  // Alice redeems 30,000 and bob 10,000 of 1,000,000 shares: together 4 %.
  const get = useFixture(async (fixture) => {
    const { vault, people } = fixture;
    await depositNow(fixture, "alice", 1_000_000n * USDC);
    await refreshTo(fixture, MONDAY + 60);
    await enterBull(fixture, 1_000_000n * USDC, WEIGHTS);
    await vault.connect(people.alice).transfer(people.bob, 100_000n * WHOLE);
    await requestRedeem(fixture, "alice", 30_000n * WHOLE);
    await requestRedeem(fixture, "bob", 10_000n * WHOLE);
    fixture.market.stopFeed("alpha");
    await refreshTo(fixture, MONDAY + WEEK + 60);
    const signed = await publishBull(fixture, WEIGHTS);
    units = await held(fixture, "alpha");
    finished = await executeAndFinish(fixture, signed, []);
    [setAside] = await linesOf(fixture, finished, "RedeemedUnitsSetAside");
  });

  it("leave the books, their part rounded down", async function () {
    const fixture = get();

    // 40,000 of 1,000,000 shares
    const part = (units * 4n) / 100n;
    expect(await held(fixture, "alpha")).to.equal(units - part);
  });

  it("are recorded with epoch, shares, assets, tokens and amounts", async function () {
    const fixture = get();
    const { vault, fund } = fixture;
    const [struck] = await linesOf(fixture, strikeOf(finished), "RedemptionsStruck");
    const sequence = (struck?.["sequence"] as bigint) + 1n;

    await expect(finished)
      .to.emit(vault, "RedeemedUnitsSetAside")
      .withArgs(
        ...[1, 40_000n * WHOLE, [fund.indexOf("alpha")], [tokenOf(fixture, "alpha")], [(units * 4n) / 100n]],
        ...[sequence, setAside?.["head"]],
      );
  });

  it("come beside money for the rest", async function () {
    const { vault, people } = get();

    // 30,000 shares of a fund that is 98.5 % priced and paid some 0.1 % in fees: near 29,500 USDC.
    expect(await vault.maxWithdraw(people.alice)).to.be.within(29_400n * USDC, 29_550n * USDC);
  });

  it("are credited by anybody's call, pro rata, with a line of the ledger", async function () {
    const fixture = get();
    const { vault, people, fund } = fixture;

    const sent = await vault.connect(people.stranger).creditInKind(people.alice);

    const [sequence, head] = await vault.ledger();
    await expect(sent)
      .to.emit(vault, "RedeemedUnitsCredited")
      .withArgs(
        people.alice,
        [fund.indexOf("alpha")],
        [tokenOf(fixture, "alpha")],
        [(amountIn(setAside) * 3n) / 4n],
        sequence,
        head,
      );
  });

  it("are credited once", async function () {
    const fixture = get();
    const { vault, people } = fixture;
    await vault.creditInKind(people.alice);

    const again = await vault.creditInKind(people.alice);

    expect(await linesOf(fixture, again, "RedeemedUnitsCredited")).to.deep.equal([]);
  });

  it("are credited to nobody who did not redeem", async function () {
    const fixture = get();

    const sent = await fixture.vault.creditInKind(fixture.people.carol);

    expect(await linesOf(fixture, sent, "RedeemedUnitsCredited")).to.deep.equal([]);
  });

  it("are credited when the money is claimed", async function () {
    const fixture = get();
    const { vault, people, fund } = fixture;

    await vault.connect(people.bob).redeem(10_000n * WHOLE, people.bob, people.bob);

    expect(await vault.inKindClaimable(people.bob, fund.indexOf("alpha"))).to.equal(amountIn(setAside) / 4n);
  });

  it("are credited when a part of the money is claimed, all of them", async function () {
    const fixture = get();
    const { vault, people, fund } = fixture;

    await vault.connect(people.bob).withdraw(1, people.bob, people.bob);

    expect(await vault.inKindClaimable(people.bob, fund.indexOf("alpha"))).to.equal(amountIn(setAside) / 4n);
  });

  it("are credited before a new request joins the queue", async function () {
    const fixture = get();
    const { vault, people, fund } = fixture;

    await requestRedeem(fixture, "bob", 10_000n * WHOLE);

    expect(await vault.inKindClaimable(people.bob, fund.indexOf("alpha"))).to.equal(amountIn(setAside) / 4n);
  });

  it("are handed out by the claim of what an exit in kind could not deliver", async function () {
    const fixture = get();
    const { vault, people, fund, ethers, market } = fixture;
    const token = await ethers.getContractAt("MockToken", market.coin("alpha").token);

    const claim = vault.connect(people.alice).claimInKind(fund.indexOf("alpha"), people.dave);

    await expect(claim).to.changeTokenBalance(ethers, token, people.dave, (amountIn(setAside) * 3n) / 4n);
  });

  it("are all gone when everybody has been credited: the last one gets the rest", async function () {
    const fixture = get();
    const { vault, people, fund } = fixture;
    const alpha = fund.indexOf("alpha");

    await vault.creditInKind(people.bob);
    await vault.creditInKind(people.alice);

    const credited =
      (await vault.inKindClaimable(people.alice, alpha)) + (await vault.inKindClaimable(people.bob, alpha));
    expect(credited).to.equal(amountIn(setAside));
  });

  it("are rebuilt from the ledger alone, credited or not", async function () {
    const fixture = get();
    const { vault, people, market, fund } = fixture;
    await vault.creditInKind(people.bob);
    const { client } = senderOf(fixture, "alice");
    const deployment = fund.deployment();
    const source = { client, chainId: 31_337, vault: deployment.addresses.vault, fromBlock: BigInt(deployment.block) };

    const books = booksAfter((await fetchLedger(source)).lines);

    const token = market.coin("alpha").token.toLowerCase();
    expect([
      books.balances.get(fund.indexOf("alpha")),
      books.uncredited.get(token),
      books.undelivered.get(`${people.bob.address.toLowerCase()}:${token}`),
    ]).to.deep.equal([
      await held(fixture, "alpha"),
      amountIn(setAside) - amountIn(setAside) / 4n,
      amountIn(setAside) / 4n,
    ]);
  });

  it("keep the asset from being delisted until they are taken", async function () {
    const fixture = get();
    const { vault, people, fund } = fixture;

    await expect(vault.connect(people.owner).delistAsset(fund.indexOf("alpha")))
      .to.be.revertedWithCustomError(vault, "AssetInUse")
      .withArgs(fund.indexOf("alpha"));
  });
});
