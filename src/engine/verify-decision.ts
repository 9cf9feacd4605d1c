// Turns a replayed decision and what the chain keeps of a week into whether the one is the other.
import type { Hex } from "viem";

import { AppError } from "../core/errors.ts";
import { wadFromNumber } from "../core/units.ts";
import type { Publication } from "../record/publications.ts";
import { type Decision, asPublished, decisionHash } from "./decision.ts";
import { membersOf, membershipRoot } from "./membership.ts";

/** What of a decision can differ from what was published. */
export type DecisionPart = "decision hash" | "membership root" | "twin level" | "regime" | "week";

/** A replayed decision is not the one on chain. */
export class DecisionDiffersError extends AppError {
  readonly code = "DECISION_DIFFERS";
  readonly kind = "data";
  readonly part: DecisionPart;

  constructor(part: DecisionPart, { replayed, chain, sequence }: DifferentPart) {
    super(
      `The replayed decision is not the one that was published in line ${sequence}: its ${part} is ${replayed}, that on ` +
        `chain ${chain}. Its snapshot, data or rules are not those that it was taken from.`,
    );
    this.part = part;
  }
}

type DifferentPart = { readonly replayed: string; readonly chain: string; readonly sequence: number };

/** A decision that is the one on chain. */
export type VerifiedDecision = {
  readonly decision: Decision;
  readonly hash: Hex;
  /** True when it was published with the regime held at bear, because the way back was not open yet. */
  readonly isHeldBack: boolean;
};

/**
 * @throws DecisionDiffersError that names what differs: first what is plain to see, and the hash over all of it last.
 */
export function requirePublished(decision: Decision, published: Publication): VerifiedDecision {
  const meant = asPublished(decision, published);
  const hash = decisionHash(meant);
  const pairs: readonly (readonly [DecisionPart, string, string])[] = [
    ["week", String(meant.week), String(published.week)],
    ["regime", meant.regime, published.regime],
    ["twin level", String(wadFromNumber(meant.indexLevel)), String(published.twinLevel)],
    ["membership root", membershipRoot(membersOf(meant.index)), published.membershipRoot],
    ["decision hash", hash, published.decisionHash],
  ];
  for (const [part, replayed, chain] of pairs) {
    requireSame(part, { replayed, chain, sequence: published.sequence });
  }
  return { decision: meant, hash, isHeldBack: meant !== decision };
}

/** @throws DecisionDiffersError when a part is not the same. */
export function requireSame(part: DecisionPart, different: DifferentPart): void {
  if (different.replayed !== different.chain) throw new DecisionDiffersError(part, different);
}
