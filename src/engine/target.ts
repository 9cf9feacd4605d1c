// Turns a decision into the target that is signed for one fund, whose assets have indexes of their own.
import { DAY, startOfDay, weeklyTargetId } from "../core/time.ts";
import { PPM, unixSeconds, wadFromNumber } from "../core/units.ts";
import type { Target, TargetWeights } from "../execute/publish.ts";
import { toPpm } from "../plan/targets.ts";
import { type Decision, decisionHash } from "./decision.ts";
import { membersOf, membershipRoot } from "./membership.ts";

/** {s} After midnight of the decision's Monday: decisions are published at 00:30. */
export const PUBLICATION = 30 * 60;
/** {s} A target can be started for six days. */
const VALIDITY = 6 * DAY;

/**
 * The week's target for a fund.
 *
 * @param indexes The fund's asset index of each coin that it can hold; the weights of others are spread pro rata.
 */
export function targetOf(decision: Decision, indexes: ReadonlyMap<string, number>): Target {
  const publication = startOfDay(decision.date) + PUBLICATION;
  return {
    id: weeklyTargetId(decision.date),
    regime: decision.regime,
    weights: weightsFor(decision, indexes),
    decisionHash: decisionHash(decision),
    membershipRoot: membershipRoot(membersOf(decision.index)),
    twinLevel: wadFromNumber(decision.indexLevel),
    validFrom: unixSeconds(publication),
    validUntil: unixSeconds(publication + VALIDITY),
  };
}

/** Coins of a decision that a fund cannot hold, in the decision's order. */
export function coinsWithoutVehicle(decision: Decision, indexes: ReadonlyMap<string, number>): string[] {
  return decision.weights.map(({ coinId }) => coinId).filter((coinId) => !indexes.has(coinId));
}

function weightsFor(decision: Decision, indexes: ReadonlyMap<string, number>): TargetWeights {
  const held = decision.weights.flatMap(({ coinId, weightPpm }) => {
    const asset = indexes.get(coinId);
    return asset === undefined || weightPpm === 0 ? [] : [{ asset, weightPpm }];
  });
  const sum = held.reduce((total, { weightPpm }) => total + weightPpm, 0);
  const parts =
    sum === PPM ? held.map(({ weightPpm }) => weightPpm) : toPpm(held.map(({ weightPpm }) => weightPpm / sum));
  const ascending = held
    .map(({ asset }, i) => ({ asset, part: parts[i] }))
    .sort((left, right) => left.asset - right.asset)
    .flatMap(({ asset, part }) => (part === undefined || part === 0 ? [] : [{ asset, part }]));
  return { assets: ascending.map(({ asset }) => asset), parts: ascending.map(({ part }) => part) };
}
