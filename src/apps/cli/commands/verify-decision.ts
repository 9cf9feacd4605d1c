// Turns a week into a proof that its decision on chain follows from the snapshot that was published, by the public rules.
import type { Command } from "commander";

import { mondayOfTarget } from "../../../core/time.ts";
import { type VerifiedDecision, requirePublished } from "../../../engine/verify-decision.ts";
import { type Publication, publicationOfWeek } from "../../../record/publications.ts";
import { addChainOptions } from "../chain-options.ts";
import { type LedgerOptions, ledgerFileOption, openLedger } from "../ledger-access.ts";
import { parseWeek } from "../line-filter.ts";
import { printJson, printText } from "../output.ts";
import { type ReplayOptions, type ReplayedDecision, addReplayOptions, replayWeek } from "../replayed-decision.ts";

type Options = LedgerOptions & ReplayOptions;

/** A decision that is the one on chain. */
type Proven = {
  readonly replayed: ReplayedDecision;
  readonly published: Publication;
  readonly verified: VerifiedDecision;
};

/** Adds `verify-decision` to the program. */
export function registerVerifyDecision(program: Command): void {
  const command = program
    .command("verify-decision")
    .description("replay a week's decision from its published snapshot, and compare it with the chain")
    .argument("<week>", "a day of the week, or its number", parseWeek)
    .addOption(ledgerFileOption());
  addChainOptions(addReplayOptions(command)).action(async (week: number, options: Options) => {
    const { ledger } = await openLedger(options);
    const published = publicationOfWeek(ledger.lines, week);
    const replayed = await replayWeek(options, week, published.decisionHash);
    const proven = { replayed, published, verified: requirePublished(replayed.decision, published) };
    if (options.json) printJson(provenJson(proven));
    else printText(provenText(proven));
  });
}

function provenJson({ replayed, published, verified }: Proven) {
  const { decision, hash, isHeldBack } = verified;
  return {
    verified: true,
    week: published.week,
    date: decision.date,
    line: published.sequence,
    kind: published.kind,
    regime: published.regime,
    decisionHash: hash,
    membershipRoot: published.membershipRoot,
    isHeldBack,
    replayedFrom: replayed.from,
    snapshot: replayed.digest ?? null,
    followsWeekBefore: replayed.isChained ?? null,
    methodology: decision.methodology,
    inputDigest: decision.inputDigest,
  };
}

function provenText({ replayed, published, verified }: Proven): string {
  const { decision, hash, isHeldBack } = verified;
  const source = replayed.digest === undefined ? "the market data" : `snapshot ${replayed.digest}`;
  return [
    `Proven: the decision of week ${published.week} (Monday ${mondayOfTarget(published.week * 8)}) follows from ${source}.`,
    `Regime ${decision.regime.toUpperCase()}, ${decision.index.length} members, index level ${decision.indexLevel}, methodology ${decision.methodology}.`,
    `Its hash ${hash}, root of members, level and regime are those of line ${published.sequence} (${published.kind}).`,
    ...(isHeldBack
      ? ["It says bull; it was published as a level in bear, because the way back was not open yet."]
      : []),
    chainWords(replayed),
  ].join("\n");
}

/** What vouches for the state that the decision started from. */
function chainWords({ from, isChained }: ReplayedDecision): string {
  if (from === "data") return "Replayed from the start of the data.";
  if (isChained === undefined) {
    return "The snapshot of the week before is not there: what the decision started from is the publisher's word.";
  }
  return isChained
    ? "It starts from what the decision of the week before left."
    : "WARNING: it does not start from what the published decision of the week before left.";
}
