// Turns what goes wrong with a journal into words for the person who has to mend it.
import { AppError } from "../../core/errors.ts";

/** The file or schema is not a journal of this program; it is left as it is. */
export class JournalForeignError extends AppError {
  readonly code = "JOURNAL_FOREIGN";
  readonly kind = "data";
  readonly place: string;

  constructor(place: string, found: string, cause?: unknown) {
    super(
      `Expected a keeper's journal at ${place}, found ${found}. It was not touched: ` +
        "name another place for the journal, or move what is there away.",
      { cause },
    );
    this.place = place;
  }
}

/** The journal is cut short or corrupt; it is left as it is. */
export class JournalDamagedError extends AppError {
  readonly code = "JOURNAL_DAMAGED";
  readonly kind = "data";
  readonly place: string;

  constructor(place: string, found: string, cause?: unknown) {
    super(
      `Expected a whole journal at ${place}, found a damaged one (${found}). It was not touched: ` +
        "`doctor --rebuild` moves it aside and writes a new one from the chain.",
      { cause },
    );
    this.place = place;
  }
}

/** The journal cannot be written: a full disk, a folder without write permission, a lost connection. */
export class JournalUnwritableError extends AppError {
  readonly code = "JOURNAL_UNWRITABLE";
  readonly kind = "data";
  override readonly retryable = true;
  readonly place: string;

  constructor(place: string, found: string, cause?: unknown) {
    super(
      `Expected to write the journal at ${place}, but ${found}. Nothing is sent without a journal: ` +
        "make room or give access, then start again.",
      { cause },
    );
    this.place = place;
  }
}

/** There is no journal yet where one is to be read. */
export class JournalMissingError extends AppError {
  readonly code = "JOURNAL_MISSING";
  readonly kind = "data";
  readonly place: string;

  constructor(place: string) {
    super(
      `Expected a journal at ${place}, found none. \`keeper run --live\` begins one, or name another with --journal.`,
    );
    this.place = place;
  }
}
