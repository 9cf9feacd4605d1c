// Turns every rebalance into a row: what it cost, what it did, and its transactions.
import { type ReactElement, useState } from "react";

import type { Answer } from "../../data/api.ts";
import { useAnswer } from "../../data/queries.ts";
import { capitalized, floatOf, formatNumber, formatPrice, formatTime, formatUsd } from "../../format.ts";
import { hrefOf } from "../../route.ts";
import { DataTable } from "../../ui/data-table.tsx";
import { Failure, Loading, RegimePill, TransactionLink } from "../../ui/parts.tsx";

type Rebalance = Answer<"rebalances">["rebalances"][number];

/** The newest hundred, then older ones page by page. */
export function Rebalances(): ReactElement {
  const [before, setBefore] = useState<readonly number[]>([]);
  const { told, error } = useAnswer("rebalances", { before: before.at(-1) });
  if (told === undefined) {
    return error === null ? (
      <Loading what="the rebalances" />
    ) : (
      <Failure error={error} what="The rebalances could not be read." />
    );
  }
  const { rebalances, next, total } = told.answer;
  return (
    <section className="card" aria-label="Rebalances">
      <p className="muted small" role="status">
        {formatNumber(total, 0)} rebalances
      </p>
      <DataTable label="Rebalances" caption="Rebalances, newest first" columns={COLUMNS}>
        {rebalances.map((rebalance) => (
          <Row key={rebalance.sequence} rebalance={rebalance} />
        ))}
      </DataTable>
      <div className="row">
        {before.length === 0 ? null : (
          <PageButton
            name="Newer"
            onPress={() => {
              setBefore(before.slice(0, -1));
            }}
          />
        )}
        {next === null ? null : (
          <PageButton
            name="Older"
            onPress={() => {
              setBefore([...before, next]);
            }}
          />
        )}
      </div>
    </section>
  );
}

function PageButton({ name, onPress }: { readonly name: string; readonly onPress: () => void }): ReactElement {
  return (
    <button type="button" className="button" onClick={onPress}>
      {name}
    </button>
  );
}

const COLUMNS = [
  "Started",
  "Regime",
  "State",
  "NAV",
  "Share [USD]",
  "Cost",
  "Legs",
  "Left out",
  "Gas [M]",
  "Transactions",
];

function Row({ rebalance }: { readonly rebalance: Rebalance }): ReactElement {
  const { id, startedAt, regime, state, navUsd, startNavUsd, navPerShareUsd, costBps, legs, skips, gas } = rebalance;
  return (
    <tr>
      <td title={`target ${id}`}>{formatTime(startedAt).replace(" UTC", "")}</td>
      <td>
        <RegimePill regime={regime} />
      </td>
      <td title={rebalance.closedBecause ?? undefined}>{capitalized(state)}</td>
      <td>{formatUsd(floatOf(navUsd ?? startNavUsd))}</td>
      <td>{navPerShareUsd === null ? "–" : formatPrice(navPerShareUsd)}</td>
      <td>{costBps === null ? "–" : `${formatNumber(costBps, 0)} bps`}</td>
      <td>
        <a href={hrefOf("transactions", { tab: "legs", rebalance: String(id) })}>{formatNumber(legs, 0)}</a>
      </td>
      <td>{formatNumber(skips, 0)}</td>
      <td>{gas === null ? "–" : formatNumber(gas / 1e6, 2)}</td>
      <td>
        <span className="row">
          {rebalance.transactions.map((hash) => (
            <TransactionLink key={hash} hash={hash} />
          ))}
        </span>
      </td>
    </tr>
  );
}
