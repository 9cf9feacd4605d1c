// Turns a published decision into what can be recomputed of it in the browser, and compared with the chain.
import { canonicalHash } from "../../../core/canonical-json.ts";
import { membershipRoot, membersOf } from "../../../engine/membership.ts";
import { type Decision, asPublished } from "../../../engine/decision.ts";

/** One thing that was recomputed. */
export type Check = { readonly name: string; readonly passed: boolean; readonly detail: string };

/** What the chain says of a week's decision. */
export type Recorded = {
  readonly kind: "target" | "level";
  readonly decisionHash: string;
  readonly membershipRoot: string;
  readonly regime: string;
};

/** {1} Votes at or above which the fund goes into the market, and at or below which it leaves; methodology 1.x. */
const BULL_AT = 0.6;
const BEAR_AT = 0.4;

/**
 * Recomputes the hash over the decision's canonical JSON, the root of its members, its votes, its score, its regime and
 * the sum of its weights.
 *
 * @param decision As the server gives it: it is not trusted, only its hash on chain is.
 */
export function checkDecision(decision: Decision, recorded: Recorded): Check[] {
  const meant = asPublished(decision, recorded);
  const hash = canonicalHash(meant);
  const root = membershipRoot(membersOf(decision.index));
  return [
    check(
      "Hash of the decision",
      hash === recorded.decisionHash,
      `computed ${hash}, on chain ${recorded.decisionHash}`,
    ),
    check(
      "Root of the members",
      root === recorded.membershipRoot,
      `computed ${root}, on chain ${recorded.membershipRoot}`,
    ),
    check(
      "Regime on chain",
      meant.regime === recorded.regime,
      `decided ${decision.regime}${meant === decision ? "" : ", held at bear until it may return"}, on chain ${recorded.regime}`,
    ),
    votesCheck(decision),
    regimeCheck(decision),
    weightsCheck(decision),
  ];
}

function votesCheck({ votes, score }: Decision): Check {
  const wrong = votes.filter(({ level, threshold, yes }) => yes !== (threshold !== null && level > threshold));
  const isKnown = votes.every(({ threshold }) => threshold !== null);
  const share = votes.filter(({ yes }) => yes).length / Math.max(1, votes.length);
  const isScoreRight = isKnown ? score !== null && Math.abs(score - share) < 1e-9 : true;
  const detail = `${votes.filter(({ yes }) => yes).length} of ${votes.length} votes for the market, score ${score ?? "unknown"}`;
  return check("Votes and score", wrong.length === 0 && isScoreRight, detail);
}

function regimeCheck({ score, previousRegime, regime, heldBy }: Decision): Check {
  const wanted = score === null ? previousRegime : wantedRegime(score, previousRegime);
  const passed = regime === wanted || (heldBy !== null && regime === previousRegime);
  const held = heldBy === null ? "" : `, held by ${heldBy}`;
  return check(
    "Rule of the regime",
    passed,
    `score ${score ?? "unknown"} after ${previousRegime} gives ${wanted}${held}`,
  );
}

function wantedRegime(score: number, previous: Decision["regime"]): Decision["regime"] {
  if (score >= BULL_AT) return "bull";
  return score <= BEAR_AT ? "bear" : previous;
}

function weightsCheck({ weights }: Decision): Check {
  const sum = weights.reduce((total, { weightPpm }) => total + weightPpm, 0);
  return check(
    "Sum of the weights",
    weights.length === 0 || sum === 1_000_000,
    `${sum} parts per million of 1,000,000`,
  );
}

function check(name: string, passed: boolean, detail: string): Check {
  return { name, passed, detail };
}
