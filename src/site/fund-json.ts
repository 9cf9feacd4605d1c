// Turns where a fund stands into plain data: amounts as decimal strings in whole units, times in UTC.
import { decimalString } from "../core/units.ts";
import { navPerShare } from "../execute/read-account.ts";
import type { FundCosts, FundGuards } from "../execute/read-costs.ts";
import type { Budget, FundLimits, FundStatus } from "../execute/read-status.ts";
import { SHARE, timeString, usdString } from "./amounts.ts";
import type { CostsAnswer, FundAnswer, GuardsAnswer, LimitsAnswer } from "./answers/fund.ts";
import type { Money } from "./money.ts";

/** Decimals of a part of the whole. */
const PART_DECIMALS = 18;

/** The fund for a program. */
export function fundJson(fund: FundStatus, coin: Money): FundAnswer {
  const { since, pending, running } = fund;
  return {
    time: timeString(fund.time),
    block: Number(fund.block),
    regime: fund.regime,
    since: since === undefined ? null : { targetId: since.targetId, time: timeString(since.time) },
    navUsd: usdString(fund.nav),
    holdings: fund.holdings,
    unpriced: fund.unpriced,
    navPerShareUsd: usdString(navPerShare(fund)),
    supply: decimalString(fund.supply, SHARE.decimals),
    coin: coin.symbol,
    depositsPending: decimalString(fund.depositsPending, coin.decimals),
    sharesDue: decimalString(fund.sharesDue, SHARE.decimals),
    setAside: decimalString(fund.setAside, coin.decimals),
    pending:
      pending === undefined
        ? null
        : {
            id: pending.id,
            executableAt: timeString(pending.executableAt),
            validUntil: timeString(pending.validUntil),
          },
    running: running === undefined ? null : { id: running.id, deadline: timeString(running.deadline) },
    limits: limitsJson(fund.limits),
    guards: guardsJson(fund.guards),
    costs: costsJson(fund.costs, coin),
    ledger: { lines: Number(fund.lines), head: fund.head },
  };
}

/** The limits for a program; parts of the value before as decimal strings. */
export function limitsJson(limits: FundLimits): LimitsAnswer {
  const { cutoff, returnFrom, anyoneFrom, extraOpensAt, rebalance, window, exit, prices } = limits;
  return {
    cutoff: timeString(cutoff),
    returnFrom: timeString(returnFrom),
    exitOpenToAll: anyoneFrom === undefined ? null : timeString(anyoneFrom),
    exitExtraOpens: extraOpensAt === undefined ? null : timeString(extraOpensAt),
    losses: { rebalance: budgetJson(rebalance), window: budgetJson(window), exit: budgetJson(exit) },
    prices: prices.map(({ index, kind, isFresh, age, heartbeat }) => {
      return { index, kind, isFresh, ...(kind === "feed" ? { age, heartbeat } : {}) };
    }),
  };
}

function budgetJson({ used, limit }: Budget): LimitsAnswer["losses"]["exit"] {
  return { used: decimalString(used, PART_DECIMALS), limit: decimalString(limit, PART_DECIMALS) };
}

/** The costs for a program: rates in basis points, amounts as decimal strings. */
export function costsJson(costs: FundCosts, coin: Money): CostsAnswer {
  const { swing, measured, fee, cap, depositsPausedUntil, leastDeposit, leastRedemption } = costs;
  return {
    swingBps: { ...swing },
    measuredBps: measured === undefined ? null : { ...measured },
    feeBpsPerYear: { ...fee },
    depositCap:
      cap === undefined
        ? null
        : {
            limitUsd: usdString(cap.limit),
            usedUsd: usdString(cap.used),
            room: decimalString(cap.room, coin.decimals),
          },
    depositsPausedUntil: depositsPausedUntil === undefined ? null : timeString(depositsPausedUntil),
    leastDeposit: decimalString(leastDeposit, coin.decimals),
    leastRedemption: decimalString(leastRedemption, SHARE.decimals),
  };
}

/** What keeps the fund from trading, for a program. */
export function guardsJson({ buyingPausedUntil, closed, quarantined, abandonedFrom }: FundGuards): GuardsAnswer {
  return {
    buyingPausedUntil: buyingPausedUntil === undefined ? null : timeString(buyingPausedUntil),
    closed: [...closed],
    quarantined: [...quarantined],
    abandonedFrom: abandonedFrom === undefined ? null : timeString(abandonedFrom),
  };
}
