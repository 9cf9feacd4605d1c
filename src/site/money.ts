// Turns a deployment and an account into the coin of deposits, a request's end and what shares are worth.
import { UsageError } from "../core/errors.ts";
import { WEEK, dateOf, mondayOf, startOfDay } from "../core/time.ts";
import { WAD } from "../core/units.ts";
import type { DeployedAsset, Deployment } from "../execute/deployment.ts";
import { type AccountView, navPerShare } from "../execute/read-account.ts";
import { CASH } from "../plan/holdings.ts";

/** What is counted: a coin or the share. */
export type Money = { readonly symbol: string; readonly decimals: number };

/** The coin in which people deposit. */
export function depositCoin({ assets }: Pick<Deployment, "assets">): DeployedAsset {
  const coin = assets.find(({ index }) => index === CASH);
  if (coin === undefined)
    throw new UsageError("Expected the deposit coin, asset 0, in the deployment file, found none.");
  return coin;
}

/** {s} The end of the week in which `time` lies: Sunday 24:00 UTC. */
export function cutoffAfter(time: number): number {
  return startOfDay(mondayOf(dateOf(time))) + WEEK;
}

/** D18{USD} that shares are worth at today's value, rounded down. */
export function valueOfShares(shares: bigint, view: Pick<AccountView, "nav" | "supply">): bigint {
  // D18{USD} = {share} * D18{USD/wholeShare} / {share/wholeShare}
  return (shares * navPerShare(view)) / WAD;
}
