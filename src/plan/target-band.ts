// Turns values and targets into the bands of the rebalancer contract, to the last unit as contracts/libraries/TargetBand.sol.
import { BPS } from "../core/units.ts";

/** {bps} of NAV that the trade band is at least. */
const TRADE_OF_NAV = 2n;
/** {bps} of the target that the trade band is at least: 20 %. */
const TRADE_OF_TARGET = 2000n;
/** {bps} of NAV: half as wide again as the trade band. */
const FINISH_OF_NAV = 3n;
/** {bps} of the target: half as wide again as the trade band. */
const FINISH_OF_TARGET = 3000n;
/** {bps} of NAV. What prices may move between planning and execution. */
const SLACK_OF_NAV = 1n;
/** {bps} of the target. What prices may move between planning and execution: 2 %. */
const SLACK_OF_TARGET = 200n;

/** D18{USD} How far an asset may be from its target without being traded: max(2 bps of NAV, 20 % of the target). */
export function tradeBand(target: bigint, nav: bigint): bigint {
  return larger(part(nav, TRADE_OF_NAV), part(target, TRADE_OF_TARGET));
}

/** D18{USD} How far from its target the end of a rebalance may leave an asset. */
export function finishBand(target: bigint, nav: bigint): bigint {
  return larger(part(nav, FINISH_OF_NAV), part(target, FINISH_OF_TARGET));
}

/** True when the end of a rebalance may leave this value {D18 USD}. */
export function isFinished(value: bigint, target: bigint, nav: bigint): boolean {
  const band = finishBand(target, nav);
  return value <= target + band && value + band >= target;
}

/** True when a sale may leave this value {D18 USD}. */
export function mayFallTo(value: bigint, target: bigint, nav: bigint): boolean {
  return value + slack(target, nav) >= target;
}

/** True when a purchase may reach this value {D18 USD}. */
export function mayRiseTo(value: bigint, target: bigint, nav: bigint): boolean {
  return value <= target + slack(target, nav);
}

/** D18{USD} How far a leg may pass the target; zero for an asset that should not be held. */
export function slack(target: bigint, nav: bigint): bigint {
  return target === 0n ? 0n : larger(part(nav, SLACK_OF_NAV), part(target, SLACK_OF_TARGET));
}

function part(whole: bigint, bps: bigint): bigint {
  // D18{USD} = D18{USD} * {bps} / {bps}
  return (whole * bps) / BigInt(BPS);
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
