// Turns what a depositor bears, and what keeps the fund from trading, into words, and into plain data.
import type { FundCosts, FundGuards } from "../../execute/read-costs.ts";
import { SHARE, formatAmount, formatTime, formatUsd } from "../../site/amounts.ts";
import type { Money } from "../../site/money.ts";

type Row = readonly [string, string];

/** Lines of the fund's table on what a depositor bears. */
export function costRows(costs: FundCosts, coin: Money): readonly Row[] {
  const { swing, measured, fee, cap, depositsPausedUntil, leastDeposit, leastRedemption } = costs;
  const mean =
    measured === undefined
      ? "no rebalance has finished"
      : `last ${measured.rebalances} rebalances cost ${percent(measured.mean)} on average`;
  const rates = `bull ${percent(fee.bull)} (most ${percent(fee.mostBull)}), bear ${percent(fee.bear)} (most ${percent(fee.mostBear)})`;
  return [
    ["deposit costs", `${percent(swing.deposit)}; least ${formatAmount(leastDeposit, coin.decimals)} ${coin.symbol}`],
    [
      "redemption costs",
      `${percent(swing.redemption)}; least ${formatAmount(leastRedemption, SHARE.decimals)} ${SHARE.symbol}, or all`,
    ],
    ["swing", `${percent(swing.least)} to ${percent(swing.most)}; ${mean}`],
    ["management fee", `${percent(fee.now)} a year now; ${rates}`],
    ["deposit cap", capText(cap, coin)],
    ...(depositsPausedUntil === undefined
      ? []
      : [["deposits", `paused until ${formatTime(depositsPausedUntil)}`] as const]),
  ];
}

/** Lines of the fund's table on what keeps it from trading; none when nothing does, but when the keeper's time ends. */
export function guardRows({ buyingPausedUntil, closed, quarantined, abandonedFrom }: FundGuards): readonly Row[] {
  return [
    buyingPausedUntil === undefined ? [] : [["buying", `paused until ${formatTime(buyingPausedUntil)}`] as const],
    closed.length === 0 ? [] : [["closed to buying", assetsText(closed)] as const],
    quarantined.length === 0 ? [] : [["quarantine", assetsText(quarantined)] as const],
    abandonedFrom === undefined
      ? []
      : [["abandoned", `from ${formatTime(abandonedFrom)} anyone may sell, if nothing finishes before`] as const],
  ].flat();
}

function capText(cap: FundCosts["cap"], { symbol, decimals }: Money): string {
  if (cap === undefined) return "none";
  const { used, limit, room } = cap;
  return `${formatUsd(used)} of ${formatUsd(limit)} USD, room for ${formatAmount(room, decimals)} ${symbol}`;
}

function assetsText(assets: readonly number[]): string {
  return assets.map((index) => `asset ${index}`).join(", ");
}

/** {bps} in percent. */
function percent(bps: number): string {
  return `${(bps / 100).toFixed(2)} %`;
}
