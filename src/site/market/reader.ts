// Turns the chain's date into market facts, computed anew when a new week has begun, on a thread of its own.
import { Worker } from "node:worker_threads";

import { type IsoDate, mondayOf } from "../../core/time.ts";
import type { MarketFacts } from "./facts.ts";
import type { WorkerQuestion } from "./worker.ts";

/** What is known of the market. */
export type MarketState = {
  readonly state: "reading" | "ready" | "failed";
  /** Those of the last reading that succeeded. */
  readonly facts: MarketFacts | undefined;
  readonly failure: string | undefined;
};

/** {ms} Before data that could not be read, or did not reach the week yet, are read again. */
const PATIENCE = 300_000;

/** Keeps the facts of a data folder. */
export class MarketReader {
  readonly #data: string;
  readonly #now: () => number;
  #worker: Worker | undefined;
  #facts: MarketFacts | undefined;
  #failure: string | undefined;
  #askedFor: IsoDate | undefined;
  #askedAt = Number.NEGATIVE_INFINITY;

  /** @param now {ms} */
  constructor(data: string, now: () => number) {
    this.#data = data;
    this.#now = now;
  }

  state(): MarketState {
    const state = this.#facts !== undefined ? "ready" : this.#failure === undefined ? "reading" : "failed";
    return { state, facts: this.#facts, failure: this.#failure };
  }

  /** Starts a reading when there is reason to; nothing while one is under way. */
  lookAt(today: IsoDate, opened: IsoDate, onReady: () => void): void {
    const monday = mondayOf(today);
    const isThere = this.#facts?.signal.decision.date === monday;
    const isRecent = this.#askedFor === monday && this.#now() - this.#askedAt < PATIENCE;
    if (this.#worker !== undefined || isThere || isRecent) return;
    [this.#askedFor, this.#askedAt] = [monday, this.#now()];
    const question: WorkerQuestion = { data: this.#data, opened, asOf: today };
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { workerData: question });
    this.#worker = worker;
    worker.once("message", (facts: MarketFacts) => {
      [this.#facts, this.#failure] = [facts, undefined];
      onReady();
    });
    worker.once("error", (error) => {
      this.#failure = error instanceof Error ? error.message : String(error);
    });
    worker.once("exit", () => {
      this.#worker = undefined;
    });
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }
}
