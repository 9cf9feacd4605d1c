// Turns a token, the coin that it stands for and a list of feeds into the feed that prices it, if there is one.
import type { NetworkAsset } from "../../execute/network.ts";
import type { ListedFeed, PlacedCoin } from "../../market/sources/network-lists.ts";
import type { Vehicle } from "./vehicle.ts";

/** A feed as a network's file names it. */
export type NetworkFeed = NonNullable<NetworkAsset["feed"]>;

/** Words in a name that say how a token is held and not what it is. */
const FORM_WORDS = new Set(["wrapped", "token", "coin", "protocol", "network", "finance", "dao", "the", "stablecoin"]);
/** Powers of ten by which a price may fall and rise before its feed's answer is not believed any more. */
const POWERS_DOWN = 3;
const POWERS_UP = 4;

/**
 * The feed of a vehicle: the token's own if it is a wrapped form and has one, since a wrapped form can be worth less
 * than its coin; else the coin's. Ticker and name must both fit: a ticker is used by several coins.
 */
export function feedOf(
  vehicle: Vehicle,
  coin: PlacedCoin,
  { feeds, chainId }: { readonly feeds: readonly ListedFeed[]; readonly chainId: number },
): ListedFeed | undefined {
  const here = feeds.filter((feed) => feed.chainId === chainId);
  const asToken = here.find((feed) => fits(feed, vehicle.token));
  return asToken ?? here.find((feed) => fits(feed, coin));
}

/** A feed as it stands in a network's file, believed from a thousandth to ten thousand times the order of `priceUsd`. */
export function networkFeed(
  row: Pick<ListedFeed, "base" | "address" | "decimals" | "heartbeat">,
  priceUsd: number,
  origin: string,
): NetworkFeed {
  return {
    address: row.address,
    pair: `${row.base.toUpperCase()} / USD`,
    decimals: row.decimals,
    heartbeat: row.heartbeat,
    bounds: boundsAround(priceUsd),
    origin,
  };
}

/** {USD/wholeTok} Between which a stablecoin's feed is believed; it is traded in a much narrower band. */
export const STABLE_BOUNDS = { low: "0.01", high: "100" } as const;

/** Powers of ten, as decimal text without an exponent. */
function boundsAround(priceUsd: number): NetworkFeed["bounds"] {
  const order = Math.floor(Math.log10(priceUsd));
  return { low: powerOfTen(order - POWERS_DOWN), high: powerOfTen(order + POWERS_UP) };
}

function powerOfTen(order: number): string {
  return order >= 0 ? `1${"0".repeat(order)}` : `0.${"0".repeat(-order - 1)}1`;
}

function fits(feed: ListedFeed, named: { readonly symbol: string; readonly name: string }): boolean {
  if (feed.base !== named.symbol.toLowerCase()) return false;
  const [asset, name] = [bareWords(feed.asset), bareWords(named.name)];
  const isSymbol = asset.length === 1 && asset[0] === feed.base;
  return isSymbol || isPart(asset, name) || isPart(name, asset);
}

/** Whether `words`, which are some, are all among the others. */
function isPart(words: readonly string[], others: readonly string[]): boolean {
  return words.length > 0 && words.every((word) => others.includes(word));
}

/** The words of a name without its form words and signs. */
function bareWords(name: string): string[] {
  return name
    .toLowerCase()
    .replaceAll(/\(.*?\)|\/ usd/g, " ")
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "" && !FORM_WORDS.has(word));
}
