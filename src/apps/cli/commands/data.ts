// Turns files of market data into a checked data folder, and a data folder into what it holds.
import { type Command, Option } from "commander";
import { DEFAULT_PARAMETERS } from "../../../config/schema.ts";
import { spanOf } from "../../../engine/run.ts";
import { findGaps, missingDays } from "../../../market/gaps.ts";
import { findJumps } from "../../../market/jumps.ts";
import { type FileReport, readFiles, recognizedFiles } from "../../../market/sources/directory.ts";
import {
  COINS_FILE,
  type Manifest,
  requireWritable,
  storedFiles,
  verifyStore,
  writeStore,
} from "../../../market/sources/store.ts";
import { filesTable, gapsTable } from "../data-tables.ts";
import { loadData, readingSteps } from "../market-data.ts";
import { SIMULATED, dataOption, jsonOption } from "../options.ts";
import { formatNumber, printJson, printText } from "../output.ts";
import { startProgress } from "../progress.ts";

type DataOptions = { readonly json: boolean; readonly data: string };

/** {USD} Jumps are reported for coins at least this large on either day. */
const JUMP_CAP = 10_000_000;

/** Adds `data import`, `data check` and `data info` to the program. */
export function registerData(program: Command): void {
  const data = program.command("data").description("market history in, checked");
  data
    .command("import")
    .description("check files and write a normalized copy into the data folder; bad input changes nothing")
    .argument("<path>", "a CSV file or a folder of them")
    .addOption(new Option("--data <dir>", "data folder to write").default("./data"))
    .addOption(jsonOption())
    .action(importData);
  data
    .command("check")
    .description("read every row, stop at the first defect, list gaps and jumps")
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(checkData);
  data
    .command("info")
    .description("what a data folder holds, and for which dates it allows decisions")
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(dataInfo);
}

function importData(path: string, options: DataOptions): void {
  const { read, manifest, overlap } = readAndWrite(path, options.data);
  if (options.json) {
    printJson({ data: options.data, read, written: manifest.files, overlap });
    return;
  }
  const written = manifest.files.map(({ file, rows }) => `  ${file}: ${formatNumber(rows, 0)} rows`);
  printText([filesTable(read), "", `Wrote into ${options.data}`, ...written, ...overlapLines(overlap)].join("\n"));
}

/** What was read, what was written, and how many rows were left out because another file states the same coin and day. */
type Import = { readonly read: readonly FileReport[]; readonly manifest: Manifest; readonly overlap: number };

function overlapLines(overlap: number): string[] {
  if (overlap === 0) return [];
  const rows = formatNumber(overlap, 0);
  return [`Rows left out, because another file or the data folder states the same coin and day: ${rows}`];
}

/** Daily rows that were read, those of the data folder too, less those that were written. */
function overlapOf(files: readonly FileReport[], manifest: Manifest): number {
  const sum = (counts: readonly { readonly rows: number }[]): number =>
    counts.reduce((total, { rows }) => total + rows, 0);
  const written = manifest.files.filter(({ file }) => file !== COINS_FILE);
  return sum(files.filter(({ format }) => format !== "coins")) - sum(written);
}

function readAndWrite(path: string, directory: string): Import {
  const progress = startProgress();
  try {
    requireWritable(directory);
    const stored = storedFiles(directory);
    const paths = [...stored, ...recognizedFiles(path)];
    const { history, files } = readFiles(paths, readingSteps(progress));
    progress.step("writing");
    const manifest = writeStore(directory, history);
    const read = files.filter((file) => !stored.includes(file.file));
    return { read, manifest, overlap: overlapOf(files, manifest) };
  } finally {
    progress.done();
  }
}

function checkData(options: DataOptions): void {
  const { history, files } = loadData(options.data);
  const manifest = options.data === SIMULATED ? undefined : verifyStore(options.data);
  const gaps = history.providers.flatMap(findGaps);
  const jumps = history.providers.flatMap((provider) => findJumps(provider, JUMP_CAP));
  if (options.json) {
    const gapReport = { count: gaps.length, missingDays: missingDays(gaps), list: gaps };
    printJson({
      data: options.data,
      files,
      gaps: gapReport,
      jumps,
      manifest: manifest === undefined ? "none" : "matches",
    });
    return;
  }
  const lines = [
    filesTable(files),
    "",
    "No defect. Gaps are days without a row between two rows of a coin; the methodology handles them. The longest:",
    "",
    gapsTable(gaps),
    "",
    `${formatNumber(jumps.length, 0)} one-day jumps of price (over +200 % or under -75 %) or of supply (over double or under half)`,
    `in coins of ${JUMP_CAP / 1e6} M USD or more. Every gap and jump: --json`,
  ];
  printText(lines.join("\n"));
}

function dataInfo(options: DataOptions): void {
  const { history, files } = loadData(options.data);
  const decisions = spanOf(history, DEFAULT_PARAMETERS);
  if (options.json) printJson({ data: options.data, files, decisions });
  else printText(`${filesTable(files)}\n\nDecisions from ${decisions.first} to ${decisions.last}.`);
}
