// Turns a fund of 100 assets with three pools each into figures: node calls and time of a plan, and the router's gas.
import { type Address, createPublicClient, custom, encodeFunctionData, maxUint256, parseAbi } from "viem";

import { OutOfRangeError } from "../core/errors.ts";
import { type UnixSeconds, ppm, tokenUnits, unixSeconds } from "../core/units.ts";
import type { Deployment } from "../execute/deployment.ts";
import { readFundState } from "../execute/read-state.ts";
import { gasModelSchema, planLimitsSchema } from "../plan/limits.ts";
import { planRebalance } from "../plan/plan.ts";
import type { Figure } from "./bench.ts";
import type { CoinSpec } from "./coin.ts";
import { openFund } from "./fund.ts";
import { type Market, startMarket } from "./market.ts";
import { ETHEREUM, USD_COIN } from "./rules.ts";
import { openOtherPools } from "./other-pools.ts";
import type { RouterGas } from "./worth-rivals.ts";

/** What is measured. */
export type PlanBench = { readonly figures: readonly Figure[]; readonly routerGas: RouterGas };

const COINS = 100;
const POOLS_OF_EACH = 3;
/** {tok} A million USDC. */
const DEPOSIT = tokenUnits(10n ** 12n);
const START: UnixSeconds = unixSeconds(1_640_995_200);

const TOKEN_ABI = parseAbi(["function approve(address to, uint256 amount)"]);
const ROUTER_ABI = parseAbi([
  "struct Path { bytes path; address recipient; uint256 amountIn; uint256 amountOutMinimum; }",
  "function exactInput(Path params) payable returns (uint256)",
]);

/** Builds the world, and plans its first way into the market. */
export async function benchPlan(): Promise<PlanBench> {
  const market = await startMarket({ at: START, coins: coins() });
  try {
    const fund = await openFund(market);
    await market.give(USD_COIN, fund.addresses.vault, DEPOSIT);
    const deployment = await openOtherPools(market, fund.deployment(), POOLS_OF_EACH - 1);
    return { figures: await planFigures(market, deployment), routerGas: await measureRouter(market) };
  } finally {
    await market.close();
  }
}

/** Ether, and 99 coins whose prices and volumes fall like those of an index. */
function coins(): CoinSpec[] {
  const others = Array.from({ length: COINS - 1 }, (_, i): CoinSpec => {
    return { coinId: `coin-${i}`, symbol: `C${i}`, priceUsd: 1000 / (i + 1), volumeUsd: 1e10 / (i + 1) ** 1.5 };
  });
  return [{ coinId: ETHEREUM, symbol: "ETH", priceUsd: 3700, volumeUsd: 1e10 }, ...others];
}

async function planFigures({ chain }: Market, deployment: Deployment): Promise<Figure[]> {
  let calls = 0;
  const request = (...args: Parameters<typeof chain.provider.request>): Promise<unknown> => {
    calls++;
    return chain.provider.request(...args);
  };
  const client = createPublicClient({ chain: chain.publicClient.chain, transport: custom({ request }), cacheTime: 0 });
  const withPools = deployment.assets.filter(({ pool }) => pool !== undefined);
  const indexes = withPools.map(({ index }) => index).slice(0, COINS);
  const weights = { assets: indexes, parts: indexes.map(() => ppm(1_000_000 / COINS)) };
  const started = moment();
  const state = await readFundState({ client, deployment }, { weights, targetId: 0 });
  const read = moment();
  // The fund's deposits are not struck: it is planned as if a million were on its books.
  const assets = state.holdings.assets.map((asset) => (asset.index === 0 ? { ...asset, balance: DEPOSIT } : asset));
  const plan = planRebalance({
    regime: "bull",
    elapsed: 0,
    holdings: { ...state.holdings, assets, supply: 10n ** 24n },
    pools: state.pools,
    gas: gasModelSchema.parse({ price: state.gasPrice }),
    limits: planLimitsSchema.parse({}),
    blocked: new Set(),
    refusing: new Set(),
  });
  const done = moment();
  return [
    {
      what: "assets, pools and legs of the plan",
      value: `${assets.length}, ${state.pools.length}, ${plan.legs.length}`,
    },
    { what: "calls to the node", value: String(calls) },
    { what: "reading the fund and its pools [s], node included", value: between(started, read) },
    { what: "planning [s]", value: between(read, done) },
  ];
}

/** {ms} On the clock, and of the processor. */
type Moment = { readonly clock: number; readonly processor: number };

function moment(): Moment {
  const { user, system } = process.cpuUsage();
  return { clock: performance.now(), processor: (user + system) / 1000 };
}

function between(from: Moment, to: Moment): string {
  const [clock, processor] = [to.clock - from.clock, to.processor - from.processor];
  return `${(clock / 1000).toFixed(2)}, ${(processor / 1000).toFixed(2)} of the processor`;
}

/** One order on one pool, and one through WETH. */
async function measureRouter(market: Market): Promise<RouterGas> {
  const { chain, uniswap } = market;
  const trader = chain.accounts.stranger.address;
  const amount = tokenUnits(10n ** 9n);
  await market.give(USD_COIN, trader, tokenUnits(10n * amount));
  const approve = encodeFunctionData({ abi: TOKEN_ABI, functionName: "approve", args: [uniswap.router, maxUint256] });
  await chain.send(trader, { to: market.usdc, data: approve });
  const ether = market.coin(ETHEREUM).pool;
  const far = market.coins().find(({ coinId, pool }) => coinId !== ETHEREUM && pool?.quote === "WETH");
  if (ether === undefined || far?.pool === undefined) throw new OutOfRangeError("market", "no pools", "WETH's pools");
  const first = `${market.usdc}${hexFee(ether.fee)}${market.weth.slice(2)}` as const;
  const both = `${first}${hexFee(far.pool.fee)}${far.token.slice(2)}` as const;
  const gasOf = async (path: string): Promise<number> => {
    const params = { path: path as Address, recipient: trader, amountIn: amount, amountOutMinimum: 0n };
    const data = encodeFunctionData({ abi: ROUTER_ABI, functionName: "exactInput", args: [params] });
    const hash = await chain.send(trader, { to: uniswap.router, data });
    return Number((await chain.publicClient.getTransactionReceipt({ hash })).gasUsed);
  };
  // The first one pays for slots that the next ones find written.
  await gasOf(first);
  await gasOf(both);
  return { single: await gasOf(first), double: await gasOf(both) };
}

function hexFee(fee: number): string {
  return fee.toString(16).padStart(6, "0");
}
