// Turns balances and prices into values, and weights into what each asset should be worth, as the contracts do.
import type { Address } from "viem";

import { type Bps, PPM, type Ppm, type TokenUnits, WAD, type Wad, tokenUnits, wad } from "../core/units.ts";

/** Index of the deposit coin. */
export const CASH = 0;
/** Index of wrapped ether as a holding. */
export const ETHER = 1;
/** Index under which wrapped ether on its way between two tokens is booked. */
export const TRANSIT = 255;

/** {share} Less than this in all prices no deposit. @see RequestBook.DUST_SUPPLY */
export const DUST_SUPPLY = 10n ** 15n;

/** A listed asset with what the vault holds of it. */
export type PlanAsset = {
  readonly index: number;
  readonly symbol: string;
  readonly token: Address;
  readonly decimals: number;
  readonly isStable: boolean;
  readonly balance: TokenUnits;
  /** {D18 USD/wholeTok} Zero when there is no fresh price. */
  readonly price: Wad;
  readonly weight: Ppm;
  /** How far below the reference its legs may be, outside exits. */
  readonly priceLimit: Bps;
};

/** What a plan starts from. */
export type Holdings = {
  /** Everything held, targeted or needed on the way, by ascending index; indexes 0 and 1 are always there. */
  readonly assets: readonly PlanAsset[];
  /** {tok} Wrapped ether in transit. */
  readonly transit: TokenUnits;
  readonly supply: bigint; // {share} before any deposit is struck
  readonly sharesDue: bigint; // {share} to be redeemed at the finish
  /** {tok} Of the deposit coin that the start strikes; zero once the rebalance has started. */
  readonly depositsDue: TokenUnits;
  /** What the fund keeps of these deposits. */
  readonly depositSwing: Bps;
};

/** D18{USD/wholeTok} The deposit coin's peg band: outside it a start strikes no deposits. @see DepositCoin */
const PEG = { low: (985n * WAD) / 1000n, high: (1015n * WAD) / 1000n } as const;
const BPS = 10_000n;

/** True when a start would strike deposits at this price of the deposit coin. */
export function isOnPeg(price: Wad): boolean {
  return price >= PEG.low && price <= PEG.high;
}

/** Without a price of everything held, or with a deposit coin off its peg, the start strikes no deposits. */
export function withoutUnstruck(holdings: Holdings): Holdings {
  const isPriced = holdings.assets.every(({ balance, price }) => balance <= 1n || price > 0n);
  const cash = assetAt(holdings.assets, CASH);
  return isPriced && cash !== undefined && isOnPeg(cash.price)
    ? holdings
    : { ...holdings, depositsDue: tokenUnits(0n) };
}

/** What the fund is worth and where it should go, with the deposits already struck. */
export type Aim = {
  readonly nav: Wad;
  /** D18{USD} that the redemptions of the finish take, rounded up. */
  readonly owed: Wad;
  /** D18{USD} by asset index; what is not in it should not be held. The deposit coin's includes `owed`. */
  readonly targets: ReadonlyMap<number, Wad>;
};

/** Asset and price behind an index; transit has those of wrapped ether. */
export function assetAt(assets: readonly PlanAsset[], index: number): PlanAsset | undefined {
  return assets.find((asset) => asset.index === (index === TRANSIT ? ETHER : index));
}

/** D18{USD} of an amount, rounded down. */
export function valueOf(asset: PlanAsset, amount: bigint): Wad {
  // D18{USD} = {tok} * D18{USD/wholeTok} / {tok/wholeTok}
  return wad((amount * asset.price) / unitOf(asset));
}

/** {tok} that are worth `value` {D18 USD}, rounded down; zero without a price. */
export function unitsWorth(asset: PlanAsset, value: bigint): bigint {
  // {tok} = D18{USD} * {tok/wholeTok} / D18{USD/wholeTok}
  return asset.price === 0n ? 0n : (value * unitOf(asset)) / asset.price;
}

/** {tok} of `bought` that an amount of `sold` is worth, rounded up twice. @see Rebalancer._fair */
export function fairOutput(sold: PlanAsset, bought: PlanAsset, amount: bigint): bigint {
  // D18{USD} = {tok} * D18{USD/wholeTok} / {tok/wholeTok}
  const value = divideUp(amount * sold.price, unitOf(sold));
  // {tok} = D18{USD} * {tok/wholeTok} / D18{USD/wholeTok}
  return bought.price === 0n ? 0n : divideUp(value * unitOf(bought), bought.price);
}

/** NAV and targets as the first batch computes them after the deposits. @see Rebalancer._aim */
export function aimOf(holdings: Holdings): Aim {
  const { assets, sharesDue, depositsDue } = holdings;
  const cash = assetAt(assets, CASH);
  const held = heldValue(holdings);
  const deposits = cash === undefined ? 0n : valueOf(cash, depositsDue);
  const nav = held + deposits;
  const supplyNow = supplyAfterStart(holdings);
  // D18{USD} = D18{USD} * {share} / {share}
  const owed = supplyNow === 0n ? 0n : divideUp(nav * sharesDue, supplyNow);
  const targets = new Map<number, Wad>();
  for (const { index, weight } of assets) {
    // D18{USD} = D18{USD} * {ppm} / {ppm}
    const target = ((nav - owed) * BigInt(weight)) / BigInt(PPM);
    targets.set(index, wad(index === CASH ? target + owed : target));
  }
  return { nav: wad(nav), owed: wad(owed), targets };
}

/** {share} once the start has struck the deposits. */
export function supplyAfterStart(holdings: Holdings): bigint {
  const cash = assetAt(holdings.assets, CASH);
  return holdings.supply + (cash === undefined ? 0n : sharesFor(cash, holdings, heldValue(holdings)));
}

/** {share} that the start mints for the deposits, without the management fee. @see RequestBook.sharesFor */
function sharesFor(cash: PlanAsset, { supply, depositsDue, depositSwing }: Holdings, held: bigint): bigint {
  // Paid in, a coin counts at most a dollar.
  const paid = valueOf({ ...cash, price: cash.price < WAD ? cash.price : wad(WAD) }, depositsDue);
  // The first share is worth one USD.
  if (supply < DUST_SUPPLY || held === 0n) return paid;
  // {share} = D18{USD} * {bps} * {share} / (D18{USD} * {bps})
  return (paid * (BPS - BigInt(depositSwing)) * supply) / (held * BPS);
}

/** D18{USD} of everything held; what has no fresh price counts nothing, and one unit counts as none. */
export function heldValue({ assets, transit }: Holdings): Wad {
  const ether = assetAt(assets, ETHER);
  const onTheWay = ether === undefined || transit <= 1n ? 0n : valueOf(ether, transit);
  return wad(assets.reduce((sum, asset) => sum + (asset.balance > 1n ? valueOf(asset, asset.balance) : 0n), onTheWay));
}

/** a / b, rounded up. */
export function divideUp(a: bigint, b: bigint): bigint {
  return (a + b - 1n) / b;
}

/** D18{USD} as a part of another, in hundredths of a percent, rounded up and away from what is better for the fund. */
export function bpsOf(part: bigint, whole: bigint): number {
  if (whole === 0n) return 0;
  const scaled = part * 10_000n;
  return Number(scaled > 0n ? divideUp(scaled, whole) : scaled / whole);
}

function unitOf(asset: PlanAsset): bigint {
  return asset.decimals === 18 ? WAD : 10n ** BigInt(asset.decimals);
}
