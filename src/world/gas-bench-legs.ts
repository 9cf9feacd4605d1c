// Turns what a fund holds into legs, and legs into the transactions that carry them out.
import type { Address } from "viem";

import { indexVaultAbi } from "../core/abi.ts";
import { AppError } from "../core/errors.ts";
import { unixSeconds } from "../core/units.ts";
import { contractsOf } from "../execute/contracts.ts";
import { outcomeOf } from "../execute/outcome.ts";
import { type Target, type TargetWeights, chainTarget, chainWeights, signTarget } from "../execute/publish.ts";
import { CASH, TRANSIT } from "../plan/holdings.ts";
import type { Coin, Pool } from "./coin.ts";
import { type BenchWorld, type Mined, aside, transact } from "./gas-bench-world.ts";
import { ETHEREUM } from "./rules.ts";

/** One of the two assets of a leg. */
type Side = { readonly index: number; readonly token: Address; readonly usd: number; readonly decimals: number };

/** A leg with what other ways of trading need to know of it. */
export type BenchLeg = {
  readonly sold: Side;
  readonly bought: Side;
  readonly pool: Pool;
  readonly amount: bigint; // {tok}
};

/** A coin that the fund trades on a pool. */
export type BenchCoin = Coin & { readonly pool: Pool };

/** A plan that was carried out. */
export type Executed = { readonly gas: bigint; readonly transactions: readonly Mined[] };

const ALL_ASSETS = 2n ** 256n - 1n;
/** {1} Of the value sold, which is less than any leg loses to fee and impact. */
const LEAST_OUTPUT = 0.96;
const MOST_TRANSACTIONS = 4;
/** Legs of any kind that fit into one transaction. */
const BATCH = 50;
/** {s} */
const SIX_DAYS = 518_400;

/** The legs do not fit into any number of transactions tried. */
export class PlanNotExecutedError extends AppError {
  readonly code = "PLAN_NOT_EXECUTED";
  readonly kind = "chain";

  constructor(legs: number, options: ErrorOptions) {
    super(`Expected ${legs} legs to run in at most ${MOST_TRANSACTIONS} transactions; they did not.`, options);
  }
}

/** A batch did less than it was measured for. */
export class BatchNotRunError extends AppError {
  readonly code = "BATCH_NOT_RUN";
  readonly kind = "chain";

  constructor(executed: number, legs: number) {
    super(`Expected a batch to run all its ${legs} legs, and the last one to end the rebalance; ${executed} were run.`);
  }
}

/** {tok} What the books of the vault say, by asset index. */
export async function booksOf({ market, fund }: BenchWorld): Promise<readonly bigint[]> {
  const read = { address: fund.addresses.vault, abi: indexVaultAbi, functionName: "balances" } as const;
  const amounts: unknown = await market.chain.publicClient.readContract({ ...read, args: [ALL_ASSETS] });
  return amounts as readonly bigint[];
}

/** Legs that sell an amount of each coin into what its pool is priced in. */
export function sales(world: BenchWorld, amounts: ReadonlyMap<BenchCoin, bigint>): BenchLeg[] {
  return [...amounts].map(([coin, amount]) => ({
    sold: sideOf(world, coin),
    bought: quoteOf(world, coin),
    pool: coin.pool,
    amount,
  }));
}

/** Legs that buy each coin for an amount of what its pool is priced in. */
export function purchases(world: BenchWorld, amounts: ReadonlyMap<BenchCoin, bigint>): BenchLeg[] {
  return sales(world, amounts).map(({ sold, bought, ...rest }) => ({ sold: bought, bought: sold, ...rest }));
}

/** Legs that sell everything but one unit each, with the wrapped ether that they bring last. */
export async function fullExit(world: BenchWorld, signed: Signed): Promise<BenchLeg[]> {
  const books = await booksOf(world);
  const amounts = new Map(world.coins.map((coin) => [coin, (books[sideOf(world, coin).index] ?? 0n) - 1n]));
  const direct = sales(world, amounts);
  if (direct.every(({ bought }) => bought.index !== TRANSIT)) return direct;
  const transit = await aside(world, async () => {
    await sendBatches(world, signed, { legs: direct, position: 0 });
    return (await booksOf(world))[TRANSIT] ?? 0n;
  });
  return [...direct, transitLeg(world, transit - 1n)];
}

/** Carries a signed target out in as few transactions as it takes. */
export async function carryOut(world: BenchWorld, signed: Signed, legs: readonly BenchLeg[]): Promise<Executed> {
  let cause: unknown;
  for (let count = 1; count <= MOST_TRANSACTIONS; count++) {
    const saved = await world.market.snapshot();
    try {
      const transactions: Mined[] = [];
      const size = Math.ceil(legs.length / count);
      for (let position = 0; transactions.length < count; position += size) {
        const isLast = transactions.length === count - 1;
        transactions.push(await send(world, signed, { legs: legs.slice(position, position + size), position, isLast }));
      }
      return { gas: transactions.reduce((sum, { gas }) => sum + gas, 0n), transactions };
    } catch (error) {
      cause = error;
      await world.market.revert(saved);
    }
  }
  throw new PlanNotExecutedError(legs.length, { cause });
}

