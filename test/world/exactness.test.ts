import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";
import { type Address, type Hex, encodeFunctionData, parseAbi, parseEventLogs } from "viem";

import { type RandomStream, randomStream } from "../../src/core/random.ts";
import { unixSeconds } from "../../src/core/units.ts";
import { readPools } from "../../src/execute/read-pools.ts";
import { readPoolStates } from "../../src/market/sources/pool-states.ts";
import { fullPoolState } from "../../src/plan/pool-states.ts";
import { type PoolState, type Swap, swapExactIn } from "../../src/plan/pool.ts";
import { type LocalChain, openLocalChain } from "../../src/world/local-chain.ts";
import { TICK_SPACING, type Uniswap, deployUniswap } from "../../src/world/uniswap.ts";
import { realDataOrSkip } from "../real-data.ts";
import { type RebuiltPool, rebuildPool } from "./rebuilt-pools.ts";

const QUOTER_ABI = parseAbi([
  "struct Query { address tokenIn; address tokenOut; uint256 amountIn; uint24 fee; uint160 sqrtPriceLimitX96; }",
  "function quoteExactInputSingle(Query query) returns (uint256 amountOut, uint160 sqrtPriceX96After, uint32 ticksCrossed, uint256 gasEstimate)",
]);
const ROUTER_ABI = parseAbi([
  "struct Single { address tokenIn; address tokenOut; uint24 fee; address recipient; uint256 amountIn; uint256 amountOutMinimum; uint160 sqrtPriceLimitX96; }",
  "function exactInputSingle(Single params) payable returns (uint256)",
]);
const SWAP_ABI = parseAbi([
  "event Swap(address indexed sender, address indexed recipient, int256 amount0, int256 amount1, uint160 sqrtPriceX96, uint128 liquidity, int24 tick)",
]);

const SEED = 20_220_103;
/** Nine pools have a fee tier of Uniswap's. */
const LEGS_PER_POOL = 24;
/** The pool is read anew before every so many legs; between, its state is what the plan expects after each leg. */
const LEGS_PER_READING = 6;

/** A leg as it was planned, as the quoter saw it coming, and as it went. */
type Leg = {
  readonly pool: string;
  readonly crossed: number;
  readonly planned: bigint;
  readonly quoted: bigint;
  readonly executed: bigint;
  readonly plannedAfter: readonly [bigint, bigint, number];
  readonly executedAfter: readonly [bigint, bigint, number];
};

describe("legs on real pools rebuilt on the local chain", function () {
  let chain: LocalChain;
  let opened: LocalChain | undefined;
  let uniswap: Uniswap;
  const legs: Leg[] = [];
  before(async function () {
    const file = join(realDataOrSkip(this), "onchain", "uniswap_v3_pool_states.json");
    const states = readPoolStates(file, readFileSync(file))
      .map(fullPoolState)
      .filter(({ pool }) => pool.fee in TICK_SPACING);
    const random = randomStream(SEED);
    opened = await openLocalChain({ initialDate: unixSeconds(1_640_000_000) });
    chain = opened;
    uniswap = await deployUniswap(chain);
    for (const state of states) legs.push(...(await tradeOn(await rebuildPool(chain, uniswap, state), random)));
  });
  after(async function () {
    await opened?.close();
  });

  async function tradeOn(pool: RebuiltPool, random: RandomStream): Promise<Leg[]> {
    const done: Leg[] = [];
    let { state } = pool;
    for (let i = 0; i < LEGS_PER_POOL; i++) {
      if (i % LEGS_PER_READING === 0) state = await reread(state);
      const sold = random.uniform() < 0.5 ? state.token0 : state.token1;
      // From a hundred-thousandth to half of what moves the pool to the end of what was read, evenly by magnitude.
      const part = BigInt(Math.ceil(10 ** (5.7 - 4.7 * random.uniform())));
      const amount = 1n + (mostTaken(state, sold) * part) / 10n ** 6n;
      const planned = swapExactIn(state, sold, amount);
      if (planned === undefined) throw new TypeError("the known liquidity takes less than half of the most it takes");
      done.push({ pool: pool.name, ...(await execute({ state, sold, amount, planned })) });
      state = planned.after;
    }
    return done;
  }

  async function reread({ address }: PoolState): Promise<PoolState> {
    const [state] = await readPools(chain.publicClient, [address], await chain.publicClient.getBlockNumber());
    if (state === undefined) throw new TypeError("one pool was read");
    return state;
  }

  async function execute(leg: {
    readonly state: PoolState;
    readonly sold: Address;
    readonly amount: bigint;
    readonly planned: Swap;
  }): Promise<Omit<Leg, "pool">> {
    const { state, sold, amount, planned } = leg;
    const bought = sold === state.token0 ? state.token1 : state.token0;
    const terms = { tokenIn: sold, tokenOut: bought, fee: state.fee, amountIn: amount, sqrtPriceLimitX96: 0n };
    const { result } = await chain.publicClient.simulateContract({
      address: uniswap.quoter,
      abi: QUOTER_ABI,
      functionName: "quoteExactInputSingle",
      args: [terms],
    });
    const swap = await swapThroughRouter(terms);
    const { after } = planned;
    return {
      crossed: planned.crossed,
      planned: planned.amountOut,
      quoted: result[0],
      executed: -(sold === state.token0 ? swap.amount1 : swap.amount0),
      plannedAfter: [after.sqrtPriceX96, after.liquidity, after.tick],
      executedAfter: [swap.sqrtPriceX96, swap.liquidity, swap.tick],
    };
  }

  async function swapThroughRouter(terms: {
    readonly tokenIn: Address;
    readonly tokenOut: Address;
    readonly fee: number;
    readonly amountIn: bigint;
    readonly sqrtPriceLimitX96: bigint;
  }) {
    const recipient = chain.accounts.alice.address;
    const data = encodeFunctionData({
      abi: ROUTER_ABI,
      functionName: "exactInputSingle",
      args: [{ ...terms, recipient, amountOutMinimum: 0n }],
    });
    const hash: Hex = await chain.send(recipient, { to: uniswap.router, data });
    const { logs } = await chain.publicClient.getTransactionReceipt({ hash });
    const [swap] = parseEventLogs({ abi: SWAP_ABI, logs });
    if (swap === undefined) throw new TypeError("a swap leaves an event");
    return swap.args;
  }

  it("are at least 200, on nine pools, and a quarter of them cross ticks", function () {
    expect(legs.length).to.be.at.least(200);
    expect(new Set(legs.map(({ pool }) => pool)).size).to.equal(9);
    expect(legs.filter(({ crossed }) => crossed > 0).length).to.be.at.least(legs.length / 4);
  });

  it("bring what was planned, to the last unit", function () {
    const differing = legs.filter(({ planned, executed }) => planned !== executed);

    expect(differing).to.deep.equal([]);
  });

  it("bring what the quoter on chain says", function () {
    const differing = legs.filter(({ planned, quoted }) => planned !== quoted);

    expect(differing).to.deep.equal([]);
  });

  it("leave price, liquidity and tick as planned, so that the next leg is exact too", function () {
    expect(legs.map(({ executedAfter }) => executedAfter)).to.deep.equal(legs.map(({ plannedAfter }) => plannedAfter));
  });
});

/** {tok} The largest power of two that the ticks read take, so that prices move by up to a quarter. */
function mostTaken(state: PoolState, sold: Address): bigint {
  let amount = 2n;
  while (swapExactIn(state, sold, amount * 2n) !== undefined) amount *= 2n;
  return amount;
}
