// Turns the name of a network into its file, and the data folder into what such files are built from.
import { createRequire } from "node:module";
import { join } from "node:path";

import { CHAINS, type ChainSpec, FEEDS_ORIGIN } from "../../config/networks/chains.ts";
import type { NetworkSources } from "../../config/networks/sources.ts";
import { UsageError } from "../../core/errors.ts";
import type { Decision } from "../../engine/decision.ts";
import { readCoinPlaces, readFeedList, readPoolList, readTokenList } from "../../market/sources/network-lists.ts";

/** Where the networks' files are. */
export const NETWORKS_FOLDER = join(import.meta.dirname, "..", "..", "..", "deployments", "networks");

/** The file of a network; anything that looks like a path is one. */
export function networkFileOf(nameOrPath: string): string {
  return nameOrPath.endsWith(".json") ? nameOrPath : join(NETWORKS_FOLDER, `${nameOrPath}.json`);
}

/** The chains of names; all of them without any. @throws UsageError for a name that no chain has. */
export function chainsNamed(names: readonly string[]): readonly ChainSpec[] {
  if (names.length === 0) return CHAINS;
  return names.map((name) => {
    const spec = CHAINS.find((chain) => chain.name === name);
    if (spec === undefined) {
      throw new UsageError(`Expected a network of ${CHAINS.map((chain) => chain.name).join(", ")}, found '${name}'.`);
    }
    return spec;
  });
}

/** Uniswap's token list, a package of a checkout alone. @throws UsageError where it is not installed. */
export function defaultTokenList(): string {
  try {
    return createRequire(import.meta.url).resolve("@uniswap/default-token-list");
  } catch (cause) {
    const expected = "Expected --token-list, since the package @uniswap/default-token-list is not installed here.";
    throw new UsageError(expected, { cause });
  }
}

/**
 * What networks' files are built from.
 *
 * @param options Whether Ethereum's pools are those of the data folder's list, and not all that could exist.
 */
export function readNetworkSources(
  options: { readonly data: string; readonly tokenList: string; readonly poolList: boolean },
  decision: Pick<Decision, "index">,
): NetworkSources {
  const { name, tokens } = readTokenList(options.tokenList, new Set(CHAINS.map(({ chainId }) => chainId)));
  return {
    listName: name,
    tokens,
    coins: readCoinPlaces(options.data),
    feeds: readFeedList(options.data),
    feedsName: FEEDS_ORIGIN,
    pools: options.poolList ? new Map([[1, readPoolList(options.data)]]) : new Map(),
    index: decision.index.map(({ coinId, symbol, rank, averageCapUsd, priceUsd }) => ({
      coinId,
      symbol,
      rank,
      capUsd: Number(averageCapUsd),
      priceUsd: Number(priceUsd),
    })),
  };
}
