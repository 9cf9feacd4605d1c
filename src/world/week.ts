// Turns one decision into a week on the local chain: prices moved, target published, trades sent, result read back.
import type { Hex } from "viem";

import { vaultLensAbi } from "../core/abi.ts";
import { DAY, startOfDay } from "../core/time.ts";
import { unixSeconds } from "../core/units.ts";
import { type Decision, decisionHash } from "../engine/decision.ts";
import { PUBLICATION, levelOf, targetOf } from "../engine/target.ts";
import type { Deployment } from "../execute/deployment.ts";
import type { RebalanceTransaction } from "../execute/outcome.ts";
import { type Target, publishLevel, publishTarget, signLevel, signTarget } from "../execute/publish.ts";
import { isQuietWeek } from "../execute/quiet-week.ts";
import { readTiers } from "../execute/read-tiers.ts";
import { RebalanceUnfinishedError, type RebalanceResult, runRebalance } from "../execute/rebalance.ts";
import type { Sender } from "../execute/send.ts";
import type { Quote } from "../market/quotes.ts";
import { type PlanLimits, planLimitsSchema } from "../plan/limits.ts";
import { type CoinSpec, UnknownCoinError } from "./coin.ts";
import type { LocalFund } from "./fund.ts";
import type { AccountName } from "./dev-accounts.ts";
import type { Market } from "./market.ts";

/** A market with a fund on it. */
export type World = { readonly market: Market; readonly fund: LocalFund };

/** A decision, and the closes that it was taken from. */
export type WeekInput = {
  readonly decision: Decision;
  readonly quotes: ReadonlyMap<string, Quote>;
  /** Equal parts in which the market goes to the new prices. */
  readonly steps: number;
};

/** One holding as the lens shows it. */
export type Holding = {
  readonly coinId: string;
  readonly symbol: string;
  readonly decimals: number;
  readonly amount: bigint; // {tok}
  readonly price: bigint; // D18{USD/wholeTok}
  readonly value: bigint; // D18{USD}
  readonly weight: number; // {ppm}
};

/** A transaction of the week. */
export type WeekTransaction = {
  readonly kind: "publish" | "level" | "rebalance";
  readonly hash: Hex;
  readonly gas: bigint; // {gas}
};

/** What happened in a week. */
export type WeekRecord = {
  readonly decision: Decision;
  readonly decisionHash: Hex;
  readonly nav: bigint; // D18{USD} after the rebalance
  readonly supply: bigint; // {share}
  readonly holdings: readonly Holding[];
  readonly transactions: readonly WeekTransaction[];
  readonly gas: bigint; // {gas}
  /** {bps} of NAV at the oracle's prices, as the vault recorded it; undefined when the rebalance stays open, zero without one. */
  readonly costBps: number | undefined;
  /** {bps} of NAV, gas included, as the plan stated it before anything was sent. */
  readonly plannedCostBps: number;
  readonly legs: number;
  readonly skips: RebalanceTransaction["skipped"];
  /** Why the rebalance stays open. */
  readonly unfinished: string | undefined;
};

/** {s} After midnight: the market stands at Sunday's close. */
const MARKET_READY = 20 * 60;
/** {s} After midnight: what leads out of stablecoins starts at noon. */
const NOON = DAY / 2;

/** Who sends, on the world's own node. */
export function senderOf({ market }: World, name: AccountName): Sender {
  return { client: market.chain.publicClient, wallet: market.chain.wallets[name] };
}

/** What the local market needs to know of coins, in the order given; coins without a quote are left out. */
export function specsOf(coinIds: Iterable<string>, quotes: ReadonlyMap<string, Quote>): CoinSpec[] {
  return [...coinIds].flatMap((coinId) => {
    const quote = quotes.get(coinId);
    if (quote === undefined) return [];
    return [{ coinId, symbol: quote.symbol, priceUsd: quote.priceUsd, volumeUsd: quote.volumeUsd ?? 0 }];
  });
}

/** Lives through one week, from the new prices to the finished rebalance. */
export async function runWeek(world: World, week: WeekInput): Promise<WeekRecord> {
  const { target, published } = await openWeek(world, week);
  const done = target === undefined ? undefined : await rebalance(world, target);
  return recordOf(world, { ...(done ?? NOTHING_TO_DO), week, published });
}

/** A week whose target is published and can be started now; without a target when there is nothing to be done. */
export type OpenedWeek = { readonly target: Target | undefined; readonly published: WeekTransaction };

/**
 * The first half of {@link runWeek}: moves the market, publishes the target, and waits until it can be started. A level
 * is published instead when the fund is and stays in stablecoins and has nothing to trade and no request to strike.
 */
export async function openWeek(world: World, week: WeekInput): Promise<OpenedWeek> {
  const { market, fund } = world;
  const midnight = startOfDay(week.decision.date);
  await moveMarket(world, week);
  await fund.listNewCoins();
  const deployment = fund.deployment();
  const request = { client: market.chain.publicClient, deployment };
  const target = targetOf(week.decision, indexesOf(deployment), await readTiers(request));
  const at = unixSeconds(midnight + PUBLICATION);
  const isQuiet = await isQuietWeek({ ...request, target, limits: planLimitsSchema.parse({}), at });
  await market.chain.setNextBlockTime(at);
  if (isQuiet) return { target: undefined, published: await publishQuiet(world, week.decision) };
  const published = await publish(world, target);
  if (target.regime === "bull") await market.chain.advanceTo(unixSeconds(midnight + NOON));
  return { target, published };
}

