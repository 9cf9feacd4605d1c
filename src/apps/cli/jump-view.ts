// Turns a fit of the statistical jump model into JSON and text.
import type { IsoDate } from "../../core/time.ts";
import { ANY_NUMBER, numbersOf } from "../../market/sources/table-csv.ts";
import { FEATURE_NAMES } from "../../regime/jump/features.ts";
import { type JumpState, type RefitPlan, expandingStates } from "../../regime/jump/online.ts";
import { type FittedSeries, fitJumpToPoints, fitJumpToReturns } from "../../regime/jump/series.ts";
import { type JsonObject, formatTable } from "./output.ts";
import { loadSeries, loadTable } from "./series-input.ts";

/** What is asked of the model. */
export type JumpOptions = RefitPlan & {
  /** Columns that are taken as the points' coordinates as they are; `undefined` for the features of the returns. */
  readonly columns: readonly string[] | undefined;
};

/** A fit of a file. */
export type JumpReport = {
  readonly file: string;
  readonly options: JumpOptions;
  readonly features: readonly string[];
  readonly fitted: FittedSeries;
  /** Of the points. */
  readonly dates: readonly IsoDate[] | undefined;
  /** States by models fitted to the past alone, one a point; `undefined` for columns taken as they are. */
  readonly expanding: readonly (JumpState | undefined)[] | undefined;
};

/** Fits the model to a file. */
export function reportJump(file: string, options: JumpOptions): JumpReport {
  if (options.columns !== undefined) return reportColumns(file, options, options.columns);
  const { returns, dates } = loadSeries(file);
  const fitted = fitJumpToReturns(returns, options.penalty);
  const expanding = expandingStates(returns, options).slice(fitted.first);
  return { file, options, features: FEATURE_NAMES, fitted, dates: dates?.slice(fitted.first), expanding };
}

function reportColumns(file: string, options: JumpOptions, features: readonly string[]): JumpReport {
  const table = loadTable(file);
  const columns = features.map((name) => numbersOf(table, name, ANY_NUMBER));
  const points = table.rows.map((_, t) => columns.map((column) => column[t] ?? Number.NaN));
  const fitted = fitJumpToPoints(points, options.penalty);
  return { file, options, features, fitted, dates: undefined, expanding: undefined };
}

/** The document of `regime fit --model jump --json`. */
export function jumpJson({ file, options, features, fitted, dates, expanding }: JumpReport): JsonObject {
  const { fit, points, scale, names, online, first } = fitted;
  const { penalty, warmUp, every } = options;
  return {
    model: "jump",
    file,
    penalty,
    features,
    scale: scale ?? null,
    observations: points.length,
    firstReturn: first,
    objective: fit.objective,
    changes: fit.changes,
    starts: fit.starts,
    states: fit.centers.map((center, label) => ({
      label,
      name: names?.[label] ?? null,
      center,
      share: fit.labels.filter((given) => given === label).length / points.length,
    })),
    dates: dates ?? null,
    labels: fit.labels,
    online,
    expanding: expanding === undefined ? null : { warmUp, every, states: expanding.map((state) => state ?? null) },
    points,
  };
}

/** What a person reads of the fit. */
export function jumpText(report: JumpReport): string {
  const { file, options, features, fitted, expanding } = report;
  const { fit, points, names, online } = fitted;
  const nameOf = (label: number | undefined): string => (label === undefined ? "-" : (names?.[label] ?? String(label)));
  const table = formatTable(
    [{ header: "state", align: "left" }, ...features.map((header) => ({ header, align: "right" as const }))],
    fit.centers.map((center, label) => [nameOf(label), ...center.map((value) => value.toFixed(4))]),
  );
  const honest =
    expanding === undefined ? [] : [`State now by a fit to the past alone: ${expanding.at(-1) ?? "none"}.`];
  return [
    `${file}, ${points.length} points, penalty ${options.penalty}: objective ${fit.objective.toFixed(6)}, ${fit.changes} changes`,
    "",
    table,
    "",
    `State now: ${nameOf(online.at(-1))}; ${fit.starts.agreeing} of ${fit.starts.tried} starts came to this optimum.`,
    ...honest,
  ].join("\n");
}
