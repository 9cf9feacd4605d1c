// Turns a node's answers and refusals into how many blocks it is asked for next.
import { type Refusal, refusalOf } from "./log-refusals.ts";

/** {block} What most public nodes answer, and the most that any is asked for. */
const USUAL_SPAN = 10_000;
const MOST_SPAN = 100_000;
/** {page} After a refusal a larger range is not tried so soon again: each try costs a request. */
const AFTER_REFUSAL = 30;
/** Halvings in a row because of slowness: a node that is down is slow with any range. */
const PATIENCE = 3;

/** How many blocks one node is asked for at once. Twice as many after an answer, half after a refusal. */
export class LogSpan {
  #size: number;
  #most = MOST_SPAN;
  #untilLarger = 1;
  #slow = 0;

  constructor(size: number = USUAL_SPAN) {
    this.#size = size;
  }

  /** {block} At least 1. */
  get size(): number {
    return this.#size;
  }

  /** Notes that a range of this size was answered; only a whole one tells that more may do. */
  answered(blocks: number): void {
    this.#slow = 0;
    if (blocks < this.#size) return;
    this.#untilLarger--;
    if (this.#untilLarger <= 0) this.#size = Math.max(this.#size, Math.min(2 * this.#size, this.#most));
  }

  /** Notes why a range of this size brought nothing. @returns True when a smaller one may bring it. */
  missed(error: unknown, blocks: number): boolean {
    const refusal = refusalOf(error);
    return refusal === undefined ? this.failed(blocks) : this.refused(refusal, blocks);
  }

  /**
   * Notes that a range of this size brought nothing, and no word why: a node in between may have cut it off. Ranges stay
   * as most nodes take them from then on. @returns True when such a one is still to be tried.
   */
  failed(blocks: number): boolean {
    if (blocks <= USUAL_SPAN) return false;
    this.#most = Math.min(this.#most, USUAL_SPAN);
    this.#size = Math.min(this.#size, USUAL_SPAN);
    return true;
  }

  /** Notes that a range of this size was refused. @returns False when a smaller one does not help. */
  refused(refusal: Refusal, blocks: number): boolean {
    if (refusal.kind === "busy" || blocks <= 1 || this.#isTooSlow(refusal, blocks)) return false;
    const { most, next } = refusal.kind === "slow" ? {} : refusal;
    if (most !== undefined && most > 0) this.#most = Math.min(this.#most, most);
    const named = most ?? next ?? 0;
    const half = Math.max(1, Math.floor(blocks / 2));
    this.#size = Math.min(this.#size, named >= 1 && named < blocks ? named : half);
    this.#untilLarger = AFTER_REFUSAL;
    return true;
  }

  /** Ranges that were asked for together are slow together, which counts once. */
  #isTooSlow({ kind }: Refusal, blocks: number): boolean {
    return kind === "slow" && blocks <= this.#size && ++this.#slow > PATIENCE;
  }
}
