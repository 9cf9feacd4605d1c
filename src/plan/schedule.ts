// Turns what the pools do not take at once into later legs, each planned on pools that have recovered from those before.
import { tokenUnits } from "../core/units.ts";
import { batchesOf, overheadOf } from "./batches.ts";
import { type Desk, type PlannedLeg, type Work, balanceOf, gasCost, pairOf } from "./desk.ts";
import { CASH, ETHER, type Holdings, TRANSIT, assetAt, supplyAfterStart } from "./holdings.ts";
import type { PoolState } from "./pool.ts";
import { type Recovery, recoveryOf } from "./recovery.ts";
import { TOO_THIN } from "./sells.ts";

/** Legs that wait until the pools have recovered from the legs before. */
export type Tranche = {
  /** {s} After the first legs of the plan. */
  readonly after: number;
  readonly legs: readonly PlannedLeg[];
  /** {gas} */
  readonly gas: number;
  /** D18{USD} With gas. */
  readonly cost: bigint;
  /** The longest recovery of the pools that it waits for. */
  readonly recovery: Recovery;
};

/** What is split over time. */
export type Schedule = {
  readonly tranches: readonly Tranche[];
  /** D18{USD} of orders that the pools do not take within the time of a rebalance either. */
  readonly unfilled: bigint;
};

/** What a plan is made from, as far as a schedule changes it. */
type Start = { readonly elapsed: number; readonly holdings: Holdings; readonly pools: readonly PoolState[] };
/** A plan in the making. */
export type Draft = { readonly desk: Desk; readonly work: Work };

/** {s} A rebalance may be worked on for this long. @see Legs.REBALANCE_TIME */
const REBALANCE_TIME = 24 * 3600;
/** More are not planned ahead: the plan is made anew long before. */
const MOST_TRANCHES = 24;

/**
 * The later legs of a plan. Each tranche is what a plan made then would do, on the books that the legs before leave, at
 * today's prices, and on pools that stand where they stand now: that they recover within their {@link Recovery} is an
 * assumption, not a promise.
 *
 * @param plan Makes the plan of a moment.
 */
export function scheduleOf<Input extends Start>(input: Input, first: Draft, plan: (input: Input) => Draft): Schedule {
  const tranches: Tranche[] = [];
  let [draft, after, holdings] = [first, 0, input.holdings];
  while (tranches.length < MOST_TRANCHES) {
    const recovery = slowestRecovery(input.pools, draft);
    if (recovery === undefined) break;
    after += recovery.seconds;
    if (input.elapsed + after > REBALANCE_TIME) break;
    holdings = holdingsAfter(holdings, draft.work);
    draft = plan({ ...input, elapsed: input.elapsed + after, holdings });
    const legs = draft.work.legs.filter(({ outcome }) => outcome === "trade");
    if (legs.length === 0) break;
    tranches.push({ after, legs, recovery, ...costOf(draft.desk, legs) });
  }
  const thin = draft.work.leftOut.filter(({ reason }) => reason === TOO_THIN);
  return { tranches, unfilled: thin.reduce((sum, { value }) => sum + value, 0n) };
}

/** The longest recovery of the pools that were traded and did not take all; nothing when waiting brings no more. */
function slowestRecovery(pools: readonly PoolState[], { desk, work }: Draft): Recovery | undefined {
  const thin = work.leftOut.filter(({ reason }) => reason === TOO_THIN).flatMap(({ asset }) => pairsWith(desk, asset));
  const pairs = new Set(thin);
  const traded = new Set(work.legs.map(({ pool }) => pool));
  const waiting = pools.filter(
    ({ address, token0, token1 }) => traded.has(address) && pairs.has(pairOf(token0, token1)),
  );
  const recoveries = waiting.map(recoveryOf).sort((a, b) => b.seconds - a.seconds);
  return recoveries[0];
}

function pairsWith({ assets }: Desk, index: number): string[] {
  const asset = assetAt(assets, index);
  return [CASH, ETHER].flatMap((quote) => {
    const other = assetAt(assets, quote);
    return asset === undefined || other === undefined ? [] : [pairOf(asset.token, other.token)];
  });
}

/** The books as the legs leave them, with the deposits struck. */
function holdingsAfter(holdings: Holdings, work: Work): Holdings {
  return {
    ...holdings,
    assets: holdings.assets.map((asset) => ({ ...asset, balance: tokenUnits(balanceOf(work, asset.index)) })),
    transit: tokenUnits(balanceOf(work, TRANSIT)),
    supply: supplyAfterStart(holdings),
    depositsDue: tokenUnits(0n),
  };
}

function costOf(desk: Desk, legs: readonly PlannedLeg[]): Pick<Tranche, "gas" | "cost"> {
  const { transactionGas } = desk.limits;
  const batches = batchesOf({ legs, overheadGas: overheadOf(desk), transactionGas });
  const gas = batches.reduce((sum, batch) => sum + batch.gas, 0);
  // A leg's own gas is part of the whole that is counted here.
  const traded = legs.reduce((sum, { cost }) => sum + cost.total - cost.gas, 0n);
  return { gas, cost: traded + gasCost(desk, gas) };
}
