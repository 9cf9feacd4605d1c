// Turns a week into a proof that its decision on chain follows from the snapshot that was published, by the public rules.
import type { Command } from "commander";

import { AppError } from "../../../core/errors.ts";
import { type IsoDate, dateOfExit, exitTargetId, mondayOfWeek, weekOfTarget } from "../../../core/time.ts";
import { type VerifiedDecision, requirePublished } from "../../../engine/verify-decision.ts";
import { requireExit } from "../../../engine/verify-exit.ts";
import { type Publication, exitIn, publicationOfWeek } from "../../../record/publications.ts";
import { addChainOptions } from "../chain-options.ts";
import { type LedgerOptions, ledgerFileOption, openLedger } from "../ledger-access.ts";
import { parseWeek } from "../line-filter.ts";
import { parseDate } from "../options.ts";
import { printJson, printText } from "../output.ts";
import {
  type ReplayOptions,
  type ReplayedDecision,
  addReplayOptions,
  openedIn,
  replayExit,
  replayWeek,
} from "../replayed-decision.ts";

type Options = LedgerOptions & ReplayOptions;

/** A decision that is the one on chain. */
type Proven = {
  readonly replayed: ReplayedDecision;
  readonly published: Publication;
  readonly verified: VerifiedDecision;
};

/** What is asked for: a week, and an exit if that is meant, or may be. */
type Asked = { readonly week: number; readonly exit: Exit | undefined; readonly isDay: boolean };

/** Of a target by which the market was left on a day. */
type Exit = { readonly id: number; readonly date: IsoDate };

/** Ids of targets are larger than numbers of weeks, eight times as large: those of the next century, too. */
const LEAST_ID = 10_000;

/** Adds `verify-decision` to the program. */
export function registerVerifyDecision(program: Command): void {
  const command = program
    .command("verify-decision")
    .description("replay a decision, or a single-day exit, from its published snapshot, and compare it with the chain")
    .argument("<week>", "a day of the week, or its number; of an exit its day, or its target's id", parseAsked)
    .addOption(ledgerFileOption());
  addChainOptions(addReplayOptions(command)).action(async (asked: Asked, given: Options) => {
    const { ledger } = await openLedger(given);
    const options = { ...given, opened: given.opened ?? openedIn(ledger.lines) };
    if (asked.exit !== undefined) {
      const published = exitIn(ledger.lines, asked.exit.id);
      if (published !== undefined) return verifyExit(options, asked.exit, published);
      if (!asked.isDay) throw new ExitUnpublishedError(asked.exit);
    }
    const published = publicationOfWeek(ledger.lines, asked.week);
    const replayed = await replayWeek(options, asked.week, published.decisionHash);
    const proven = { replayed, published, verified: requirePublished(replayed.decision, published) };
    if (options.json) printJson(provenJson(proven));
    else printText(provenText(proven));
  });
}

/** No exit of that id is in the ledger. */
export class ExitUnpublishedError extends AppError {
  readonly code = "EXIT_NOT_PUBLISHED";
  readonly kind = "data";

  constructor({ id, date }: Exit) {
    super(
      `Expected target ${id}, an exit of ${date}, in the ledger, found none. Name another; \`log --event TargetPublished\` shows all.`,
    );
  }
}

/** On a Monday the week is meant, whose exit has an id of its own. */
function parseAsked(text: string): Asked {
  const number = /^\d+$/.test(text) ? Number(text) : undefined;
  if (number !== undefined && number >= LEAST_ID) {
    const date = dateOfExit(number);
    return { week: weekOfTarget(number), exit: date === undefined ? undefined : { id: number, date }, isDay: false };
  }
  const week = parseWeek(text);
  const isMonday = number === undefined && mondayOfWeek(week) === text;
  if (number !== undefined || isMonday) return { week, exit: undefined, isDay: true };
  const date = parseDate(text);
  return { week, exit: { id: exitTargetId(date), date }, isDay: true };
}

async function verifyExit(options: Options, { id, date }: Exit, published: Publication): Promise<void> {
  const replayed = await replayExit(options, date, published.decisionHash);
  const { check, from, digest, isChained } = replayed;
  const hash = requireExit(check, published);
  if (options.json) {
    printJson({
      verified: true,
      week: published.week,
      date: check.date,
      line: published.sequence,
      kind: "exit",
      targetId: id,
      regime: published.regime,
      decisionHash: hash,
      membershipRoot: check.membershipRoot,
      weekHash: check.weekHash,
      replayedFrom: from,
      snapshot: digest ?? null,
      carriesOnWeek: isChained ?? null,
    });
    return;
  }
  const source = digest === undefined ? "the market data" : `snapshot ${digest}`;
  const chain =
    from === "data" || isChained === undefined
      ? "The snapshot of the week's decision was not looked at: the index that it carries on is named by its hash alone."
      : isChained
        ? "It carries on the index of the week's decision."
        : "WARNING: it does not carry on the index of the week's published decision.";
  printText(
    [
      `Proven: the exit of ${check.date} (target ${id}) follows from ${source}.`,
      `Score ${check.score} at the close of ${check.close}, index level ${check.indexLevel}.`,
      `Its hash ${hash}, root of members and level are those of line ${published.sequence}.`,
      chain,
    ].join("\n"),
  );
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
    `Proven: the decision of week ${published.week} (Monday ${mondayOfWeek(published.week)}) follows from ${source}.`,
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
