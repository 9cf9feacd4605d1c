// Turns a deliberate failure into a named error that the command line and the keeper can act on.

/** Who can mend a failure: the caller (usage), the data's source, a risk limit, or the chain. */
export type FailureKind = "usage" | "data" | "risk" | "chain";

/** Base of every deliberate failure. The message says what was expected, what was found and what to do. */
export abstract class AppError extends Error {
  /** Stable name for programs, for example `DATE_OUT_OF_RANGE`. */
  abstract readonly code: string;
  abstract readonly kind: FailureKind;
  /** True when the same call may succeed later without anybody changing anything. */
  readonly retryable: boolean = false;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** A number lies outside the range in which the called function is defined. */
export class OutOfRangeError extends AppError {
  readonly code = "OUT_OF_RANGE";
  readonly kind = "data";
  readonly quantity: string;
  readonly found: number | bigint | string;

  constructor(quantity: string, found: number | bigint | string, expected: string) {
    super(`${quantity} must be ${expected}, but is ${String(found)}.`);
    this.quantity = quantity;
    this.found = found;
  }
}

/** A command or option that cannot be understood. */
export class UsageError extends AppError {
  readonly code = "USAGE";
  readonly kind = "usage";
}

/** Makes the compiler prove that a union was handled in full. */
export function assertNever(value: never): never {
  throw new TypeError(`unreachable: ${String(value)}`);
}
