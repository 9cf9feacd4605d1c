// Turns where the fund stands on chain into the views now, invest and rules, as far as the chain tells them.
import { priceOracleAbi } from "../../../../core/abi.ts";
import { decimalString } from "../../../../core/units.ts";
import { fetchHoldings, navPerShare } from "../../../../execute/read-account.ts";
import { fetchRoles } from "../../../../execute/read-roles.ts";
import { readTiers } from "../../../../execute/read-tiers.ts";
import { capOfAsset } from "../../../../plan/caps.ts";
import { timeString, usdString } from "../../../../site/amounts.ts";
import { costsJson, fundJson, guardsJson, limitsJson } from "../../../../site/fund-json.ts";
import { contractJson, fetchCodes, fetchConstants } from "../../../../site/picture/code-facts.ts";
import type { Answer } from "../api.ts";
import { pointsOf } from "./performance.ts";
import type { ChainRecord } from "./record.ts";

/** {s} From the week's end to Monday noon. */
const NOON = 43_200;
/** Everything starts here. */
const START = 1000;
const CASH = 0;

/** The fund, the next moment, and levels from the ledger; no votes and no gauges, which need market data. */
export function nowFromChain({ status, site, lines }: ChainRecord): Answer<"now"> {
  const fund = fundJson(status, site.coin);
  const points = pointsOf(lines);
  const [first, last] = [points[0], points.at(-1)];
  const level = (now: string | undefined, then: string | undefined): number | null =>
    now === undefined || then === undefined ? null : (Number.parseFloat(now) / Number.parseFloat(then)) * START;
  return {
    fund,
    nextRebalance: nextOf(status),
    levels: {
      since: first?.time ?? null,
      fund: level(fund.navPerShareUsd, first?.navPerShareUsd),
      twin: level(last?.twinLevel, first?.twinLevel),
      bitcoin: null,
      twinLevel: last?.twinLevel ?? null,
      bitcoinUsd: null,
    },
    signal: null,
  };
}

function nextOf({ running, pending, limits, time }: ChainRecord["status"]): Answer<"now">["nextRebalance"] {
  if (running !== undefined) return { at: timeString(running.deadline), why: "running", targetId: running.id };
  if (pending !== undefined && time <= pending.validUntil) {
    return { at: timeString(pending.executableAt), why: "pending", targetId: pending.id };
  }
  return { at: timeString(limits.cutoff + NOON), why: "week", targetId: null };
}

/** Every condition of a deposit. */
export async function investFromChain({ status, site, fund }: ChainRecord): Promise<Answer<"invest">> {
  const { client, deployment } = fund;
  const oracle = { address: deployment.addresses.oracle, abi: priceOracleAbi } as const;
  const [[prices], holdings] = await Promise.all([
    client.readContract({ ...oracle, functionName: "prices", args: [1n << BigInt(CASH)] }),
    fetchHoldings(fund),
  ]);
  const price = (prices as readonly bigint[])[CASH] ?? 0n;
  const { costs } = status;
  const isFull = costs.cap !== undefined && costs.cap.room < costs.leastDeposit;
  const pausedUntil = costs.depositsPausedUntil;
  const isStable = holdings.every(({ asset, amount }) => asset?.isStable === true || amount <= 1n);
  const supply = decimalString(status.supply, site.share.decimals);
  return {
    time: timeString(status.time),
    block: Number(status.block),
    regime: status.regime,
    navUsd: usdString(status.nav),
    unpriced: status.unpriced,
    navPerShareUsd: usdString(navPerShare(status)),
    coin: site.coin,
    coinPriceUsd: price === 0n ? null : usdString(price),
    share: site.share,
    costs: costsJson(costs, site.coin),
    expectedTradingBps: costs.measured?.mean ?? null,
    cutoff: timeString(status.limits.cutoff),
    deposits: pausedUntil !== undefined ? "paused" : isFull ? "full" : "open",
    depositsPausedUntil: pausedUntil === undefined ? null : timeString(pausedUntil),
    atOnce: { isOpen: status.regime === "bear" && isStable, gateway: site.addresses.gateway },
    inKind: holdings.map(({ index, token, amount, asset }) => ({
      index,
      symbol: asset?.symbol ?? token,
      token,
      decimals: asset?.decimals ?? 0,
      amount: decimalString(amount, asset?.decimals ?? 0),
      supply,
    })),
    supply,
  };
}

/** Limits, guards, roles, contracts and assets; not the parameters and pools, which stand in files of the server. */
export async function rulesFromChain({ status, site, fund }: ChainRecord): Promise<Answer<"rules">> {
  const sources = new Map(status.limits.prices.map(({ index, kind }) => [index, kind]));
  const [roles, constants, codes, tiers] = await Promise.all([
    fetchRoles(fund, status.block),
    fetchConstants(fund),
    fetchCodes(fund, status.block),
    readTiers(fund),
  ]);
  return {
    time: timeString(status.time),
    block: Number(status.block),
    methodology: site.methodology,
    parameters: {},
    limits: limitsJson(status.limits),
    guards: guardsJson(status.guards),
    constants,
    roles: roles.map((holder) => ({ ...holder, since: timeString(holder.since) })),
    // What the sources compile to, and what services said, stand in files of the server.
    contracts: codes.map((found) => contractJson(found, { chainId: site.chainId, code: "unknown", answers: [] })),
    sources: { state: "unknown", trouble: null },
    assets: fund.deployment.assets.map(({ index, coinId, symbol, token, decimals, isStable, pool }) => ({
      ...{ index, coinId, symbol, token, decimals, isStable },
      pool: pool ?? null,
      capPpm: capOfAsset(index, tiers),
      priceSource: sources.get(index) ?? null,
    })),
  };
}
