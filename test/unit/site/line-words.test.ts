import { expect } from "chai";

import { type Coins, coinsOf, wordsOfLine } from "../../../src/site/line-words.ts";
import { unixSeconds } from "../../../src/core/units.ts";
import type { LedgerLine, LineEvent } from "../../../src/record/lines.ts";

const COIN = `0x${"a0".repeat(20)}`;
const BITCOIN = `0x${"b0".repeat(20)}`;
const ALICE = `0x${"a1".repeat(20)}`;
const COINS: Coins = new Map([
  ["", { symbol: "USDC", decimals: 6 }],
  [COIN, { symbol: "USDC", decimals: 6 }],
  [BITCOIN, { symbol: "BTC", decimals: 8 }],
]);

function line(event: LineEvent, args: LedgerLine["args"], sequence = 1): LedgerLine {
  return { sequence, head: "0x", event, args, block: 1, transaction: "0x", time: unixSeconds(0) };
}

describe("wordsOfLine", function () {
  const cases: readonly (readonly [LineEvent, LedgerLine["args"], string])[] = [
    ["AssetListed", { asset: "2", coinId: "bitcoin" }, "listed bitcoin as asset 2"],
    ["AssetDelisted", { asset: "2", token: BITCOIN }, "delisted BTC, asset 2"],
    [
      "TargetPublished",
      { id: "8", regime: "bull", assets: ["1", "2"], executableAt: "1630886400" },
      "target 8, bull, 2 assets, may start from 2021-09-06 00:00Z",
    ],
    ["TargetVetoed", { id: "8", guardian: ALICE }, "target 8 withdrawn by guardian 0xa1a1…a1a1"],
    ["ExitBudgetRaised", { id: "9", guardian: ALICE }, "guardian 0xa1a1…a1a1 raised the budget of exit 9"],
    [
      "RebalanceStarted",
      { id: "8", regime: "bull", nav: "1000000000000000000" },
      "rebalance 8 to bull began at NAV 1.00 USD",
    ],
    [
      "LegExecuted",
      { position: "3", sold: COIN, bought: BITCOIN, amountSold: "2500000", amountBought: "100" },
      "leg 3: 2.500000 USDC -> 1.00e-6 BTC",
    ],
    [
      "LegSkipped",
      { position: "3", sold: COIN, bought: BITCOIN, reason: "stale price" },
      "leg 3 left out, USDC for BTC: stale price",
    ],
    [
      "RebalanceFinished",
      { id: "8", nav: "0", costBps: "4", legs: "9", skips: "1" },
      "rebalance 8 ended at NAV 0.00 USD, cost 4 bps without gas, 9 legs, 1 left out",
    ],
    [
      "RebalanceClosed",
      { id: "8", reason: "superseded", outside: ["2", "7"] },
      "rebalance 8 closed unfinished: superseded, 2 assets off target",
    ],
    [
      "DepositRequested",
      { owner: ALICE, assets: "5000000", epoch: "2" },
      "0xa1a1…a1a1 asked to deposit 5.000000 USDC (request 2)",
    ],
    [
      "RedemptionRequested",
      { owner: ALICE, shares: "5000000000000000000", epoch: "2" },
      "0xa1a1…a1a1 asked to redeem 5.000000 TM100 (request 2)",
    ],
    [
      "DepositCancelled",
      { receiver: ALICE, assets: "5000000", epoch: "2" },
      "0xa1a1…a1a1 took 5.000000 USDC back (request 2)",
    ],
    [
      "RedemptionCancelled",
      { receiver: ALICE, shares: "5000000000000000000", epoch: "2" },
      "0xa1a1…a1a1 took 5.000000 TM100 back (request 2)",
    ],
    [
      "DepositsStruck",
      { epoch: "2", assets: "5000000", shares: "4000000000000000000" },
      "deposits up to request 2: 5.000000 USDC became 4.000000 TM100",
    ],
    [
      "RedemptionsStruck",
      { epoch: "2", assets: "5000000", shares: "4000000000000000000" },
      "redemptions up to request 2: 4.000000 TM100 became 5.000000 USDC",
    ],
    ["DepositClaimed", { receiver: ALICE, shares: "4000000000000000000" }, "0xa1a1…a1a1 took 4.000000 TM100"],
    ["RedemptionClaimed", { receiver: ALICE, assets: "5000000" }, "0xa1a1…a1a1 took 5.000000 USDC"],
    [
      "RedeemedInKind",
      { owner: ALICE, shares: "4000000000000000000", delivered: [true, false] },
      "0xa1a1…a1a1 left in kind with 4.000000 TM100: 2 holdings, 1 not delivered",
    ],
    [
      "InKindClaimed",
      { receiver: ALICE, token: BITCOIN, amount: "100000000" },
      "0xa1a1…a1a1 took 1.000000 BTC of an earlier exit in kind",
    ],
    [
      "RedemptionsStruck",
      { epoch: "2", assets: "4985000", shares: "4000000000000000000", swing: "30" },
      "redemptions up to request 2: 4.000000 TM100 became 4.985000 USDC less a swing of 30 bps",
    ],
    [
      "FeeAccrued",
      { recipient: ALICE, shares: "4000000000000000000", rate: "200" },
      "0xa1a1…a1a1 got 4.000000 TM100 as the management fee of 200 bps a year",
    ],
  ];
  for (const [event, args, words] of cases) {
    it(`says what ${event} records`, function () {
      expect(wordsOfLine(line(event, args), COINS)).to.equal(words);
    });
  }

  it("shows raw units of a token that nobody named", function () {
    const stranger = `0x${"cc".repeat(20)}`;
    const words = wordsOfLine(line("InKindClaimed", { receiver: ALICE, token: stranger, amount: "7" }), COINS);

    expect(words).to.include("7 units of 0xcccc…cccc");
  });
});

describe("coinsOf", function () {
  it("names coins that only the ledger knows by their id", function () {
    const listed = line("AssetListed", { token: BITCOIN, coinId: "bitcoin", decimals: "8" });

    expect(coinsOf({ assets: [] }, [listed]).get(BITCOIN)).to.deep.equal({ symbol: "bitcoin", decimals: 8 });
  });
});
