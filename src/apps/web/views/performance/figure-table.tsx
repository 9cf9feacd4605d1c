// Turns figures into a table with the definition of each beside it, and its interval where there is one.
import type { ReactElement } from "react";

import { capitalized, formatNumber, formatPercent } from "../../format.ts";
import { DataTable } from "../../ui/data-table.tsx";

type Values = Readonly<Record<string, number | null>>;

/** A row a figure. */
export function FigureTable(props: {
  readonly figures: Values;
  readonly definitions: Readonly<Record<string, string>>;
  readonly intervals?: Readonly<Record<string, readonly number[]>>;
}): ReactElement {
  const { figures, definitions, intervals } = props;
  return (
    <DataTable
      label="Figures"
      caption="Figures with their definitions"
      columns={["Figure", "Value", ...(intervals === undefined ? [] : ["95 % interval"]), { left: "Definition" }]}
    >
      {Object.entries(figures).map(([name, value]) => (
        <tr key={name}>
          <td>{capitalized(name.replaceAll("_", " "))}</td>
          <td data-figure={name}>{shown(name, value)}</td>
          {intervals === undefined ? null : (
            <td>{(intervals[name] ?? []).map((end) => shown(name, end)).join(" to ") || "–"}</td>
          )}
          <td className="left wrap muted small">{definitions[name] ?? ""}</td>
        </tr>
      ))}
    </DataTable>
  );
}

/** Ratios stay numbers, and so does what counts; the rest are shares of one. */
const PLAIN =
  /ratio|sharpe|sortino|calmar|skew|kurt|beta|weeks|days|count|switches|trials|number|information|omega|ulcer|periods|factor|per_year|tail/;

function shown(name: string, value: number | null): string {
  if (value === null) return "–";
  if (PLAIN.test(name)) return formatNumber(value, Number.isInteger(value) ? 0 : 3);
  return formatPercent(value);
}
