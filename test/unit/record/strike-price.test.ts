// Tests of src/record/strike-price.ts and coin-claims.ts: a deposit coin off its peg, by hand, and lots that agree.
import { expect } from "chai";

import { coinClaims } from "../../../src/record/coin-claims.ts";
import type { LedgerLine, LineEvent } from "../../../src/record/lines.ts";
import { shareLots } from "../../../src/record/share-lots.ts";
import { strikePrice } from "../../../src/record/strike-price.ts";
import { ALICE, BOB, type Entry, USDC, chained } from "./support.ts";

const USD = 10n ** 18n;
const SHARE = 10n ** 18n;
const COIN = 10n ** 6n;
/** D18{USD} of one raw unit of a coin with 6 decimals. */
const PER_UNIT = 10n ** 12n;

type Struck = {
  readonly price: bigint; // D18{USD/wholeTok} of the feed
  readonly nav: bigint;
  readonly supply: bigint;
  readonly swing?: bigint;
};

/** Shares by RequestBook.sol, sharesFor. */
function sharesFor(assets: bigint, { price, nav, supply, swing = 0n }: Struck): bigint {
  const value = (assets * (price < USD ? price : USD)) / COIN;
  return supply < 10n ** 15n ? value : (value * (10_000n - swing) * supply) / (nav * 10_000n);
}

/** Coins by RequestBook.sol, owed. */
function assetsFor(shares: bigint, { price, nav, supply, swing = 0n }: Struck): bigint {
  const value = (shares * (10_000n - swing) * nav) / (supply * 10_000n);
  return (value * COIN) / (price > USD ? price : USD);
}

function struckLine(event: LineEvent, amounts: readonly [bigint, bigint], { nav, supply, swing = 0n }: Struck): Entry {
  const [assets, shares] = amounts.map(String) as [string, string];
  return [event, { epoch: "1", assets, shares, nav: String(nav), supply: String(supply), swing: String(swing) }];
}

const deposit = (assets: bigint, at: Struck): Entry =>
  struckLine("DepositsStruck", [assets, sharesFor(assets, at)], at);
const redemption = (shares: bigint, at: Struck): Entry =>
  struckLine("RedemptionsStruck", [assetsFor(shares, at), shares], at);

function priceOf(entry: Entry): bigint {
  return strikePrice(chained([entry])[0] as LedgerLine, PER_UNIT);
}

/** An awkward fund: divisions leave remainders. */
const FUND = { nav: 1_234_567n * USD + 89n, supply: 1_111_111n * SHARE + 7n };

describe("strikePrice", function () {
  for (const swing of [0n, 30n]) {
    it(`finds 0.99 USD of a deposit at a swing of ${swing} bps, to 1e-12`, function () {
      const found = priceOf(deposit(5_000n * COIN, { ...FUND, swing, price: (USD * 99n) / 100n }));

      expect(Number(found - (USD * 99n) / 100n)).to.be.within(0, 1e6);
    });

    it(`finds 1.01 USD of a redemption at a swing of ${swing} bps, to a unit of the coins`, function () {
      const found = priceOf(redemption(5_000n * SHARE, { ...FUND, swing, price: (USD * 101n) / 100n }));

      // 5,000 shares are 5,555 USD and 5,500 coins: a unit is 1e-6 of 5,500.
      expect(Math.abs(Number(found - (USD * 101n) / 100n))).to.be.below(1e18 / 5_000e6);
    });
  }

  it("finds the price of a first deposit, whose shares are worth a dollar", function () {
    expect(priceOf(deposit(97n * COIN, { nav: 0n, supply: 0n, price: (USD * 985n) / 1000n }))).to.be.within(
      (USD * 985n) / 1000n,
      (USD * 985n) / 1000n + 10n ** 11n,
    );
  });

  it("is a dollar to the last unit at the peg, and on the side that counts a dollar", function () {
    const above = { ...FUND, price: (USD * 101n) / 100n };
    const below = { ...FUND, price: (USD * 97n) / 100n };
    const prices = [
      ...[USD, above.price].map((price) => priceOf(deposit(4_999_999_999n, { ...FUND, swing: 30n, price }))),
      ...[USD, below.price].map((price) => priceOf(redemption(4_999_999_999_999_999_999_999n, { ...FUND, price }))),
    ];

    expect(prices).to.deep.equal([USD, USD, USD, USD]);
  });
});

describe("coins that were struck off the peg", function () {
  const before = { ...FUND, price: (USD * 99n) / 100n };
  const paid = 1_000n * COIN;
  const got = sharesFor(2n * paid, before);
  const request = (controller: string): Entry => [
    "DepositRequested",
    { controller, owner: controller, epoch: "1", assets: String(paid) },
  ];
  const claim = (controller: string, assets: bigint): Entry => [
    "DepositClaimed",
    { controller, receiver: controller, assets: String(assets), shares: String((assets * (got / 2n)) / paid) },
  ];
  const half = got / 2n;
  const at = { ...FUND, price: USD };
  const lines = chained([
    ["AssetListed", { asset: "0", token: USDC, coinId: "usd-coin", decimals: "6", isStable: true }],
    request(ALICE),
    request(BOB),
    deposit(2n * paid, before),
    claim(ALICE, paid),
    claim(BOB, paid / 4n),
    ["RedemptionRequested", { controller: ALICE, owner: ALICE, epoch: "1", shares: String(half) }],
    redemption(half, at),
    [
      "RedemptionClaimed",
      { controller: ALICE, receiver: ALICE, shares: String(half), assets: String(assetsFor(half, at)) },
    ],
  ]);
  const near = (found: bigint | undefined, expected: bigint): void => {
    expect(Math.abs(Number((found ?? 0n) - expected))).to.be.below(1e13); // {USD} 1e-5, ten units of the coin
  };

  it("cost what the strike counted them: 1,000 coins at 0.99 are 990 USD", function () {
    const { claims, open } = coinClaims(lines, "deposits");

    near(claims.get(5), 990n * USD);
    near(claims.get(6), (2475n * USD) / 10n);
    expect(open.get(BOB)?.coins).to.equal((3n * paid) / 4n);
    near(open.get(BOB)?.usd, (7425n * USD) / 10n);
  });

  it("are no gain when the same share price is paid in coins at a dollar", function () {
    // 990 coins for shares that had cost 990 USD; counted at a dollar each it had been a loss of 10.
    near(coinClaims(lines, "redemptions").claims.get(9), 990n * USD);
  });

  it("are the same to the last unit in lots as in claims", function () {
    const { books } = shareLots({ lines, transfers: [] }, "fifo");

    const [sold] = books.disposals(ALICE);
    expect([sold?.cost, sold?.proceeds]).to.deep.equal([
      coinClaims(lines, "deposits").claims.get(5),
      coinClaims(lines, "redemptions").claims.get(9),
    ]);
  });

  it("count the mean of their strikes when a claim takes of several", function () {
    const second: readonly Entry[] = [
      ["DepositRequested", { controller: BOB, owner: BOB, epoch: "2", assets: String(paid) }],
      deposit(paid, at),
    ];
    const inSecond = second.map(([event, args]): Entry => [event, { ...args, epoch: "2" }]);
    const all = chained([...lines.slice(0, 6).map(({ event, args }): Entry => [event, args]), ...inSecond]);

    const { open } = coinClaims(all, "deposits");

    expect(open.get(BOB)?.coins).to.equal((7n * paid) / 4n);
    near(open.get(BOB)?.usd, (17425n * USD) / 10n); // 750 at 0.99 and 1,000 at 1
  });
});
