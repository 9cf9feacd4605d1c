import { expect } from "chai";

import { unixSeconds } from "../../../src/core/units.ts";
import { fundLots } from "../../../src/record/fund-lots.ts";
import type { LedgerLine } from "../../../src/record/lines.ts";
import { shareLots } from "../../../src/record/share-lots.ts";
import { openPositions, yearsOf } from "../../../src/record/tax-report.ts";
import { ALICE, BOB, type Entry, USDC, WETH, chained } from "./support.ts";

const GATEWAY = "0x000000000000000000000000000000000000ba7e";
const TOKEN = "0x00000000000000000000000000000000000070c0";
/** D18{USD} */
const USD = 10n ** 18n;
const COIN = String(10n ** 6n);
const SHARE = 10n ** 18n;

const LISTED: readonly Entry[] = [
  ["AssetListed", { asset: "0", token: USDC, coinId: "usd-coin", decimals: "6", isStable: true }],
];

const coins = (amount: bigint): string => String(amount * BigInt(COIN));
const shares = (amount: bigint): string => String(amount * SHARE);

const deposit = (controller: string, amount: bigint, epoch = "1"): Entry => [
  "DepositRequested",
  { controller, owner: controller, epoch, assets: coins(amount) },
];
const redeem = (controller: string, amount: bigint, epoch = "1"): Entry => [
  "RedemptionRequested",
  { controller, owner: controller, epoch, shares: shares(amount) },
];
const claim = (controller: string, receiver: string, [assets, got]: readonly [bigint, bigint]): Entry => [
  "DepositClaimed",
  { controller, receiver, assets: coins(assets), shares: shares(got) },
];

const strike = (event: "DepositsStruck" | "RedemptionsStruck", assets: bigint, got: bigint): Entry => [
  event,
  {
    epoch: "1",
    assets: coins(assets),
    shares: shares(got),
    nav: String(1000n * USD),
    supply: shares(500n),
    swing: "0",
  },
];

/** Lines on days of their own: line n is of second n * 1000. */
function lines(...entries: readonly Entry[]): LedgerLine[] {
  return chained([...LISTED, ...entries]).map((line) => ({ ...line, time: unixSeconds(line.sequence * 1000) }));
}

describe("shareLots", function () {
  it("buys at the strike for the coins that were struck, and sells at the strike for those that came", function () {
    // 100 coins become 50 shares; 20 of them become 60 coins: cost 100 * 20 / 50 = 40, gain 20.
    const ledger = lines(
      deposit(ALICE, 100n),
      strike("DepositsStruck", 100n, 50n),
      claim(ALICE, ALICE, [100n, 50n]),
      redeem(ALICE, 20n),
      strike("RedemptionsStruck", 60n, 20n),
    );

    const { books } = shareLots({ lines: ledger, transfers: [] }, "fifo");

    const [sold] = books.disposals(ALICE);
    expect([sold?.proceeds, sold?.cost, sold?.acquired, sold?.time]).to.deep.equal([60n * USD, 40n * USD, 3000, 6000]);
    expect(books.lots(ALICE)).to.deep.equal([{ acquired: 3000, quantity: 30n * SHARE, cost: 60n * USD }]);
  });

  it("follows shares that are claimed for another, and those that are given away", function () {
    const ledger = lines(deposit(ALICE, 100n), strike("DepositsStruck", 100n, 50n), claim(ALICE, BOB, [100n, 50n]));
    const transfer = {
      from: BOB,
      to: ALICE,
      amount: shares(10n),
      block: 1,
      transaction: "0x12",
      time: unixSeconds(5000),
    } as const;

    const { books } = shareLots({ lines: ledger, transfers: [{ after: 4, ...transfer }] }, "fifo");

    expect(books.lots(BOB)).to.deep.equal([{ acquired: 3000, quantity: 40n * SHARE, cost: 80n * USD }]);
    expect(books.lots(ALICE)).to.deep.equal([{ acquired: 3000, quantity: 10n * SHARE, cost: 20n * USD }]);
  });

  it("takes what goes through the gateway for the caller's own", function () {
    const ledger = lines(
      deposit(GATEWAY, 100n),
      strike("DepositsStruck", 100n, 50n),
      claim(GATEWAY, GATEWAY, [100n, 50n]),
      redeem(GATEWAY, 25n),
      strike("RedemptionsStruck", 75n, 25n),
    );
    const moved = { block: 1, transaction: "0x12", time: unixSeconds(5000) } as const;
    const transfers = [
      { after: 4, from: GATEWAY, to: ALICE, amount: shares(50n), ...moved },
      { after: 4, from: ALICE, to: GATEWAY, amount: shares(25n), ...moved },
    ] as const;

    const { books } = shareLots({ lines: ledger, transfers }, "fifo", GATEWAY);

    // 25 shares had cost 50 and brought 75.
    expect(books.disposals(ALICE).map(({ proceeds, cost }) => proceeds - cost)).to.deep.equal([25n * USD]);
    expect([books.disposals(GATEWAY), books.lots(GATEWAY)]).to.deep.equal([[], []]);
  });

  it("counts an exit in kind at the last NAV per share", function () {
    const nothing = { assets: [], tokens: [], amounts: [], delivered: [] };
    const ledger = lines(deposit(ALICE, 100n), strike("DepositsStruck", 100n, 50n), claim(ALICE, ALICE, [100n, 50n]), [
      "RedeemedInKind",
      { owner: ALICE, receiver: ALICE, shares: shares(10n), ...nothing },
    ]);

    const { books } = shareLots({ lines: ledger, transfers: [] }, "fifo");

    // 10 of 500 shares at a NAV of 1,000: 20; they had cost 20.
    expect(books.disposals(ALICE).map(({ proceeds, cost }) => [proceeds, cost])).to.deep.equal([
      [20n * USD, 20n * USD],
    ]);
  });
});

