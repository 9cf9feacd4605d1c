// Turns the state of a real pool into the same pool of Uniswap's own code on the local chain, tick by tick.
import {
  type Address,
  type Hex,
  encodeAbiParameters,
  encodeFunctionData,
  keccak256,
  numberToHex,
  parseAbi,
} from "viem";

import { readPools } from "../../src/execute/read-pools.ts";
import type { FullPoolState } from "../../src/plan/pool-states.ts";
import type { PoolState } from "../../src/plan/pool.ts";
import { initCode, mockArtifact } from "../../src/world/artifacts.ts";
import type { LocalChain } from "../../src/world/local-chain.ts";
import type { Uniswap } from "../../src/world/uniswap.ts";

/** A pool on the local chain, as it is read from there. */
export type RebuiltPool = { readonly name: string; readonly state: PoolState };

const FACTORY_ABI = parseAbi([
  "function createPool(address tokenA, address tokenB, uint24 fee) returns (address)",
  "function getPool(address tokenA, address tokenB, uint24 fee) view returns (address)",
]);
const POOL_ABI = parseAbi(["function initialize(uint160 sqrtPriceX96)"]);
const TOKEN_ABI = parseAbi([
  "function mint(address to, uint256 amount)",
  "function approve(address to, uint256 amount)",
]);

/** Slots of UniswapV3Pool's storage: liquidity, ticks and their bitmap. @see UniswapV3Pool.sol of v3-core 1.0.0 */
const [LIQUIDITY, TICKS, BITMAP] = [4n, 5n, 6n] as const;
/** In the fourth word of a tick: it is initialized. */
const INITIALIZED = 1n << 248n;
/** {tok} More than any pool pays out, and any test pays in. */
const PLENTY = 2n ** 120n;
const UINT128 = 2n ** 128n - 1n;

/**
 * Creates the pool by the factory at its price and writes its ticks, which are all that its swaps go by, with new tokens
 * of which pool and trader have plenty.
 */
export async function rebuildPool(chain: LocalChain, uniswap: Uniswap, from: FullPoolState): Promise<RebuiltPool> {
  const [token0, token1] = await createTokens(chain, from);
  const trader = chain.accounts.alice.address;
  const { fee, sqrtPriceX96 } = from.pool;
  const args = [token0, token1, fee] as const;
  const create = encodeFunctionData({ abi: FACTORY_ABI, functionName: "createPool", args });
  await chain.send(trader, { to: uniswap.factory, data: create });
  const { factory } = uniswap;
  const pool = await chain.publicClient.readContract({
    address: factory,
    abi: FACTORY_ABI,
    functionName: "getPool",
    args,
  });
  const initialize = encodeFunctionData({ abi: POOL_ABI, functionName: "initialize", args: [sqrtPriceX96] });
  await chain.send(trader, { to: pool, data: initialize });
  await writeLiquidity(chain, pool, from);
  for (const token of [token0, token1]) {
    for (const [functionName, to] of [
      ["mint", pool],
      ["mint", trader],
      ["approve", uniswap.router],
    ] as const) {
      await chain.send(trader, {
        to: token,
        data: encodeFunctionData({ abi: TOKEN_ABI, functionName, args: [to, PLENTY] }),
      });
    }
  }
  const [state] = await readPools(chain.publicClient, [pool], await chain.publicClient.getBlockNumber());
  if (state === undefined) throw new TypeError("one pool was read");
  return { name: `${from.exchange} ${from.token0.symbol}/${from.token1.symbol} ${fee}`, state };
}

async function createTokens(chain: LocalChain, from: FullPoolState): Promise<readonly [Address, Address]> {
  const make = ({ symbol, decimals }: FullPoolState["token0"]): Promise<Address> =>
    chain.deploy(chain.accounts.maker.address, initCode(mockArtifact("MockToken"), [symbol, symbol, decimals]));
  const tokens = [await make(from.token0), await make(from.token1)] as const;
  // Which of them is token 0 goes by their addresses.
  return BigInt(tokens[0]) < BigInt(tokens[1]) ? tokens : [tokens[1], tokens[0]];
}

async function writeLiquidity(
  chain: LocalChain,
  pool: Address,
  { pool: { ticks, tickSpacing, liquidity }, grossLiquidity }: FullPoolState,
): Promise<void> {
  const words = new Map<number, bigint>();
  for (const [i, { index, liquidityNet }] of ticks.entries()) {
    const slot = BigInt(slotOf(index, TICKS));
    // One word: gross liquidity below, net liquidity, signed, above.
    const net = BigInt.asUintN(128, liquidityNet) << 128n;
    await write(chain, pool, numberToHex(slot, { size: 32 }), net | ((grossLiquidity[i] ?? 0n) & UINT128));
    await write(chain, pool, numberToHex(slot + 3n, { size: 32 }), INITIALIZED);
    const compressed = index / tickSpacing;
    const word = Math.floor(compressed / 256);
    words.set(word, (words.get(word) ?? 0n) | (1n << BigInt(compressed - word * 256)));
  }
  for (const [word, bits] of words) await write(chain, pool, slotOf(word, BITMAP), bits);
  await write(chain, pool, numberToHex(LIQUIDITY, { size: 32 }), liquidity);
}

async function write(chain: LocalChain, pool: Address, ...[slot, value]: readonly [Hex, bigint]): Promise<void> {
  await chain.provider.request({
    method: "hardhat_setStorageAt",
    params: [pool, slot.replace(/^0x0*(?=.)/, "0x"), numberToHex(value, { size: 32 })],
  });
}

/** The slot of a mapping's value. */
function slotOf(key: number, mapping: bigint): Hex {
  return keccak256(encodeAbiParameters([{ type: "int256" }, { type: "uint256" }], [BigInt(key), mapping]));
}
