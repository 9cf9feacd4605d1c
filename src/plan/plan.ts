// Turns holdings, weights, prices and pools into the ordered legs of a rebalance, with what they bring and cost.
import type { Hex } from "viem";

import { type Json, canonicalHash } from "../core/canonical-json.ts";
import { type TokenUnits, tokenUnits, wad } from "../core/units.ts";
import { type Batch, batchesOf, overheadOf } from "./batches.ts";
import { type Budget, buy } from "./buys.ts";
import {
  type Desk,
  type LeftOut,
  type PlannedLeg,
  type Work,
  balanceOf,
  cashFor,
  gasCost,
  pairsOf,
  sellable,
} from "./desk.ts";
import { PAR, etherWorth } from "./ether-worth.ts";
import type { Aim, Holdings } from "./holdings.ts";
import { CASH, TRANSIT, aimOf, assetAt, bpsOf, valueOf, withoutUnstruck } from "./holdings.ts";
import { type GasModel, type PlanLimits } from "./limits.ts";
import { markRest } from "./marks.ts";
import type { PoolState } from "./pool.ts";
import { type Draft, type Schedule, scheduleOf } from "./schedule.ts";
import { sell } from "./sells.ts";
import { slack } from "./target-band.ts";
import { sweep } from "./sweep.ts";
import { worthTheirGas } from "./worth-gas.ts";
import { type Change, type Position, changesTowards, nextRaise } from "./trade-band.ts";

/** Everything that a plan depends on. */
export type PlanInput = {
  readonly regime: "bear" | "bull";
  /** {s} Since the start of the rebalance; zero before it. */
  readonly elapsed: number;
  readonly holdings: Holdings;
  readonly pools: readonly PoolState[];
  readonly gas: GasModel;
  readonly limits: PlanLimits;
  /** Indexes of assets that are left alone, for example because the chain refused to trade them before. */
  readonly blocked: ReadonlySet<number>;
  /** Indexes of assets whose token does not move: left alone too, and marked on chain where they miss their target. */
  readonly refusing: ReadonlySet<number>;
};

/** What a plan costs, D18{USD} and, against the NAV, {bps}. */
export type PlanTotals = {
  readonly traded: bigint; // D18{USD} sold, transit counted once on each side
  readonly fee: bigint;
  readonly impact: bigint;
  readonly drift: bigint;
  readonly gasUnits: number; // {gas}
  readonly gas: bigint;
  readonly total: bigint;
  readonly costBps: number; // {bps} of NAV, gas included
};

/** The trades of a rebalance, in their order. */
export type Plan = {
  readonly regime: "bear" | "bull";
  readonly aim: Aim;
  readonly legs: readonly PlannedLeg[];
  readonly leftOut: readonly LeftOut[];
  /** What the pools take only later of what is left out; the totals are without it. */
  readonly schedule: Schedule;
  readonly batches: readonly Batch[];
  /** {gas} of a transaction before its first leg. */
  readonly overheadGas: number;
  readonly totals: PlanTotals;
  /** {tok} expected by asset index after the last leg and before the redemptions are struck. */
  readonly expected: ReadonlyMap<number, TokenUnits>;
  readonly hash: Hex;
};

/** Rounds in which more is sold because the sales before did not raise what the redemptions take; each doubles it. */
const RAISING_ROUNDS = 8;

/**
 * Plans a rebalance. Sales come before purchases; what the sales bring is used first (netting); purchases never need
 * more than there is, and what redemptions take stays in the deposit coin. On the very state it was made from, a plan
 * is exact to the last unit, and one unit of wrapped ether stays in transit. Where the pools have moved meanwhile, more
 * may stay there: then a plan made anew sweeps it.
 */
export function planRebalance(given: PlanInput): Plan {
  const input = { ...given, holdings: withoutUnstruck(given.holdings) };
  const draft = draftOf(input);
  return planOf(input, draft, scheduleOf(input, draft, draftOf));
}

