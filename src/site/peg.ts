// Turns a stablecoin's price into where it stands beside its peg, for the API and for the page that reads the chain itself.
import { BPS, WAD, wad } from "../core/units.ts";
import { isOnPeg } from "../plan/holdings.ts";
import { usdString } from "./amounts.ts";

/** {USD/wholeTok} The band in which a stablecoin is bought, as StablePeg.sol has it. */
export const BAND = { leastUsd: "0.985", mostUsd: "1.015" } as const;

/** Where a price stands; cut to whole basis points. @param price D18{USD/wholeTok} zero without a fresh one */
export function pegOf(price: bigint): {
  readonly priceUsd: string | null;
  readonly pegBps: number | null;
  readonly isInBand: boolean;
} {
  return {
    priceUsd: price === 0n ? null : usdString(price),
    // {bps} = D18{USD/wholeTok} * {bps/1} / D18{1}
    pegBps: price === 0n ? null : Number(((price - WAD) * BigInt(BPS)) / WAD),
    isInBand: isOnPeg(wad(price)),
  };
}
