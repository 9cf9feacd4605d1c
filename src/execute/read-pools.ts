// Turns the addresses of Uniswap v3 pools into their states at a block, with the ticks near their price.
import type { Address, PublicClient } from "viem";

import type { PoolState, PoolTick } from "../plan/pool.ts";
import { POOL_ABI } from "./contracts.ts";
import { type Read, readMany } from "./read-many.ts";

/** Ticks on each side of the price that are read at least: 28 % in price, far beyond any leg's floor. */
const REACH = 2500;
/** Ticks of one word of the bitmap, before spacing. */
const WORD = 256;
/** The farthest tick of any pool. */
const MAX_TICK = 887_272;

type Slot0 = readonly [sqrtPriceX96: bigint, tick: number, ...rest: readonly unknown[]];
type Shape = Omit<PoolState, "ticks">;

/** The states of pools, in the order of their addresses. */
export async function readPools(
  client: PublicClient,
  addresses: readonly Address[],
  blockNumber: bigint,
): Promise<PoolState[]> {
  const shapes = await readShapes(client, addresses, blockNumber);
  const words = shapes.map(wordsOf);
  const bitmaps = await readMany(
    client,
    shapes.flatMap((shape, i) => (words[i] ?? []).map((word) => poolRead(shape.address, "tickBitmap", [word]))),
    blockNumber,
  );
  let next = 0;
  const indexes = shapes.map((shape, i) =>
    (words[i] ?? []).flatMap((word) => ticksInWord(bitmaps[next++] as bigint, word, shape.tickSpacing)),
  );
  const ticks = await readMany(
    client,
    shapes.flatMap(({ address }, i) => (indexes[i] ?? []).map((index) => poolRead(address, "ticks", [index]))),
    blockNumber,
  );
  next = 0;
  return shapes.map((shape, i) => ({
    ...shape,
    ticks: (indexes[i] ?? []).map((index): PoolTick => {
      const [, liquidityNet] = ticks[next++] as readonly [bigint, bigint];
      return { index, liquidityNet };
    }),
  }));
}

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
    const [sqrtPriceX96, tick] = slot0;
    return { address, token0, token1, fee, tickSpacing, sqrtPriceX96, liquidity, tick, ...reachOf(tick, tickSpacing) };
  });
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

function poolRead(address: Address, functionName: string, args: readonly unknown[] = []): Read {
  return { address, abi: POOL_ABI, functionName, args };
}
