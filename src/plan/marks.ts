// Turns what ends off its target into notes, and into legs that the chain records where nobody could have traded.
import { type Desk, type Work, balanceOf, leaveOut, sellable } from "./desk.ts";
import { CASH, ETHER, type Holdings, type PlanAsset, TRANSIT, assetAt, unitsWorth, valueOf } from "./holdings.ts";
import { poolBetween } from "./quote.ts";
import { finishBand } from "./target-band.ts";
import { markSkip, trade } from "./trade.ts";
import { WAD } from "../core/units.ts";

/** What is marked goes by the holdings and by what must be left alone. */
type Marked = {
  readonly holdings: Holdings;
  readonly blocked: ReadonlySet<number>;
  readonly refusing: ReadonlySet<number>;
};

/** D18{USD} The ether that is bought for a mark, twice what the mark needs: the rest is swept. */
const FOR_A_MARK = 2n * WAD;

/**
 * Notes every asset that ends off its target. What cannot be traded by anyone is marked on chain, so that the record says
 * why, and the rebalance can end; what a thin pool or too little cash leaves keeps it open, to be tried again.
 */
export function markRest(input: Marked, desk: Desk, traded: Work): Work {
  let work = traded;
  for (const asset of input.holdings.assets) {
    if (asset.index === CASH || input.blocked.has(asset.index)) continue;
    const alone = whyLeftAlone(input, asset);
    const isNoted = traded.leftOut.some((note) => note.asset === asset.index);
    if (alone === undefined && isOnTarget(desk, traded, asset)) continue;
    const [value, target] = [valueOf(asset, balanceOf(traded, asset.index)), targetOf(desk, asset.index)];
    const missing = value > target ? value - target : target - value;
    const reason = alone ?? "the deposit coin does not reach";
    if (!isNoted) work = leaveOut(desk, work, { asset: asset.index, value: missing, reason });
    if (alone === undefined) continue;
    work = mark(desk, work, asset);
  }
  return work;
}

/** True when the chain will find the asset where it should be, with a tenth of its band to spare. */
function isOnTarget(desk: Desk, work: Work, asset: PlanAsset): boolean {
  const target = targetOf(desk, asset.index);
  const value = valueOf(asset, balanceOf(work, asset.index));
  const distance = value > target ? value - target : target - value;
  return distance * 10n <= finishBand(target, desk.aim.nav) * 9n;
}

function targetOf({ aim }: Desk, index: number): bigint {
  return aim.targets.get(index) ?? 0n;
}

/** Why nothing is traded of an asset that is held or wanted. */
function whyLeftAlone({ refusing }: Marked, { index, price, balance, weight }: PlanAsset): string | undefined {
  if (balance <= 1n && weight === 0) return undefined;
  if (price === 0n) return "no fresh price";
  return refusing.has(index) ? "the token does not move" : undefined;
}

/** A leg of the asset that must fail, on the way on which the asset is traded. */
function mark(desk: Desk, start: Work, asset: PlanAsset): Work {
  const isThroughEther =
    poolBetween(desk, start, [asset.index, CASH]) === undefined &&
    poolBetween(desk, start, [asset.index, TRANSIT]) !== undefined;
  const way = isThroughEther && asset.price > 0n ? TRANSIT : CASH;
  const order = { reason: "left out" };
  const isHeld = asset.balance > 1n && valueOf(asset, balanceOf(start, asset.index)) >= targetOf(desk, asset.index);
  if (isHeld) return markSkip(desk, start, { ...order, sold: asset.index, bought: way });
  const cash = assetAt(desk.assets, CASH);
  const ether = assetAt(desk.assets, ETHER);
  const needsEther = way === TRANSIT && ether !== undefined && sellable(start, TRANSIT) < unitsWorth(ether, FOR_A_MARK);
  const work =
    needsEther && cash !== undefined
      ? trade(desk, start, { sold: CASH, bought: TRANSIT, amount: unitsWorth(cash, FOR_A_MARK), reason: "left out" })
      : start;
  return markSkip(desk, work, { ...order, sold: way, bought: asset.index });
}
