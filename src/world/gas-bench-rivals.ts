// Turns legs into the same trades without the fund: a bare loop of swaps, and Uniswap's own router.
import { type Address, encodeFunctionData, parseAbi } from "viem";

import { tokenUnits } from "../core/units.ts";
import { ERC20_ABI } from "../execute/contracts.ts";
import { initCode, mockArtifact } from "./artifacts.ts";
import type { BenchLeg } from "./gas-bench-legs.ts";
import { type BenchWorld, approval, aside, transact } from "./gas-bench-world.ts";

/** {gas} of the same trades by other ways, in the same state. */
export type Rivals = { readonly bare: bigint; readonly router: bigint };

/** Trades that fit into a transaction of either way. */
const TRADES_PER_TRANSACTION = 110;

const BARE_ABI = parseAbi([
  "struct Trade { address pool; address sold; bool zeroForOne; int256 amount; }",
  "function swapAll(Trade[] trades)",
  "function sendAll(address[] tokens, address to, uint256[] amounts)",
]);
const ROUTER_ABI = parseAbi([
  "struct Single { address tokenIn; address tokenOut; uint24 fee; address recipient; uint256 amountIn; uint256 amountOutMinimum; uint160 sqrtPriceLimitX96; }",
  "function exactInputSingle(Single params) payable returns (uint256)",
  "function multicall(bytes[] data) payable returns (bytes[])",
]);

/** Trades as the legs do, from balances as the vault has them, and takes everything back. */
export async function measureRivals(world: BenchWorld, legs: readonly BenchLeg[]): Promise<Rivals> {
  return {
    bare: await aside(world, () => bareSwaps(world, legs)),
    router: await aside(world, () => routed(world, legs)),
  };
}

/** {gas} of a loop of transfers to a receiver, with nothing else. */
export async function bareTransfers(
  world: BenchWorld,
  to: Address,
  amounts: ReadonlyMap<Address, bigint>,
): Promise<bigint> {
  return aside(world, async () => {
    const trader = await deployTrader(world);
    await matchBalances(world, trader, new Set(amounts.keys()));
    const args = [[...amounts.keys()], to, [...amounts.values()]];
    const call = { address: trader, abi: BARE_ABI, functionName: "sendAll", args, action: "send bare" };
    return (await transact(world, "stranger", call)).gas;
  });
}

async function bareSwaps(world: BenchWorld, legs: readonly BenchLeg[]): Promise<bigint> {
  const trader = await deployTrader(world);
  await matchBalances(world, trader, tokensOf(legs));
  const trades = legs.map(({ sold, bought, pool, amount }) => ({
    pool: pool.address,
    sold: sold.token,
    zeroForOne: BigInt(sold.token) < BigInt(bought.token),
    amount,
  }));
  return inBatches(trades, async (batch) => {
    const call = { address: trader, abi: BARE_ABI, functionName: "swapAll", args: [batch], action: "swap bare" };
    return (await transact(world, "stranger", call)).gas;
  });
}

async function routed(world: BenchWorld, legs: readonly BenchLeg[]): Promise<bigint> {
  const { accounts } = world.market.chain;
  const { router } = world.market.uniswap;
  const recipient = accounts.stranger.address;
  await matchBalances(world, recipient, tokensOf(legs));
  for (const token of new Set(legs.map(({ sold }) => sold.token))) {
    await transact(world, "stranger", approval(token, router));
  }
  const calls = legs.map(({ sold, bought, pool, amount }) => {
    const [tokenIn, tokenOut] = [sold.token, bought.token];
    const limits = { amountOutMinimum: 0n, sqrtPriceLimitX96: 0n };
    const params = { tokenIn, tokenOut, fee: pool.fee, recipient, amountIn: amount, ...limits };
    return encodeFunctionData({ abi: ROUTER_ABI, functionName: "exactInputSingle", args: [params] });
  });
  return inBatches(calls, async (batch) => {
    const call = { address: router, abi: ROUTER_ABI, functionName: "multicall", args: [batch], action: "swap routed" };
    return (await transact(world, "stranger", call)).gas;
  });
}

async function inBatches<Item>(
  items: readonly Item[],
  run: (batch: readonly Item[]) => Promise<bigint>,
): Promise<bigint> {
  let gas = 0n;
  for (let from = 0; from < items.length; from += TRADES_PER_TRANSACTION) {
    gas += await run(items.slice(from, from + TRADES_PER_TRANSACTION));
  }
  return gas;
}

function deployTrader({ market }: BenchWorld): Promise<Address> {
  return market.chain.deploy(market.chain.accounts.stranger.address, initCode(mockArtifact("BareTrader")));
}

function tokensOf(legs: readonly BenchLeg[]): ReadonlySet<Address> {
  return new Set(legs.flatMap(({ sold, bought }) => [sold.token, bought.token]));
}

/** Gives an account as much of each token as the vault has. */
async function matchBalances({ market, fund }: BenchWorld, to: Address, tokens: ReadonlySet<Address>): Promise<void> {
  for (const coin of market.coins().filter(({ token }) => tokens.has(token))) {
    const read = { address: coin.token, abi: ERC20_ABI, functionName: "balanceOf" } as const;
    const amount = await market.chain.publicClient.readContract({ ...read, args: [fund.addresses.vault] });
    if (amount > 0n) await market.give(coin.coinId, to, tokenUnits(amount));
  }
}
