// Turns a coin and the tokens of a chain into the token through which a fund there can hold it, or into why there is none.
import { WRAPPED } from "./chains.ts";
import type { ListedToken, PlacedCoin } from "../../market/sources/network-lists.ts";

/** The token through which a coin is held, and how it is known. */
export type Vehicle = {
  readonly kind: "own" | "bridged" | "wrapped";
  readonly token: ListedToken;
  readonly origin: string;
};

/** A vehicle, or why there is none. */
export type VehicleAnswer = { readonly vehicle: Vehicle } | { readonly missing: string };

/** Where vehicles are looked for. */
export type VehicleSearch = {
  readonly chainId: number;
  /** Tokens of the chain alone. */
  readonly tokens: readonly ListedToken[];
  readonly listName: string;
};

/** The chain whose tokens others are bridged from. */
const ETHEREUM_CHAIN = 1;

/**
 * A coin's vehicle, by the first rule that fits:
 *
 * 1. own: the coin's list names an address on the chain, and the token list has a token there;
 * 2. bridged: the token list says that its token came over a bridge from the coin's address on Ethereum;
 * 3. wrapped: a token of {@link WRAPPED} is in the token list, the first named there first.
 *
 * Rules 1 and 2 need two sources that agree on an address; no rule goes by a ticker alone.
 */
export function vehicleOf(coin: PlacedCoin, search: VehicleSearch): VehicleAnswer {
  const { tokens, listName } = search;
  const own = coin.addresses.get(search.chainId);
  const listed = own === undefined ? undefined : tokens.find(({ address }) => address.toLowerCase() === own);
  if (listed !== undefined) return found("own", listed, `${listName}, and the coin's own address`);
  const home = coin.addresses.get(ETHEREUM_CHAIN);
  const bridged = home === undefined ? undefined : tokens.find((token) => isBridgedFrom(token, home));
  if (bridged !== undefined) return found("bridged", bridged, `${listName}, bridged from ${home}`);
  const wrapped = wrappedOf(coin.coinId, tokens);
  if (wrapped !== undefined) return found("wrapped", wrapped, `${listName}, stands for ${coin.coinId}`);
  if (own === undefined) return { missing: "no token on this chain" };
  return { missing: `one source alone names its token: ${own} is not in the token list` };
}

function isBridgedFrom({ bridgedFrom }: ListedToken, home: string): boolean {
  return bridgedFrom.get(ETHEREUM_CHAIN) === home;
}

function wrappedOf(coinId: string, tokens: readonly ListedToken[]): ListedToken | undefined {
  for (const { symbol, name } of WRAPPED.get(coinId) ?? []) {
    const token = tokens.find((one) => one.symbol === symbol && one.name === name);
    if (token !== undefined) return token;
  }
  return undefined;
}

function found(kind: Vehicle["kind"], token: ListedToken, origin: string): VehicleAnswer {
  return { vehicle: { kind, token, origin } };
}
