// Turns what the chain shows of the fund's assets into the upkeep that anyone may carry out now, and why.
import type { Address } from "viem";

import { DAY } from "../core/time.ts";
import { type TokenUnits, type UnixSeconds, WAD, type Wad } from "../core/units.ts";
import { ETHER } from "./holdings.ts";

/** A listed asset, as far as its upkeep goes by it. */
export type AssetFacts = {
  readonly index: number;
  readonly symbol: string;
  readonly decimals: number;
  readonly listedAt: UnixSeconds;
  /** Its cap is still that of what was listed lately. */
  readonly isYoung: boolean;
  /** More than a unit of it is in the books. */
  readonly isHeld: boolean;
  readonly isStable: boolean;
  readonly price: Wad; // D18{USD/wholeTok} zero where there is no fresh one
  /** {tok} Beyond the books and what is owed; `undefined` when the token has less than both. */
  readonly surplus: TokenUnits | undefined;
  /** Whether a unit of the token would leave the vault; `undefined` when that cannot be tried. */
  readonly moves: boolean | undefined;
  /** In quarantine because the token did not move. */
  readonly isUnmovable: boolean;
  /** Of the first failed probe since the token last moved; `undefined` when there is none. */
  readonly failedAt: UnixSeconds | undefined;
};

/** The fund, as far as its upkeep goes by it. */
export type UpkeepFacts = {
  readonly time: UnixSeconds;
  readonly regime: "bull" | "bear";
  /** A rebalance is under way. */
  readonly isRunning: boolean;
  /** {s} From when on anyone may sell a fund in the market for stablecoins, without a target. */
  readonly abandonedFrom: UnixSeconds;
  /** {s} Until when a rebalance with a target goes first; zero when none is under way. */
  readonly busyUntil: UnixSeconds;
  /** More than a unit of wrapped ether is on its way between two sales. */
  readonly isEtherInTransit: boolean;
  /** Requests wait for a strike. */
  readonly isRequestDue: boolean;
  readonly assets: readonly AssetFacts[];
  /** Redeemers to whom units of a strike have not been credited. */
  readonly uncredited: readonly Address[];
};

/** One call of upkeep, and the reason for it in words. */
export type Upkeep = { readonly why: string } & (
  | { readonly kind: "exit" | "write-down" | "probe" | "mature" | "sweep"; readonly asset: number }
  | { readonly kind: "credit"; readonly controller: Address }
);

/** {s} After its listing an asset is young: `Listings.YOUTH`. */
const YOUTH = 30 * DAY;
/** {s} Between two probes that show that a token does not move, and how long a failed one counts: `Quarantine`. */
const PROBE_INTERVAL = 3600;
const PROBE_MEMORY = 7 * DAY;
/** D18{USD} Less is not worth the gas of a sweep: the units of a listing's trial stay in the vault for ever. */
const LEAST_SURPLUS = 10n * WAD;

/** What is due: what is wrong in the books first, then the way out of a fund that is abandoned. */
export function dueUpkeep(facts: UpkeepFacts): Upkeep[] {
  const { assets, time } = facts;
  return [
    ...assets.flatMap((asset) => dueFor("write-down", asset, writeDownReason(asset))),
    ...[...assets].sort(etherLast).flatMap((asset) => dueFor("exit", asset, exitReason(asset, facts))),
    ...assets.flatMap((asset) => dueFor("probe", asset, probeReason(asset, time))),
    ...assets.flatMap((asset) => dueFor("mature", asset, matureReason(asset, time))),
    ...assets.flatMap((asset) => dueFor("sweep", asset, sweepReason(asset, facts))),
    ...facts.uncredited.map((controller): Upkeep => {
      return { kind: "credit", controller, why: "units of what a strike could not price are not credited yet" };
    }),
  ];
}

function dueFor(
  kind: Exclude<Upkeep["kind"], "credit">,
  { index }: AssetFacts,
  why: string | undefined,
): readonly Upkeep[] {
  return why === undefined ? [] : [{ kind, asset: index, why }];
}

/** What other sales bring in ether is sold with it. */
function etherLast(a: AssetFacts, b: AssetFacts): number {
  return Number(a.index === ETHER) - Number(b.index === ETHER);
}

function exitReason(asset: AssetFacts, facts: UpkeepFacts): string | undefined {
  const { time, regime, abandonedFrom, busyUntil, isEtherInTransit } = facts;
  if (regime !== "bull" || time < abandonedFrom || time <= busyUntil) return undefined;
  const isThere = asset.isHeld || (asset.index === ETHER && isEtherInTransit);
  const isSellable = isThere && !asset.isStable && !asset.isUnmovable && asset.price > 0n;
  return isSellable ? "no rebalance has finished for 21 days: it is sold for stablecoins, without a target" : undefined;
}

function writeDownReason({ surplus }: AssetFacts): string | undefined {
  return surplus === undefined ? "the token has less than the books and what is owed" : undefined;
}

function probeReason({ moves, isUnmovable, isHeld, failedAt }: AssetFacts, time: UnixSeconds): string | undefined {
  const isRemembered = failedAt !== undefined && time <= failedAt + PROBE_MEMORY;
  if (moves === true) {
    if (isUnmovable) return "the token moves again: its quarantine ends";
    return isRemembered ? "the token moves again: the failed probe is forgotten" : undefined;
  }
  if (moves === undefined || isUnmovable || !isHeld) return undefined;
  if (!isRemembered) return "the token does not move: a second probe from an hour later on begins its quarantine";
  return time >= failedAt + PROBE_INTERVAL ? "the token still does not move: its quarantine begins" : undefined;
}

function matureReason({ isYoung, listedAt }: AssetFacts, time: UnixSeconds): string | undefined {
  return isYoung && time >= listedAt + YOUTH
    ? "listed 30 days ago: its cap is no longer that of a new asset"
    : undefined;
}

function sweepReason(asset: AssetFacts, { regime, isRunning, isRequestDue }: UpkeepFacts): string | undefined {
  const { surplus = 0n, price, decimals, isHeld } = asset;
  if (regime !== "bull" || isRunning || isRequestDue || !isHeld) return undefined;
  // D18{USD} = {tok} * D18{USD/wholeTok} / {tok/wholeTok}
  const value = (surplus * price) / 10n ** BigInt(decimals);
  return value >= LEAST_SURPLUS ? `${value / WAD} USD of the token are in no book` : undefined;
}
