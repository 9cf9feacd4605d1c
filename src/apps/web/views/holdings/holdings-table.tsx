// Turns holdings into a table that can be sorted by every column and filtered.
import { type ReactElement, useState } from "react";

import type { Answer } from "../../data/api.ts";
import {
  floatOf,
  formatAmount,
  formatChange,
  formatDate,
  formatNumber,
  formatPpm,
  formatPrice,
  formatUsd,
  secondsOf,
} from "../../format.ts";
import { hrefOf } from "../../route.ts";
import { Address, Change, TransactionLink } from "../../ui/parts.tsx";
import { ChoiceField, SearchField } from "../../ui/search-field.tsx";
import { type Column, SortableTable } from "../../ui/sortable.tsx";

type Holding = Answer<"holdings">["holdings"][number];

/** Filters by what the fund does with a coin. */
const KINDS = [
  ["all", "All"],
  ["held", "Held"],
  ["wanted", "Wanted, not held"],
  ["leaving", "Held, no longer wanted"],
  ["stable", "Stablecoins"],
] as const;

/** The table with its filters. */
export function HoldingsTable({ holdings }: { readonly holdings: readonly Holding[] }): ReactElement {
  const [text, setText] = useState("");
  const [kind, setKind] = useState<string>("all");
  const rows = holdings.filter((holding) => isKind(holding, kind) && isFound(holding, text));
  return (
    <>
      <div className="filters">
        <SearchField label="Find a coin" value={text} placeholder="Symbol, name or token" onChange={setText} />
        <ChoiceField label="Show" value={kind} choices={KINDS} onChange={setKind} />
        <p className="muted small" role="status">
          {formatNumber(rows.length, 0)} of {formatNumber(holdings.length, 0)}
        </p>
      </div>
      <SortableTable
        caption="Holdings of the fund"
        columns={COLUMNS}
        rows={rows}
        first={1}
        keyOf={({ index }) => String(index)}
      />
    </>
  );
}

const COLUMNS: readonly Column<Holding>[] = [
  { name: "Coin", isText: true, order: ({ symbol }) => symbol, cell: (holding) => <Coin holding={holding} /> },
  { name: "Weight", order: ({ weightPpm }) => weightPpm, cell: ({ weightPpm }) => formatPpm(weightPpm) },
  {
    name: "Target",
    order: ({ targetPpm }) => targetPpm ?? undefined,
    cell: ({ targetPpm }) => (targetPpm === null ? "–" : formatPpm(targetPpm)),
  },
  {
    name: "Amount",
    order: ({ amount }) => floatOf(amount),
    cell: ({ amount }) => <span title={amount}>{formatAmount(amount)}</span>,
  },
  {
    name: "Price [USD]",
    order: ({ priceUsd }) => (priceUsd === null ? undefined : floatOf(priceUsd)),
    cell: ({ priceUsd }) =>
      priceUsd === null ? <span className="pill bad">No fresh price</span> : formatPrice(priceUsd),
  },
  { name: "Value", order: ({ valueUsd }) => floatOf(valueUsd), cell: ({ valueUsd }) => formatUsd(valueUsd) },
  {
    name: "Week",
    title: "Change of the close against the one a week before",
    order: ({ weekChange }) => weekChange ?? undefined,
    cell: ({ weekChange }) =>
      weekChange === null ? "–" : <Change share={weekChange}>{formatChange(weekChange, 1)}</Change>,
  },
  {
    name: "Trader",
    title: "Trader grade, short term, 0 to 100",
    order: ({ traderGrade }) => traderGrade ?? undefined,
    cell: ({ traderGrade }) => gradeOf(traderGrade),
  },
  {
    name: "Investor",
    title: "Investor grade, long term, 0 to 100",
    order: ({ investorGrade }) => investorGrade ?? undefined,
    cell: ({ investorGrade }) => gradeOf(investorGrade),
  },
  { name: "Rank", order: ({ rank }) => (rank === null ? undefined : -rank), cell: ({ rank }) => rank ?? "–" },
  {
    name: "Pool depth",
    title: "What can be sold before the pool's price falls by 1 %",
    order: ({ poolDepthUsd }) => (poolDepthUsd === null ? undefined : floatOf(poolDepthUsd)),
    cell: ({ poolDepthUsd }) => (poolDepthUsd === null ? "–" : formatUsd(poolDepthUsd, 0)),
  },
  {
    name: "Last trade",
    order: ({ lastTrade }) => (lastTrade === null ? undefined : secondsOf(lastTrade.time)),
    cell: ({ lastTrade, coinId }) => <LastTrade trade={lastTrade} coinId={coinId} />,
  },
];

function Coin({ holding }: { readonly holding: Holding }): ReactElement {
  return (
    <span className="coin">
      <strong>{holding.symbol}</strong> <span className="muted small">{holding.coinId}</span>
      <span className="small">
        <Address of={holding.token} />
      </span>
    </span>
  );
}

function LastTrade({ trade, coinId }: { readonly trade: Holding["lastTrade"]; readonly coinId: string }): ReactElement {
  if (trade === null) return <>–</>;
  return (
    <span className="stacked">
      <a href={hrefOf("transactions", { coin: coinId })}>
        {trade.side} {formatDate(trade.time)}
      </a>
      <span className="small">
        <TransactionLink hash={trade.transaction} />
      </span>
    </span>
  );
}

function gradeOf(grade: number | null): string {
  return grade === null ? "–" : formatNumber(grade, 0);
}

function isFound({ symbol, coinId, token }: Holding, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  return [symbol, coinId, token].some((name) => name.toLowerCase().includes(wanted));
}

function isKind({ amount, targetPpm, isStable }: Holding, kind: string): boolean {
  const isHeld = floatOf(amount) > 0;
  if (kind === "held") return isHeld;
  if (kind === "stable") return isStable;
  if (kind === "wanted") return !isHeld && (targetPpm ?? 0) > 0;
  if (kind === "leaving") return isHeld && targetPpm === 0;
  return true;
}
