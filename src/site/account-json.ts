// Turns where an account stands into plain data.
import { decimalString } from "../core/units.ts";
import type { AccountStatus } from "../execute/read-position.ts";
import type { RequestStatus } from "../execute/read-status.ts";
import { SHARE, timeString, usdString } from "./amounts.ts";
import type { AccountAnswer } from "./answers/account.ts";
import { type Money, cutoffAfter, valueOfShares } from "./money.ts";

/** The account for a program. */
export function accountJson(
  { owner, view, requests, claimable, leftovers }: AccountStatus,
  coin: Money,
): AccountAnswer {
  return {
    address: owner,
    shares: decimalString(view.shares, SHARE.decimals),
    valueUsd: usdString(valueOfShares(view.shares, view)),
    coins: decimalString(view.coins, coin.decimals),
    requests: requests.map((request) => {
      const { symbol, decimals } = moneyOf(request, coin);
      return {
        kind: request.kind,
        requestId: Number(request.id),
        symbol,
        pending: decimalString(request.pending, decimals),
        claimable: decimalString(request.claimable, decimals),
        closes: timeString(cutoffAfter(request.requestedAt)),
        struckAt: request.kind === "deposit" ? "start" : "finish",
      };
    }),
    claimable: {
      shares: decimalString(claimable.depositShares, SHARE.decimals),
      coins: decimalString(claimable.redeemAssets, coin.decimals),
    },
    inKind: leftovers.map(({ asset, amount }) => ({
      coin: asset.coinId,
      symbol: asset.symbol,
      amount: decimalString(amount, asset.decimals),
    })),
  };
}

/** What a request counts in. */
export function moneyOf({ kind }: Pick<RequestStatus, "kind">, coin: Money): Money {
  return kind === "deposit" ? coin : SHARE;
}
