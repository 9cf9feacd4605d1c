// Turns the fund's holdings into what an exit in kind gets of each, and what it gives up to the others.
import { AppError } from "../../core/errors.ts";
import { decimalString } from "../../core/units.ts";
import type { InKindMinimum } from "../../execute/depositor.ts";
import type { DeployedAsset, Deployment } from "../../execute/deployment.ts";
import type { Holding } from "../../execute/read-account.ts";
import { TRANSIT } from "../../plan/holdings.ts";
import { formatAmount, formatUsd, usdString } from "../../site/amounts.ts";
import { type JsonObject, formatTable } from "./output.ts";

/** The caller's part of a holding: one of `amount` and `forfeited` is zero. */
export type Part = {
  readonly holding: Holding;
  readonly amount: bigint; // {tok} received
  readonly value: bigint; // D18{USD}
  readonly forfeited: bigint; // {tok} given up to those who stay
  readonly forfeitedValue: bigint; // D18{USD}
  readonly isSkipped: boolean;
};

/** An exit in kind would pay less of a coin than its caller demands. */
export class InKindBelowMinimumError extends AppError {
  readonly code = "IN_KIND_BELOW_MINIMUM";
  readonly kind = "chain";
  readonly coinId: string;
  readonly amount: bigint;
  readonly minimum: bigint;

  constructor({ coinId, symbol, decimals }: DeployedAsset, amount: bigint, minimum: bigint) {
    const [found, demanded] = [amount, minimum].map((units) => decimalString(units, decimals));
    super(
      `Expected at least what --min names, but the part of ${symbol} is ${found}, less than the ${demanded} demanded; ` +
        "nothing was sent. Demand less, or leave with more shares.",
    );
    this.coinId = coinId;
    this.amount = amount;
    this.minimum = minimum;
  }
}

/** What shares get of each holding, or give up of what is skipped, rounded down as the vault does. */
export function partsOf(
  holdings: readonly Holding[],
  exit: { readonly shares: bigint; readonly supply: bigint; readonly skipped: readonly number[] },
): Part[] {
  const { shares, supply, skipped } = exit;
  // {tok} = {tok} * {share} / {share}
  const part = (of: bigint): bigint => (supply === 0n ? 0n : (of * shares) / supply);
  return holdings.map((holding) => {
    const [amount, value] = [part(holding.amount), part(holding.value)];
    return skipped.includes(holding.index)
      ? { holding, amount: 0n, value: 0n, forfeited: amount, forfeitedValue: value, isSkipped: true }
      : { holding, amount, value, forfeited: 0n, forfeitedValue: 0n, isSkipped: false };
  });
}

/** @throws InKindBelowMinimumError for the first coin of which there is less than demanded. */
export function requireMinimums(
  parts: readonly Part[],
  minimums: readonly InKindMinimum[],
  { assets }: Pick<Deployment, "assets">,
): void {
  for (const { asset: index, amount: minimum } of minimums) {
    const amount = parts.find(({ holding }) => holding.index === index)?.amount ?? 0n;
    const asset = assets.find((known) => known.index === index);
    if (asset !== undefined && amount < minimum) throw new InKindBelowMinimumError(asset, amount, minimum);
  }
}

/** One line a holding, and two more columns when something is given up. */
export function partsTable(parts: readonly Part[]): string {
  const isAnySkipped = parts.some(({ isSkipped }) => isSkipped);
  const headers = ["amount [coin]", "value [USD]", ...(isAnySkipped ? ["given up [coin]", "given up [USD]"] : [])];
  return formatTable(
    [{ header: "coin", align: "left" }, ...headers.map((header) => ({ header, align: "right" }) as const)],
    parts.map(({ holding, amount, value, forfeited, forfeitedValue, isSkipped }) => {
      const decimals = holding.asset?.decimals ?? 0;
      const got = isSkipped ? ["-", "-"] : [formatAmount(amount, decimals), formatUsd(value)];
      const lost = isSkipped ? [formatAmount(forfeited, decimals), formatUsd(forfeitedValue)] : ["-", "-"];
      return [nameOf(holding), ...got, ...(isAnySkipped ? lost : [])];
    }),
  );
}

/** What is received, and given up, in all. */
export function partsTotals(parts: readonly Part[]): string {
  const { received, forfeited } = sumsOf(parts);
  const names = parts.filter(({ isSkipped }) => isSkipped).map(({ holding }) => nameOf(holding));
  const lost =
    names.length === 0
      ? "Nothing is given up."
      : `Given up for good to those who stay: ${formatUsd(forfeited)} USD (${names.join(", ")}).`;
  return `Received in all: ${formatUsd(received)} USD. ${lost}`;
}

/** The sums for a program. */
export function totalsJson(parts: readonly Part[]): JsonObject {
  const { received, forfeited } = sumsOf(parts);
  return { receivedUsd: usdString(received), forfeitedUsd: usdString(forfeited) };
}

/** A part for a program. */
export function partJson({ holding, amount, value, forfeited, forfeitedValue, isSkipped }: Part): JsonObject {
  const { asset, token, index } = holding;
  const decimals = asset?.decimals ?? 0;
  return {
    index,
    coin: asset?.coinId ?? null,
    symbol: nameOf(holding),
    token,
    amount: decimalString(amount, decimals),
    valueUsd: usdString(value),
    skipped: isSkipped,
    forfeited: decimalString(forfeited, decimals),
    forfeitedUsd: usdString(forfeitedValue),
  };
}

function sumsOf(parts: readonly Part[]): { readonly received: bigint; readonly forfeited: bigint } {
  return {
    received: parts.reduce((sum, { value }) => sum + value, 0n),
    forfeited: parts.reduce((sum, { forfeitedValue }) => sum + forfeitedValue, 0n),
  };
}

function nameOf({ asset, token, index }: Holding): string {
  return `${asset?.symbol ?? token}${index === TRANSIT ? " in transit" : ""}`;
}
