// Names the chains for which a network's file is built, and what no list says about them.
import type { Address } from "viem";

/** A fact that no list holds, with where it is published. */
type Known = { readonly address: Address; readonly origin: string };

/** A stablecoin of the basket by what token lists and feeds call it. */
export type StableSpec = { readonly coinId: string; readonly symbols: readonly string[]; readonly feed: string };

/** A chain for which a network's file is built. */
export type ChainSpec = {
  readonly chainId: number;
  readonly name: string;
  readonly title: string;
  readonly sequencer?: Known;
  /** Of a test network, where no list names them: the deposit coin and the two feeds that a fund needs. */
  readonly test?: { readonly cash: Known; readonly cashFeed: Known; readonly etherFeed: Known };
};

/** The repository from which the list of feeds was taken; its licence allows to copy it. */
export const FEEDS_ORIGIN = "LZeroAnalytics/chainlink-package a6b1d6fb (MIT)";
const CIRCLE = "viem 2.57.1 (MIT), its list of tokens";
const CHAINLINK = "Chainlink's published addresses; confirm by `networks check`";

/** Every chain with a file in deployments/networks, but the local one. */
export const CHAINS: readonly ChainSpec[] = [
  { chainId: 1, name: "ethereum", title: "Ethereum" },
  {
    chainId: 8453,
    name: "base",
    title: "Base",
    sequencer: { address: "0xBCF85224fc0756B9Fa45aA7892530B47e10b6433", origin: FEEDS_ORIGIN },
  },
  {
    chainId: 42161,
    name: "arbitrum-one",
    title: "Arbitrum One",
    sequencer: { address: "0xFdB631F5EE196F0ed6FAa767959853A9F217697D", origin: FEEDS_ORIGIN },
  },
  {
    chainId: 84532,
    name: "base-sepolia",
    title: "Base Sepolia",
    test: {
      cash: { address: "0x036CbD53842c5426634e7929541eC2318f3dCF7e", origin: CIRCLE },
      cashFeed: { address: "0xd30e2101a97dcbAeBCBC04F14C3f624E67A35165", origin: CHAINLINK },
      etherFeed: { address: "0x4aDC67696bA383F43DD60A9e78F2C97Fbbfc7cb1", origin: CHAINLINK },
    },
  },
  {
    chainId: 11155111,
    name: "sepolia",
    title: "Sepolia",
    test: {
      cash: { address: "0x1c7D4B196Cb0C7B01d743Fbc6116a902379C7238", origin: CIRCLE },
      cashFeed: { address: "0xA2F78ab2355fe2f984D808B5CeE7FD0A93D5270E", origin: CHAINLINK },
      etherFeed: { address: "0x694AA1769357215DE4FAC081bf1f309aDC325306", origin: CHAINLINK },
    },
  },
];

/** The deposit coin. */
export const CASH: StableSpec = { coinId: "usd-coin", symbols: ["USDC"], feed: "usdc" };

/** The basket: the deposit coin first. */
export const STABLES: readonly StableSpec[] = [
  CASH,
  { coinId: "tether", symbols: ["USDT", "USD₮0", "USDT0"], feed: "usdt" },
  { coinId: "dai", symbols: ["DAI"], feed: "dai" },
];

/**
 * Tokens that stand for a coin that has none on a chain, by coin id: symbol and name as token lists write them, best
 * first. Only tokens that one unit of the coin stands behind, in the custody that the name says.
 */
export const WRAPPED: ReadonlyMap<string, readonly { readonly symbol: string; readonly name: string }[]> = new Map([
  [
    "bitcoin",
    [
      { symbol: "WBTC", name: "Wrapped BTC" },
      { symbol: "cbBTC", name: "Coinbase Wrapped BTC" },
    ],
  ],
  ["ripple", [{ symbol: "cbXRP", name: "Coinbase Wrapped XRP" }]],
  ["cardano", [{ symbol: "cbADA", name: "Coinbase Wrapped ADA" }]],
  ["litecoin", [{ symbol: "cbLTC", name: "Coinbase Wrapped LTC" }]],
  ["dogecoin", [{ symbol: "cbDOGE", name: "Coinbase Wrapped DOGE" }]],
  ["solana", [{ symbol: "SOL", name: "SOL Wormhole " }]],
]);
