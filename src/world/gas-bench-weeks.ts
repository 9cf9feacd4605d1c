// Turns a number of assets into the targets of three weeks, and targets into the amounts of their legs.
import { DAY } from "../core/time.ts";
import { ppm, unixSeconds } from "../core/units.ts";
import type { TargetWeights } from "../execute/publish.ts";
import { CASH, TRANSIT } from "../plan/holdings.ts";
import {
  type BenchCoin,
  type BenchLeg,
  type Signed,
  booksOf,
  publish,
  purchases,
  sales,
  send,
  sendBatches,
  transitPurchase,
} from "./gas-bench-legs.ts";
import { type BenchWorld, MONDAY, PER_ASSET, refresh } from "./gas-bench-world.ts";

/** The first id of the week of {@link MONDAY}: week 2696. */
export const FIRST_ID = 2696 * 8;

/** {tok/USD} */
const USDC = 10n ** 6n;
/** {s} */
const WEEK = 7 * DAY;
/** {s} After midnight: when targets are published. */
const HALF_HOUR = 1800;
/** {s} After midnight: when a target that leads out of stablecoins has waited long enough. */
const NOON = DAY / 2;

/** Publishes the bull target of a week from {@link MONDAY} at half past midnight, and goes to noon. */
export async function openTarget(world: BenchWorld, week: number, weights: TargetWeights): Promise<Signed> {
  const midnight = MONDAY + week * WEEK;
  await world.market.chain.advanceTo(unixSeconds(midnight + HALF_HOUR));
  const signed = await publish(world, "bull", { id: FIRST_ID + week * 8, weights });
  await refresh(world, midnight + NOON);
  return signed;
}

/** About the same for each, in no order. */
function steadyParts({ scenario }: BenchWorld): number[] {
  const share = 1_000_000 / scenario.assets;
  return Array.from({ length: scenario.assets }, (_, place) => share + (((place * 7) % 5) - 2) * (share / 20));
}

/** The weights as they are kept. */
export function steadyWeights(world: BenchWorld): TargetWeights {
  return weightsOf(world, steadyParts(world));
}

/** Every other coin of the first ones down, the next one up by as much. */
export function movedWeights(world: BenchWorld): TargetWeights {
  const { assets } = world.scenario;
  const touched = (assets * 3) / 10;
  const move = moveOf(world);
  const parts = steadyParts(world).map((part, place) =>
    place >= touched ? part : part + (place % 2 === 0 ? -move : move),
  );
  return weightsOf(world, parts);
}

function moveOf({ scenario }: BenchWorld): number {
  return (1_000_000 / scenario.assets) * 0.4;
}

function weightsOf({ fund, coins }: BenchWorld, parts: readonly number[]): TargetWeights {
  const pairs = coins.map(({ coinId }, place) => [fund.indexOf(coinId), ppm(parts[place] ?? 0)] as const);
  const ordered = pairs.toSorted((a, b) => a[0] - b[0]);
  return { assets: ordered.map(([asset]) => asset), parts: ordered.map(([, part]) => part) };
}

/* LEGS */

/** Spends all cash but one unit. */
export async function entryLegs(world: BenchWorld): Promise<BenchLeg[]> {
  const cash = ((await booksOf(world))[0] ?? 0n) - 1n;
  const parts = steadyParts(world);
  return purchases(world, new Map(world.coins.map((coin, i) => [coin, shareOf(cash, parts[i])])));
}

/** Legs towards {@link movedWeights}. */
export async function weekLegs(world: BenchWorld, touched: number): Promise<BenchLeg[]> {
  const books = await booksOf(world);
  const [parts, move] = [steadyParts(world), moveOf(world)];
  const moving = world.coins.slice(0, touched);
  // A little less than all that the weights move: fees and impact must not lead beyond a target.
  const down = moving.flatMap((coin, i): [BenchCoin, bigint][] => {
    const held = books[world.fund.indexOf(coin.coinId)] ?? 0n;
    return i % 2 === 0 ? [[coin, (held * BigInt(Math.floor((move / (parts[i] ?? 1)) * 950))) / 1000n]] : [];
  });
  const cash = BigInt(Math.floor(PER_ASSET * world.scenario.assets * (move / 1_000_000) * 0.95)) * USDC;
  const up = moving.flatMap((coin, i): [BenchCoin, bigint][] => (i % 2 === 0 ? [] : [[coin, cash]]));
  return [...sales(world, new Map(down)), ...purchases(world, new Map(up))];
}

/** Enters, through wrapped ether where a coin is priced in it, in as many batches as it takes. */
export async function enter(world: BenchWorld, signed: Signed): Promise<void> {
  const all = await entryLegs(world);
  const direct = all.filter(({ sold }) => sold.index === CASH);
  const routed = all.filter(({ sold }) => sold.index === TRANSIT);
  const cash = routed.reduce((sum, { amount }) => sum + amount, 0n);
  const first = cash === 0n ? direct : [transitPurchase(world, cash), ...direct];
  let position = await sendBatches(world, signed, { legs: first, position: 0 });
  const transit = (await booksOf(world))[TRANSIT] ?? 0n;
  let left = transit - 1n;
  const spending = routed.map((leg, i): BenchLeg => {
    const amount = i === routed.length - 1 ? left : (leg.amount * (transit - 1n)) / cash;
    left -= amount;
    return { ...leg, amount };
  });
  position = await sendBatches(world, signed, { legs: spending, position });
  await send(world, signed, { legs: [], position, isLast: true });
}

function shareOf(whole: bigint, parts = 0): bigint {
  return (whole * BigInt(parts)) / 1_000_000n;
}
