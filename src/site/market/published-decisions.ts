// Turns snapshots that the keeper published into the decisions that market data do not give any more.
import { dateOfExit } from "../../core/time.ts";
import { asPublished, decisionHash } from "../../engine/decision.ts";
import { OtherMethodologyError, readPublished, replayPublished } from "../../engine/published.ts";
import type { PublicationAnswer } from "../answers/decisions.ts";
import type { MarketFacts, Replayed } from "./facts.ts";
import { type SnapshotFile, fileOfText } from "./snapshot-file.ts";
import { readSnapshot, weeklySnapshots } from "./snapshot-folder.ts";

/** A decision with the file that it follows from. */
export type PublishedDecision = Replayed & { readonly file: SnapshotFile };

/** Files read at one look: each takes a part of a second, during which nothing else is answered. */
const MOST_READ = 4;

/** True of a week's decision, false of an exit on a single day, which has its own check. */
export function isOfWeek({ targetId }: PublicationAnswer): boolean {
  return targetId === null || dateOfExit(targetId) === undefined;
}

/** True when a decision is the one that was published, or was before the fund was held back at bear. */
export function isDecisionOf({ decision, decisionHash: hash }: Replayed, publication: PublicationAnswer): boolean {
  if (hash === publication.decisionHash) return true;
  const meant = asPublished(decision, publication);
  return meant !== decision && decisionHash(meant) === publication.decisionHash;
}

/** Decisions of weeks whose rows were late when they were taken, and are filled by now. */
export class PublishedDecisions {
  readonly #place: string;
  readonly #found = new Map<string, PublishedDecision>();
  readonly #tried = new Set<string>();

  /** @param place A folder, or the http address of one. */
  constructor(place: string) {
    this.#place = place;
  }

  /** The decision behind a publication, if it was published and market data do not give it. */
  of({ decisionHash: hash }: PublicationAnswer): PublishedDecision | undefined {
    return this.#found.get(hash);
  }

  /**
   * Looks for the decisions of publications that market data do not give.
   *
   * @returns How many were found; more may follow at the next look.
   * @throws SnapshotMissingError when there is no list, or a file of it is not there; SnapshotAlteredError or
   *   SnapshotMalformedError when it is not what its name says.
   */
  async look(publications: readonly PublicationAnswer[], decisions: MarketFacts["decisions"]): Promise<number> {
    const unexplained = publications.filter((one) => {
      const replayed = decisions.get(one.date);
      return isOfWeek(one) && this.of(one) === undefined && (replayed === undefined || !isDecisionOf(replayed, one));
    });
    const rows = await weeklySnapshots(this.#place); // also when nothing is wanted of it: a wrong place is told at once
    const before = this.#found.size;
    const wanted = new Set(unexplained.map(({ week }) => week));
    const untried = rows.filter(({ week, digest }) => wanted.has(week) && !this.#tried.has(digest));
    for (const { digest, week } of untried.slice(0, MOST_READ)) {
      const read = await this.#read(digest);
      this.#tried.add(digest);
      const meant = unexplained.find((one) => one.week === week && read !== undefined && isDecisionOf(read, one));
      if (meant !== undefined && read !== undefined) this.#found.set(meant.decisionHash, read);
    }
    return this.#found.size - before;
  }

  /** Undefined when it was taken by other rules than this program's. */
  async #read(digest: string): Promise<PublishedDecision | undefined> {
    const text = await readSnapshot(this.#place, digest);
    try {
      const decision = replayPublished(readPublished(text, digest));
      return { decision, decisionHash: decisionHash(decision), file: fileOfText({ digest, text }) };
    } catch (error) {
      if (error instanceof OtherMethodologyError) return undefined;
      throw error;
    }
  }
}
