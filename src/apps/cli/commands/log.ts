// Turns the vault's record into lines that a person reads, a table, or a file that anyone can verify.
import { type Command, Option } from "commander";

import { csvText } from "../../../core/csv.ts";
import { UsageError, assertNever } from "../../../core/errors.ts";
import { explorerLink } from "../../../core/explorer.ts";
import { filterLines } from "../../../record/filter.ts";
import { type Ledger, ledgerText } from "../../../record/ledger-file.ts";
import type { LedgerLine } from "../../../record/lines.ts";
import { type LedgerTable, ledgerTable } from "../../../record/table.ts";
import { formatNumber, formatTime, timeString } from "../../../site/amounts.ts";
import { type Coins, wordsOfLine } from "../../../site/line-words.ts";
import { addChainOptions } from "../chain-options.ts";
import { type LedgerOptions, ledgerFileOption, openLedger } from "../ledger-access.ts";
import { linkJson, linkLines } from "../links.ts";
import { requireWritable, writeFileBy, writeText } from "../ledger-output.ts";
import { type FilterOptions, addFilterOptions, filterOf, isFiltered, requireRanges } from "../line-filter.ts";
import { formatTable, printJson, printText } from "../output.ts";
import { writeParquet } from "../parquet-file.ts";

const FORMATS = ["text", "csv", "json", "parquet", "ledger"] as const;

type Format = (typeof FORMATS)[number];

type LogOptions = LedgerOptions &
  FilterOptions & { readonly out: string | undefined; readonly format: Format | undefined };

/** Lines to show, the ledger that they are of, and how its coins are called. */
type Shown = { readonly lines: readonly LedgerLine[]; readonly ledger: Ledger; readonly coins: Coins };

/** A ledger for a program: of a line what its file has, with a time that a person reads, and a link. */
type LogDocument = Ledger["place"] &
  Ledger["end"] & {
    readonly lines: readonly (Omit<LedgerLine, "time"> & { readonly time: string; readonly link?: string })[];
  };

/** Adds `log` to the program. */
export function registerLog(program: Command): void {
  const command = program
    .command("log")
    .description("the ledger: everything that the vault recorded, in order")
    .addOption(
      new Option("--format <format>", "of what is shown or written; `ledger` is the file that `verify --log` proves")
        .choices(FORMATS)
        .conflicts("json"),
    )
    .addOption(new Option("--out <file>", "write a file; without --format the whole ledger for `verify --log`"))
    .addOption(ledgerFileOption());
  addChainOptions(addFilterOptions(command)).action(log);
}

async function log(options: LogOptions): Promise<void> {
  const format = formatOf(options);
  requireRanges(options);
  requirePossible(options, format);
  if (options.out !== undefined) requireWritable(options.out);
  const { ledger, coins } = await openLedger(options);
  const lines = filterLines(ledger.lines, filterOf(options, ledger.lines, coins));
  const shown = { lines, ledger, coins };
  if (options.out === undefined) printText(contentOf(format, shown, options).trimEnd());
  else await writeOut(options.out, { format, shown, options });
}

/** With `--out` alone, what can be proven; else what a person reads. */
function formatOf({ format, json, out }: LogOptions): Format {
  if (format !== undefined) return format;
  if (out !== undefined) return "ledger";
  return json ? "json" : "text";
}

/** @throws UsageError when the format cannot hold what is asked for, or cannot be shown. */
function requirePossible(options: LogOptions, format: Format): void {
  if (format === "ledger" && isFiltered(options)) {
    throw new UsageError(
      "Expected the whole ledger for a file that can be proven, found a filter. Leave it out, or name --format csv, json or parquet.",
    );
  }
  if (format === "parquet" && options.out === undefined) {
    throw new UsageError("Expected --out with --format parquet, found none. Name a file.");
  }
}

async function writeOut(
  path: string,
  { format, shown, options }: { readonly format: Format; readonly shown: Shown; readonly options: LogOptions },
): Promise<void> {
  if (format === "parquet") {
    await writeFileBy(path, (beside) => writeParquet(beside, tableOf(shown)));
  } else writeText(path, contentOf(format, shown, options));
  const { end } = shown.ledger;
  const count = shown.lines.length;
  if (options.json) printJson({ file: path, lines: count, head: end.head });
  else printText(`Wrote ${formatNumber(count, 0)} lines to ${path}; head ${end.head}.`);
}

function contentOf(format: Format, shown: Shown, options: LogOptions): string {
  const { lines, ledger } = shown;
  switch (format) {
    case "text":
      return `${lines.length === 0 ? noLinesText(ledger, options) : logText(shown)}\n`;
    case "json":
      return `${JSON.stringify(logJson(ledger, lines), undefined, 2)}\n`;
    case "csv":
      return logCsv(shown);
    case "ledger":
      return ledgerText(ledger);
    case "parquet":
      throw new TypeError("a Parquet file is written and not shown");
    default:
      return assertNever(format);
  }
}

/** Why no line is shown. */
function noLinesText({ end }: Ledger, options: FilterOptions): string {
  const { event, fromSequence = 1 } = options;
  const size = `the ledger has ${formatNumber(end.sequence, 0)} lines`;
  if (fromSequence > end.sequence) return `No line ${fromSequence} yet: ${size}.`;
  return event === undefined
    ? `No such line: ${size}.`
    : `No ${[...event].join(" or ")} among the lines asked for: ${size}.`;
}

/** Lines as the ledger file has them, with times that a person reads, and links where the chain has an explorer. */
export function logJson({ place, end }: Ledger, lines: readonly LedgerLine[]): LogDocument {
  const shown = lines.map((line) => ({
    ...line,
    ...linkJson(place.chainId, "transaction", line.transaction),
    time: timeString(line.time),
  }));
  return { ...place, ...end, lines: shown };
}

/** What every line has, a column for each argument that occurs, and links where the chain has an explorer. */
function tableOf({ lines, ledger, coins }: Shown): LedgerTable {
  const table = ledgerTable(lines, (line) => wordsOfLine(line, coins));
  const links = lines.map(({ transaction }) => explorerLink(ledger.place.chainId, "transaction", transaction));
  if (!links.some((link) => link !== undefined)) return table;
  return {
    columns: [...table.columns, { name: "link", type: "text" }],
    rows: table.rows.map((row, i) => [...row, links[i] ?? null]),
  };
}

/** The table, with times that a person reads. */
export function logCsv(shown: Shown): string {
  const { columns, rows } = tableOf(shown);
  const place = columns.findIndex(({ type }) => type === "time");
  return csvText(
    columns.map(({ name }) => name),
    rows.map((row) => row.with(place, timeString(Number(row[place])))),
  );
}

/** One row a line; where the chain has an explorer, the link of a transaction follows its last line. */
export function logText({ lines, ledger, coins }: Shown): string {
  const table = formatTable(
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
  ).split("\n");
  const head = table.length - lines.length;
  const withLinks = lines.flatMap(({ transaction }, i) => {
    const isLast = lines[i + 1]?.transaction !== transaction;
    return [table[head + i] ?? "", ...(isLast ? linkLines(ledger.place.chainId, "transaction", transaction) : [])];
  });
  return [...table.slice(0, head), ...withLinks].join("\n");
}
