// Turns the coins that are not held into a list with the reason of each.
import { type ReactElement, useMemo, useState } from "react";

import type { Answer } from "../../data/api.ts";
import { capitalized, formatNumber } from "../../format.ts";
import { DataTable } from "../../ui/data-table.tsx";
import { ChoiceField, SearchField } from "../../ui/search-field.tsx";

type Coin = Answer<"holdings">["leftOut"][number];

/** Rows that are drawn at once. */
const SHOWN = 60;

/** The list with its filters. */
export function LeftOut({ coins }: { readonly coins: readonly Coin[] }): ReactElement {
  const [text, setText] = useState("");
  const [reason, setReason] = useState("");
  const [count, setCount] = useState(SHOWN);
  const reasons = useMemo(() => [...new Set(coins.map((coin) => coin.reason))].sort(), [coins]);
  const choices = [["", "Any"] as const, ...reasons.map((name) => [name, words(name)] as const)];
  const wanted = text.trim().toLowerCase();
  const rows = coins.filter(
    (coin) =>
      (reason === "" || coin.reason === reason) && `${coin.symbol} ${coin.coinId}`.toLowerCase().includes(wanted),
  );
  return (
    <>
      <div className="filters">
        <SearchField
          label="Find a coin that is left out"
          value={text}
          placeholder="Symbol or name"
          onChange={setText}
        />
        <ChoiceField label="Reason" value={reason} choices={choices} onChange={setReason} />
        <p className="muted small" role="status">
          {formatNumber(rows.length, 0)} of {formatNumber(coins.length, 0)}
        </p>
      </div>
      <Table rows={rows.slice(0, count)} />
      {rows.length <= count ? null : (
        <button
          type="button"
          className="button"
          onClick={() => {
            setCount(count + 4 * SHOWN);
          }}
        >
          Show more
        </button>
      )}
    </>
  );
}

function Table({ rows }: { readonly rows: readonly Coin[] }): ReactElement {
  return (
    <DataTable
      label="Coins that are left out"
      columns={["Coin", "Rank", { left: "Reason" }, { left: "Detail" }]}
      className="long"
    >
      {rows.map(({ coinId, symbol, rank, reason, detail }) => (
        <tr key={`${coinId} ${reason}`}>
          <td>
            <strong>{symbol}</strong> <span className="muted small">{coinId}</span>
          </td>
          <td>{rank ?? "–"}</td>
          <td className="left">{words(reason)}</td>
          <td className="left wrap muted">{detail}</td>
        </tr>
      ))}
    </DataTable>
  );
}

function words(reason: string): string {
  return capitalized(reason.replaceAll("-", " "));
}
