// Turns a deployed rehearsal into a fund with a past, step by step: a deposit, a week in the market, one out of it, an exit.
import { z } from "zod";

import { DEFAULT_PARAMETERS } from "../../config/schema.ts";
import { assertNever } from "../../core/errors.ts";
import { DAY, type IsoDate, startOfDay } from "../../core/time.ts";
import { decimalString, ppm, tokenUnits, unixSeconds } from "../../core/units.ts";
import type { Decision } from "../../engine/decision.ts";
import { decisionsBetween } from "../../engine/run.ts";
import { PUBLICATION, targetOf } from "../../engine/target.ts";
import type { Deployment } from "../../execute/deployment.ts";
import {
  type Depositor,
  claimDeposit,
  claimRedemption,
  fetchClaimable,
  requestDeposit,
  requestRedeem,
} from "../../execute/depositor.ts";
import { readLogs } from "../../execute/logs.ts";
import type { Network } from "../../execute/network.ts";
import { outcomeOf } from "../../execute/outcome.ts";
import { type Target, publishTarget, signTarget } from "../../execute/publish.ts";
import { readTiers } from "../../execute/read-tiers.ts";
import { readUpkeepFacts } from "../../execute/read-upkeep.ts";
import { RebalanceUnfinishedError, runRebalance } from "../../execute/rebalance.ts";
import { sendUpkeep } from "../../execute/upkeep.ts";
import { readStanding } from "../../keeper/read-facts.ts";
import { DEFAULT_SIMULATION, simulateMarket } from "../../market/simulate.ts";
import { planLimitsSchema } from "../../plan/limits.ts";
import { dueUpkeep } from "../../plan/upkeep.ts";
import { stateOf } from "../coin.ts";
import { give } from "../market-move.ts";
import { USD_COIN } from "../rules.ts";
import { type Attached, moveOnce } from "./attached.ts";
import { type CyclePart, FIRST_SATURDAY, MONDAYS, RANGE } from "./calendar.ts";

/** A chain that is attached, and the fund on it. */
export type Stage = Attached & { readonly deployment: Deployment };

/** What to say of a part: titles and words. */
type Told = Promise<readonly (readonly [title: string, words: string])[]>;

/** {tok} 100,000 USDC. */
const DEPOSIT = 100_000n * 10n ** 6n;
const CASH_DECIMALS = 6;
const SHARE_DECIMALS = 18;
/** {s} After midnight: the market stands at Sunday's close. */
const MARKET_READY = 20 * 60;
/** {s} After midnight: what leads out of stablecoins starts at noon. */
const NOON = DAY / 2;

/**
 * Plays a part of the cycle, of which what is done is found done: upkeep, Alice's deposit, a week in the market, a week
 * out of it, and her claims. The decisions are those of the embedded history, with the network's coins in the places of
 * its own.
 *
 * @returns What to say of it: titles and words.
 */
export async function playPart(stage: Stage, part: CyclePart): Told {
  switch (part.kind) {
    case "wait":
      return waitForFirstWeek(stage);
    case "upkeep":
      return keepUp(stage);
    case "deposit":
      return deposit(stage);
    case "market":
      return moveMarketTo(stage, part.monday);
    case "publish":
      return publish(stage, part.monday);
    case "trade":
      return trade(stage, part.monday);
    case "claim":
      return claim(stage, part.monday);
    case "exit":
      return sayExit(stage);
    default:
      return assertNever(part);
  }
}

async function waitForFirstWeek(stage: Stage): Told {
  await moveOnce(stage, "wait", { prices: new Map(), at: FIRST_SATURDAY, steps: 1 });
  return [["wait", "31 days, so that no coin is young any more"]];
}

/** What is done is no longer due. */
async function keepUp(stage: Stage): Told {
  const stranger = { ...stage.sender("stranger"), deployment: stage.deployment };
  const due = dueUpkeep(await readUpkeepFacts(stranger));
  for (const upkeep of due) await sendUpkeep(stranger, upkeep);
  const left = dueUpkeep(await readUpkeepFacts(stranger)).length;
  return [["upkeep", left === 0 ? "nothing is due" : `${left} calls are still due`]];
}

