// Turns one thing that is due into what has to be sent for it, and what came of it in a few words.
import type { LocalAccount } from "viem";

import { AppError, assertNever } from "../core/errors.ts";
import { unixSeconds } from "../core/units.ts";
import { BadWeekError } from "../engine/bad-week.ts";
import type { Decision } from "../engine/decision.ts";
import { exitTargetOf, levelOf, targetOf } from "../engine/target.ts";
import { contractsOf } from "../execute/contracts.ts";
import type { Depositor } from "../execute/depositor.ts";
import { exitBudgetError, isBudgetRefusal } from "../execute/exit-budget.ts";
import { fetchTarget } from "../execute/fetch-target.ts";
import type { JournalLine } from "../execute/journal.ts";
import type { RebalanceTransaction } from "../execute/outcome.ts";
import { type Level, type Target, publishLevel, publishTarget, signLevel, signTarget } from "../execute/publish.ts";
import { isQuietWeek } from "../execute/quiet-week.ts";
import { readTiers } from "../execute/read-tiers.ts";
import { readUpkeepFacts } from "../execute/read-upkeep.ts";
import { RebalanceUnfinishedError, nextRoundOf, runRebalance } from "../execute/rebalance.ts";
import { requireKeeper } from "../execute/require-keeper.ts";
import { strikeInStablecoins } from "../execute/strike.ts";
import { sendUpkeep } from "../execute/upkeep.ts";
import type { PlanLimits } from "../plan/limits.ts";
import { type Upkeep, dueUpkeep } from "../plan/upkeep.ts";
import type { DecisionSource } from "./decisions.ts";
import type { Due } from "./due.ts";
import { fatalCauseOf } from "./fatal.ts";

/** Signs what decisions lead to; its key is not the keeper's. */
export type TargetSigner = Pick<LocalAccount, "address" | "signTypedData">;

/** What is needed to act. */
export type Actor = {
  readonly sender: Depositor;
  readonly decisions: DecisionSource;
  readonly signer: TargetSigner | undefined;
  readonly limits: PlanLimits;
};

/** What came of it; plain JSON for the journal. With `goesOnAt` {s} it is not over, and goes on then. */
export type Outcome = NonNullable<JournalLine["note"]>;

/** A decision waits for a signature that this keeper cannot give. */
export class SignatureMissingError extends AppError {
  readonly code = "SIGNATURE_MISSING";
  readonly kind = "usage";
  override readonly retryable = true;

  constructor(what: string) {
    super(
      `Expected the signer's key to sign ${what}, found none. Set TM100_SIGNER_KEY, or sign and publish it elsewhere.`,
    );
  }
}

/** A decision names no coin that the fund has listed. */
export class NothingListedError extends AppError {
  readonly code = "NOTHING_LISTED";
  readonly kind = "data";

  constructor(what: string) {
    super(`Expected coins in ${what} that the fund has listed, found none. Give the market data of this fund.`);
  }
}

/** Some calls of upkeep were refused; the others were sent. */
export class UpkeepRefusedError extends AppError {
  readonly code = "UPKEEP_REFUSED";
  readonly kind = "chain";
  override readonly retryable = true;

  constructor(refused: readonly string[], sent: number) {
    super(
      `Expected to send ${refused.length + sent} calls of upkeep, but ${refused.length} were refused: ${refused.join(" ")}`,
    );
  }
}

/** Does what is due. @throws AppError that says why it cannot be done now. */
export async function act(actor: Actor, due: Due): Promise<Outcome> {
  switch (due.kind) {
    case "publish":
      return publishWeek(actor, due);
    case "bear-check":
      return checkDay(actor, due);
    case "rebalance":
      return rebalance(actor, due);
    case "strike": {
      const receipt = await strikeInStablecoins(actor.sender);
      return { gas: Number(receipt.gasUsed) };
    }
    case "upkeep":
      return keepUp(actor.sender);
    default:
      return assertNever(due);
  }
}

/** The week's target; a level where nothing is to be traded, or where the fund may not go back into the market yet. */
async function publishWeek(actor: Actor, { date }: Extract<Due, { kind: "publish" }>): Promise<Outcome> {
  const { sender, decisions, limits } = actor;
  const decision = await decisions.weekly(date);
  const isWayOut = decision.regime === "bear" && (await chainRegime(sender)) === "bull";
  // Better data may come until Thursday. A decision to leave has waited for them already.
  if (decision.defects.length > 0 && !isWayOut) throw new BadWeekError(decision);
  const target = targetOf(decision, indexesOf(sender), await readTiers(sender));
  if (target.weights.assets.length === 0) throw new NothingListedError(`the decision of ${date}`);
  const at = unixSeconds(Math.max(Number((await sender.client.getBlock()).timestamp), target.validFrom));
  if (await isQuietWeek({ ...sender, target, limits, at })) return publishQuiet(actor, decision);
  if (await isReturnTooEarly(sender, target)) return publishQuiet(actor, { ...decision, regime: "bear" });
  return publishSigned(actor, target);
}

