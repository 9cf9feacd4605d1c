// Turns a head that somebody knows, from an explorer or an earlier look, into the line after which it stood.
import type { Hex } from "viem";

import { AppError } from "../core/errors.ts";
import { FIRST_HEAD } from "./head.ts";
import type { LedgerLine } from "./lines.ts";

/** No line of the ledger has the head that was given. */
export class HeadUnknownError extends AppError {
  readonly code = "HEAD_NOT_IN_LEDGER";
  readonly kind = "data";
  readonly head: Hex;

  constructor(head: Hex, last: LedgerLine | undefined) {
    super(
      `Expected a line with head ${head}, found none: the ledger ends at line ${last?.sequence ?? 0} with ` +
        `${last?.head ?? FIRST_HEAD}. It was rewritten since, ends too early, or is of another fund.`,
    );
    this.head = head;
  }
}

/**
 * The line with a head: it and all before it are then what they were when somebody noted that head.
 *
 * @param lines Proven: their heads were recomputed.
 * @throws HeadUnknownError when there is none.
 */
export function lineWithHead(lines: readonly LedgerLine[], head: Hex): LedgerLine {
  const found = lines.find((line) => line.head === head);
  if (found === undefined) throw new HeadUnknownError(head, lines.at(-1));
  return found;
}
