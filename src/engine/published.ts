// Turns what a decision was taken from into the bytes of a file that names itself, and such a file into the decision.
import { sha256, stringToBytes } from "viem";
import { z } from "zod";

import { canonicalJson } from "../core/canonical-json.ts";
import { AppError } from "../core/errors.ts";
import type { IsoDate } from "../core/time.ts";
import { INITIAL_REGIME } from "../regime/ensemble.ts";
import { weeksNeeded } from "../regime/parameters.ts";
import { decide } from "./decide.ts";
import { type Decision, type DecisionState, METHODOLOGY_VERSION, decisionHash, stateAfter } from "./decision.ts";
import { type PublishedFile, SNAPSHOT_FORMAT, publishedSchema } from "./published-schema.ts";
import type { DecisionStep } from "./run.ts";
import type { Snapshot } from "./snapshot.ts";

/** A file to publish. */
export type PublishedSnapshot = {
  /** sha-256 of the text, in hexadecimal: the file's name. */
  readonly digest: string;
  /** Canonical JSON. */
  readonly text: string;
  readonly date: IsoDate;
  readonly week: number;
  /** Of the decision, or the check, that follows from it. */
  readonly decisionHash: string;
  readonly kind: "week" | "exit";
};

/** The content is not that of a published snapshot. */
export class SnapshotMalformedError extends AppError {
  readonly code = "SNAPSHOT_MALFORMED";
  readonly kind = "data";

  constructor(found: string, cause?: unknown) {
    super(`Expected a snapshot of format ${SNAPSHOT_FORMAT}, found ${found}. Fetch it from where it was published.`, {
      cause,
    });
  }
}

/** The file's bytes are not those that its name stands for. */
export class SnapshotAlteredError extends AppError {
  readonly code = "SNAPSHOT_ALTERED";
  readonly kind = "data";
  readonly digest: string;

  constructor(digest: string, found: string) {
    super(`Expected a file whose sha-256 is its name ${digest}, found ${found}. It was altered: fetch another copy.`);
    this.digest = digest;
  }
}

/** The snapshot was decided by other rules than those of this program. */
export class OtherMethodologyError extends AppError {
  readonly code = "OTHER_METHODOLOGY";
  readonly kind = "data";

  constructor(found: string) {
    super(
      `Expected a snapshot of methodology ${METHODOLOGY_VERSION}, found one of ${found}. ` +
        "Replay it with the version of this program that has those rules (METHODOLOGY_VERSION).",
    );
  }
}

/** sha-256 of a file's text in UTF-8, in hexadecimal. Browsers replay too: nothing here is of a machine. */
export function digestOf(text: string): string {
  return sha256(stringToBytes(text)).slice(2);
}

/** The file of a decision. */
export function publishedSnapshot({
  snapshot,
  previous,
  previousHash,
  decision,
  parameters,
}: DecisionStep): PublishedSnapshot {
  const file: PublishedFile = {
    format: SNAPSHOT_FORMAT,
    methodology: METHODOLOGY_VERSION,
    parameters,
    previous: { decisionHash: previousHash ?? null, state: stateJson(previous) },
    snapshot: snapshotJson(snapshot),
  };
  const text = canonicalJson(file);
  const { date, week } = decision;
  return { digest: digestOf(text), text, date, week, decisionHash: decisionHash(decision), kind: "week" };
}

/**
 * The file's content, checked.
 *
 * @param digest The file's name.
 * @throws SnapshotAlteredError or SnapshotMalformedError.
 */
export function readPublished(text: string, digest: string): PublishedFile {
  return readFileOf(publishedSchema, text, digest);
}

/** A file's content by its schema. @throws SnapshotAlteredError or SnapshotMalformedError. */
export function readFileOf<File>(schema: z.ZodType<File>, text: string, digest: string): File {
  const found = digestOf(text);
  if (found !== digest) throw new SnapshotAlteredError(digest, found);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new SnapshotMalformedError("text that is not JSON", cause);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new SnapshotMalformedError(z.prettifyError(parsed.error), parsed.error);
  return parsed.data;
}

/** The decision that follows from a file. @throws OtherMethodologyError when the rules are not those of this program. */
export function replayPublished({ methodology, parameters, previous, snapshot }: PublishedFile): Decision {
  requireMethodology(methodology);
  return decide(snapshotOf(snapshot), stateOf(previous.state), parameters);
}

/** @throws OtherMethodologyError when the rules are not those of this program. */
export function requireMethodology(methodology: string): void {
  if (methodology !== METHODOLOGY_VERSION) throw new OtherMethodologyError(methodology);
}

/**
 * Whether a file begins where the one before ends: the state that it starts from is what the decision before left. In a
 * fund's first week the regime is that of a new fund instead.
 */
export function follows(later: PublishedFile, earlier: PublishedFile): boolean {
  const decision = replayPublished(earlier);
  if (decisionHash(decision) !== later.previous.decisionHash) return false;
  const left = stateAfter(stateOf(earlier.previous.state), decision, weeksNeeded(later.parameters.regime));
  const text = (state: DecisionState): string => canonicalJson(stateJson(state));
  const begun = text(stateOf(later.previous.state));
  return begun === text(left) || begun === text({ ...left, regime: INITIAL_REGIME });
}

function snapshotJson({ coins, vacancies, valuation, ...snapshot }: Snapshot): PublishedFile["snapshot"] {
  return {
    ...snapshot,
    references: snapshot.references.map((reference) => ({ ...reference })),
    coins: coins.map((coin) => ({
      ...coin,
      averageCapUsd: coin.averageCapUsd ?? null,
      capUsd: coin.capUsd ?? null,
      priceUsd: coin.priceUsd ?? null,
      volumeUsd: coin.volumeUsd ?? null,
      label: coin.label ?? null,
    })),
    vacancies:
      vacancies === undefined
        ? null
        : {
            ...vacancies,
            after: [...vacancies.after],
            list: { ...vacancies.list, places: [...vacancies.list.places] },
          },
    valuation: { provider: valuation.provider, closes: Object.fromEntries(valuation.closes) },
  };
}

function snapshotOf({ coins, vacancies, valuation, ...snapshot }: PublishedFile["snapshot"]): Snapshot {
  return {
    ...snapshot,
    coins: coins.map((coin) => ({
      ...coin,
      averageCapUsd: coin.averageCapUsd ?? undefined,
      capUsd: coin.capUsd ?? undefined,
      priceUsd: coin.priceUsd ?? undefined,
      volumeUsd: coin.volumeUsd ?? undefined,
      label: coin.label ?? undefined,
    })),
    vacancies: vacancies ?? undefined,
    valuation: { provider: valuation.provider, closes: new Map(Object.entries(valuation.closes)) },
  };
}

function stateJson({ levels, index, provider, regime, target }: DecisionState): PublishedFile["previous"]["state"] {
  return {
    levels: [...levels],
    index: index.map((entry) => ({ ...entry })),
    provider: provider ?? null,
    regime: {
      regime: regime.regime,
      since: regime.since ?? null,
      returns: [...regime.returns],
      badDataSince: regime.badDataSince ?? null,
    },
    target: target === undefined ? null : { weights: [...target.weights], capped: [...target.capped] },
  };
}

function stateOf({ provider, regime, target, ...state }: PublishedFile["previous"]["state"]): DecisionState {
  return {
    ...state,
    provider: provider ?? undefined,
    regime: { ...regime, since: regime.since ?? undefined, badDataSince: regime.badDataSince ?? undefined },
    target: target ?? undefined,
  };
}
