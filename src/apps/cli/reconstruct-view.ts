// Turns a reconstruction into tables for a person and a document for a program.
import { mondayOfTarget } from "../../core/time.ts";
import { decimalString } from "../../core/units.ts";
import { TRANSIT } from "../../plan/holdings.ts";
import type { Ledger } from "../../record/ledger-file.ts";
import type { Ending, NavPoint, Position, Reconstruction } from "../../record/reconstruct.ts";
import { SHARE, formatAmount, formatTime, formatUsd, timeString, usdString } from "../../site/amounts.ts";
import type { Coins } from "../../site/line-words.ts";
import { type JsonObject, formatTable } from "./output.ts";

/** Index of wrapped ether, whose token is also that in transit. */
const ETHER = 1;
/** Rows of the NAV history that a person reads; `--json` has all. */
const SHOWN = 12;

/** What is shown of a reconstruction, and how its coins are called. */
export type ShownReconstruction = {
  readonly rebuilt: Reconstruction;
  readonly coins: Coins;
  readonly ledger: Pick<Ledger, "place">;
};

/** Holdings, the last ends, fees and positions. */
export function reconstructionText({ rebuilt, coins, ledger }: ShownReconstruction): string {
  const { endings, fees, positions, books } = rebuilt;
  const feeText = `Fees: ${fees.length} accruals, ${shareText(books.fees)}; supply ${shareText(books.supply)}, regime ${books.regime}.`;
  const left = endings.length > SHOWN ? [`(the last ${SHOWN} of ${endings.length}; --json has all)`] : [];
  return [
    holdingsTable(rebuilt, coins),
    "",
    endingsTable(rebuilt),
    ...left,
    "",
    feeText,
    "",
    positionsTable(positions, coins, ledger.place.vault),
  ].join("\n");
}

/** Amounts are decimal strings in whole units. */
export function reconstructionJson({ rebuilt, coins }: ShownReconstruction): JsonObject {
  const { books, navs, endings, fees, positions } = rebuilt;
  const tokenOf = (index: number): string => tokenAt(rebuilt, index);
  const amountOf = (token: string, amount: bigint) => {
    const coin = coins.get(token);
    return { token, symbol: coin?.symbol ?? null, amount: decimalString(amount, coin?.decimals ?? 0) };
  };
  const holdingsOf = (holdings: ReadonlyMap<number, bigint>) =>
    [...holdings]
      .filter(([, amount]) => amount !== 0n)
      .sort(([left], [right]) => left - right)
      .map(([asset, amount]) => ({ asset, ...amountOf(tokenOf(asset), amount) }));
  return {
    regime: books.regime,
    supply: shareString(books.supply),
    depositsPending: cashString(books.depositsPending, coins),
    sharesPending: shareString(books.redemptionsPending),
    setAside: cashString(books.setAside, coins),
    feeShares: shareString(books.fees),
    holdings: holdingsOf(books.balances),
    navs: navs.map(navJson),
    endings: endings.map((ending) => ({ ...endingJson(ending), holdings: holdingsOf(ending.holdings) })),
    fees: fees.map(({ time, shares, supply, ...fee }) => ({
      ...fee,
      time: timeString(time),
      shares: shareString(shares),
      supply: shareString(supply),
    })),
    positions: [...positions].map(([account, position]) => ({
      account,
      ...positionJson(position, coins),
      owed: [...position.owed].map(([token, amount]) => amountOf(token, amount)),
      creditable: [...position.creditable].map(([token, amount]) => amountOf(token, amount)),
    })),
  };
}

function navJson({ time, nav, supply, navPerShare, id, ...point }: NavPoint) {
  return {
    ...point,
    id: id ?? null,
    time: timeString(time),
    nav: usdString(nav),
    supply: shareString(supply),
    navPerShare: usdString(navPerShare),
  };
}

