// Turns a decision into the target that is signed for one fund, whose assets have indexes of their own.
import { DAY, exitTargetId, startOfDay, weeklyTargetId } from "../core/time.ts";
import { PPM, type Ppm, ppm, unixSeconds, wadFromNumber } from "../core/units.ts";
import type { Level, Target, TargetWeights } from "../execute/publish.ts";
import { type AssetTiers, CAPS, capOfAsset, isPooledAsset, withinCaps } from "../plan/caps.ts";
import { CASH } from "../plan/holdings.ts";
import { toPpm } from "../plan/targets.ts";
import { type BearCheck, bearCheckHash } from "./bear-check.ts";
import { type CappedName, type Decision, decisionHash } from "./decision.ts";
import { membersOf, membershipRoot } from "./membership.ts";

/** {s} After midnight of the decision's Monday: decisions are published at 00:30. */
export const PUBLICATION = 30 * 60;
/** {s} A target can be started for six days. */
const VALIDITY = 6 * DAY;

/**
 * The week's target for a fund.
 *
 * @param indexes The fund's asset index of each coin that it can hold; the weights of others are spread pro rata.
 * @param tiers The fund's sets of assets, by which its caps go.
 */
export function targetOf(decision: Decision, indexes: ReadonlyMap<string, number>, tiers: AssetTiers): Target {
  const publication = startOfDay(decision.date) + PUBLICATION;
  return {
    id: weeklyTargetId(decision.date),
    regime: decision.regime,
    weights: fundWeights(decision, indexes, tiers).weights,
    decisionHash: decisionHash(decision),
    membershipRoot: membershipRoot(membersOf(decision.index)),
    twinLevel: wadFromNumber(decision.indexLevel),
    validFrom: unixSeconds(publication),
    validUntil: unixSeconds(publication + VALIDITY),
  };
}

/** The target by which a fund leaves the market on the day of a check. */
export function exitTargetOf(check: BearCheck, indexes: ReadonlyMap<string, number>, tiers: AssetTiers): Target {
  const publication = startOfDay(check.date) + PUBLICATION;
  return {
    id: exitTargetId(check.date),
    regime: "bear",
    weights: fundWeights({ regime: "bear", weights: check.weights }, indexes, tiers).weights,
    decisionHash: bearCheckHash(check),
    membershipRoot: check.membershipRoot,
    twinLevel: wadFromNumber(check.indexLevel),
    validFrom: unixSeconds(publication),
    validUntil: unixSeconds(publication + VALIDITY),
  };
}

/** The week's level for any fund, which stands for a target where nothing is to be traded. */
export function levelOf(decision: Decision): Level {
  return {
    week: decision.week,
    regime: decision.regime,
    decisionHash: decisionHash(decision),
    membershipRoot: membershipRoot(membersOf(decision.index)),
    twinLevel: wadFromNumber(decision.indexLevel),
  };
}

/** Coins of a decision that a fund cannot hold, in the decision's order. */
export function coinsWithoutVehicle(decision: Decision, indexes: ReadonlyMap<string, number>): string[] {
  return decision.weights.map(({ coinId }) => coinId).filter((coinId) => !indexes.has(coinId));
}

/** The weights that a fund holds for a decision, and what its caps cut. */
export type FundWeights = { readonly weights: TargetWeights; readonly capped: readonly CappedName[] };

/**
 * A decision's weights as one fund can hold them: of the coins with a vehicle, within the caps of its tiers.
 *
 * @returns `capped` names coins that a cap of the fund keeps below their pro rata share, largest first as decided.
 */
export function fundWeights(
  decision: Pick<Decision, "regime" | "weights">,
  indexes: ReadonlyMap<string, number>,
  tiers: AssetTiers,
): FundWeights {
  const held = decision.weights.flatMap(({ coinId, weightPpm }) => {
    const asset = indexes.get(coinId);
    const isRest = decision.regime === "bull" && asset === CASH;
    return asset === undefined || weightPpm === 0 || isRest ? [] : [{ coinId, asset, part: weightPpm }];
  });
  const shares = held.length === 0 ? [] : toPpm(held.map(({ part }) => part));
  const limits = held.map(({ asset }) =>
    decision.regime === "bull" ? bullLimit(asset, tiers) : bearLimit(held.length),
  );
  const { parts, rest } = withinCaps(limits.map((limit, i) => ({ ...limit, part: shares[i] ?? ppm(0) })));
  const all = [...held.map(({ asset }, i) => ({ asset, part: parts[i] ?? ppm(0) })), { asset: CASH, part: rest }];
  const capped = held.flatMap(({ coinId }, i) => {
    const indexPpm = shares[i] ?? ppm(0);
    const cut = indexPpm - (parts[i] ?? 0);
    return cut > 0 ? [{ coinId, indexPpm, cutPpm: ppm(cut) }] : [];
  });
  return { weights: ascending(held.length === 0 ? [] : all), capped };
}

/** What limits an asset of a bull target. */
function bullLimit(asset: number, tiers: AssetTiers) {
  return { cap: capOfAsset(asset, tiers), isPooled: isPooledAsset(asset, tiers) };
}

/** What limits a stablecoin of a bear target: nothing when there is no other to go to. */
function bearLimit(count: number) {
  return { cap: count < 2 ? ppm(PPM) : CAPS.issuer, isPooled: false };
}

function ascending(weights: readonly { readonly asset: number; readonly part: Ppm }[]): TargetWeights {
  const sorted = weights.filter(({ part }) => part > 0).sort((left, right) => left.asset - right.asset);
  return { assets: sorted.map(({ asset }) => asset), parts: sorted.map(({ part }) => part) };
}
