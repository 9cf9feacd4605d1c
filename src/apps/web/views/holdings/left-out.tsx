// Turns the coins that are not held into a list with the reason of each.
import { type ReactElement, useMemo, useState } from "react";

import type { Answer } from "../../data/api.ts";
import { capitalized, formatNumber } from "../../format.ts";
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
    <div className="scroll long" tabIndex={0} role="group" aria-label="Coins that are left out">
      <table className="table">
        <caption className="hidden-text">Coins that are left out</caption>
        <thead>
          <tr>
            <th scope="col">Coin</th>
            <th scope="col">Rank</th>
            <th scope="col" className="left">
              Reason
            </th>
            <th scope="col" className="left">
              Detail
            </th>
          </tr>
        </thead>
        <tbody>
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
        </tbody>
      </table>
    </div>
  );
}

function words(reason: string): string {
  return capitalized(reason.replaceAll("-", " "));
}
