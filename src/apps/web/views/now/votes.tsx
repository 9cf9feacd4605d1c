// Turns the five votes of the trend into a table.
import type { ReactElement } from "react";

import type { Answer } from "../../data/api.ts";
import { formatChange, formatNumber } from "../../format.ts";
import { DataTable } from "../../ui/data-table.tsx";
import { Card, Change } from "../../ui/parts.tsx";

type Signal = NonNullable<Answer<"now">["signal"]>;

/** Each vote with its threshold. */
export function Votes({ signal }: { readonly signal: Signal }): ReactElement {
  return (
    <Card title="Trend score" className="span-5" note={`index at ${formatNumber(signal.indexLevel, 2)}`}>
      <DataTable
        label="Votes"
        caption={`Votes on the regime at the close of ${signal.close}`}
        columns={["Index is", "Threshold", "Distance", "Vote"]}
        className="votes"
      >
        {signal.votes.map((vote) => (
          <Vote key={vote.name} vote={vote} />
        ))}
      </DataTable>
      <p className="small muted">
        At 0.60 or more of the votes the fund goes into the market, at 0.40 or less it leaves; in between it stays where
        it is. A return waits 14 days, and there are three at most in 90 days.
      </p>
    </Card>
  );
}

function Vote({ vote }: { readonly vote: Signal["votes"][number] }): ReactElement {
  const { name, level, threshold, yes } = vote;
  const distance = threshold === null ? undefined : level / threshold - 1;
  return (
    <tr>
      <td>{name.replaceAll("-", " ")}</td>
      <td>{threshold === null ? "–" : formatNumber(threshold, 2)}</td>
      <td>{distance === undefined ? "–" : <Change share={distance}>{formatChange(distance, 1)}</Change>}</td>
      <td>
        <span className={`pill ${yes ? "bull" : "bear"}`}>{yes ? "Yes" : "No"}</span>
      </td>
    </tr>
  );
}
