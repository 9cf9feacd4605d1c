// Turns values and targets into what to buy and sell: fresh cash over the gaps, and the rest only outside the trade band.
import { type Wad } from "../core/units.ts";
import { tradeBand } from "./target-band.ts";

/** One asset other than the deposit coin. */
export type Position = {
  readonly asset: number;
  readonly value: Wad; // D18{USD} held
  readonly target: Wad; // D18{USD}
};

/** Why an asset is traded. */
export type Cause = "removed" | "added" | "above target" | "below target" | "cash in" | "cash out";

/** What to do with one asset. */
export type Change = {
  readonly asset: number;
  readonly amount: bigint; // D18{USD} bought, negative when sold; never zero
  readonly cause: Cause;
};

export type ChangeInput = {
  readonly positions: readonly Position[];
  readonly nav: Wad;
  /** D18{USD} Deposits less redemptions: what must be invested, or raised when negative. */
  readonly freshCash: bigint;
  /** D18{USD} Deposit coin on hand above (below, when negative) its target, `freshCash` included. */
  readonly spareCash: bigint;
  /** D18{USD} Target of the deposit coin, without what the redemptions take. */
  readonly cashTarget: bigint;
};

/** {bps} of a target. When all assets above target do not raise enough, each may be sold this far below. */
const DEEPEST_SALE = 100n;

/**
 * Every trade that brings the assets where they belong, in the order of `positions`.
 *
 * Fresh cash is first spread over the gaps that it can close, pro rata and whatever the bands. Then an asset outside
 * max(2 bps of NAV, 20 % of its target) goes to its target, and one that is new or has left always does. What the
 * deposit coin is then still off its target is spread in the same way: beyond its own band, or, when purchases lack it,
 * beyond 2 bps of NAV.
 */
export function changesTowards(input: ChangeInput): Change[] {
  const { positions, nav, freshCash, spareCash, cashTarget } = input;
  const fresh = spread(positions, freshCash);
  const banded = positions.map((position, i) => bandedChange(position, fresh[i] ?? 0n, nav));
  const moved = banded.reduce((sum, change) => sum + change.amount, 0n);

  const left = spareCash - moved;
  const hasPurchases = banded.some(({ amount }) => amount > 0n);
  const isSmall = magnitude(left) <= tradeBand(left < 0n && hasPurchases ? 0n : cashTarget, nav);
  const after = positions.map((position, i) => ({ ...position, moved: position.value + (banded[i]?.amount ?? 0n) }));
  const rest = isSmall
    ? []
    : spread(
        after.map(({ target, moved: value }) => ({ target, value })),
        left,
      );
  return banded.map((change, i) => withCash(change, rest[i] ?? 0n)).filter((change) => change.amount !== 0n);
}

/** D18{USD} To raise beyond `raised`: more than is missing, and more than the band in which a lack of cash moves nothing. */
export function nextRaise({
  raised,
  missing,
  nav,
}: {
  readonly raised: bigint;
  readonly missing: bigint;
  readonly nav: Wad;
}): bigint {
  const least = tradeBand(0n, nav) + 1n;
  const more = raised + missing + missing / 20n;
  const doubled = 2n * raised;
  return [least, more, doubled].reduce((most, amount) => (amount > most ? amount : most));
}

/**
 * Cash over the gaps, pro rata: D18{USD} a position, all of the sign of `cash`. It buys no more than the gaps; when it
 * must raise more than all that is above target, every asset gives a little more, in proportion to its target.
 */
export function spread(
  positions: readonly { readonly value: bigint; readonly target: bigint }[],
  cash: bigint,
): bigint[] {
  if (cash === 0n) return positions.map(() => 0n);
  const gaps = positions.map(({ value, target }) => positive(cash > 0n ? target - value : value - target));
  const size = magnitude(cash);
  const total = sum(gaps);
  // D18{USD} = D18{USD} * D18{USD} / D18{USD}
  const parts = gaps.map((gap) => (size >= total ? gap : (gap * size) / total));
  if (cash > 0n) return parts;
  const more = deeperSales(positions, positive(size - total));
  return parts.map((part, i) => -(part + (more[i] ?? 0n)));
}

function deeperSales(
  positions: readonly { readonly value: bigint; readonly target: bigint }[],
  cash: bigint,
): bigint[] {
  const targets = positions.map(({ value, target }) => (value > 0n ? smaller(value, target) : 0n));
  const total = sum(targets);
  if (total === 0n) return targets;
  return targets.map((target) => smaller((target * cash) / total, (target * DEEPEST_SALE) / 10_000n));
}

function bandedChange({ asset, value, target }: Position, fresh: bigint, nav: Wad): Change {
  const whole = target - value;
  if (target === 0n) return { asset, amount: whole, cause: "removed" };
  if (value === 0n) return { asset, amount: whole, cause: "added" };
  const gap = whole - fresh;
  if (magnitude(gap) <= tradeBand(target, nav)) {
    return { asset, amount: fresh, cause: fresh > 0n ? "cash in" : "cash out" };
  }
  return { asset, amount: whole, cause: whole > 0n ? "below target" : "above target" };
}

function withCash(change: Change, cash: bigint): Change {
  const amount = change.amount + cash;
  if (change.amount !== 0n) return { ...change, amount };
  return { ...change, amount, cause: amount > 0n ? "cash in" : "cash out" };
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function positive(value: bigint): bigint {
  return value > 0n ? value : 0n;
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
