// Turns figures by key into JSON, and into a table with the definition beside each.
import { definitionsOf } from "../../research/definitions.ts";
import { formatTable } from "./output.ts";

/** A line a figure: key, value, definition. */
export function figuresTable(figures: Readonly<Record<string, number>>): string {
  const definitions = definitionsOf(figures);
  return formatTable(
    [
      { header: "figure", align: "left" },
      { header: "value", align: "right" },
      { header: "definition", align: "left" },
    ],
    Object.entries(figures).map(([key, value]) => [key, shown(value), definitions[key] ?? ""]),
  );
}

function shown(value: number): string {
  if (!Number.isFinite(value)) return "undefined";
  return Number.isInteger(value) ? String(value) : value.toFixed(4);
}
