// Turns the years of the fund into a table.
import type { ReactElement } from "react";

import type { Answer } from "../../data/api.ts";
import { formatChange, formatNumber } from "../../format.ts";
import { DataTable } from "../../ui/data-table.tsx";
import { Change } from "../../ui/parts.tsx";

const COLUMNS = ["Year", "Fund", "Twin", "Trading cost", "Rebalances"];

/** A row a year. */
export function Years({ years }: { readonly years: Answer<"performance">["years"] }): ReactElement {
  return (
    <DataTable label="Years" caption="Return of each year" columns={COLUMNS}>
      {years.map(({ period, total_return, twin_return, costBps, rebalances }) => (
        <tr key={period}>
          <td>{period}</td>
          <td>
            <Change share={total_return}>{formatChange(total_return)}</Change>
          </td>
          <td>{twin_return === null ? "–" : <Change share={twin_return}>{formatChange(twin_return)}</Change>}</td>
          <td>{formatNumber(costBps, 0)} bps</td>
          <td>{rebalances}</td>
        </tr>
      ))}
    </DataTable>
  );
}