/** The legs of a moment, without what comes later. */
function draftOf(input: PlanInput): Draft {
  const aim = aimOf(input.holdings);
  const { regime, elapsed, limits, gas, holdings, pools } = input;
  const desk: Desk = {
    regime,
    elapsed,
    assets: holdings.assets,
    aim,
    limits,
    gas,
    pairs: pairsOf(pools, regime),
    etherWorth: PAR,
  };
  let work = attempt(input, desk, 0n);
  let raised = 0n;
  for (let round = 0; round < RAISING_ROUNDS; round++) {
    const missing = cashMissing(desk, work);
    if (missing === 0n) break;
    raised = nextRaise({ raised, missing, nav: aim.nav });
    work = attempt(input, desk, raised);
  }
  return { desk, work };
}

/** The batches of what is left of a plan after its first `done` legs. */
export function batchesAfter(
  plan: Pick<Plan, "legs" | "overheadGas">,
  done: number,
  { transactionGas }: Pick<PlanLimits, "transactionGas">,
): Batch[] {
  return batchesOf({ ...plan, legs: plan.legs.slice(done), transactionGas });
}

/** One plan that raises `raised` {D18 USD} more than the redemptions take. */
function attempt(input: PlanInput, atPar: Desk, raised: bigint): Work {
  const changes = changesOf(input, atPar, raised);
  const start = startOf(input);
  const desk = { ...atPar, etherWorth: etherWorth(atPar, start, changes) };
  const sold = sell(
    desk,
    start,
    changes.filter(({ amount }) => amount < 0n),
  );
  const purchases = changes.filter(({ amount }) => amount > 0n);
  const budget = budgetOf(desk);
  const bought = buy(desk, sold, { purchases, budget });
  const marked = markRest(input, desk, bought);
  return sweep(desk, marked, { amount: sellable(marked, TRANSIT), isLast: true });
}

function startOf({ holdings, pools }: PlanInput): Work {
  const balances = new Map<number, bigint>(holdings.assets.map(({ index, balance }) => [index, balance]));
  balances.set(TRANSIT, holdings.transit);
  balances.set(CASH, (balances.get(CASH) ?? 0n) + holdings.depositsDue);
  return { balances, pools: new Map(pools.map((pool) => [pool.address, pool])), legs: [], leftOut: [] };
}

/** The chain lets no leg take the deposit coin further under its target than the slack; half of that is used. */
function budgetOf({ aim }: Desk): Budget {
  const target = aim.targets.get(CASH) ?? 0n;
  return { owed: aim.owed, kept: target - aim.owed, least: target - slack(target, aim.nav) / 2n };
}

function changesOf(input: PlanInput, desk: Desk, raised: bigint): (Change & { readonly reason: string })[] {
  const { assets, depositsDue, transit } = input.holdings;
  const { nav, owed, targets } = desk.aim;
  const target = (index: number) => targets.get(index) ?? wad(0n);
  const positions: Position[] = assets
    .filter(({ index, price }) => index !== CASH && price > 0n && !isLeftAlone(input, index))
    .map((asset) => ({
      asset: asset.index,
      value: valueOf(asset, asset.balance > 1n ? asset.balance : 0n),
      target: target(asset.index),
    }));
  const worth = (index: number, amount: bigint) => valueOf(requireAsset(desk, index), amount);
  const cash =
    worth(CASH, requireAsset(desk, CASH).balance + depositsDue) + (transit > 1n ? worth(TRANSIT, transit) : 0n);
  const { dust } = input.limits;
  const freshCash = worth(CASH, depositsDue) - owed - raised;
  const spareCash = cash - target(CASH) - raised;
  const cashTarget = target(CASH) - owed;
  const all = changesTowards({ positions, nav, freshCash, spareCash, cashTarget });
  const changes = all.filter((change) => {
    return change.amount >= dust || -change.amount >= dust || isExit(input, change);
  });
  // What the redemptions take has to be raised.
  const isBound = (change: Change): boolean => isExit(input, change) || (owed + raised > 0n && change.amount < 0n);
  const gasOf = (change: Change): bigint => gasCost(desk, legGas(input, change));
  return worthTheirGas({ changes, positions, nav, cashTarget, spareCash, gasOf, isBound }).map((change) => {
    return { ...change, reason: reasonOf(input, change) };
  });
}

