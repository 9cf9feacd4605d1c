// Turns a data folder into the list of what is wrong with it.
import type { Command } from "commander";
import { AppError } from "../../../core/errors.ts";
import { DEFECT_KINDS, type Defect } from "../../../market/defects/defect.ts";
import { type CheckInput, type CheckResult, findDefects } from "../../../market/defects/find.ts";
import type { FileReport } from "../../../market/sources/file-report.ts";
import { filesAt } from "../../../market/sources/directory.ts";
import { isStore } from "../../../market/sources/open-market.ts";
import { type Manifest, verifyStore } from "../../../market/sources/store/manifest.ts";
import { filesTable } from "../data-tables.ts";
import { loadData, readingSteps } from "../market-data.ts";
import { SIMULATED, dataOption, jsonOption } from "../options.ts";
import { formatTable, printJson, printText } from "../output.ts";
import { formatNumber } from "../../../site/amounts.ts";
import { type Progress, startProgress } from "../progress.ts";

type CheckOptions = { readonly json: boolean; readonly data: string; readonly strict: boolean };

/** Defects of each kind shown on the terminal. */
const SHOWN = 5;

/** Data were checked strictly and have defects. */
export class DefectsFoundError extends AppError {
  readonly code = "DEFECTS_FOUND";
  readonly kind = "data";

  constructor(data: string, counts: Readonly<Record<string, number>>) {
    const found = Object.entries(counts).map(([kind, count]) => `${count} ${kind}`);
    super(`${data}: expected no defect, found ${found.join(", ")}. Repair the data, or check without --strict.`);
  }
}

/** Adds `data check` to the group of data commands. */
export function registerDataCheck(data: Command): void {
  data
    .command("check")
    .description("read every row, stop at the first malformed one, name each defect with coin and date")
    .option("--strict", "fail with exit code 3 when there is any defect", false)
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(checkData);
}

async function checkData(options: CheckOptions): Promise<void> {
  const progress = startProgress();
  try {
    const { files, input, manifest } = await readInput(options.data, progress);
    progress.step("looking for defects");
    const result = findDefects(input);
    progress.done();
    const { data } = options;
    if (options.json) printJson(checkJson({ data, files, manifest }, result));
    else printText(checkText(files, result));
    if (options.strict && result.defects.length > 0) throw new DefectsFoundError(data, countsOf(result.defects));
  } finally {
    progress.done();
  }
}

type Opened = {
  readonly files: readonly FileReport[];
  readonly input: CheckInput;
  readonly manifest: Manifest | undefined;
};

async function readInput(data: string, progress: Progress): Promise<Opened> {
  if (data === SIMULATED) {
    const { history, files } = await loadData(data);
    return { files, input: { providers: history.providers, lists: [], markets: [], dated: [] }, manifest: undefined };
  }
  const manifest = verifyStore(data);
  const [{ Draft }, { fillDraft }, { readCheckInput }] = await Promise.all([
    import("../../../market/sources/store/store.ts"),
    import("../../../market/sources/store/import.ts"),
    import("../../../market/sources/store/read-check.ts"),
  ]);
  const draft = await Draft.open(isStore(data) ? data : undefined);
  try {
    const read = manifest === undefined ? await fillDraft(draft, filesAt(data), readingSteps(progress)) : [];
    progress.step("reading the tables");
    const files = manifest === undefined ? read.map(({ report }) => report) : draft.sources;
    return { files, input: await readCheckInput(draft), manifest };
  } finally {
    draft.close();
  }
}

function checkJson({ data, files, manifest }: Omit<Opened, "input"> & { data: string }, result: CheckResult) {
  const { defects, sharedJumps } = result;
  return {
    data,
    files,
    manifest: manifest === undefined ? "none" : "matches",
    counts: countsOf(defects),
    defects,
    sharedJumps,
  };
}

function countsOf(defects: readonly Defect[]): Record<string, number> {
  const kinds = DEFECT_KINDS.map((kind) => [kind, defects.filter((defect) => defect.kind === kind).length] as const);
  return Object.fromEntries(kinds.filter(([, count]) => count > 0));
}

function checkText(files: readonly FileReport[], { defects, sharedJumps }: CheckResult): string {
  const shown = DEFECT_KINDS.flatMap((kind) => mostRecent(defects.filter((defect) => defect.kind === kind)));
  const counts = Object.entries(countsOf(defects)).map(([kind, count]) => `${formatNumber(count, 0)} ${kind}`);
  if (counts.length === 0) return [filesTable(files), "", "No defect."].join("\n");
  return [
    filesTable(files),
    "",
    `Defects: ${counts.join(", ")}. The latest of each kind; all of them: --json`,
    "",
    defectsTable(shown),
    "",
    `${formatNumber(sharedJumps.length, 0)} more jumps are shared by a second source.`,
  ].join("\n");
}

function mostRecent(defects: readonly Defect[]): Defect[] {
  return [...defects].sort((a, b) => (a.to < b.to ? 1 : -1)).slice(0, SHOWN);
}

function defectsTable(defects: readonly Defect[]): string {
  return formatTable(
    [
      { header: "defect", align: "left" },
      { header: "source", align: "left" },
      { header: "coin", align: "left" },
      { header: "from", align: "left" },
      { header: "to", align: "left" },
      { header: "what", align: "left" },
    ],
    defects.map(({ kind, source, coin, date, to, detail }) => [kind, source, coin, date, to, detail]),
  );
}
