// Turns filters into one long list of the legs that they let through.
import { type ReactElement, useState } from "react";

import { fileAddress, useSilence } from "../../data/api.ts";
import type { LegFilter } from "../../data/leg-filter.ts";
import { formatNumber } from "../../format.ts";
import { useRoute } from "../../route.ts";
import { Failure, Loading } from "../../ui/parts.tsx";
import { ChoiceField, SearchField } from "../../ui/search-field.tsx";
import { DayField } from "../../ui/day-field.tsx";
import { LegList } from "./leg-list.tsx";
import { useLegs } from "./use-legs.ts";

const NOTHING: LegFilter = { search: "", regime: "", outcome: "", from: "", to: "", coin: "", rebalance: "" };

/** All legs, filtered. */
export function Legs(): ReactElement {
  const { parameters } = useRoute();
  const [filter, setFilter] = useState<LegFilter>({
    ...NOTHING,
    coin: parameters.get("coin") ?? "",
    rebalance: parameters.get("rebalance") ?? "",
  });
  const isDown = useSilence() !== undefined;
  return (
    <section className="card" aria-label="Legs">
      <Filters filter={filter} onChange={setFilter}>
        {isDown ? null : (
          <a className="button" href={fileAddress("legs", filter)} download>
            Export CSV
          </a>
        )}
      </Filters>
      <Found filter={filter} />
    </section>
  );
}

function Found({ filter }: { readonly filter: LegFilter }): ReactElement {
  const { total, legAt, error, onSight } = useLegs(filter);
  const failure = error === null ? null : <Failure error={error} what="The legs could not be read." />;
  if (total === undefined) return failure ?? <Loading what="the legs" />;
  return (
    <>
      <p className="muted small" role="status" data-fact="legs" data-value={total}>
        {formatNumber(total, 0)} {total === 1 ? "leg" : "legs"}
      </p>
      {failure}
      <LegList key={JSON.stringify(filter)} total={total} legAt={legAt} onSight={onSight} />
    </>
  );
}

function Filters(props: {
  readonly filter: LegFilter;
  readonly onChange: (filter: LegFilter) => void;
  readonly children: React.ReactNode;
}): ReactElement {
  const { filter, onChange, children } = props;
  const set = (key: keyof LegFilter) => (value: string) => {
    onChange({ ...filter, [key]: value });
  };
  const isFiltered = Object.values(filter).some((value) => value !== "");
  return (
    <div className="filters">
      <SearchField
        label="Search"
        value={filter.search}
        placeholder="Coin, reason, transaction"
        onChange={set("search")}
      />
      <ChoiceField label="Regime" value={filter.regime} choices={REGIMES} onChange={set("regime")} />
      <ChoiceField label="Outcome" value={filter.outcome} choices={OUTCOMES} onChange={set("outcome")} />
      <DayField label="From" value={filter.from} onChange={set("from")} />
      <DayField label="Before" value={filter.to} onChange={set("to")} />
      {filter.coin === "" && filter.rebalance === "" ? null : (
        <span className="pill">{filter.coin === "" ? `rebalance ${filter.rebalance}` : filter.coin}</span>
      )}
      {isFiltered ? (
        <button
          type="button"
          className="button quiet"
          onClick={() => {
            onChange(NOTHING);
          }}
        >
          Clear
        </button>
      ) : null}
      {children}
    </div>
  );
}

const REGIMES = [
  ["", "Any"],
  ["bull", "Bull"],
  ["bear", "Bear"],
] as const;
const OUTCOMES = [
  ["", "Any"],
  ["executed", "Executed"],
  ["skipped", "Left out"],
] as const;