async function deposit(stage: Stage): Told {
  const to = stage.accounts.alice.address;
  const { coin } = stateOf(stage.outline.states, USD_COIN);
  await give(stage.siteOnce("money"), coin, { to, amount: tokenUnits(DEPOSIT) });
  await requestDeposit(aliceIn(stage, "deposit"), DEPOSIT);
  return [["deposit", `${decimalString(DEPOSIT, CASH_DECIMALS)} USDC wait for the next strike`]];
}

async function moveMarketTo(stage: Stage, monday: IsoDate): Told {
  const at = unixSeconds(startOfDay(monday) + MARKET_READY);
  await moveOnce(stage, `market ${monday}`, { prices: new Map(), at, steps: 1 });
  return [["market", `${monday}: every feed and pool answers`]];
}

/** The registry takes each id once. */
async function publish(stage: Stage, monday: IsoDate): Told {
  const { client, deployment, book } = stage;
  const target = await targetFor(stage, monday);
  await book.once(`block ${monday}`, async () => String(await client.getBlockNumber({ cacheTime: 0 })));
  if ((await readStanding(stage)).lastId < target.id) {
    await stage.setNextBlockTime(unixSeconds(startOfDay(monday) + PUBLICATION));
    const place = { chainId: deployment.chainId, registry: deployment.addresses.registry };
    const signature = await signTarget(stage.accounts.signer, target, place);
    await publishTarget(stage.senderOnce("keeper", `publish ${monday}`), deployment, { target, signature });
  }
  return [["publish", `${monday} ${target.regime}: target ${target.id} of ${target.weights.assets.length} assets`]];
}

/** Goes on where the rebalance stands on chain; one that cannot end stays open, and the words say so. */
async function trade(stage: Stage, monday: IsoDate): Told {
  const { client, deployment } = stage;
  const target = await targetFor(stage, monday);
  const { pendingId, runningId } = await readStanding(stage);
  let unfinished = "";
  if (pendingId === target.id || runningId === target.id) {
    if (target.regime === "bull") await stage.advanceTo(unixSeconds(startOfDay(monday) + NOON));
    try {
      const limits = planLimitsSchema.parse({});
      await runRebalance({ ...stage.sender("keeper"), client, deployment, target, limits });
    } catch (error) {
      if (!(error instanceof RebalanceUnfinishedError)) throw error;
      unfinished = `; ${error.message}`;
    }
  }
  const { legs, gas, costBps } = await weekOf(stage, monday);
  const words = `${legs} legs, ${gas.toLocaleString("en-US")} gas, ${costBps ?? "-"} bps`;
  return [["week", `${monday} ${target.regime}: ${words}${unfinished}`]];
}

/** What the chain keeps of a week: of publication and rebalance. */
async function weekOf({ client, deployment, book }: Stage, monday: IsoDate) {
  const address = deployment.addresses.vault;
  const fromBlock = BigInt(book.read(`block ${monday}`) ?? "0") + 1n;
  const logs = await readLogs(client, { address, fromBlock, toBlock: await client.getBlockNumber({ cacheTime: 0 }) });
  const hashes = [...new Set(logs.map(({ transactionHash }) => transactionHash))];
  const outcomes = await Promise.all(
    hashes.map(async (hash) => outcomeOf(await client.getTransactionReceipt({ hash }), address)),
  );
  return {
    legs: outcomes.reduce((sum, { executed }) => sum + executed.length, 0),
    gas: outcomes.reduce((sum, { gasUsed }) => sum + gasUsed, 0n),
    costBps: outcomes.findLast(({ finished }) => finished !== undefined)?.finished?.costBps,
  };
}

const amount = z
  .string()
  .regex(/^\d+$/)
  .transform((text) => BigInt(text));
