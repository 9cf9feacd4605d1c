// Turns an index and what a chain has of it into how much of the index a fund there could hold, and why not the rest.
import type { IndexName } from "./sources.ts";

/** How a name of the index can be held on a chain, or why not. */
export type NameCoverage = {
  readonly coinId: string;
  readonly symbol: string;
  readonly rank: number;
  readonly capUsd: number; // {USD}
} & (
  | { readonly held: "with-feed" | "by-pool"; readonly vehicle: string; readonly token: string }
  | { readonly held: "missing"; readonly why: string }
);

/** How much of an index a chain carries. */
export type Coverage = {
  readonly names: readonly NameCoverage[];
  /** Names of the index: held with a feed, held without one, not held. */
  readonly count: { readonly withFeed: number; readonly byPool: number; readonly missing: number };
  /** {1} Of the market cap of the index. */
  readonly share: { readonly withFeed: number; readonly byPool: number; readonly missing: number };
};

/** What the names add up to. */
export function coverageOf(names: readonly NameCoverage[]): Coverage {
  const total = capOf(names);
  const of = (held: NameCoverage["held"]): readonly NameCoverage[] => names.filter((name) => name.held === held);
  const [fed, pooled, missing] = [of("with-feed"), of("by-pool"), of("missing")];
  const shareOf = (part: readonly NameCoverage[]): number => (total === 0 ? 0 : capOf(part) / total);
  return {
    names,
    count: { withFeed: fed.length, byPool: pooled.length, missing: missing.length },
    share: { withFeed: shareOf(fed), byPool: shareOf(pooled), missing: shareOf(missing) },
  };
}

/** A name of the index with how it is held. */
export function coveredName(
  name: IndexName,
  held: { readonly vehicle: string; readonly token: string; readonly hasFeed: boolean },
): NameCoverage {
  const { coinId, symbol, rank, capUsd } = name;
  const { vehicle, token, hasFeed } = held;
  return { coinId, symbol, rank, capUsd, held: hasFeed ? "with-feed" : "by-pool", vehicle, token };
}

/** A name of the index that cannot be held. */
export function missingName({ coinId, symbol, rank, capUsd }: IndexName, why: string): NameCoverage {
  return { coinId, symbol, rank, capUsd, held: "missing", why };
}

function capOf(names: readonly NameCoverage[]): number {
  return names.reduce((sum, { capUsd }) => sum + capUsd, 0);
}
