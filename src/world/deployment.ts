// Turns a fund on the local market into the description that everything off chain works with.
import type { Deployment } from "../execute/deployment.ts";
import type { LocalFund } from "./fund.ts";
import type { Market } from "./market.ts";
import { STABLECOINS } from "./rules.ts";

const STABLE_IDS: ReadonlySet<string> = new Set(STABLECOINS.map((coin) => coin.coinId));

/** The deployment as it is now; ask again after coins were listed. */
export function deploymentOf(market: Market, fund: LocalFund): Deployment {
  const assets = market.coins().map((coin) => ({
    index: fund.indexOf(coin.coinId),
    coinId: coin.coinId,
    symbol: coin.symbol,
    token: coin.token,
    decimals: coin.decimals,
    isStable: STABLE_IDS.has(coin.coinId),
    ...(coin.pool === undefined ? {} : { pool: coin.pool.address }),
  }));
  return {
    chainId: market.chain.publicClient.chain.id,
    block: Number(fund.firstBlock),
    addresses: fund.addresses,
    assets: assets.sort((a, b) => a.index - b.index),
  };
}