describe("fundLots", function () {
  const leg = (sold: readonly [string, string, bigint], bought: readonly [string, string, bigint]): Entry => [
    "LegExecuted",
    {
      id: "8",
      position: "0",
      soldAsset: sold[0],
      boughtAsset: bought[0],
      sold: sold[1],
      bought: bought[1],
      amountSold: String(sold[2]),
      amountBought: String(bought[2]),
      fair: "0",
      minimum: "0",
      pool: BOB,
    },
  ];

  it("buys and sells for what was paid in the deposit coin", function () {
    // 10 units for 100 coins; 4 of them for 50: cost 40, gain 10. The rest at the last leg's 12.5 a unit: 75.
    const ledger = lines(
      leg(["0", USDC, 100n * 10n ** 6n], ["2", TOKEN, 10n]),
      leg(["2", TOKEN, 4n], ["0", USDC, 50n * 10n ** 6n]),
    );

    const { books, rates } = fundLots(ledger, "fifo");

    const [sold] = books.allDisposals();
    expect([sold?.proceeds, sold?.cost]).to.deep.equal([50n * USD, 40n * USD]);
    expect(rates.get(TOKEN)).to.deep.equal({ usd: 50n * USD, units: 4n });
    expect(books.lots(TOKEN).map(({ quantity, cost }) => [quantity, cost])).to.deep.equal([[6n, 60n * USD]]);
  });

  it("values legs through ether by what ether brought in the same rebalance", function () {
    // 4 units bring 2 ether, 3 units of another 1: 3 ether bring 90 coins, 30 each. So 60 for the 4, which had cost 40.
    const ledger = lines(
      leg(["0", USDC, 100n * 10n ** 6n], ["2", TOKEN, 10n]),
      leg(["2", TOKEN, 4n], ["255", WETH, 2n]),
      leg(["3", BOB, 3n], ["255", WETH, 1n]),
      leg(["255", WETH, 3n], ["0", USDC, 90n * 10n ** 6n]),
    );

    const { books } = fundLots(ledger, "fifo");

    const [first, second] = books.allDisposals();
    expect([first?.proceeds, first?.cost]).to.deep.equal([60n * USD, 40n * USD]);
    expect([second?.proceeds, second?.isCostUnknown]).to.deep.equal([30n * USD, true]);
  });

  it("hands on in kind at cost, and loses what is written down", function () {
    const ledger = lines(
      leg(["0", USDC, 100n * 10n ** 6n], ["2", TOKEN, 10n]),
      [
        "RedeemedInKind",
        {
          owner: ALICE,
          receiver: ALICE,
          shares: "1",
          assets: ["0", "2"],
          tokens: [USDC, TOKEN],
          amounts: ["5", "2"],
          delivered: [true, true],
        },
      ],
      ["BooksWrittenDown", { asset: "2", token: TOKEN, booked: "8", left: "3" }],
    );

    const gains = fundLots(ledger, "fifo").books.allDisposals();

    expect(gains.map(({ kind, proceeds, cost }) => [kind, proceeds - cost])).to.deep.equal([
      ["in kind", 0n],
      ["loss", -50n * USD],
    ]);
  });
});

describe("yearsOf", function () {
  it("goes by calendar years, UTC", function () {
    const one = {
      sequence: 1,
      asset: "a",
      kind: "sale",
      acquired: undefined,
      quantity: 1n,
      isCostUnknown: false,
    } as const;
    const years = yearsOf([
      // The last second of 2021, and the first of 2022.
      { ...one, time: unixSeconds(Date.parse("2021-12-31T23:59:59Z") / 1000), proceeds: 10n, cost: 4n },
      { ...one, time: unixSeconds(Date.parse("2022-01-01T00:00:00Z") / 1000), proceeds: 5n, cost: 7n },
      { ...one, time: unixSeconds(Date.parse("2022-06-01T00:00:00Z") / 1000), proceeds: 9n, cost: 1n },
    ]);

    expect(years).to.deep.equal([
      { year: 2021, disposals: 1, proceeds: 10n, cost: 4n, gain: 6n },
      { year: 2022, disposals: 2, proceeds: 14n, cost: 8n, gain: 6n },
    ]);
  });
});

describe("openPositions", function () {
  it("says what is left would bring, and leaves out what is gone", function () {
    const ledger = lines(deposit(ALICE, 100n), strike("DepositsStruck", 100n, 50n));
    const { books } = shareLots({ lines: ledger, transfers: [] }, "fifo");

    const open = openPositions(
      books,
      new Map([
        [ALICE, "TM100"],
        [BOB, "TM100"],
      ]),
      (_, quantity) => quantity * 3n,
    );

    expect(open).to.deep.equal([
      { asset: "TM100", lots: 1, quantity: 50n * SHARE, cost: 100n * USD, value: 150n * SHARE, gain: 50n * USD },
    ]);
  });
});