const hex = z.templateLiteral(["0x", z.string()]);
const targetSchema = z.strictObject({
  id: z.int(),
  regime: z.enum(["bear", "bull"]),
  weights: z.strictObject({ assets: z.array(z.int()), parts: z.array(z.int().transform(ppm)) }),
  decisionHash: hex,
  membershipRoot: hex,
  twinLevel: amount,
  validFrom: z.int().transform(unixSeconds),
  validUntil: z.int().transform(unixSeconds),
});
/** What was to claim after a week, as it was before anything was claimed. */
const claimableSchema = z.strictObject({ shares: amount, assets: amount });

/** Shares are claimed and handed in again; money is claimed. */
async function claim(stage: Stage, monday: IsoDate): Told {
  const alice = aliceIn(stage, `claim ${monday}`);
  const text = await stage.book.once(claimableName(monday), async () => {
    const { depositShares, redeemAssets } = await fetchClaimable(alice);
    return JSON.stringify({ shares: String(depositShares), assets: String(redeemAssets) });
  });
  const { shares, assets } = claimableSchema.parse(JSON.parse(text));
  if (shares > 0n) {
    await claimDeposit(alice);
    await requestRedeem(alice, shares);
  }
  if (assets > 0n) await claimRedemption(alice);
  const given = `${decimalString(shares, SHARE_DECIMALS)} shares, handed in again`;
  return [["claim", `${monday}: ${shares > 0n ? given : `${decimalString(assets, CASH_DECIMALS)} USDC`}`]];
}

function sayExit({ book }: Stage): Told {
  const paid = MONDAYS.map((monday) => claimableSchema.parse(JSON.parse(book.read(claimableName(monday)) ?? "{}")));
  const paidOut = paid.reduce((sum, { assets }) => sum + assets, 0n);
  const [given, taken] = [DEPOSIT, paidOut].map((units) => decimalString(units, CASH_DECIMALS));
  return Promise.resolve([["exit", `${given} USDC in, ${taken} USDC out`]]);
}

function claimableName(monday: IsoDate): string {
  return `claimable ${monday}`;
}

function aliceIn(stage: Stage, scope: string): Depositor {
  return { ...stage.senderOnce("alice", scope), deployment: stage.deployment };
}

/** A week's target is worked out once, and the same in every process. */
async function targetFor(stage: Stage, monday: IsoDate): Promise<Target> {
  const text = await stage.book.once(`target ${monday}`, async () => {
    const { twinLevel, ...target } = await newTarget(stage, monday);
    return JSON.stringify({ ...target, twinLevel: String(twinLevel) });
  });
  return targetSchema.parse(JSON.parse(text));
}

async function newTarget(stage: Stage, monday: IsoDate): Promise<Target> {
  const { deployment, outline } = stage;
  const history = simulateMarket(DEFAULT_SIMULATION);
  const decisions = [...decisionsBetween(history, { ...RANGE, opened: RANGE.from }, DEFAULT_PARAMETERS)];
  const decision = decisions.find(({ date }) => date === monday);
  if (decision === undefined) throw new TypeError(`the embedded history decides on ${monday}`);
  const indexes = new Map(deployment.assets.map(({ coinId, index }) => [coinId, index]));
  return targetOf(withCoinsOf(outline.network, decision), indexes, await readTiers(stage));
}

/** The decision with the network's coins in the places of the index's first; what is in stablecoins stays as it is. */
export function withCoinsOf({ assets }: Network, decision: Decision): Decision {
  const coins = assets.filter(({ isStable }) => !isStable);
  const names = new Map(decision.index.slice(0, coins.length).map(({ coinId }, i) => [coinId, coins[i]]));
  const renamed = <Named extends { readonly coinId: string; readonly symbol: string }>(
    entries: readonly Named[],
  ): Named[] =>
    entries.flatMap((entry) => {
      const coin = names.get(entry.coinId);
      return coin === undefined ? [] : [{ ...entry, coinId: coin.coinId, symbol: coin.symbol }];
    });
  const weights = decision.regime === "bull" ? renamed(decision.weights) : decision.weights;
  return { ...decision, index: renamed(decision.index), weights, capped: [] };
}
