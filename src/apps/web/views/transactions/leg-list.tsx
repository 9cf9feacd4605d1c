// Turns any number of legs into a list that draws only the rows in sight.
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactElement, type RefObject, memo, useEffect, useLayoutEffect, useRef } from "react";

import type { Leg } from "../../data/legs.ts";
import { floatOf, formatAmount, formatNumber, formatPrice, formatTime } from "../../format.ts";
import { useSite } from "../../data/queries.ts";
import { RegimePill, TransactionLink } from "../../ui/parts.tsx";
import { useIsNarrow } from "../../ui/narrow.ts";

/** {px} A row, where there is room for all columns and where there is not. */
const ROW = 46;
const NARROW_ROW = 114;

/** Coin id of wrapped ether. */
const ETHER = "ethereum";

const COLUMNS = ["Time", "Regime", "Sold", "Bought", "Price", "Oracle-fair", "Cost", "Transaction"];

/** The list. */
export function LegList(props: {
  readonly total: number;
  readonly legAt: (place: number) => Leg | undefined;
  readonly onSight: (first: number, last: number) => void;
}): ReactElement {
  const { total, legAt, onSight } = props;
  const place = useRef<HTMLDivElement>(null);
  const height = useIsNarrow() ? NARROW_ROW : ROW;
  const rows = useVirtualizer({
    count: total,
    getScrollElement: () => place.current,
    estimateSize: () => height,
    overscan: 8,
  });
  useEffect(() => {
    rows.measure();
  }, [rows, height]);
  useStillRows(place, total, height);
  const items = rows.getVirtualItems();
  const [first, last] = [items.at(0)?.index ?? 0, items.at(-1)?.index ?? 0];
  useEffect(() => {
    onSight(first, last);
  });
  if (total === 0) return <p className="empty muted">No leg is like that.</p>;
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
        {items.map(({ index, start }) => (
          <Row key={total - index} leg={legAt(index)} index={index} start={start} />
        ))}
      </div>
    </div>
  );
}

/** Keeps the rows in sight where they are when new legs come above them. */
function useStillRows(place: RefObject<HTMLDivElement | null>, total: number, height: number): void {
  const before = useRef(total);
  useLayoutEffect(() => {
    const list = place.current;
    if (list !== null && list.scrollTop > 0) list.scrollBy(0, (total - before.current) * height);
    before.current = total;
  }, [place, total, height]);
}

type RowProps = { readonly leg: Leg | undefined; readonly index: number; readonly start: number };

const Row = memo(function Row({ leg, index, start }: RowProps): ReactElement {
  const style = { transform: `translateY(${start}px)` };
  return (
    <div className="leg" role="row" aria-rowindex={index + 2} aria-busy={leg === undefined} style={style}>
      {leg === undefined ? <Awaited /> : <Cells leg={leg} />}
    </div>
  );
});

/** The row of a leg that is on its way. */
function Awaited(): ReactElement {
  return (
    <span role="cell" aria-colspan={COLUMNS.length} className="muted">
      Loading…
    </span>
  );
}

function Cells({ leg }: { readonly leg: Leg }): ReactElement {
  const { time, regime, transaction } = leg;
  return (
    <>
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
    </>
  );
}

function Result({ leg }: { readonly leg: Leg }): ReactElement {
  const { outcome, reason, price, fairPrice, costBps, sell, buy } = leg;
  const quote = useQuote(leg);
  if (outcome === "skipped") {
    return (
      <span role="cell" aria-colspan={3} className="leg-reason" title={reason ?? ""}>
        <span className="pill bad">Left out</span> {reason}
      </span>
    );
  }
  return (
    <>
      <span role="cell" data-label="Price" title={`${price ?? ""} ${buy} a ${sell}`}>
        <Quoted quote={quote(price)} />
      </span>
      <span role="cell" data-label="Fair" title={`${fairPrice ?? ""} ${buy} a ${sell}`}>
        <Quoted quote={quote(fairPrice)} />
      </span>
      <span role="cell" data-label="Cost" className={costBps !== null && costBps < 0 ? "gain" : ""}>
        {costBps === null ? "–" : `${formatNumber(costBps, 1)} bps`}
      </span>
    </>
  );
}

/** A number and what it is in, or nothing of either. */
type Quote = readonly [value: string, unit: string] | undefined;

function Quoted({ quote }: { readonly quote: Quote }): ReactElement {
  if (quote === undefined) return <>–</>;
  const [value, unit] = quote;
  return (
    <>
      {value} <span className="unit">{unit}</span>
    </>
  );
}

/** A price is told in what coins are paid with: the deposit coin, or wrapped ether for a token. */
function useQuote({ sell, buy, sellCoinId }: Leg): (price: string | null) => Quote {
  const coin = useSite()?.coin.symbol;
  const isTurned = sell === coin || (sellCoinId === ETHER && buy !== coin);
  return (price) => {
    if (price === null) return undefined;
    const value = floatOf(price);
    return isTurned ? [formatPrice(1 / value), sell] : [formatPrice(value), buy];
  };
}
