// Turns the fund and an account, read through the wallet alone, into everything that must be known before signing.
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import type { Address } from "viem";

import { priceOracleAbi } from "../../../core/abi.ts";
import type { Fund } from "../../../execute/contracts.ts";
import type { Claimable } from "../../../execute/depositor.ts";
import { type AccountView, type Holding, type Leftover, fetchHoldings } from "../../../execute/read-account.ts";
import type { FundCosts } from "../../../execute/read-costs.ts";
import { fetchAccountStatus } from "../../../execute/read-position.ts";
import { type OpenRequest, fetchOpenRequests } from "../../../execute/read-requests.ts";
import { type RequestStatus, fetchFundStatus } from "../../../execute/read-status.ts";
import type { Sender } from "../../../execute/send.ts";
import { fundFromChain } from "../data/chain-fund.ts";
import type { Site } from "../data/api.ts";
import { requireOneFund } from "./one-fund.ts";

/** What the wallet's own node says. */
export type AtWallet = {
  readonly fund: Fund;
  readonly account: AccountView;
  readonly costs: FundCosts;
  readonly regime: string;
  readonly cutoff: number; // {s}
  readonly requests: readonly RequestStatus[];
  readonly open: readonly OpenRequest[];
  readonly claimable: Claimable;
  readonly leftovers: readonly Leftover[];
  readonly holdings: readonly Holding[];
  readonly ether: bigint; // {wei} of the account
  readonly gasPrice: bigint; // {wei/gas}
  readonly etherPrice: bigint; // D18{USD/wholeTok} zero without a fresh one
};

const CASH = 0;
const ETHER = 1;
/** {ms} */
const REFRESH = 15_000;

/** Reads it, and again after each action and now and then. */
export function useAtWallet(sender: Sender, site: Site, owner: Address): UseQueryResult<AtWallet> {
  return useQuery({
    // Another word of the server on where the fund is starts anew: nothing read of one fund stands beside another.
    queryKey: ["at-wallet", site.chainId, site.addresses, site.coin, site.share, owner],
    queryFn: () => readAtWallet(sender, site, owner),
    refetchInterval: REFRESH,
  });
}

async function readAtWallet(sender: Sender, site: Site, owner: Address): Promise<AtWallet> {
  const { client } = sender;
  await requireOneFund(client, site);
  const fund = await fundFromChain(client, site);
  const { oracle } = fund.deployment.addresses;
  const pair = (1n << BigInt(CASH)) | (1n << BigInt(ETHER));
  const [{ view: account, requests, claimable, leftovers }, status, [prices], open, holdings, ether, gasPrice] =
    await Promise.all([
      fetchAccountStatus(fund, owner),
      fetchFundStatus(fund),
      client.readContract({ address: oracle, abi: priceOracleAbi, functionName: "prices", args: [pair] }),
      fetchOpenRequests(fund, owner),
      fetchHoldings(fund),
      client.getBalance({ address: owner }),
      client.getGasPrice(),
    ]);
  return {
    ...{ fund, account, requests, open, claimable, leftovers, holdings, ether, gasPrice },
    costs: status.costs,
    regime: status.regime,
    cutoff: status.limits.cutoff,
    etherPrice: (prices as readonly bigint[])[ETHER] ?? 0n,
  };
}
