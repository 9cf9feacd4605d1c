// Turns filters and the server's pages of legs into one long list.
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { type ReactElement, useState } from "react";

import { fileAddress } from "../../data/api.ts";
import type { LegFilter } from "../../data/leg-filter.ts";
import { legPage } from "../../data/legs.ts";
import { useAccess } from "../../data/access.ts";
import { useIsServerDown, useSite } from "../../data/queries.ts";
import { formatNumber } from "../../format.ts";
import { useRoute } from "../../route.ts";
import { Failure, Loading } from "../../ui/parts.tsx";
import { ChoiceField, SearchField } from "../../ui/search-field.tsx";
import { DayField } from "../../ui/day-field.tsx";
import { LegList } from "./leg-list.tsx";

const NOTHING: LegFilter = { search: "", regime: "", outcome: "", from: "", to: "", coin: "", rebalance: "" };

/** All legs, filtered. */
export function Legs(): ReactElement {
  const { parameters } = useRoute();
  const [filter, setFilter] = useState<LegFilter>({
    ...NOTHING,
    coin: parameters.get("coin") ?? "",
    rebalance: parameters.get("rebalance") ?? "",
  });
  const isDown = useIsServerDown();
  return (
    <section className="card" aria-label="Legs">
      <Filters filter={filter} onChange={setFilter}>
        {isDown ? null : (
          <a className="button" href={fileAddress("legs", filter)} download>
            Export CSV
          </a>
        )}
      </Filters>
      <Pages filter={filter} />
    </section>
  );
}

function Pages({ filter }: { readonly filter: LegFilter }): ReactElement {
  const [access, site] = [useAccess(), useSite()];
  const { data, error, fetchNextPage, hasNextPage, isFetching } = useInfiniteQuery({
    queryKey: ["legs", filter, access?.kind],
    queryFn: ({ pageParam, signal }) => legPage({ filter, cursor: pageParam, signal }, { access, site }),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
  });
  if (data === undefined) {
    return error === null ? <Loading what="the legs" /> : <Failure error={error} what="The legs could not be read." />;
  }
  const legs = data.pages.flatMap((page) => page.legs);
  const total = data.pages[0]?.total ?? 0;
  const more = (): void => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  };
  return (
    <>
      <p className="muted small" role="status" data-fact="legs" data-value={total}>
        {formatNumber(total, 0)} {total === 1 ? "leg" : "legs"}
        {legs.length < total ? `; ${formatNumber(legs.length, 0)} loaded, the others follow as you scroll` : ""}
      </p>
      <LegList legs={legs} total={total} onEnd={more} />
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
