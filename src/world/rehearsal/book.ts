// Turns one SQLite file into what a rehearsal remembers of itself: each write is durable, and one process alone may write.
import { DatabaseSync } from "node:sqlite";

import { AppError } from "../../core/errors.ts";

/** Names and their text, kept across kills. */
export interface Book {
  read(name: string): string | undefined;
  /** Durable when it returns. */
  write(name: string, text: string): void;
  /** What `make` gave when this name was first asked for, also after a restart. */
  once(name: string, make: () => Promise<string>): Promise<string>;
  close(): void;
}

/** Another process plays in the folder. */
export class RehearsalBusyError extends AppError {
  readonly code = "REHEARSAL_BUSY";
  readonly kind = "usage";

  constructor(file: string, options: ErrorOptions) {
    super(
      `Expected that no other process rehearses in this folder, found ${file} in use. Wait for its end, or name another ` +
        "folder with --out.",
      options,
    );
  }
}

/** A file of a rehearsal is not what it was written as. */
export class RehearsalDamagedError extends AppError {
  readonly code = "REHEARSAL_DAMAGED";
  readonly kind = "data";

  constructor(file: string, options: ErrorOptions) {
    super(`Expected in ${file} what a rehearsal wrote, found something else. Begin anew with --fresh.`, options);
  }
}

/** SQLite's number for a file that another process holds, in the last byte. */
const BUSY = 5;

/** Of memory alone: forgotten at the end. */
const IN_MEMORY = ":memory:";

/** Opens the book of a file, made if it is missing, or one of memory alone. @throws RehearsalBusyError, RehearsalDamagedError */
export function openBook(file = IN_MEMORY): Book {
  const database = new DatabaseSync(file);
  try {
    // The lock is the system's: it ends with the process, however that ends.
    database.exec("pragma locking_mode = exclusive; pragma synchronous = full;");
    database.exec("create table if not exists notes (name text primary key, content text not null) strict;");
    database.exec("begin immediate; update notes set content = content where name = ''; commit;");
  } catch (cause) {
    database.close();
    const isBusy = (Number((cause as { readonly errcode?: unknown }).errcode) & 0xff) === BUSY;
    throw isBusy ? new RehearsalBusyError(file, { cause }) : new RehearsalDamagedError(file, { cause });
  }
  const select = database.prepare("select content from notes where name = ?");
  const replace = database.prepare("insert or replace into notes values (?, ?)");
  const read = (name: string): string | undefined => select.get(name)?.["content"] as string | undefined;
  const write = (name: string, text: string): void => {
    replace.run(name, text);
  };
  return {
    read,
    write,
    once: async (name, make) => {
      const known = read(name);
      if (known !== undefined) return known;
      const made = await make();
      write(name, made);
      return made;
    },
    close: () => {
      database.close();
    },
  };
}
