// Turns a published decision into the verdict of a replay that this browser makes from the decision's snapshot.
import type { Hex } from "viem";

import { dateOfExit } from "../../../core/time.ts";
import { parseDecimal } from "../../../core/units.ts";
import type { Publication } from "../../../record/publications.ts";
import { type Answer, type Site, ask, fetchText, snapshotAddress } from "../data/api.ts";
import type { ChainAccess } from "../data/way.ts";
import { PageError } from "../errors.ts";
import { askWorker } from "./ask-worker.ts";
import { readPublicationLine } from "./read-publication.ts";
import type { ReplayAnswer, ReplayQuestion } from "./replay-worker.ts";

type Summary = Answer<"decisions">["decisions"][number];

/** How a replay ended. */
export type Replay =
  /** There is nothing to replay from, or what follows from it is not what was published. */
  | { readonly kind: "none" | "differs"; readonly why: string }
  | {
      readonly kind: "same";
      readonly hash: string;
      /** True when the fund was held at bear, since the way back was not open yet. */
      readonly isHeldBack: boolean;
      readonly digest: string;
      /** {byte} */
      readonly size: number;
    };

/** The visitor's own way to the chain. */
export type Way = { readonly access: ChainAccess; readonly site: Site };

/** {byte} A snapshot of 3,000 coins has one megabyte. */
const LARGEST = 16 * 1024 * 1024;
const LEVEL_DECIMALS = 18;

/**
 * Fetches the snapshot of a decision and takes the decision again from it.
 *
 * @param way Undefined where nobody named a node: then the server's word on the chain is all there is to compare with.
 * @throws PageError when the snapshot is not what its name stands for, or cannot be read; ServerDownError.
 */
export async function replayHere(summary: Summary, way: Way | undefined, signal: AbortSignal): Promise<Replay> {
  if (summary.targetId !== null && dateOfExit(summary.targetId) !== undefined) {
    return {
      kind: "none",
      why: "This is the check of a single day, not of a week: replay it with tm100 verify-decision.",
    };
  }
  const { snapshot } = await ask("decision", { week: summary.date }, signal);
  if (snapshot === null) {
    return {
      kind: "none",
      why: "This server has no snapshot of this decision. Replay it with tm100 verify-decision and one that was published elsewhere.",
    };
  }
  const [text] = await Promise.all([
    fetchText(snapshotAddress(summary.date), LARGEST, signal),
    way === undefined ? undefined : readPublicationLine(way.access, way.site, summary), // is as shown, or throws
  ]);
  const question: ReplayQuestion = { text, digest: snapshot.digest, published: publicationIn(summary) };
  const worker = new Worker(new URL("./replay-worker.ts", import.meta.url), { type: "module" });
  const answer = await askWorker<ReplayAnswer>(worker, question, "replay the decision");
  if (answer.kind === "broken" && answer.code === "DECISION_DIFFERS") return { kind: "differs", why: answer.message };
  if (answer.kind === "broken") throw new PageError(answer.code, answer.message);
  return { ...answer, ...snapshot };
}

function publicationIn({ week, kind, regime, twinLevel, sequence, ...hashes }: Summary): Publication {
  return {
    ...{ week, kind, regime, sequence, assets: [] },
    decisionHash: hashes.decisionHash as Hex,
    membershipRoot: hashes.membershipRoot as Hex,
    twinLevel: parseDecimal(twinLevel, LEVEL_DECIMALS),
  };
}