/** {gas} Of a leg that crosses no tick. */
function legGas({ gas, holdings }: PlanInput, { asset, amount }: Change): number {
  if (amount < 0n) return gas.perSale;
  const isHeld = (assetAt(holdings.assets, asset)?.balance ?? 0n) > 0n;
  return isHeld ? gas.perPurchase : gas.perNewHolding;
}

function isLeftAlone({ blocked, refusing }: PlanInput, index: number): boolean {
  return blocked.has(index) || refusing.has(index);
}

/** Leaving the market leaves nothing behind, however small. */
function isExit({ regime }: PlanInput, { cause }: Change): boolean {
  return regime === "bear" && cause === "removed";
}

function reasonOf(input: PlanInput, { asset, cause }: Change): string {
  const isStable = assetAt(input.holdings.assets, asset)?.isStable === true;
  switch (cause) {
    case "removed":
      return input.regime === "bear" && !isStable ? "bear exit" : "removed from the index";
    case "added":
      return isStable ? "stablecoin basket" : "added to the index";
    case "cash in":
      return "spread of cash";
    case "cash out":
      return "cash for redemptions";
    case "above target":
    case "below target":
      return cause;
  }
}

/** D18{USD} that the deposit coin is short of what the redemptions take. */
function cashMissing(desk: Desk, work: Work): bigint {
  const cash = requireAsset(desk, CASH);
  const needed = desk.aim.owed === 0n ? 0n : cashFor(desk, desk.aim.owed) + 1n;
  const missing = needed - balanceOf(work, CASH);
  return missing > 0n ? valueOf(cash, missing) + 1n : 0n;
}

function planOf(input: PlanInput, { desk, work }: Draft, schedule: Schedule): Plan {
  const { legs, leftOut } = work;
  const overheadGas = overheadOf(desk);
  const batches = batchesOf({ legs, overheadGas, transactionGas: desk.limits.transactionGas });
  const body = {
    regime: input.regime,
    aim: desk.aim,
    legs,
    leftOut,
    schedule,
    batches,
    overheadGas,
    totals: totalsOf(desk, batches),
    expected: new Map([...work.balances].map(([index, amount]) => [index, tokenUnits(amount)])),
  };
  return { ...body, hash: canonicalHash([...legs.map(legJson), ...schedule.tranches.map(trancheJson)]) };
}

function trancheJson({ after, legs }: Schedule["tranches"][number]): Json {
  return { after, legs: legs.map(legJson) };
}

/** What is hashed of a leg: what is sent, and what was expected of it. */
function legJson(leg: PlannedLeg): Json {
  const { sold, bought, pool, reason, outcome } = leg;
  const amounts = [leg.amount, leg.expected, leg.minimum, leg.fair].map(String);
  return { sold, bought, pool: pool.toLowerCase(), amounts, reason, outcome };
}

function totalsOf(desk: Desk, batches: readonly Batch[]): PlanTotals {
  const legs = batches.flatMap((batch) => batch.legs);
  const sum = (part: (leg: PlannedLeg) => bigint) => legs.reduce((total, leg) => total + part(leg), 0n);
  const gasUnits = batches.reduce((total, batch) => total + batch.gas, 0);
  const gas = gasCost(desk, gasUnits);
  const [fee, impact, drift] = [
    sum((leg) => leg.cost.fee),
    sum((leg) => leg.cost.impact),
    sum((leg) => leg.cost.drift),
  ];
  const total = fee + impact + drift + gas;
  const traded = sum((leg) => (leg.outcome === "trade" ? leg.value : 0n));
  return { traded, fee, impact, drift, gasUnits, gas, total, costBps: bpsOf(total, desk.aim.nav) };
}

function requireAsset(desk: Desk, index: number): Desk["assets"][number] {
  const asset = assetAt(desk.assets, index);
  if (asset === undefined) throw new TypeError(`asset ${index} must be in every plan`);
  return asset;
}