function endingJson({ sequence, time, id, kind, regime, supply, costBps }: Ending) {
  return { sequence, time: timeString(time), id, kind, regime, supply: shareString(supply), costBps: costBps ?? null };
}

function positionJson({ shares, deposits, redemptions }: Position, coins: Coins) {
  const sum = (parts: readonly { readonly amount: bigint }[]): bigint =>
    parts.reduce((total, { amount }) => total + amount, 0n);
  return {
    shares: shareString(shares),
    depositPending: cashString(sum(deposits.pending), coins),
    sharesPending: shareString(sum(redemptions.pending)),
    claimableShares: shareString(deposits.receivable),
    claimableFor: cashString(deposits.given, coins),
    claimableMoney: cashString(redemptions.receivable, coins),
    claimableForShares: shareString(redemptions.given),
  };
}

function holdingsTable(rebuilt: Reconstruction, coins: Coins): string {
  const held = [...rebuilt.books.balances].filter(([, amount]) => amount > 1n).sort(([a], [b]) => a - b);
  return formatTable(
    [
      { header: "asset", align: "right" },
      { header: "coin", align: "left" },
      { header: "amount", align: "right" },
    ],
    held.map(([asset, amount]) => {
      const coin = coins.get(tokenAt(rebuilt, asset));
      const name = `${coin?.symbol ?? "?"}${asset === TRANSIT ? " in transit" : ""}`;
      return [String(asset), name, formatAmount(amount, coin?.decimals ?? 0)];
    }),
  );
}

function endingsTable({ endings, navs }: Reconstruction): string {
  const navOf = new Map(navs.map((point) => [point.sequence, point]));
  return formatTable(
    [
      { header: "end [UTC]", align: "left" },
      { header: "week", align: "left" },
      { header: "how", align: "left" },
      { header: "regime", align: "left" },
      { header: "NAV [USD]", align: "right" },
      { header: "share [USD]", align: "right" },
      { header: "held", align: "right" },
      { header: "cost [bps]", align: "right" },
    ],
    endings.slice(-SHOWN).map(({ sequence, time, id, kind, regime, holdings, costBps }) => {
      const point = navOf.get(sequence);
      return [
        formatTime(time).replace("Z", ""),
        mondayOfTarget(Number(id)),
        kind,
        regime,
        point === undefined ? "" : formatUsd(point.nav),
        point === undefined ? "" : formatAmount(point.navPerShare, 18),
        String([...holdings.values()].filter((amount) => amount > 1n).length),
        costBps === undefined ? "" : String(costBps),
      ];
    }),
  );
}

function positionsTable(positions: Reconstruction["positions"], coins: Coins, vault: string): string {
  const rows = [...positions].map(([account, position]) => {
    const { shares, depositPending, sharesPending, claimableShares, claimableMoney } = positionJson(position, coins);
    const units = String(position.owed.size + position.creditable.size);
    const name = account === vault.toLowerCase() ? `${account} (the vault)` : account;
    return [name, shares, depositPending, sharesPending, claimableShares, claimableMoney, units];
  });
  const right = (header: string) => ({ header, align: "right" as const });
  return formatTable(
    [
      { header: "account", align: "left" },
      right("shares"),
      right("coins waiting"),
      right("shares waiting"),
      right("shares to claim"),
      right("coins to claim"),
      right("tokens owed"),
    ],
    rows,
  );
}

function tokenAt({ books }: Reconstruction, index: number): string {
  return books.tokens.get(index === TRANSIT ? ETHER : index) ?? "";
}

function shareText(amount: bigint): string {
  return `${formatAmount(amount, SHARE.decimals)} ${SHARE.symbol}`;
}

function shareString(amount: bigint): string {
  return decimalString(amount, SHARE.decimals);
}

/** An amount of the deposit coin. */
function cashString(amount: bigint, coins: Coins): string {
  return decimalString(amount, coins.get("")?.decimals ?? 0);
}
