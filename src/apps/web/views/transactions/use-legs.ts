// Turns filters and the rows in sight into legs, of which only the pages around these rows are asked for and kept.
import { useQueries, useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";

import { useAccess } from "../../data/access.ts";
import type { LegFilter } from "../../data/leg-filter.ts";
import { LEG_PAGE, type Leg, type LegQuestion, legPage, newestLegs } from "../../data/legs.ts";
import { useSite } from "../../data/queries.ts";
import { nameOf } from "../../data/way.ts";

/** Rows before and after those in sight that are asked for with them. */
const AHEAD = 120;
/** Rows between two drawings from which on nobody reads, but somebody looks for a place. */
const FAST = 40;
/** {ms} Without a move after which that place is found. */
const PAUSE = 80;
/** {ms} For which a page that nobody looks at is kept. */
const KEPT = 20_000;

/** A list of any length. */
export type Legs = {
  /** Legs that the filter lets through; undefined until the first answer. */
  readonly total: number | undefined;
  /** A leg by its place from the newest; undefined while it is on its way. */
  readonly legAt: (place: number) => Leg | undefined;
  readonly error: Error | null;
  /** Takes the places of the first and the last row in sight. */
  readonly onSight: (first: number, last: number) => void;
};

/** Pages counted from the oldest leg; the first after the last is none. */
type Pages = { readonly first: number; readonly last: number };
const NO_PAGES: Pages = { first: 0, last: -1 };

/** The legs that a filter lets through. */
export function useLegs(filter: LegFilter): Legs {
  const [access, site] = [useAccess(), useSite()];
  const [pages, move] = usePages();
  const key = ["legs", filter, access === undefined ? "" : nameOf(access)];
  const way = { access, site };
  const newest = useQuery({
    queryKey: [...key, "newest"],
    queryFn: ({ signal }) => newestLegs({ filter, signal }, way),
    // The last word on the same filter, though from another source; never the legs of another filter.
    placeholderData: (previous, asked) =>
      JSON.stringify(asked?.queryKey[1]) === JSON.stringify(filter) ? previous : undefined,
  });
  const { total, legs } = newest.data ?? { total: undefined, legs: [] };
  // No page is asked for by the number of legs that another source gave.
  const wanted = newest.isPlaceholderData ? [] : numbersOf(pages);
  const others = useQueries({
    queries: wanted.map((page) => ({
      queryKey: [...key, page],
      queryFn: ({ signal }: Pick<LegQuestion, "signal">) => legPage(page, { filter, signal }, way),
      // Until the chain changes: then all of them are asked for again.
      staleTime: Infinity,
      gcTime: KEPT,
    })),
  });
  const byPage = new Map(wanted.map((page, i) => [page, others[i]?.data]));
  const onSight = (first: number, last: number): void => {
    move(first, pagesOf({ first, last }, { total: total ?? 0, known: legs.length }));
  };
  const legAt = (place: number): Leg | undefined => {
    if (place < legs.length) return legs[place];
    const fromOldest = (total ?? 0) - 1 - place;
    return byPage.get(Math.floor(fromOldest / LEG_PAGE))?.[fromOldest % LEG_PAGE];
  };
  const error = newest.error ?? others.find((other) => other.error !== null)?.error ?? null;
  return { total, legAt, error, onSight };
}

/** The pages to ask for, and what moves them to others: at once, or when a fast move has ended. */
function usePages(): readonly [Pages, (place: number, next: Pages) => void] {
  const [pages, setPages] = useState(NO_PAGES);
  const beforeRef = useRef(0);
  const timerRef = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(
    () => () => {
      clearTimeout(timerRef.current);
    },
    [timerRef],
  );
  const move = (place: number, next: Pages): void => {
    const isFast = Math.abs(place - beforeRef.current) > FAST;
    beforeRef.current = place;
    const take = (): void => {
      setPages((old) => (old.first === next.first && old.last === next.last ? old : next));
    };
    clearTimeout(timerRef.current);
    if (isFast) timerRef.current = setTimeout(take, PAUSE);
    else take();
  };
  return [pages, move];
}

/** Which pages hold rows around those in sight that the newest page does not. */
function pagesOf(
  { first, last }: { readonly first: number; readonly last: number },
  { total, known }: { readonly total: number; readonly known: number },
): Pages {
  const [newest, oldest] = [Math.max(first - AHEAD, known), Math.min(last + AHEAD, total - 1)];
  if (newest > oldest) return NO_PAGES;
  return { first: Math.floor((total - 1 - oldest) / LEG_PAGE), last: Math.floor((total - 1 - newest) / LEG_PAGE) };
}

function numbersOf({ first, last }: Pages): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
