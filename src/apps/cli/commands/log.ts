// Turns the vault's record into lines that a person reads, or a file that anyone can verify.
import { type Command, Option } from "commander";

import { UsageError } from "../../../core/errors.ts";
import type { Ledger } from "../../../record/ledger-file.ts";
import { fetchLedger } from "../../../record/ledger.ts";
import { LINE_EVENTS, type LedgerLine, type LineEvent } from "../../../record/lines.ts";
import { formatNumber, formatTime, timeString } from "../../../site/amounts.ts";
import { type ChainOptions, addChainOptions, parseSequence } from "../chain-options.ts";
import { withFund } from "../fund-access.ts";
import { ledgerSource } from "../ledger-access.ts";
import { writeLedger } from "../ledger-output.ts";
import { type Coins, coinsOf, wordsOfLine } from "../../../site/line-words.ts";
import { formatTable, printJson, printText } from "../output.ts";

/** Which lines are wanted. */
export type LineFilter = {
  readonly event: LineEvent | undefined;
  readonly fromSequence: number | undefined;
  readonly toSequence: number | undefined;
};

type LogOptions = ChainOptions & LineFilter & { readonly out: string | undefined };

/** Adds `log` to the program. */
export function registerLog(program: Command): void {
  const command = program
    .command("log")
    .description("the ledger: everything that the vault recorded, in order")
    .addOption(new Option("--event <name>", "only lines of this event").argParser(parseEvent))
    .addOption(new Option("--from-sequence <n>", "from this line on").argParser(parseSequence))
    .addOption(new Option("--to-sequence <n>", "up to this line").argParser(parseSequence))
    .addOption(
      new Option("--out <file>", "write the whole ledger as a file that `verify --log` proves").conflicts([
        "event",
        "fromSequence",
        "toSequence",
      ]),
    );
  addChainOptions(command).action(log);
}

/** The lines that a filter lets through, in their order. */
export function filterLines(lines: readonly LedgerLine[], filter: LineFilter): LedgerLine[] {
  const { event, fromSequence = 1, toSequence = Number.MAX_SAFE_INTEGER } = filter;
  return lines.filter(
    (line) =>
      line.sequence >= fromSequence && line.sequence <= toSequence && (event === undefined || line.event === event),
  );
}

async function log(options: LogOptions): Promise<void> {
  requireOrder(options);
  const { ledger, coins } = await withFund(options, async (fund, progress) => {
    progress.step("reading the log");
    const ledger = await fetchLedger(ledgerSource(fund, await fund.client.getBlockNumber()));
    return { ledger, coins: coinsOf(fund.deployment, ledger.lines) };
  });
  if (options.out !== undefined) {
    writeLedger(options.out, ledger);
    const { sequence, head } = ledger.end;
    if (options.json) printJson({ file: options.out, lines: sequence, head });
    else printText(`Wrote ${formatNumber(sequence, 0)} lines to ${options.out}; head ${head}.`);
    return;
  }
  const lines = filterLines(ledger.lines, options);
  if (options.json) printJson(logJson(ledger, lines));
  else if (lines.length === 0) printText(noLinesText(ledger, options));
  else printText(logText(lines, coins));
}

/** @throws UsageError when the last line wanted stands before the first. */
function requireOrder({ fromSequence, toSequence }: LineFilter): void {
  if (fromSequence === undefined || toSequence === undefined || fromSequence <= toSequence) return;
  throw new UsageError(
    `Expected --from-sequence at or before --to-sequence, found ${fromSequence} and ${toSequence}. Exchange them.`,
  );
}

/** Why no line is shown. */
function noLinesText({ end }: Ledger, { event, fromSequence = 1 }: LineFilter): string {
  const size = `the ledger has ${formatNumber(end.sequence, 0)} lines`;
  if (fromSequence > end.sequence) return `No line ${fromSequence} yet: ${size}.`;
  return event === undefined ? `No such line: ${size}.` : `No ${event} among the lines asked for: ${size}.`;
}

/** Lines as the ledger file has them, with times that a person reads. */
function logJson({ place, end }: Ledger, lines: readonly LedgerLine[]) {
  return { ...place, ...end, lines: lines.map((line) => ({ ...line, time: timeString(line.time) })) };
}

/** One row a line. */
export function logText(lines: readonly LedgerLine[], coins: Coins): string {
  return formatTable(
    [
      { header: "line", align: "right" },
      { header: "time [UTC]", align: "left" },
      { header: "event", align: "left" },
      { header: "what happened", align: "left" },
    ],
    lines.map((line) => [
      String(line.sequence),
      formatTime(line.time).replace("Z", ""),
      line.event,
      wordsOfLine(line, coins),
    ]),
  );
}

function parseEvent(text: string): LineEvent {
  const event = LINE_EVENTS.find((name) => name.toLowerCase() === text.toLowerCase());
  if (event === undefined) throw new UsageError(`Expected an event of ${LINE_EVENTS.join(", ")}, found '${text}'.`);
  return event;
}
