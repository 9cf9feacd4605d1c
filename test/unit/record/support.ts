// Facts that the tests of the record share: a short ledger with correct heads, one line of nearly every kind.
import type { Address, Hex } from "viem";

import { unixSeconds } from "../../../src/core/units.ts";
import { FIRST_HEAD, type LedgerPlace, headAfter } from "../../../src/record/head.ts";
import type { LedgerLine, LineEvent, LineValue } from "../../../src/record/lines.ts";

export const PLACE: LedgerPlace = { chainId: 31337, vault: "0x00000000000000000000000000000000000000fd" };

export const USDC: Address = "0x000000000000000000000000000000000000c0de";
export const WETH: Address = "0x00000000000000000000000000000000000e7e12";
export const ALICE: Address = "0x00000000000000000000000000000000000a11ce";
export const BOB: Address = "0x0000000000000000000000000000000000000b0b";
const POOL: Address = "0x0000000000000000000000000000000000009001";
const HASH: Hex = `0x${"ab".repeat(32)}`;

export type Entry = readonly [event: LineEvent, args: Readonly<Record<string, LineValue>>];

const ENTRIES: readonly Entry[] = [
  ["AssetListed", { asset: "0", token: USDC, coinId: "usd-coin", decimals: "6", isStable: true }],
  ["AssetListed", { asset: "1", token: WETH, coinId: "ethereum", decimals: "18", isStable: false }],
  ["DepositRequested", { controller: ALICE, owner: ALICE, epoch: "1", assets: "5000" }],
  [
    "TargetPublished",
    {
      id: "21568",
      regime: "bull",
      decisionHash: HASH,
      membershipRoot: HASH,
      twinLevel: "1000",
      validFrom: "1630886400",
      executableAt: "1630900000",
      validUntil: "1631000000",
      assets: ["0", "1"],
      partsPerMillion: ["400000", "600000"],
    },
  ],
  [
    "RebalanceStarted",
    { id: "21568", regime: "bull", decisionHash: HASH, membershipRoot: HASH, nav: "0", supply: "0" },
  ],
  ["DepositsStruck", { epoch: "1", assets: "5000", shares: "5000000", nav: "0", supply: "0", swing: "0" }],
  [
    "LegExecuted",
    {
      id: "21568",
      position: "0",
      soldAsset: "0",
      boughtAsset: "1",
      sold: USDC,
      bought: WETH,
      amountSold: "3000",
      amountBought: "700",
      fair: "701",
      minimum: "690",
      pool: POOL,
    },
  ],
  ["LegSkipped", { id: "21568", position: "1", sold: USDC, bought: WETH, reason: "no fresh price" }],
  [
    "RebalanceFinished",
    {
      id: "21568",
      regime: "bull",
      nav: "4990",
      supply: "5000000",
      costBps: "20",
      legs: "1",
      skips: "1",
      twinLevel: "1000",
    },
  ],
  ["DepositClaimed", { controller: ALICE, receiver: ALICE, assets: "5000", shares: "5000000" }],
  ["RedemptionRequested", { controller: ALICE, owner: ALICE, epoch: "1", shares: "1000000" }],
  ["RedemptionsStruck", { epoch: "1", shares: "1000000", assets: "900", nav: "4990", supply: "5000000", swing: "30" }],
  ["RedemptionClaimed", { controller: ALICE, receiver: ALICE, shares: "1000000", assets: "400" }],
  [
    "RedeemedInKind",
    {
      owner: ALICE,
      receiver: ALICE,
      shares: "2000000",
      assets: ["0", "1"],
      tokens: [USDC, WETH],
      amounts: ["550", "350"],
      delivered: [true, false],
    },
  ],
  ["InKindClaimed", { owner: ALICE, receiver: ALICE, token: WETH, amount: "350" }],
];

/** Lines with the heads that the vault would give them. */
export function chained(entries: readonly Entry[], place: LedgerPlace = PLACE): LedgerLine[] {
  let head = FIRST_HEAD;
  return entries.map(([event, args], i) => {
    const line = { sequence: i + 1, event, args };
    head = headAfter(head, line, place);
    return { ...line, head, block: 10 + i, transaction: HASH, time: unixSeconds(1_630_886_400 + i) };
  });
}

/** The ledger: 15 lines. */
export const LINES: readonly LedgerLine[] = chained(ENTRIES);
