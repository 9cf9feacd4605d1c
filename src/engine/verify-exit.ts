// Turns a check by which the market was left, and what the chain keeps of it, into whether the one is the other.
import type { Hex } from "viem";

import { startOfDay, weekOf } from "../core/time.ts";
import { wadFromNumber } from "../core/units.ts";
import type { Publication } from "../record/publications.ts";
import { type BearCheck, bearCheckHash } from "./bear-check.ts";
import { type DecisionPart, requireSame } from "./verify-decision.ts";

/** @returns The check's hash. @throws DecisionDiffersError that names what differs. */
export function requireExit(check: BearCheck, published: Publication): Hex {
  const hash = bearCheckHash(check);
  const pairs: readonly (readonly [DecisionPart, string, string])[] = [
    ["week", String(weekOf(startOfDay(check.date))), String(published.week)],
    ["regime", check.verdict === "leave" ? "bear" : "as before (no exit)", published.regime],
    ["twin level", String(wadFromNumber(check.indexLevel)), String(published.twinLevel)],
    ["membership root", check.membershipRoot, published.membershipRoot],
    ["decision hash", hash, published.decisionHash],
  ];
  for (const [part, replayed, chain] of pairs) {
    requireSame(part, { replayed, chain, sequence: published.sequence });
  }
  return hash;
}
