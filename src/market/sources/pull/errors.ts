// Turns what can go wrong with a source on the network into named errors that say whether to try again.
import { AppError } from "../../../core/errors.ts";

/** A source did not answer, or answered with an error of its own. */
export class SourceUnavailableError extends AppError {
  readonly code = "SOURCE_UNAVAILABLE";
  readonly kind = "data";
  override readonly retryable = true;

  constructor(request: string, found: string, options?: ErrorOptions) {
    super(`${request}: expected an answer, found ${found}. Try again later: a pull goes on where it ended.`, options);
  }
}

/** A source wants to be asked less often. */
export class RateLimitedError extends AppError {
  readonly code = "RATE_LIMITED";
  readonly kind = "data";
  override readonly retryable = true;
  /** {ms} What the source asks to wait; `undefined` when it does not say. */
  readonly wait: number | undefined;

  constructor(request: string, wait: number | undefined, options?: ErrorOptions) {
    const asked = wait === undefined ? "" : ` and asks to wait ${Math.ceil(wait / 1000)} s`;
    super(
      `${request}: the source limits requests (429)${asked}. Try again later: a pull goes on where it ended.`,
      options,
    );
    this.wait = wait;
  }
}

/** A source refuses the request itself: wrong key, unknown coin, plan without access. */
export class SourceRefusedError extends AppError {
  readonly code = "SOURCE_REFUSED";
  readonly kind = "data";
  readonly status: number;

  constructor(request: string, found: { readonly status: number; readonly body: string }, options?: ErrorOptions) {
    const key =
      found.status === 401 || found.status === 403
        ? "the key in the environment and what its plan allows"
        : "the request";
    super(
      `${request}: the source refused it with ${found.status}: ${found.body.slice(0, 200)}. Check ${key}.`,
      options,
    );
    this.status = found.status;
  }
}

/** An answer is no JSON, as when it was cut off on the way. */
export class BrokenAnswerError extends AppError {
  readonly code = "BROKEN_ANSWER";
  readonly kind = "data";
  override readonly retryable = true;

  constructor(request: string, found: string, options?: ErrorOptions) {
    super(`${request}: expected complete JSON, found ${found}. Try again later.`, options);
  }
}

/** An answer has another form than this program knows. */
export class SchemaDriftError extends AppError {
  readonly code = "SCHEMA_DRIFT";
  readonly kind = "data";
  /** Path of the field in the answer. */
  readonly field: string;

  constructor(request: string, field: string, found: string) {
    super(
      `${request}: the field '${field}' of the answer has changed: ${found}. Nothing of this answer was kept; this program must learn the new form.`,
    );
    this.field = field;
  }
}

/** A source cannot be asked without a key. */
export class MissingKeyError extends AppError {
  readonly code = "MISSING_KEY";
  readonly kind = "usage";

  constructor(source: string, variable: string) {
    super(`${source}: expected a key in the environment variable ${variable}, found none. Set it and run again.`);
  }
}

/** An optional package is not installed. */
export class MissingPackageError extends AppError {
  readonly code = "MISSING_PACKAGE";
  readonly kind = "usage";

  constructor(name: string, options?: ErrorOptions) {
    super(`Expected the package '${name}', found none. Install it with 'npm install ${name}' and run again.`, options);
  }
}
