// Turns the number of files that are under way into whether one more may begin, and ends those that take too long.
import type { FastifyReply } from "fastify";

import { BusyError } from "./refusals.ts";

/** Files at once: a long one holds a connection, and what it is made from, for as long as its reader takes. */
const MOST_FILES = 8;
/** {ms} That a file may take in all. */
const FILE_TIME = 300_000;

/** Places for files. */
export class FileSlots {
  #taken = 0;

  /** Holds a place until the answer has gone out or its reader has gone. @throws BusyError when all are held. */
  take({ raw }: Pick<FastifyReply, "raw">): void {
    if (this.#taken >= MOST_FILES) throw new BusyError();
    this.#taken++;
    const timer = setTimeout(() => raw.destroy(), FILE_TIME);
    raw.once("close", () => {
      clearTimeout(timer);
      this.#taken--;
    });
  }
}