/** True when the target leads back into the market and would end before the chain lets it start. */
async function isReturnTooEarly(sender: Depositor, target: Target): Promise<boolean> {
  if (target.regime === "bear" || (await chainRegime(sender)) === "bull") return false;
  const { registry } = contractsOf(sender.deployment);
  const from = await sender.client.readContract({ ...registry, functionName: "returnFrom" });
  return Number(from) > target.validUntil;
}

/** The regime of the last target that was started. */
async function chainRegime({ client, deployment }: Depositor): Promise<"bear" | "bull"> {
  const regime = await client.readContract({ ...contractsOf(deployment).registry, functionName: "regime" });
  return regime === 0 ? "bear" : "bull";
}

/** @param decision Its regime is the one that is held. */
async function publishQuiet({ sender, signer }: Actor, decision: Decision): Promise<Outcome> {
  const level: Level = levelOf(decision);
  if (signer === undefined) throw new SignatureMissingError(`the level of week ${level.week}`);
  const signature = await signLevel(signer, level, placeOf(sender));
  const { gasUsed } = await publishLevel(sender, sender.deployment, { level, signature });
  return { published: "level", regime: level.regime, decisionHash: level.decisionHash, gas: Number(gasUsed) };
}

async function publishSigned({ sender, signer }: Actor, target: Target): Promise<Outcome> {
  if (signer === undefined) throw new SignatureMissingError(`target ${target.id} (decision ${target.decisionHash})`);
  const signature = await signTarget(signer, target, placeOf(sender));
  const { gasUsed } = await publishTarget(sender, sender.deployment, { target, signature });
  return { published: "target", regime: target.regime, decisionHash: target.decisionHash, gas: Number(gasUsed) };
}

async function checkDay(actor: Actor, { date }: Extract<Due, { kind: "bear-check" }>): Promise<Outcome> {
  const { sender, decisions } = actor;
  const check = await decisions.bearCheck(date);
  const facts = { verdict: check.verdict, level: check.indexLevel, score: check.score };
  if (check.verdict === "stay") return facts;
  const target = exitTargetOf(check, indexesOf(sender), await readTiers(sender));
  if (target.weights.assets.length === 0) throw new NothingListedError(`the exit of ${date}`);
  return { ...facts, ...(await publishSigned(actor, target)) };
}

/** Goes on from where the chain stands; legs that it skipped are tried again, and what is split over time in its time. */
async function rebalance({ sender, limits }: Actor, { id }: Extract<Due, { kind: "rebalance" }>): Promise<Outcome> {
  const published = await fetchTarget(sender);
  if (published?.target.id !== id) return { nothing: `target ${id} is no longer the one to carry out` };
  await requireKeeper(sender, published.target);
  try {
    const { transactions } = await runRebalance({ ...sender, target: published.target, limits });
    return finishedOf(transactions);
  } catch (error) {
    if (published.target.regime === "bear" && isBudgetRefusal(error)) throw await exitBudgetError(sender, id, error);
    const next = error instanceof RebalanceUnfinishedError ? await nextRoundOf(sender, error) : undefined;
    if (next === undefined) throw error;
    return { goesOnAt: next.at, goesOn: new Date(next.at * 1000).toISOString(), why: next.why };
  }
}

function finishedOf(transactions: readonly RebalanceTransaction[]): Outcome {
  const finished = transactions.at(-1)?.finished;
  return {
    transactions: transactions.length,
    gas: Number(transactions.reduce((sum, { gasUsed }) => sum + gasUsed, 0n)),
    legs: finished?.legs ?? null,
    skips: finished?.skips ?? null,
    costBps: finished?.costBps ?? null,
  };
}

/** A sale of an abandoned fund takes what the pool does; what remains is for the next. */
const UPKEEP_ROUNDS = 10;

/** What is refused for one asset does not stop the others. */
async function keepUp(sender: Depositor): Promise<Outcome> {
  const sent: string[] = [];
  const refused: string[] = [];
  for (let round = 0; round < UPKEEP_ROUNDS; round++) {
    const due = dueUpkeep(await readUpkeepFacts(sender));
    for (const upkeep of due) {
      try {
        await sendUpkeep(sender, upkeep);
        sent.push(nameOf(upkeep));
      } catch (error) {
        if (!(error instanceof AppError) || fatalCauseOf(error) !== undefined) throw error;
        refused.push(error.message);
      }
    }
    const isLeaving = due.some(({ kind }) => kind === "exit");
    if (refused.length > 0 || !isLeaving) break;
  }
  if (refused.length > 0) throw new UpkeepRefusedError(refused, sent.length);
  return { sent: sent.join(", ") };
}

function nameOf(upkeep: Upkeep): string {
  return upkeep.kind === "credit" ? `credit ${upkeep.controller}` : `${upkeep.kind} asset ${upkeep.asset}`;
}

function indexesOf({ deployment }: Depositor): ReadonlyMap<string, number> {
  return new Map(deployment.assets.map(({ coinId, index }) => [coinId, index]));
}

function placeOf({ deployment }: Depositor) {
  return { chainId: deployment.chainId, registry: deployment.addresses.registry };
}
