// Turns what is wrong with a series into one line: what, where, when.
import { type IsoDate, dateOfDay } from "../../core/time.ts";

/** What can be wrong with data that read without an error. */
export type DefectKind = "gap" | "stale" | "jump" | "supply-revision" | "ticker-reuse" | "unit-error";

/** Every kind, in the order of reports. */
export const DEFECT_KINDS: readonly DefectKind[] = [
  "gap",
  "stale",
  "jump",
  "supply-revision",
  "ticker-reuse",
  "unit-error",
];

/** Something wrong, or too rare to be believed without a second look. */
export type Defect = {
  readonly kind: DefectKind;
  /** Provider, or name of the list or table. */
  readonly source: string;
  /** Coin id; for lists the ticker, for other tables the series; `*` when all coins of the source are concerned. */
  readonly coin: string;
  /** First and last day, included. */
  readonly date: IsoDate;
  readonly to: IsoDate;
  readonly detail: string;
};

/** The subject that stands for all coins of a source. */
export const ALL_COINS = "*";

/** What a defect is about, without its days. */
export type DefectAbout = Pick<Defect, "kind" | "source" | "coin">;

/** A defect of the days `from` to `to`, both included. */
export function defectOf(
  about: DefectAbout,
  days: { readonly from: number; readonly to: number },
  detail: string,
): Defect {
  return { ...about, date: dateOfDay(days.from), to: dateOfDay(days.to), detail };
}

/** Runs of days, each with the days on which `isBad` holds next to each other, from `from` to `to` included. */
export function runsOfDays(
  from: number,
  to: number,
  isBad: (day: number) => boolean,
): { readonly from: number; readonly to: number }[] {
  const runs: { from: number; to: number }[] = [];
  let start: number | undefined;
  for (let day = from; day <= to + 1; day++) {
    const bad = day <= to && isBad(day);
    if (bad) start ??= day;
    else if (start !== undefined) {
      runs.push({ from: start, to: day - 1 });
      start = undefined;
    }
  }
  return runs;
}

/** A count with its noun. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
