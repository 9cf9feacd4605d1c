// Turns many questions to one node into a few at once, and into a wait when it says that they are too many.
import pRetry from "p-retry";
import type { PublicClient } from "viem";

import { refusalOf } from "./log-refusals.ts";

/** Questions that a node is asked at once. */
const MOST_AT_ONCE = 20;
/** Answers in a row after which one more is asked at once, when there were too many. */
const GOOD_ANSWERS = 20;
/** Of a question that a node puts off, with the first wait {ms}; the waits double, some 30 s in all. */
const RETRIES = { retries: 6, minTimeout: 500, maxTimeout: 15_000, randomize: true } as const;
/** {ms} Nobody waits longer for a node that names a time. */
const LONGEST_WAIT = 60_000;

const paces = new WeakMap<PublicClient, Pace>();

/** The pace of a client: its questions share it. */
export function paceOf(client: PublicClient): Pace {
  const known = paces.get(client) ?? new Pace();
  paces.set(client, known);
  return known;
}

/** Bounds how many questions are open at once, and asks again what a node puts off because of their rate. */
export class Pace {
  #most = MOST_AT_ONCE;
  #open = 0;
  #good = 0;
  /** {ms} since 1970. Nothing is asked before. */
  #restsUntil = 0;
  readonly #queue: (() => void)[] = [];

  /** @throws What the question throws, if it is no matter of the rate, or the node goes on putting it off. */
  async ask<Answer>(question: () => Promise<Answer>): Promise<Answer> {
    return pRetry(() => this.#inTurn(question), {
      ...RETRIES,
      onFailedAttempt: ({ error }) => {
        this.#putOff(error);
      },
      shouldRetry: ({ error }) => {
        const refusal = refusalOf(error);
        return refusal?.kind === "busy" && (refusal.waitMs ?? 0) <= LONGEST_WAIT;
      },
    });
  }

  async #inTurn<Answer>(question: () => Promise<Answer>): Promise<Answer> {
    while (this.#open >= this.#most) await new Promise<void>((resolve) => this.#queue.push(resolve));
    this.#open++;
    try {
      const rest = this.#restsUntil - Date.now();
      if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
      const answer = await question();
      this.#praise();
      return answer;
    } finally {
      this.#open--;
      this.#queue.shift()?.();
    }
  }

  #praise(): void {
    if (this.#most === MOST_AT_ONCE || ++this.#good < GOOD_ANSWERS) return;
    this.#good = 0;
    this.#most++;
    this.#queue.shift()?.();
  }

  #putOff(error: unknown): void {
    const refusal = refusalOf(error);
    if (refusal?.kind !== "busy") return;
    this.#most = Math.max(1, Math.floor(this.#most / 2));
    this.#good = 0;
    const wait = Math.min(refusal.waitMs ?? 0, LONGEST_WAIT);
    this.#restsUntil = Math.max(this.#restsUntil, Date.now() + wait);
  }
}
