// Turns a request for data that are not there into an error that says which.
import { AppError } from "../core/errors.ts";

/** No provider composes the index at a close. */
export class NoPanelError extends AppError {
  readonly code = "NO_PANEL";
  readonly kind = "data";

  constructor(date: string, isAlone: boolean) {
    super(
      isAlone
        ? "Expected daily data in CoinGecko's format, found none. Add a file with the columns of that format."
        : `Expected a provider whose data compose the index on ${date}, found none. Add data without a hole in time.`,
    );
  }
}
