// Turns the listed assets into a table of where each price comes from and how old it is.
import { type ReactElement, useState } from "react";

import type { Answer } from "../../data/api.ts";
import { formatPercent, formatSpan } from "../../format.ts";
import { Address } from "../../ui/parts.tsx";
import { SearchField } from "../../ui/search-field.tsx";
import { type Column, SortableTable } from "../../ui/sortable.tsx";

type Asset = Answer<"rules">["assets"][number];
type Price = Answer<"rules">["limits"]["prices"][number];
type Row = Asset & { readonly price: Price | undefined; readonly isPoolKnown: boolean };

/** All listed assets. */
export function Assets({
  assets,
  prices,
  isOfChain,
}: {
  readonly assets: readonly Asset[];
  readonly prices: readonly Price[];
  readonly isOfChain: boolean;
}): ReactElement {
  const [text, setText] = useState("");
  const byIndex = new Map(prices.map((price) => [price.index, price]));
  const wanted = text.trim().toLowerCase();
  const rows = assets
    .filter(({ symbol, coinId, token }) => `${symbol} ${coinId} ${token}`.toLowerCase().includes(wanted))
    .map((asset) => ({ ...asset, price: byIndex.get(asset.index), isPoolKnown: !isOfChain }));
  return (
    <>
      <div className="filters">
        <SearchField label="Find an asset" value={text} placeholder="Symbol, name or token" onChange={setText} />
      </div>
      <SortableTable
        caption="Listed assets"
        columns={COLUMNS}
        rows={rows}
        first={0}
        keyOf={({ index }) => String(index)}
      />
    </>
  );
}

const COLUMNS: readonly Column<Row>[] = [
  { name: "Number", order: ({ index }) => -index, cell: ({ index }) => index },
  {
    name: "Coin",
    isText: true,
    order: ({ symbol }) => symbol,
    cell: ({ symbol, coinId }) => (
      <>
        <strong>{symbol}</strong> <span className="muted small">{coinId}</span>
      </>
    ),
  },
  { name: "Token", isText: true, order: ({ token }) => token, cell: ({ token }) => <Address of={token} /> },
  { name: "Most in bull", order: ({ capPpm }) => capPpm, cell: ({ capPpm }) => formatPercent(capPpm / 1e6, 0) },
  {
    name: "Price from",
    isText: true,
    order: ({ priceSource }) => priceSource ?? undefined,
    cell: ({ priceSource }) => sourceOf(priceSource),
  },
  { name: "Age", order: ({ price }) => price?.age, cell: ({ price }) => ageOf(price) },
  {
    name: "Pool",
    isText: true,
    order: ({ pool }) => pool ?? undefined,
    cell: ({ pool, isPoolKnown }) => (pool === null ? isPoolKnown ? "–" : "Unknown" : <Address of={pool} />),
  },
];

function sourceOf(source: Asset["priceSource"]): string {
  if (source === null) return "nothing";
  return source === "feed" ? "Feed" : "Mean of its pool";
}

function ageOf(price: Price | undefined): ReactElement | string {
  if (price === undefined) return "–";
  if (!price.isFresh) return <span className="pill bad">Stale</span>;
  return price.age === undefined ? "now" : formatSpan(price.age);
}
