// Turns a decision on bad data into the error with which a strict caller stops.
import { AppError } from "../core/errors.ts";
import type { Decision } from "./decision.ts";

/** The week's data are bad, and the caller asked not to go on then. */
export class BadWeekError extends AppError {
  readonly code = "BAD_WEEK";
  readonly kind = "data";

  constructor({ date, defects, regime }: Pick<Decision, "date" | "defects" | "regime">) {
    super(
      `Expected sound data behind the decision of ${date}, found: ${defects.join("; ")}. ` +
        `The regime is ${regime}; nothing else was changed. Mend the data, then decide.`,
    );
  }
}
