// Turns the same question, asked by many while nothing has changed, into one answer that is made once.
import { createHash } from "node:crypto";

/** A body with the mark by which a browser knows that it has it already. */
export type CachedAnswer = { readonly body: Buffer; readonly etag: string };

type Entry = { readonly version: number; readonly answer: Promise<CachedAnswer>; size: number };

/** {byte} All bodies together. */
const MOST_SIZE = 64 * 1024 * 1024;
const MOST_ENTRIES = 2000;

/** Bodies by question, for as long as the state has the version that they were made from. */
export class AnswerCache {
  readonly #entries = new Map<string, Entry>();
  #size = 0;

  /** @param make Called when the question is new to this version; what it throws is not remembered. */
  get(question: string, version: number, make: () => Promise<unknown>): Promise<CachedAnswer> {
    const known = this.#entries.get(question);
    if (known?.version === version) return known.answer;
    if (known !== undefined) this.#drop(question, known);
    const answer = make().then(cachedOf);
    const entry: Entry = { version, answer, size: 0 };
    this.#entries.set(question, entry);
    answer.then(
      ({ body }) => {
        if (this.#entries.get(question) !== entry) return;
        entry.size = body.length;
        this.#size += body.length;
        this.#makeRoom();
      },
      () => {
        if (this.#entries.get(question) === entry) this.#drop(question, entry);
      },
    );
    return answer;
  }

  /** The oldest go first. */
  #makeRoom(): void {
    for (const [question, entry] of this.#entries) {
      if (this.#size <= MOST_SIZE && this.#entries.size <= MOST_ENTRIES) return;
      this.#drop(question, entry);
    }
  }

  #drop(question: string, entry: Entry): void {
    this.#entries.delete(question);
    this.#size -= entry.size;
  }
}

function cachedOf(document: unknown): CachedAnswer {
  const body = Buffer.from(`${JSON.stringify(document)}\n`);
  return { body, etag: `"${createHash("sha256").update(body).digest("base64url").slice(0, 27)}"` };
}
