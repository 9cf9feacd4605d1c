// Turns any number of legs into a list that draws only the rows in sight.
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactElement, useEffect, useRef } from "react";

import type { Answer } from "../../data/api.ts";
import { floatOf, formatAmount, formatNumber, formatPrice, formatTime } from "../../format.ts";
import { useSite } from "../../data/queries.ts";
import { RegimePill, TransactionLink } from "../../ui/parts.tsx";
import { useIsNarrow } from "../../ui/narrow.ts";

type Leg = Answer<"legs">["legs"][number];

/** {px} A row, where there is room for all columns and where there is not. */
const ROW = 46;
const NARROW_ROW = 96;
/** Rows before the end at which the next page is asked for. */
const AHEAD = 60;

/** Coin id of wrapped ether. */
const ETHER = "ethereum";

const COLUMNS = ["Time", "Regime", "Sold", "Bought", "Price", "Oracle-fair", "Cost", "Transaction"];

/** The list. */
export function LegList(props: {
  readonly legs: readonly Leg[];
  readonly total: number;
  readonly onEnd: () => void;
}): ReactElement {
  const { legs, total, onEnd } = props;
  const place = useRef<HTMLDivElement>(null);
  const isNarrow = useIsNarrow();
  const rows = useVirtualizer({
    count: legs.length,
    getScrollElement: () => place.current,
    estimateSize: () => (isNarrow ? NARROW_ROW : ROW),
    overscan: 8,
  });
  useEffect(() => {
    rows.measure();
  }, [rows, isNarrow]);
  const items = rows.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (legs.length > 0 && last >= legs.length - AHEAD) onEnd();
  }, [last, legs.length, onEnd]);
  if (legs.length === 0) return <p className="empty muted">No leg is like that.</p>;
  return (
    <div className="legs" ref={place} tabIndex={0} role="table" aria-label="Legs" aria-rowcount={total + 1}>
      <div className="leg-head" role="row" aria-rowindex={1}>
        {COLUMNS.map((name) => (
          <span key={name} role="columnheader">
            {name}
          </span>
        ))}
      </div>
      {/* Sizes and places of rows in sight depend on the scroll position; they are set on the elements by script. */}
      <div className="leg-space" role="rowgroup" style={{ height: rows.getTotalSize() }}>
        {items.map(({ index, start }) => {
          const leg = legs[index];
          return leg === undefined ? null : <Row key={leg.sequence} leg={leg} index={index} start={start} />;
        })}
      </div>
    </div>
  );
}

function Row({
  leg,
  index,
  start,
}: {
  readonly leg: Leg;
  readonly index: number;
  readonly start: number;
}): ReactElement {
  const { time, regime, transaction } = leg;
  return (
    <div className="leg" role="row" aria-rowindex={index + 2} style={{ transform: `translateY(${start}px)` }}>
      <span role="cell" className="muted">
        {formatTime(time).replace(" UTC", "")}
      </span>
      <span role="cell">
        <RegimePill regime={regime} />
      </span>
      <span role="cell" className="leg-coin">
        {leg.amount === null ? "" : formatAmount(leg.amount)} <strong>{leg.sell}</strong>
      </span>
      <span role="cell" className="leg-coin">
        {leg.received === null ? "" : formatAmount(leg.received)} <strong>{leg.buy}</strong>
      </span>
      <Result leg={leg} />
      <span role="cell">
        <TransactionLink hash={transaction} />
      </span>
    </div>
  );
}

function Result({ leg }: { readonly leg: Leg }): ReactElement {
  const { outcome, reason, price, fairPrice, costBps, sell, buy } = leg;
  const quote = useQuote(leg);
  if (outcome === "skipped") {
    return (
      <span role="cell" className="leg-reason" title={reason ?? ""}>
        <span className="pill bad">Left out</span> {reason}
      </span>
    );
  }
  return (
    <>
      <span role="cell" data-label="Price" title={`${price ?? ""} ${buy} a ${sell}`}>
        {quote(price)}
      </span>
      <span role="cell" data-label="Fair" title={`${fairPrice ?? ""} ${buy} a ${sell}`}>
        {quote(fairPrice)}
      </span>
      <span role="cell" data-label="Cost" className={costBps !== null && costBps < 0 ? "gain" : ""}>
        {costBps === null ? "–" : `${formatNumber(costBps, 1)} bps`}
      </span>
    </>
  );
}

/** A price is told in what coins are paid with: the deposit coin, or wrapped ether for a token. */
function useQuote({ sell, buy, sellCoinId }: Leg): (price: string | null) => string {
  const coin = useSite()?.coin.symbol;
  const isTurned = sell === coin || (sellCoinId === ETHER && buy !== coin);
  return (price) => {
    if (price === null) return "–";
    const value = floatOf(price);
    return isTurned ? `${formatPrice(1 / value)} ${sell}` : `${formatPrice(value)} ${buy}`;
  };
}
