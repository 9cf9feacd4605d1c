// Turns the fund on chain, at one block, into everything that the page's views show of it.
import type { Hash } from "viem";

import { rebalancerAbi } from "../../core/abi.ts";
import type { Fund } from "../../execute/contracts.ts";
import { type PortfolioEntry, fetchPegs, fetchPortfolio } from "../../execute/read-portfolio.ts";
import { type FundRecord, type FundStatus, fetchFundStatus } from "../../execute/read-status.ts";
import type { AssetTiers } from "../../plan/caps.ts";
import { readTiers } from "../../execute/read-tiers.ts";

/** The fund at a block. */
export type Picture = {
  readonly fund: FundStatus;
  readonly portfolio: readonly PortfolioEntry[];
  /** D18{USD/wholeTok} Of each stablecoin by its index, held or not; zero without a fresh one. */
  readonly pegs: ReadonlyMap<number, bigint>;
  /** True when deposits and redemptions are struck at once: the fund is wholly in stablecoins. */
  readonly isAtOnceOpen: boolean;
  readonly tiers: AssetTiers;
  readonly blockHash: Hash;
};

/** Reads it; `record` saves reading the whole log. */
export async function fetchPicture(fund: Fund, record: FundRecord): Promise<Picture> {
  const status = await fetchFundStatus(fund, record);
  const [portfolio, pegs, isAtOnceOpen, tiers, { hash: blockHash }] = await Promise.all([
    fetchPortfolio(fund, status.block),
    fetchPegs(fund, status.block),
    isStrikeOpen(fund, status.block),
    readTiers(fund),
    fund.client.getBlock({ blockNumber: status.block }),
  ]);
  return { fund: status, portfolio, pegs, isAtOnceOpen, tiers, blockHash };
}

/** Asks the chain itself whether it would strike now, as the gateway does. */
async function isStrikeOpen({ client, deployment }: Fund, blockNumber: bigint): Promise<boolean> {
  const { rebalancer: address, gateway: account } = deployment.addresses;
  const call = { address, abi: rebalancerAbi, functionName: "strikeInStablecoins", account, blockNumber } as const;
  return client.simulateContract(call).then(
    () => true,
    () => false,
  );
}
