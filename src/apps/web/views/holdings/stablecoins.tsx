// Turns the stablecoins into a table of how near to a dollar each is.
import type { ReactElement } from "react";

import type { Answer } from "../../data/api.ts";
import { formatAmount, formatNumber, formatPpm, formatPrice, formatUsd } from "../../format.ts";
import { DataTable } from "../../ui/data-table.tsx";

type Stablecoin = Answer<"holdings">["stablecoins"][number];

const COLUMNS = ["Coin", "Price [USD]", "From a dollar", "Peg", "Amount", "Value", "Weight"];

/** Every stablecoin of the fund. */
export function Stablecoins({ coins }: { readonly coins: readonly Stablecoin[] }): ReactElement {
  return (
    <DataTable label="Stablecoin basket" caption="Stablecoins with their peg" columns={COLUMNS}>
      {coins.map((coin) => (
        <Row key={coin.index} coin={coin} />
      ))}
    </DataTable>
  );
}

function Row({ coin }: { readonly coin: Stablecoin }): ReactElement {
  const { symbol, coinId, priceUsd, pegBps, isInBand, amount, valueUsd, weightPpm } = coin;
  return (
    <tr>
      <td>
        <strong>{symbol}</strong> <span className="muted small">{coinId}</span>
      </td>
      <td>{priceUsd === null ? "–" : formatPrice(priceUsd)}</td>
      <td>{pegBps === null ? "–" : `${formatNumber(pegBps, 1)} bps`}</td>
      <td>
        {priceUsd === null ? (
          "Unknown"
        ) : (
          <span className={`pill ${isInBand ? "bull" : "bad"}`}>{isInBand ? "In its band" : "Outside"}</span>
        )}
      </td>
      <td>{formatAmount(amount)}</td>
      <td>{formatUsd(valueUsd)}</td>
      <td>{formatPpm(weightPpm)}</td>
    </tr>
  );
}
