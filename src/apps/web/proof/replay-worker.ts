// Turns a published snapshot into the decision that follows from it, taken again by the rules themselves, in a thread of its own.
import "../data/zod-setup.ts";
import { AppError } from "../../../core/errors.ts";
import { readPublished, replayPublished } from "../../../engine/published.ts";
import { requirePublished } from "../../../engine/verify-decision.ts";
import type { Publication } from "../../../record/publications.ts";

/** What the thread is asked. */
export type ReplayQuestion = {
  readonly text: string;
  /** The snapshot's name. */
  readonly digest: string;
  /** What the chain holds of the decision. */
  readonly published: Publication;
};

/** What it answers. */
export type ReplayAnswer =
  | { readonly kind: "same"; readonly hash: string; readonly isHeldBack: boolean }
  | { readonly kind: "broken"; readonly code: string; readonly message: string };

self.onmessage = ({ data }: MessageEvent<ReplayQuestion>): void => {
  self.postMessage(answerTo(data));
};

function answerTo({ text, digest, published }: ReplayQuestion): ReplayAnswer {
  try {
    const decision = replayPublished(readPublished(text, digest));
    const { hash, isHeldBack } = requirePublished(decision, published);
    return { kind: "same", hash, isHeldBack };
  } catch (error) {
    if (error instanceof AppError) return { kind: "broken", code: error.code, message: error.message };
    return { kind: "broken", code: "REPLAY_FAILED", message: String(error) };
  }
}
