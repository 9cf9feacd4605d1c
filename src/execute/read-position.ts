// Turns the fund on chain, at one block, into where an account stands in it.
import type { Address } from "viem";

import type { Fund } from "./contracts.ts";
import { type Claimable, fetchClaimableOf } from "./depositor.ts";
import { type AccountView, type KnownFund, type Leftover, fetchAccount, fetchLeftovers } from "./read-account.ts";
import { type LoggedRequest, type RequestStatus, fetchRequests } from "./read-status.ts";

/** Where an account stands: what a claim between two reads would count twice is of one block. */
export type AccountStatus = {
  readonly owner: Address;
  readonly block: bigint;
  readonly view: AccountView;
  readonly requests: readonly RequestStatus[];
  readonly claimable: Claimable;
  readonly leftovers: readonly Leftover[];
};

/** What whoever keeps an index knows already: the fund at its block, and the account's requests in the order of the log. */
export type Indexed = KnownFund & { readonly logged: readonly LoggedRequest[] };

/** Reads it, at the newest block when nothing is known. */
export async function fetchAccountStatus(fund: Fund, owner: Address, known?: Indexed): Promise<AccountStatus> {
  const block = known?.block ?? (await fund.client.getBlockNumber({ cacheTime: 0 }));
  const [view, requests, claimable, leftovers] = await Promise.all([
    fetchAccount(fund, owner, { block, ...known }),
    fetchRequests(fund, owner, { block, ...known }),
    fetchClaimableOf(fund, owner, block),
    fetchLeftovers(fund, owner, block),
  ]);
  return { owner, block, view, requests, claimable, leftovers };
}
