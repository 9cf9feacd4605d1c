// Names what a network's file is built from: token list, coins with their addresses, feeds, pools that are known.
import type { ListedFeed, ListedToken, PlacedCoin } from "../../market/sources/network-lists.ts";

/** A coin of the index. */
export type IndexName = {
  readonly coinId: string;
  readonly symbol: string;
  readonly rank: number;
  readonly capUsd: number; // {USD}
  readonly priceUsd: number; // {USD/wholeTok}
};

/** Everything that a network's file is built from. */
export type NetworkSources = {
  /** With its version. */
  readonly listName: string;
  readonly tokens: readonly ListedToken[];
  readonly coins: ReadonlyMap<string, PlacedCoin>;
  readonly feeds: readonly ListedFeed[];
  readonly feedsName: string;
  /** Addresses of pools, in lower case, that a list names; missing where there is no such list for the chain. */
  readonly pools: ReadonlyMap<number, ReadonlySet<string>>;
  /** Best rank first. */
  readonly index: readonly IndexName[];
};
