// Turns a CSV file of dated regimes into a decider.
import { dayNumber } from "../../core/time.ts";
import { BadValueError } from "../../market/sources/csv-values.ts";
import { ascendingDaysOf, textsOf } from "../../market/sources/table-csv.ts";
import type { Decider } from "../../research/deciders/decider.ts";
import { type DatedSignal, externalDecider } from "../../research/deciders/external.ts";
import { loadTable } from "./series-input.ts";

/**
 * The decider that wants what a file says: a column `date`, the day at whose close the signal was known, in ascending
 * order, and a column `regime` that is bull or bear.
 *
 * @throws NoColumnError, BadValueError
 */
export function loadSignals(path: string): Decider {
  const table = loadTable(path);
  const texts = textsOf(table, "regime");
  const signals = ascendingDaysOf(table).map((date, i): DatedSignal => {
    const { text = "", place = { file: path, line: 1 } } = texts[i] ?? {};
    if (text !== "bull" && text !== "bear") {
      throw new BadValueError(place, { column: "regime", found: text, expected: "bull or bear" });
    }
    return { day: dayNumber(date), regime: text };
  });
  return externalDecider(signals);
}