/** A target with what belongs to it. */
export type Signed = { readonly target: Target; readonly published: Mined };

/** Signs a target of the present week and publishes it. */
export async function publish(
  world: BenchWorld,
  regime: Target["regime"],
  { id, weights }: { readonly id: number; readonly weights: TargetWeights },
): Promise<Signed> {
  const { chain } = world.market;
  const now = await chain.now();
  const target: Target = {
    id,
    regime,
    weights,
    decisionHash: `0x${"d1".repeat(32)}`,
    membershipRoot: `0x${"e2".repeat(32)}`,
    twinLevel: 1234n * 10n ** 18n + 567_890n,
    validFrom: now,
    validUntil: unixSeconds(now + SIX_DAYS),
  };
  const { registry } = contractsOf(world.fund.deployment());
  const place = { chainId: chain.publicClient.chain.id, registry: registry.address };
  const signature = await signTarget(chain.accounts.signer, target, place);
  const args = [chainTarget(target), chainWeights(weights), signature];
  const published = await transact(world, "keeper", {
    ...registry,
    functionName: "publish",
    args,
    action: `publish ${regime} target ${id}`,
  });
  return { target, published };
}

/** The deposit coin, sold for wrapped ether in transit. */
export function transitPurchase(world: BenchWorld, amount: bigint): BenchLeg {
  const { sold, bought, ...rest } = transitLeg(world, amount);
  return { sold: bought, bought: sold, ...rest };
}

/** Wrapped ether in transit, sold for the deposit coin. */
function transitLeg(world: BenchWorld, amount: bigint): BenchLeg {
  const ether = world.coins.find(({ coinId }) => coinId === ETHEREUM);
  if (ether === undefined) throw new TypeError("Every bench world holds ether.");
  const sold = { ...sideOf(world, ether), index: TRANSIT };
  return { sold, bought: cashOf(world), pool: ether.pool, amount };
}

/** Sends legs that are not measured, and does not end. @returns The position after the last leg. */
export async function sendBatches(
  world: BenchWorld,
  signed: Signed,
  plan: { readonly legs: readonly BenchLeg[]; readonly position: number },
): Promise<number> {
  for (let from = 0; from < plan.legs.length; from += BATCH) {
    const legs = plan.legs.slice(from, from + BATCH);
    await send(world, signed, { legs, position: plan.position + from, isLast: false });
  }
  return plan.position + plan.legs.length;
}

/**
 * Sends one batch, and ends the rebalance with the last one.
 *
 * @throws BatchNotRunError when a leg was left out, or the last batch leaves the rebalance open: what then was measured
 *   is not what the row says.
 */
export async function send(
  world: BenchWorld,
  { target }: Signed,
  {
    legs,
    position,
    isLast,
  }: { readonly legs: readonly BenchLeg[]; readonly position: number; readonly isLast: boolean },
): Promise<Mined> {
  const mined = await transact(world, "keeper", {
    ...contractsOf(world.fund.deployment()).rebalancer,
    functionName: isLast ? "executeAndFinish" : "execute",
    args: [chainTarget(target), chainWeights(target.weights), legs.map(chainLeg), BigInt(position)],
    action: `run ${legs.length} legs of target ${target.id}`,
  });
  const receipt = await world.market.chain.publicClient.getTransactionReceipt({ hash: mined.hash });
  const { executed, finished } = outcomeOf(receipt, world.fund.addresses.vault);
  if (executed.length !== legs.length || (isLast && finished === undefined)) {
    throw new BatchNotRunError(executed.length, legs.length);
  }
  return mined;
}

function chainLeg({ sold, bought, pool, amount }: BenchLeg): unknown {
  // {tok} = {tok} / {tok/wholeTok} * {USD/wholeTok} / {USD/wholeTok} * {tok/wholeTok}
  const fair = ((Number(amount) / 10 ** sold.decimals) * sold.usd * 10 ** bought.decimals) / bought.usd;
  const minimum = BigInt(Math.floor(fair * LEAST_OUTPUT));
  return { sold: sold.index, bought: bought.index, pool: pool.address, amount, minimum };
}

function sideOf({ fund, market }: BenchWorld, { coinId, token, decimals }: BenchCoin): Side {
  return { index: fund.indexOf(coinId), token, decimals, usd: market.priceOf(coinId) };
}

function cashOf({ market }: BenchWorld): Side {
  return { index: CASH, token: market.usdc, decimals: 6, usd: 1 };
}

function quoteOf(world: BenchWorld, { pool }: BenchCoin): Side {
  if (pool.quote === "USDC") return cashOf(world);
  return { index: TRANSIT, token: world.market.weth, decimals: 18, usd: world.market.priceOf(ETHEREUM) };
}
