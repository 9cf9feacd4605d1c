// Turns what a holder has to sell into sales that were tried, with their gas, and into batches that fit a transaction.
import { type Address, type PublicClient, isAddressEqual } from "viem";

import { CASH, type PlanAsset } from "../../plan/holdings.ts";
import { type HolderSale, planHolderSales } from "../../plan/holder-sales.ts";
import type { PoolState } from "../../plan/pool.ts";
import { WAD } from "../../core/units.ts";
import { ERC20_ABI, FACTORY_ABI, ROUTER_ABI } from "../contracts.ts";
import { type Read, readMany } from "../read-many.ts";
import { poolsOf, readListedPools } from "../read-state.ts";
import type { SafeCall } from "../safe-batch.ts";
import { saleCalls } from "./calls.ts";
import { type MeasuredCalls, type MoveOrder, MoveRefusedError, type Staying, staying } from "./order.ts";
import { frameOf } from "./read-holder.ts";
import { SAFE_GAS, callsGasOf, refusalOf, tryCalls } from "./trial.ts";

/** A sale that goes through, by the calls of a batch. */
export type MeasuredSale = MeasuredCalls & { readonly sale: HolderSale };

/** What can be sold, most value first, and what stays. */
export type MeasuredSales = { readonly sales: readonly MeasuredSale[]; readonly stays: readonly Staying[] };

/** Sales that are tried at once, after an exit of a hundred tokens, below the gas that a transaction may use. */
const WINDOW = 16;

/**
 * Plans the sale of everything but the deposit coin, tries it, and leaves out what is refused or not worth its gas.
 *
 * @param held The old fund's assets, with what there is to sell as balances.
 * @param before Calls that bring it, as long as they were not sent.
 */
export async function measureSales(
  order: MoveOrder,
  held: readonly PlanAsset[],
  before: readonly SafeCall[],
): Promise<MeasuredSales> {
  const { cash, ether } = frameOf(held);
  const sold = held.filter(({ index, balance }) => index !== CASH && balance > 0n);
  const pools = sold.length === 0 ? [] : await readPoolsOf(order);
  const plan = planHolderSales({ cash, ether: ether.token, pools, slippage: order.slippage }, sold);
  const tried = await trySales(order, plan.sales, before);
  const gasPrice = await order.from.client.getGasPrice();
  const isWorth = ({ gas, sale }: MeasuredSale): boolean => sale.value > gasValueOf(gas, gasPrice, ether);
  const dear = tried.sales.filter((sale) => !isWorth(sale));
  return {
    sales: tried.sales.filter(isWorth),
    stays: [
      ...plan.unsold.map(({ asset, ...part }) => staying(asset, part)),
      ...tried.stays,
      ...dear.map(({ sale: { asset, amount, value } }) =>
        staying(asset, { amount, value, reason: "worth less than the gas of its sale" }),
      ),
    ],
  };
}

/** D18{USD} */
export function gasValueOf(gas: bigint, gasPrice: bigint, ether: PlanAsset): bigint {
  return (gas * gasPrice * ether.price) / WAD;
}

/** Sales in their order, in as few batches as fit. */
export function packSales(sales: readonly MeasuredSale[], batchGas: bigint): MeasuredCalls[] {
  const packed: MeasuredCalls[] = [];
  for (const { calls, gas } of sales) {
    const last = packed.at(-1);
    if (last !== undefined && last.gas + gas <= batchGas) {
      packed[packed.length - 1] = { calls: [...last.calls, ...calls], gas: last.gas + gas };
    } else packed.push({ calls, gas: SAFE_GAS + gas });
  }
  return packed;
}

/** Those of the fund's listed pools that the router finds: it works their addresses out from its own factory. */
async function readPoolsOf({ from, router }: MoveOrder): Promise<PoolState[]> {
  const { client, deployment } = from;
  const block = await client.getBlockNumber();
  const [listed, factory] = await Promise.all([
    readListedPools(from, poolsOf(deployment.assets), block),
    factoryOf(client, router),
  ]);
  const reads = listed.map(({ token0, token1, fee }): Read => {
    return { address: factory, abi: FACTORY_ABI, functionName: "getPool", args: [token0, token1, fee] };
  });
  const found = (await readMany(client, reads, block)) as readonly Address[];
  return listed.filter(({ address }, i) => {
    const known = found[i];
    return known !== undefined && isAddressEqual(known, address);
  });
}

/** @throws MoveRefusedError when there is no such router. */
async function factoryOf(client: PublicClient, router: Address): Promise<Address> {
  try {
    return await client.readContract({ address: router, abi: ROUTER_ABI, functionName: "factory" });
  } catch (cause) {
    const expected = `Expected Uniswap's router at ${router}, as the network's file says, found none.`;
    throw new MoveRefusedError(`${expected} Name the file of the chain with --network.`, { cause });
  }
}

async function trySales(
  order: MoveOrder,
  sales: readonly HolderSale[],
  before: readonly SafeCall[],
): Promise<MeasuredSales> {
  const { from, holder, router, validFor } = order;
  const { timestamp, number } = await from.client.getBlock();
  const place = { router, holder, deadline: Number(timestamp) + validFor };
  const allowances = (await readMany(
    from.client,
    sales.map(({ asset }): Read => {
      return { address: asset.token, abi: ERC20_ABI, functionName: "allowance", args: [holder, router] };
    }),
    number,
  )) as readonly bigint[];
  const planned = sales.map((sale, i) => ({ sale, calls: saleCalls(place, sale, allowances[i] ?? 0n) }));
  const result: { sales: MeasuredSale[]; stays: Staying[] } = { sales: [], stays: [] };
  for (let first = 0; first < planned.length; first += WINDOW) {
    const window = planned.slice(first, first + WINDOW);
    const trials = (await tryCalls(from.client, holder, [...before, ...window.flatMap(({ calls }) => calls)])).slice(
      before.length,
    );
    let next = 0;
    for (const { sale, calls } of window) {
      const own = trials.slice(next, (next += calls.length));
      const refused = own.find(({ succeeds }) => !succeeds);
      if (refused === undefined) result.sales.push({ sale, calls, gas: callsGasOf(calls, own) });
      else {
        const { asset, amount, value } = sale;
        result.stays.push(staying(asset, { amount, value, reason: `its sale was refused: ${refusalOf(refused)}` }));
      }
    }
  }
  return result;
}

/** {tok} of the deposit coin that sales bring. */
export function outputOf(sales: readonly MeasuredSale[]): bigint {
  return sales.reduce((sum, { sale }) => sum + sale.expected, 0n);
}
