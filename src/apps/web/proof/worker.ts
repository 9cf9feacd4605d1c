// Turns a ledger and the vault's books, sent by the page, into a verdict, in a thread of its own.
import { AppError } from "../../../core/errors.ts";
import type { Ledger } from "../../../record/ledger-file.ts";
import { type ChainBooks, verifyLedger } from "../../../record/verify.ts";

/** What the thread is asked. */
export type WorkerQuestion = { readonly ledger: Ledger; readonly books: ChainBooks };

/** What it answers. */
export type WorkerAnswer =
  | { readonly kind: "proven"; readonly head: string; readonly holdings: number }
  | { readonly kind: "broken"; readonly code: string; readonly message: string };

self.onmessage = ({ data }: MessageEvent<WorkerQuestion>): void => {
  self.postMessage(answerTo(data));
};

function answerTo({ ledger, books }: WorkerQuestion): WorkerAnswer {
  try {
    const proof = verifyLedger(ledger.lines, ledger.place, books);
    const holdings = [...proof.books.balances.values()].filter((amount) => amount > 0n).length;
    return { kind: "proven", head: proof.head, holdings };
  } catch (error) {
    if (error instanceof AppError) return { kind: "broken", code: error.code, message: error.message };
    return { kind: "broken", code: "PROOF_FAILED", message: String(error) };
  }
}
