// Turns the addresses of Uniswap v3 pools into their states at a block, with the ticks near their price.
import type { Address, PublicClient } from "viem";

import type { PoolState, PoolTick } from "../plan/pool.ts";
import { MAX_TICK } from "../plan/uniswap.ts";
import { POOL_ABI } from "./contracts.ts";
import { type Read, readMany } from "./read-many.ts";

/** Ticks on each side of the price that are read at least: 28 % in price, far beyond any leg's floor. */
const REACH = 2500;
/** Ticks of one word of the bitmap, before spacing. */
const WORD = 256;

type Slot0 = readonly [
  sqrtPriceX96: bigint,
  tick: number,
  observationIndex: number,
  observationCardinality: number,
  ...rest: readonly unknown[],
];
type Observation = readonly [blockTimestamp: number, ...rest: readonly unknown[], initialized: boolean];
/** Where the newest observation stands in the ring, and how many the ring holds. */
type Ring = { readonly newest: number; readonly size: number };
type Shape = Omit<PoolState, "ticks" | "tradeGap"> & { readonly ring: Ring };

/**
 * The states of pools, in the order of their addresses, with every tick that is initialized within {@link REACH}.
 *
 * Three rounds of bundled reads: prices and shapes; bitmaps and observations; ticks.
 */
export async function readPools(
  client: PublicClient,
  addresses: readonly Address[],
  blockNumber: bigint,
): Promise<PoolState[]> {
  const shapes = await readShapes(client, addresses, blockNumber);
  const words = shapes.map(wordsOf);
  const [bitmaps, observations] = await Promise.all([
    readEach(client, shapes, blockNumber, (_, i) => (words[i] ?? []).map((word) => ["tickBitmap", word])),
    readEach(client, shapes, blockNumber, ({ ring }) => ringReads(ring)),
  ]);
  const indexes = shapes.map(({ tickSpacing }, i) =>
    (words[i] ?? []).flatMap((word, at) => ticksInWord(bitmaps[i]?.[at] as bigint, word, tickSpacing)),
  );
  const ticks = await readEach(client, shapes, blockNumber, (_, i) =>
    (indexes[i] ?? []).map((index) => ["ticks", index]),
  );
  return shapes.map(({ ring, ...shape }, i) => ({
    ...shape,
    ticks: (indexes[i] ?? []).map((index, at): PoolTick => {
      const [, liquidityNet] = ticks[i]?.[at] as readonly [bigint, bigint];
      return { index, liquidityNet };
    }),
    ...tradeGapOf(ring, observations[i] as readonly Observation[]),
  }));
}

/** A function of a pool and its argument. */
type PoolRead = readonly [functionName: string, argument: number];

async function readShapes(client: PublicClient, addresses: readonly Address[], block: bigint): Promise<Shape[]> {
  const names = ["slot0", "liquidity", "token0", "token1", "fee", "tickSpacing"] as const;
  const reads = addresses.flatMap((address) => names.map((name) => poolRead(address, name)));
  const results = await readMany(client, reads, block);
  return addresses.map((address, i) => {
    const [slot0, liquidity, token0, token1, fee, tickSpacing] = results.slice(i * names.length) as [
      Slot0,
      bigint,
      Address,
      Address,
      number,
      number,
    ];
    const [sqrtPriceX96, tick, newest, size] = slot0;
    const ring = { newest, size };
    const facts = { address, token0, token1, fee, tickSpacing, sqrtPriceX96, liquidity, tick, ring };
    return { ...facts, ...reachOf(tick, tickSpacing) };
  });
}

function ringReads({ newest, size }: Ring): readonly PoolRead[] {
  return [newest, (newest + 1) % size, 0].map((index): PoolRead => ["observations", index]);
}

/**
 * {s} The mean time between the observations that a pool keeps: it writes one in the first trade of a block.
 * Nothing for a pool that keeps a single one.
 */
function tradeGapOf({ newest, size }: Ring, found: readonly Observation[]): Pick<PoolState, "tradeGap"> {
  const [last, next, first] = found;
  if (last === undefined || next === undefined || first === undefined) return {};
  // Until the ring has gone round once, the oldest observation is the first.
  const isFull = next.at(-1) === true && size > 1;
  const [oldest, count] = isFull ? [next, size - 1] : [first, newest];
  return count === 0 ? {} : { tradeGap: Math.round((last[0] - oldest[0]) / count) };
}

/** Whole words of the bitmap that hold every tick within {@link REACH}. */
function reachOf(tick: number, spacing: number): Pick<PoolState, "knownFrom" | "knownTo"> {
  const size = WORD * spacing;
  const first = Math.floor(Math.max(-MAX_TICK, tick - REACH) / size);
  const last = Math.floor(Math.min(MAX_TICK, tick + REACH) / size);
  return { knownFrom: first * size, knownTo: (last + 1) * size - spacing };
}

function wordsOf({ knownFrom, knownTo, tickSpacing }: Shape): number[] {
  const [first, last] = [knownFrom, knownTo].map((tick) => Math.floor(tick / (WORD * tickSpacing))) as [number, number];
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

function ticksInWord(bitmap: bigint, word: number, spacing: number): number[] {
  const ticks: number[] = [];
  for (let bit = 0, rest = bitmap; rest !== 0n; bit++, rest >>= 1n) {
    if ((rest & 1n) === 1n) ticks.push((word * WORD + bit) * spacing);
  }
  return ticks;
}

/** Reads some facts of each pool, all in one round: the answers pool by pool, in the order asked for. */
async function readEach(
  client: PublicClient,
  ...[shapes, block, readsOf]: readonly [
    readonly Shape[],
    bigint,
    (shape: Shape, position: number) => readonly PoolRead[],
  ]
): Promise<unknown[][]> {
  const asked = shapes.map((shape, i) => readsOf(shape, i));
  const reads = shapes.flatMap(({ address }, i) =>
    (asked[i] ?? []).map(([functionName, argument]) => poolRead(address, functionName, [argument])),
  );
  const answers = await readMany(client, reads, block);
  let next = 0;
  return asked.map((part) => part.map(() => answers[next++]));
}

function poolRead(address: Address, functionName: string, args: readonly unknown[] = []): Read {
  return { address, abi: POOL_ABI, functionName, args };
}
