import { type Address, getAddress } from "viem";

import type { NetworkSources } from "../../../../src/config/networks/sources.ts";
import type { ListedFeed, ListedToken, PlacedCoin } from "../../../../src/market/sources/network-lists.ts";

/** Ethereum's. */
export const CHAIN = { chainId: 1, name: "ethereum", title: "Ethereum" } as const;
export const USDC = getAddress("0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48");
export const UNI = getAddress("0x1f9840a85d5af5bf1d1762f925bdaddc4201f984");
export const WBTC = getAddress("0x2260fac5e5542a773aa44fbcfedf7c193bc2c599");

/** An address of the same digit, in its checksum's capitals. */
export function at(digit: string): Address {
  return getAddress(`0x${digit.repeat(40)}`);
}

export function token(symbol: string, address: Address, more: Partial<ListedToken> = {}): ListedToken {
  return { chainId: 1, address, name: symbol, symbol, decimals: 18, bridgedFrom: new Map(), ...more };
}

export function feed(base: string, asset: string, address: Address): ListedFeed {
  return { chainId: 1, base, asset, address, decimals: 8, heartbeat: 3600 };
}

export function coin(coinId: string, symbol: string, address?: Address): PlacedCoin {
  const addresses = new Map(address === undefined ? [] : [[1, address.toLowerCase()] as const]);
  return { coinId, symbol, name: coinId, addresses };
}

/** An index of ether, bitcoin, uniswap and two coins that Ethereum lacks. */
export function sources(part: Partial<NetworkSources> = {}): NetworkSources {
  const coins = [
    coin("ethereum", "ETH"),
    coin("bitcoin", "BTC"),
    coin("uniswap", "UNI", UNI),
    coin("ripple", "XRP"),
    coin("lonely", "LON", at("5")),
  ];
  return {
    listName: "a list 1.0.0",
    tokens: [
      token("USDC", USDC, { decimals: 6 }),
      token("WBTC", WBTC, { name: "Wrapped BTC", decimals: 8 }),
      token("UNI", UNI),
    ],
    coins: new Map(coins.map((one) => [one.coinId, one])),
    feeds: [feed("usdc", "Circle USD", at("1")), feed("eth", "Ethereum", at("2")), feed("btc", "bitcoin", at("3"))],
    feedsName: "feeds",
    pools: new Map(),
    index: coins.map(({ coinId, symbol }, i) => ({
      coinId,
      symbol,
      rank: i + 1,
      capUsd: 100 - 10 * i,
      priceUsd: 2000,
    })),
    ...part,
  };
}
