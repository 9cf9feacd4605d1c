// Turns files of market data into a checked data folder, and a data folder into what it holds.
import type { Command } from "commander";
import { DEFAULT_PARAMETERS } from "../../../config/schema.ts";
import { DateOutOfDataError, type DecisionSpan } from "../../../engine/calendar.ts";
import { spanOf } from "../../../engine/run.ts";
import { type Coverage, coverageOf } from "../../../market/coverage.ts";
import type { History } from "../../../market/history.ts";
import { filesAt } from "../../../market/sources/directory.ts";
import type { ImportReport } from "../../../market/sources/store/import.ts";
import { readManifest } from "../../../market/sources/store/manifest.ts";
import { filesTable } from "../data-tables.ts";
import { loadData, readingSteps } from "../market-data.ts";
import { SIMULATED, dataOption, jsonOption, storeOption } from "../options.ts";
import { formatTable, printJson, printText } from "../output.ts";
import { formatNumber } from "../../../site/amounts.ts";
import { startProgress } from "../progress.ts";
import { registerDataCheck } from "./data-check.ts";
import { registerDataPull } from "./data-pull.ts";

type DataOptions = { readonly json: boolean; readonly data: string };

/** Adds the `data` commands to the program. */
export function registerData(program: Command): void {
  const data = program.command("data").description("market history in, checked");
  data
    .command("import")
    .description("check files and add them to the history store of a data folder; bad input changes nothing")
    .argument("<paths...>", "CSV and JSON files, gzipped or not, or folders of them; formats: docs/data.md")
    .addOption(storeOption())
    .addOption(jsonOption())
    .action(importData);
  data
    .command("info")
    .description("what a data folder holds, and for which dates it allows decisions")
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(dataInfo);
  registerDataCheck(data);
  registerDataPull(data);
}

async function importData(paths: readonly string[], options: DataOptions): Promise<void> {
  const { read, manifest, overlap } = await readAndWrite(paths, options.data);
  if (options.json) {
    printJson({ data: options.data, read, written: manifest.files, overlap });
    return;
  }
  const written = manifest.files.map(({ file, rows }) => `  ${file}: ${formatNumber(rows, 0)} rows`);
  printText(
    [filesTable(read), "", `The store in ${options.data} holds`, ...written, ...overlapLines(overlap)].join("\n"),
  );
}

function overlapLines(overlap: number): string[] {
  if (overlap === 0) return [];
  return [`Rows left out, because the store had them already: ${formatNumber(overlap, 0)}`];
}

async function readAndWrite(paths: readonly string[], directory: string): Promise<ImportReport> {
  const progress = startProgress();
  try {
    const files = paths.flatMap(filesAt);
    const { importFiles } = await import("../../../market/sources/store/import.ts");
    return await importFiles(files, directory, readingSteps(progress));
  } finally {
    progress.done();
  }
}

async function dataInfo(options: DataOptions): Promise<void> {
  const { history, files } = await loadData(options.data);
  const decisions = decisionsOf(history);
  const tables = options.data === SIMULATED ? [] : (readManifest(options.data)?.files ?? []);
  const coverage = tables.some(({ table }) => table === "snapshots") ? await coverageIn(options.data, history) : [];
  if (options.json) {
    printJson({ data: options.data, files, tables, coverage, decisions: decisions ?? null });
    return;
  }
  const span = decisions === undefined ? "No decisions." : `Decisions from ${decisions.first} to ${decisions.last}.`;
  printText([filesTable(files), ...storedTables(tables), ...coverageLines(coverage), "", span].join("\n"));
}

async function coverageIn(directory: string, { providers }: History): Promise<Coverage[]> {
  const [{ Draft }, { readLists }] = await Promise.all([
    import("../../../market/sources/store/store.ts"),
    import("../../../market/sources/store/read-lists.ts"),
  ]);
  const draft = await Draft.open(directory);
  try {
    return coverageOf(providers, await readLists(draft));
  } finally {
    draft.close();
  }
}

function coverageLines(coverage: readonly Coverage[]): string[] {
  if (coverage.length === 0) return [];
  const columns = [
    { header: "year", align: "left" },
    { header: "prices of", align: "left" },
    { header: "lists", align: "right" },
    { header: "places of 100", align: "right" },
    { header: "share of cap [%]", align: "right" },
  ] as const;
  const rows = coverage.map(({ year, provider, lists, places, capShare }) => {
    return [year, provider, String(lists), formatNumber(places, 1), formatNumber(capShare * 100, 2)];
  });
  return [
    "",
    "Of the real top 100, by lists that no coin is missing from, these have prices:",
    "",
    formatTable(columns, rows),
  ];
}

function storedTables(tables: readonly { readonly file: string; readonly rows: number }[]): string[] {
  if (tables.length === 0) return [];
  const columns = [
    { header: "stored file", align: "left" },
    { header: "rows", align: "right" },
  ] as const;
  return [
    "",
    formatTable(
      columns,
      tables.map(({ file, rows }) => [file, formatNumber(rows, 0)]),
    ),
  ];
}

/** The dates that the history allows decisions for; `undefined` when it is too short or holds no prices. */
function decisionsOf(history: History): DecisionSpan | undefined {
  try {
    return spanOf(history, DEFAULT_PARAMETERS);
  } catch (failure) {
    if (failure instanceof DateOutOfDataError) return undefined;
    throw failure;
  }
}
