// Turns a backtest into the files of its report: a page, the same as JSON, and its weeks as CSV.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../../core/errors.ts";
import { capacityOf } from "../../research/capacity.ts";
import type { OutsideSeries } from "../../market/outside-series.ts";
import { gaugesOf } from "../../research/gauges.ts";
import type { MarketPath } from "../../research/market-path.ts";
import { predictiveValues } from "../../research/predictive-value.ts";
import { reportHtml } from "../../research/report/report.ts";
import { gaugesJson } from "../../site/signal-json.ts";
import { type BacktestDocument, backtestJson, costWords } from "./backtest-view.ts";

/**
 * Writes `report.html`, `report.json` and `weeks.csv` into a folder, which is made if there is none.
 *
 * @throws UsageError when they cannot be written.
 */
export function writeReport(
  folder: string,
  { path, outside }: { readonly path: MarketPath; readonly outside: OutsideSeries },
  document: BacktestDocument,
): void {
  const { backtest, priceTests, registered, notices } = document;
  const { evaluation, setting, benchmarks } = backtest;
  const capacity = capacityOf(path, evaluation, setting);
  const shown = { path, parameters: setting.rules.regime, outside };
  const gauges = gaugesOf({ ...shown, run: evaluation.run });
  const grades = predictiveValues(path);
  const costs = costWords(setting.costs);
  const { trialsRun } = registered;
  const html = reportHtml({ backtest, priceTests, gauges, capacity, grades, trialsRun, notices, costs });
  const json = { ...backtestJson(document), capacity, grades, gauges: gaugesJson(gauges) };
  const { dates, returns, positions } = evaluation.run;
  const columns = [{ name: "return", returns }, ...benchmarks];
  const rows = dates.map((date, i) => [date, positions[i] ?? "", ...columns.map((column) => column.returns[i] ?? "")]);
  const csv = [["date", "position", ...columns.map(({ name }) => name)], ...rows].map((row) => `${row.join(",")}\n`);
  const files = {
    "report.html": html,
    "report.json": `${JSON.stringify(json, undefined, 2)}\n`,
    "weeks.csv": csv.join(""),
  };
  try {
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`Expected a folder for --report that can be written, found ${found}.`, { cause });
  }
}
