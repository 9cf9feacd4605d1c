// Turns the years of the fund into a table.
import type { ReactElement } from "react";

import type { Answer } from "../../data/api.ts";
import { formatChange, formatNumber } from "../../format.ts";
import { Change } from "../../ui/parts.tsx";

/** A row a year. */
export function Years({ years }: { readonly years: Answer<"performance">["years"] }): ReactElement {
  return (
    <div className="scroll" tabIndex={0} role="group" aria-label="Years">
      <table className="table">
        <caption className="hidden-text">Return of each year</caption>
        <thead>
          <tr>
            {["Year", "Fund", "Twin", "Trading cost", "Rebalances"].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
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
        </tbody>
      </table>
    </div>
  );
}
