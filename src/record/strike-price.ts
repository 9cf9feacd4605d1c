// Turns a strike's line into the dollars at which it counted the deposit coin.
import { BPS, WAD } from "../core/units.ts";
import { DUST_SUPPLY } from "../plan/holdings.ts";
import { integerOf, textOf } from "./line-values.ts";
import type { LedgerLine } from "./lines.ts";

/**
 * D18{USD/wholeTok} The price at which a strike counted the deposit coin: the one nearest to a dollar by which the vault's
 * arithmetic, rounded down at each step, gives the line's amounts. What comes in counts a dollar at most, and what goes out
 * a dollar at least, so that a coin on the other side of its peg counts a dollar here as it did there. A price is as exact
 * as the amounts tell: to one raw unit of them.
 *
 * @param line `DepositsStruck` or `RedemptionsStruck`.
 * @param perUnit D18{USD} of one raw unit of the coin at a dollar.
 * @see RequestBook.sol, sharesFor and owed
 */
export function strikePrice({ event, args }: Pick<LedgerLine, "event" | "args">, perUnit: bigint): bigint {
  const amount = (name: string): bigint => integerOf(args, name);
  const [assets, shares, nav, supply] = [amount("assets"), amount("shares"), amount("nav"), amount("supply")];
  // {tok/wholeTok}
  const unit = WAD / perUnit;
  const kept = BigInt(BPS) - amount("swing");
  if (assets === 0n) return WAD;
  if (event === "DepositsStruck") {
    // The most that floors to these shares: {share} = D18{USD} * {bps} * {share} / (D18{USD} * {bps})
    const value = supply < DUST_SUPPLY ? shares : mostBelow(shares + 1n, nav * BigInt(BPS), kept * supply);
    // D18{USD} = {tok} * D18{USD/wholeTok} / {tok/wholeTok}
    return least(WAD, mostBelow(value + 1n, unit, assets));
  }
  if (supply === 0n) return WAD;
  // D18{USD} = {share} * {bps} * D18{USD} / ({share} * {bps})
  const value = (shares * kept * nav) / (supply * BigInt(BPS));
  // The least that floors to these assets: {tok} = D18{USD} * {tok/wholeTok} / D18{USD/wholeTok}
  const price = (value * unit) / (assets + 1n) + 1n;
  return price > WAD ? price : WAD;
}

/** D18{USD} of one raw unit of the deposit coin at a dollar. */
export function coinUnit(lines: readonly LedgerLine[]): bigint {
  const coin = lines.find(({ event, args }) => event === "AssetListed" && args["asset"] === "0");
  return 10n ** (18n - BigInt(coin === undefined ? 6 : textOf(coin.args, "decimals")));
}

/** D18{USD} of coins {tok} at a price D18{USD/wholeTok}, rounded down. */
export function coinsInUsd(coins: bigint, price: bigint, perUnit: bigint): bigint {
  // D18{USD} = {tok} * D18{USD/tok} at a dollar * D18{USD/wholeTok} / D18
  return (coins * perUnit * price) / WAD;
}

/** The greatest whole number under factor * multiplier / divisor. */
function mostBelow(factor: bigint, multiplier: bigint, divisor: bigint): bigint {
  return (factor * multiplier - 1n) / divisor;
}

function least(one: bigint, other: bigint): bigint {
  return one < other ? one : other;
}