/** The fund's asset index of each coin that it can hold. */
export function indexesOf({ assets }: Pick<Deployment, "assets">): ReadonlyMap<string, number> {
  return new Map(assets.map(({ coinId, index }) => [coinId, index]));
}

async function moveMarket({ market }: World, { decision, quotes, steps }: WeekInput): Promise<void> {
  const known = new Set(market.coins().map((coin) => coin.coinId));
  const fresh = [...decision.index, ...decision.weights].map(({ coinId }) => coinId).filter((id) => !known.has(id));
  await market.addCoins(specsOf(new Set(fresh), quotes));
  const listed = market.coins().flatMap(({ coinId }) => quotes.get(coinId) ?? []);
  await market.moveTo({
    prices: new Map(listed.map(({ coinId, priceUsd }) => [coinId, priceUsd])),
    volumes: new Map(listed.map(({ coinId, volumeUsd }) => [coinId, volumeUsd ?? 0])),
    at: unixSeconds(startOfDay(decision.date) + MARKET_READY),
    steps,
  });
}

async function publishQuiet(world: World, decision: Decision): Promise<WeekTransaction> {
  const { deployment, place } = placeOf(world);
  const level = levelOf(decision);
  const signature = await signLevel(world.market.chain.accounts.signer, level, place);
  const receipt = await publishLevel(senderOf(world, "keeper"), deployment, { level, signature });
  return { kind: "level", hash: receipt.transactionHash, gas: receipt.gasUsed };
}

function placeOf({ fund }: World) {
  const deployment = fund.deployment();
  return { deployment, place: { chainId: deployment.chainId, registry: deployment.addresses.registry } };
}

async function publish(world: World, target: Target): Promise<WeekTransaction> {
  const { deployment, place } = placeOf(world);
  const signature = await signTarget(world.market.chain.accounts.signer, target, place);
  const receipt = await publishTarget(senderOf(world, "keeper"), deployment, { target, signature });
  return { kind: "publish", hash: receipt.transactionHash, gas: receipt.gasUsed };
}

type Rebalanced = { readonly result: RebalanceResult; readonly unfinished: string | undefined };

const NOTHING_TO_DO: Rebalanced = { result: { plans: [], transactions: [] }, unfinished: undefined };

/** A rebalance that cannot end stays open: the next week's start closes it, and the record says so. */
async function rebalance(world: World, target: Target): Promise<Rebalanced> {
  const limits: PlanLimits = planLimitsSchema.parse({});
  const request = { ...senderOf(world, "keeper"), deployment: world.fund.deployment(), target, limits };
  try {
    return { result: await runRebalance(request), unfinished: undefined };
  } catch (error) {
    if (!(error instanceof RebalanceUnfinishedError)) throw error;
    return { result: error.result, unfinished: error.message };
  }
}

async function recordOf(
  world: World,
  done: Rebalanced & { readonly week: WeekInput; readonly published: WeekTransaction },
): Promise<WeekRecord> {
  const { result, published, week } = done;
  const rebalances = result.transactions.map(({ hash, gasUsed }): WeekTransaction => {
    return { kind: "rebalance", hash, gas: gasUsed };
  });
  const transactions = [published, ...rebalances];
  const finished = result.transactions.at(-1)?.finished;
  const { nav, supply } = await readStatus(world);
  return {
    decision: week.decision,
    decisionHash: decisionHash(week.decision),
    nav,
    supply,
    holdings: await readHoldings(world),
    transactions,
    gas: transactions.reduce((sum, { gas }) => sum + gas, 0n),
    costBps: result.transactions.length === 0 && done.unfinished === undefined ? 0 : finished?.costBps,
    plannedCostBps: result.plans[0]?.totals.costBps ?? 0,
    legs: result.transactions.reduce((sum, { executed }) => sum + executed.length, 0),
    skips: result.transactions.flatMap(({ skipped }) => skipped),
    unfinished: done.unfinished,
  };
}

async function readStatus({ market, fund }: World): Promise<{ readonly nav: bigint; readonly supply: bigint }> {
  return market.chain.publicClient.readContract({
    address: fund.addresses.lens,
    abi: vaultLensAbi,
    functionName: "status",
  });
}

/** Everything the vault holds, by asset index. */
export async function readHoldings({ market, fund }: World): Promise<Holding[]> {
  const [tokens, amounts, prices, values, weights] = await market.chain.publicClient.readContract({
    address: fund.addresses.lens,
    abi: vaultLensAbi,
    functionName: "holdings",
  });
  const byToken = new Map(market.coins().map((coin) => [coin.token.toLowerCase(), coin]));
  return tokens.map((token, i) => {
    const coin = byToken.get(token.toLowerCase());
    if (coin === undefined) throw new UnknownCoinError(token);
    const { coinId, symbol, decimals } = coin;
    const [amount, price, value] = [amounts[i] ?? 0n, prices[i] ?? 0n, values[i] ?? 0n];
    return { coinId, symbol, decimals, amount, price, value, weight: Number(weights[i] ?? 0n) };
  });
}
