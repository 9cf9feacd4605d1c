// Turns rows of the index back into lines of the ledger: a page of them, those of a transaction, or all as a file.
import type { Hex } from "viem";

import { canonicalJson } from "../../core/canonical-json.ts";
import { unixSeconds } from "../../core/units.ts";
import type { LedgerLine, LineEvent } from "../../record/lines.ts";
import { timeString } from "../amounts.ts";
import type { LedgerAnswer, LineAnswer } from "../answers/ledger.ts";
import type { LedgerQuery } from "../queries.ts";
import type { Database, IndexPlace, Row } from "./database.ts";
import { endOf } from "./follow.ts";

/** What a line is read from. */
export const LINE_COLUMNS = "lines.sequence, lines.head, lines.event, lines.args, lines.block, lines.hash, lines.time";

/** A line as it was read from the chain. */
export function lineOfRow(row: Row): LedgerLine {
  const { sequence, head, event, args, block, hash, time } = row as {
    readonly sequence: number;
    readonly head: Hex;
    readonly event: LineEvent;
    readonly args: string;
    readonly block: number;
    readonly hash: Hex;
    readonly time: number;
  };
  const parsed = JSON.parse(args) as LedgerLine["args"];
  return { sequence, head, event, args: parsed, block, transaction: hash, time: unixSeconds(time) };
}

/** A line with a time that a person reads, as `log --json` prints it. */
export function lineAnswer(line: LedgerLine): LineAnswer {
  return { ...line, time: timeString(line.time) };
}

/** A part of the ledger, and where all of it ends. */
export function ledgerAnswer(database: Database, place: IndexPlace, { from, limit }: LedgerQuery): LedgerAnswer {
  const { sequence, head } = endOf(database, place);
  const rows = database.all(
    `select ${LINE_COLUMNS} from lines where sequence >= ? order by sequence limit ?`,
    from,
    limit,
  );
  const lines = rows.map((row) => lineAnswer(lineOfRow(row)));
  const last = lines.at(-1)?.sequence ?? sequence;
  const { chainId, vault } = place;
  return { chainId, vault, sequence, head, lines, next: last < sequence ? last + 1 : null };
}

/** The lines of a transaction, in their order. */
export function linesOfTransaction(database: Database, hash: string): LedgerLine[] {
  return database.all(`select ${LINE_COLUMNS} from lines where hash = ? order by sequence`, hash).map(lineOfRow);
}

/** Lines of some events, oldest first. @param most -1 is all. */
export function linesOfEvents(database: Database, events: readonly LineEvent[], most = -1): LedgerLine[] {
  const marks = events.map(() => "?").join(", ");
  return database
    .all(`select ${LINE_COLUMNS} from lines where event in (${marks}) order by sequence limit ?`, ...events, most)
    .map(lineOfRow);
}

/** The whole ledger as `log --out` writes it, some lines at a time. */
export function* ledgerFile(database: Database, place: IndexPlace): Generator<string, void, void> {
  const { chainId, vault } = place;
  const { sequence, head } = endOf(database, place);
  yield `${canonicalJson({ chainId, vault, sequence, head })}\n`;
  for (let from = 1; from <= sequence; from += AT_ONCE) {
    const rows = database.all(
      `select ${LINE_COLUMNS} from lines where sequence between ? and ? order by sequence`,
      from,
      Math.min(from + AT_ONCE - 1, sequence),
    );
    yield rows.map((row) => `${canonicalJson(lineOfRow(row))}\n`).join("");
  }
}

const AT_ONCE = 500;
