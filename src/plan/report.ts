// Turns a plan into what a person or program reads: amounts in whole units, prices, costs in USD and basis points.
import { getAddress } from "viem";
import type { Token } from "@uniswap/sdk-core";

import type { Json } from "../core/canonical-json.ts";
import { decimalString } from "../core/units.ts";
import type { LeftOut, PlannedLeg } from "./desk.ts";
import { type PlanAsset, assetAt } from "./holdings.ts";
import type { Plan } from "./plan.ts";
import { sdkCore } from "./uniswap.ts";

/** One leg for reading; amounts are decimal strings in whole units. */
export type LegReport = {
  readonly sold: string;
  readonly bought: string;
  readonly amount: string;
  readonly expected: string;
  readonly minimum: string;
  readonly fair: string;
  /** Bought for one whole unit sold, six significant digits; empty for a leg that only marks a skip. */
  readonly price: string;
  /** Percent of what is paid in. */
  readonly poolFee: string;
  readonly impactBps: number;
  readonly gas: number;
  readonly feeUsd: string;
  readonly impactUsd: string;
  readonly driftUsd: string;
  readonly gasUsd: string;
  readonly costUsd: string;
  readonly costBps: number;
  readonly pool: string;
  readonly reason: string;
  readonly outcome: string;
};

/** A plan for reading. */
export type PlanReport = {
  readonly hash: string;
  readonly regime: string;
  readonly navUsd: string;
  readonly owedUsd: string;
  readonly legs: readonly LegReport[];
  readonly leftOut: readonly { readonly symbol: string; readonly valueUsd: string; readonly reason: string }[];
  readonly transactions: number;
  readonly gas: number;
  readonly costUsd: string;
  readonly costBps: number;
};

/** {digits after the point} of amounts in USD. */
const CENTS = 2;

/**
 * The report of a plan; it is JSON as it stands ({@link Json}).
 *
 * @param assets Those that the plan was made with.
 */
export function planReport(plan: Plan, assets: readonly PlanAsset[], chainId: number): PlanReport {
  return {
    hash: plan.hash,
    regime: plan.regime,
    navUsd: dollars(plan.aim.nav),
    owedUsd: dollars(plan.aim.owed),
    legs: plan.legs.map((leg) => legReport(leg, assets, chainId)),
    leftOut: plan.leftOut.map(({ symbol, value, reason }: LeftOut) => ({ symbol, valueUsd: dollars(value), reason })),
    transactions: plan.batches.length,
    gas: plan.totals.gasUnits,
    costUsd: dollars(plan.totals.total),
    costBps: plan.totals.costBps,
  } satisfies Json;
}

function legReport(leg: PlannedLeg, assets: readonly PlanAsset[], chainId: number): LegReport {
  const sold = amountOf(assets, leg.sold, chainId);
  const bought = amountOf(assets, leg.bought, chainId);
  const { cost, impactBps, gas, costBps, pool, reason, outcome } = leg;
  return {
    sold: leg.soldSymbol,
    bought: leg.boughtSymbol,
    amount: sold(leg.amount).toExact(),
    expected: bought(leg.expected).toExact(),
    minimum: bought(leg.minimum).toExact(),
    fair: bought(leg.fair).toExact(),
    price: outcome === "trade" ? priceOf(sold(leg.amount), bought(leg.expected)) : "",
    poolFee: new sdkCore.Percent(leg.poolFee, 1_000_000).toFixed(2),
    feeUsd: dollars(cost.fee),
    impactUsd: dollars(cost.impact),
    driftUsd: dollars(cost.drift),
    gasUsd: dollars(cost.gas),
    costUsd: dollars(cost.total),
    ...{ impactBps, gas, costBps, pool, reason, outcome },
  };
}

type Amount = ReturnType<typeof sdkCore.CurrencyAmount.fromRawAmount<Token>>;

function amountOf(assets: readonly PlanAsset[], index: number, chainId: number): (raw: bigint) => Amount {
  const asset = assetAt(assets, index);
  if (asset === undefined) throw new TypeError(`asset ${index} is not in the plan`);
  const token = new sdkCore.Token(chainId, getAddress(asset.token), asset.decimals, asset.symbol);
  return (raw) => sdkCore.CurrencyAmount.fromRawAmount(token, raw.toString());
}

function priceOf(baseAmount: Amount, quoteAmount: Amount): string {
  return new sdkCore.Price({ baseAmount, quoteAmount }).toSignificant(6);
}

/** Rounded towards zero; for reading only. */
function dollars(value: bigint): string {
  return decimalString(value / 10n ** BigInt(18 - CENTS), CENTS);
}
