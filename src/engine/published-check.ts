// Turns what a single-day exit was taken from into the bytes of a file that names itself, and such a file into the check.
import { canonicalJson } from "../core/canonical-json.ts";
import { startOfDay, weekOf } from "../core/time.ts";
import { type BearCheck, type BearCheckStep, bearCheckHash, checkOf } from "./bear-check.ts";
import { METHODOLOGY_VERSION, decisionHash } from "./decision.ts";
import { CHECK_FORMAT, type PublishedCheck, type PublishedFile, publishedCheckSchema } from "./published-schema.ts";
import { type PublishedSnapshot, digestOf, readFileOf, replayPublished, requireMethodology } from "./published.ts";

/** The file of a check. */
export function publishedCheck({ input, parameters, check }: BearCheckStep): PublishedSnapshot {
  const file: PublishedCheck = {
    format: CHECK_FORMAT,
    methodology: METHODOLOGY_VERSION,
    parameters,
    check: {
      ...input,
      levels: [...input.levels],
      index: input.index.map((entry) => ({ ...entry })),
      closes: Object.fromEntries(input.closes),
    },
  };
  const text = canonicalJson(file);
  const week = weekOf(startOfDay(check.date));
  return { digest: digestOf(text), text, date: check.date, week, decisionHash: bearCheckHash(check), kind: "exit" };
}

/**
 * The file's content, checked.
 *
 * @param digest The file's name.
 * @throws SnapshotAlteredError or SnapshotMalformedError.
 */
export function readPublishedCheck(text: string, digest: string): PublishedCheck {
  return readFileOf(publishedCheckSchema, text, digest);
}

/** The check that follows from a file. @throws OtherMethodologyError when the rules are not those of this program. */
export function replayCheck({ methodology, parameters, check }: PublishedCheck): BearCheck {
  requireMethodology(methodology);
  return checkOf({ ...check, closes: new Map(Object.entries(check.closes)) }, parameters);
}

/** Whether a check carries on the index and the levels of the decision that follows from a week's file. */
export function carriesOn({ check }: PublishedCheck, week: PublishedFile): boolean {
  const decision = replayPublished(week);
  const levels = [...week.previous.state.levels, decision.indexLevel];
  const text = (index: PublishedCheck["check"]["index"]): string => canonicalJson(index.map((entry) => ({ ...entry })));
  return (
    decisionHash(decision) === check.weekHash &&
    decision.indexLevel === check.weekLevel &&
    text([...decision.index]) === text(check.index) &&
    canonicalJson(check.levels.slice(-levels.length)) === canonicalJson(levels)
  );
}
