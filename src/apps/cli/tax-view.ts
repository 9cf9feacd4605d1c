// Turns a tax report into tables, CSV and a document.
import { type Cell, csvText } from "../../core/csv.ts";
import { decimalString } from "../../core/units.ts";
import type { Disposal } from "../../record/lot-books.ts";
import { type OpenPosition, type TaxReport, type TaxYear, yearOf } from "../../record/tax-report.ts";
import { formatAmount, formatNumber, formatUsd, timeString, usdString } from "../../site/amounts.ts";
import { type JsonObject, formatTable } from "./output.ts";

/** How an asset of the report is called, and counted. */
export type AssetNames = (asset: string) => { readonly symbol: string; readonly decimals: number };

/** A report, and how its assets are called. */
export type ShownTax = { readonly report: TaxReport; readonly nameOf: AssetNames };

const right = (header: string) => ({ header, align: "right" as const });
const left = (header: string) => ({ header, align: "left" as const });

/** Years and what is left; disposals are in CSV and JSON. */
export function taxText({ report, nameOf }: ShownTax): string {
  const years = formatTable(
    [left("year"), right("disposals"), right("proceeds [USD]"), right("cost [USD]"), right("realized [USD]")],
    report.years.map(({ year, disposals, proceeds, cost, gain }) => {
      return [String(year), formatNumber(disposals, 0), formatUsd(proceeds), formatUsd(cost), formatUsd(gain)];
    }),
  );
  const open = formatTable(
    [
      left("left"),
      right("lots"),
      right("amount"),
      right("cost [USD]"),
      right("value [USD]"),
      right("unrealized [USD]"),
    ],
    report.open.map(({ asset, lots, quantity, cost, value, gain }) => {
      const { symbol, decimals } = nameOf(asset);
      const amounts = [formatAmount(quantity, decimals), formatUsd(cost), formatUsd(value), formatUsd(gain)];
      return [symbol, String(lots), ...amounts];
    }),
  );
  const unknown = report.disposals.filter(({ isCostUnknown }) => isCostUnknown).length;
  const note =
    unknown === 0 ? [] : ["", `Of ${unknown} parts the ledger does not say what they had cost: they count as nothing.`];
  return [years, "", open, ...note].join("\n");
}

/** A row a disposal, and of each lot of it. */
export function taxCsv({ report, nameOf }: ShownTax): string {
  const header = ["year", "asset", "kind", "acquired", "disposed", "quantity", "proceedsUsd", "costUsd", "gainUsd"];
  return csvText(
    [...header, "isCostUnknown", "line"],
    report.disposals.map((disposal): Cell[] => {
      const { asset, kind, acquired, disposed, quantity, proceeds, cost, gain, isCostUnknown, line } = disposalJson(
        disposal,
        nameOf,
      );
      return [
        yearOf(disposal.time),
        asset,
        kind,
        acquired,
        disposed,
        quantity,
        proceeds,
        cost,
        gain,
        isCostUnknown,
        line,
      ];
    }),
  );
}

/** Amounts are decimal strings, exact. */
export function taxJson({ report, nameOf }: ShownTax): JsonObject {
  return {
    years: report.years.map(yearJson),
    open: report.open.map((position) => openJson(position, nameOf)),
    disposals: report.disposals.map((disposal) => disposalJson(disposal, nameOf)),
  };
}

function yearJson({ year, disposals, proceeds, cost, gain }: TaxYear) {
  return { year, disposals, proceeds: usdString(proceeds), cost: usdString(cost), gain: usdString(gain) };
}

function openJson({ asset, lots, quantity, cost, value, gain }: OpenPosition, nameOf: AssetNames) {
  const { symbol, decimals } = nameOf(asset);
  const amounts = { cost: usdString(cost), value: usdString(value), gain: usdString(gain) };
  return { asset: symbol, lots, quantity: decimalString(quantity, decimals), ...amounts };
}

function disposalJson(disposal: Disposal, nameOf: AssetNames) {
  const { asset, kind, acquired, time, quantity, proceeds, cost, isCostUnknown, sequence } = disposal;
  const { symbol, decimals } = nameOf(asset);
  return {
    asset: symbol,
    kind,
    acquired: acquired === undefined ? null : timeString(acquired),
    disposed: timeString(time),
    quantity: decimalString(quantity, decimals),
    proceeds: usdString(proceeds),
    cost: usdString(cost),
    gain: usdString(proceeds - cost),
    isCostUnknown,
    line: sequence,
  };
}
