// Turns a deployed rehearsal into a fund with a past: a deposit, a week in the market, a week out of it, and a way out.
import { DEFAULT_PARAMETERS } from "../../config/schema.ts";
import { DAY, isoDate, startOfDay } from "../../core/time.ts";
import { tokenUnits, unixSeconds } from "../../core/units.ts";
import type { Decision } from "../../engine/decision.ts";
import { decisionsBetween } from "../../engine/run.ts";
import type { Deployment } from "../../execute/deployment.ts";
import {
  type Depositor,
  claimDeposit,
  claimRedemption,
  fetchClaimable,
  requestDeposit,
  requestRedeem,
} from "../../execute/depositor.ts";
import type { Network } from "../../execute/network.ts";
import { DEFAULT_SIMULATION, simulateMarket } from "../../market/simulate.ts";
import { UnknownCoinError } from "../coin.ts";
import type { LocalFund } from "../fund.ts";
import { USD_COIN } from "../rules.ts";
import { type WeekRecord, type World, runWeek, senderOf } from "../week.ts";
import type { Rehearsal } from "./stand-ins.ts";

/** The last Monday in the market of the embedded history, and the first after which it is left. */
const RANGE = { from: isoDate("2023-01-30"), to: isoDate("2023-02-13") };
/** {s} Before the first Monday: Saturday noon, in time for the strike. */
const HEAD_START = 1.5 * DAY;
/** {s} Newly listed coins may have a full share after thirty days. */
const YOUTH = 31 * DAY;
/** {tok} 100,000 USDC. */
const DEPOSIT = 100_000n * 10n ** 6n;

/** When a rehearsal must begin, so that its coins are no newcomers in its first week. */
export const REHEARSAL_START = unixSeconds(startOfDay(RANGE.from) - HEAD_START - YOUTH);

/** What came of a cycle. */
export type Cycle = {
  readonly weeks: readonly WeekRecord[];
  readonly deposited: bigint; // {tok} of the deposit coin
  readonly paidOut: bigint; // {tok} of the deposit coin
};

/** Moves the market to the Saturday before the first week. */
export async function waitForFirstWeek({ market }: Rehearsal): Promise<void> {
  const at = unixSeconds(startOfDay(RANGE.from) - HEAD_START);
  await market.moveTo({ prices: new Map(), at, steps: 1 });
}

/**
 * Alice deposits, the fund goes into the market and a week later out of it, and she leaves with what is paid out. The
 * decisions are those of the embedded history, with the network's coins in the places of its own.
 */
export async function liveThroughCycle(rehearsal: Rehearsal, deployment: Deployment): Promise<Cycle> {
  const { market, network } = rehearsal;
  const world: World = { market, fund: fundOf(deployment) };
  const alice: Depositor = { ...senderOf(world, "alice"), deployment };
  await market.give(USD_COIN, alice.wallet.account.address, tokenUnits(DEPOSIT));
  await requestDeposit(alice, DEPOSIT);
  const weeks: WeekRecord[] = [];
  let paidOut = 0n;
  const history = simulateMarket(DEFAULT_SIMULATION);
  for (const decision of decisionsBetween(history, { ...RANGE, opened: RANGE.from }, DEFAULT_PARAMETERS)) {
    weeks.push(await runWeek(world, { decision: withCoinsOf(network, decision), quotes: new Map(), steps: 1 }));
    const { depositShares, redeemAssets } = await fetchClaimable(alice);
    if (depositShares > 0n) {
      await claimDeposit(alice);
      await requestRedeem(alice, depositShares);
    }
    if (redeemAssets > 0n) await claimRedemption(alice);
    paidOut += redeemAssets;
  }
  return { weeks, deposited: DEPOSIT, paidOut };
}

/** The owner alone lists coins by now. */
function fundOf(deployment: Deployment): LocalFund {
  return {
    addresses: deployment.addresses,
    deployment: () => deployment,
    indexOf: (coinId) => {
      const asset = deployment.assets.find((one) => one.coinId === coinId);
      if (asset === undefined) throw new UnknownCoinError(coinId);
      return asset.index;
    },
    listNewCoins: () => Promise.resolve(),
  };
}

/** The decision with the network's coins in the places of the index's first; what is in stablecoins stays as it is. */
function withCoinsOf({ assets }: Network, decision: Decision): Decision {
  const coins = assets.filter(({ isStable }) => !isStable);
  const names = new Map(decision.index.slice(0, coins.length).map(({ coinId }, i) => [coinId, coins[i]]));
  const renamed = <Named extends { readonly coinId: string; readonly symbol: string }>(
    entries: readonly Named[],
  ): Named[] =>
    entries.flatMap((entry) => {
      const coin = names.get(entry.coinId);
      return coin === undefined ? [] : [{ ...entry, coinId: coin.coinId, symbol: coin.symbol }];
    });
  const weights = decision.regime === "bull" ? renamed(decision.weights) : decision.weights;
  return { ...decision, index: renamed(decision.index), weights, capped: [] };
}
