// Turns the target that is pending or under way into trades on chain, shown before they are sent and as they were.
import { type Command, Option } from "commander";

import { AppError } from "../../../core/errors.ts";
import { decimalString } from "../../../core/units.ts";
import type { Deployment } from "../../../execute/deployment.ts";
import type { Depositor } from "../../../execute/depositor.ts";
import { type PublishedTarget, fetchTarget } from "../../../execute/fetch-target.ts";
import type { RebalanceTransaction, SkippedLeg } from "../../../execute/outcome.ts";
import { runRebalance } from "../../../execute/rebalance.ts";
import { requireKeeper } from "../../../execute/require-keeper.ts";
import { rebalanceTask } from "../../../keeper/due.ts";
import { planLimitsSchema } from "../../../plan/limits.ts";
import type { Plan } from "../../../plan/plan.ts";
import { SHARE, formatAmount, formatNumber, formatUsd, usdString } from "../../../site/amounts.ts";
import { withFund } from "../fund-access.ts";
import { withJournal } from "../journaled-seat.ts";
import { type KeeperOptions, addJournalOptions } from "../keeper-options.ts";
import { linkJson, linkText } from "../links.ts";
import { printJson, printText } from "../output.ts";
import { costBpsWithoutGas, planHead, planJson, planText, totalsJson, totalsLines } from "../plan-view.ts";
import { NOTHING_TO_DO, viewOf } from "./plan.ts";

type RebalanceOptions = KeeperOptions & { readonly live: boolean };

/** What was planned and done, as far as it went. */
type Course = { readonly plans: readonly Plan[]; readonly transactions: readonly RebalanceTransaction[] };

/** Adds `rebalance` to the program. */
export function registerRebalance(program: Command): void {
  const command = program
    .command("rebalance")
    .description("carry out the target that is pending or under way")
    .addOption(new Option("--dry-run", "show the plan and send nothing (default)").conflicts("live"))
    .addOption(new Option("--live", "send the trades with the keeper's key").default(false));
  addJournalOptions(command).action((options: RebalanceOptions) => (options.live ? runLive(options) : runDry(options)));
}

async function runDry(options: RebalanceOptions): Promise<void> {
  const view = await withFund(options, async (fund) => {
    const published = await fetchTarget(fund);
    return published === undefined ? undefined : viewOf(fund, published);
  });
  if (options.json)
    printJson(view === undefined ? { source: "none", legs: [], sent: 0 } : { ...planJson(view), sent: 0 });
  else printText(view === undefined ? NOTHING_TO_DO : `${planText(view)}\nNothing was sent; --live sends it.`);
}

async function runLive(options: RebalanceOptions): Promise<void> {
  await withJournal(options, async ({ fund, senderFor }, progress) => {
    const published = await fetchTarget(fund);
    if (published === undefined) {
      if (options.json) printJson({ source: "none", transactions: [] });
      else printText(NOTHING_TO_DO);
      return;
    }
    const keeper = senderFor(rebalanceTask(published.target.id));
    await requireKeeper(keeper, published.target);
    if (!options.json) printText(planHead(await viewOf(keeper, published)).join("\n"));
    progress.done();
    await carryOut(keeper, published, options);
  });
}

/** Sends and reports; what was done before a failure is reported too. */
async function carryOut(keeper: Depositor, published: PublishedTarget, { json }: RebalanceOptions): Promise<void> {
  const { target } = published;
  const gasPrice = await keeper.client.getGasPrice();
  const plans: Plan[] = [];
  const transactions: RebalanceTransaction[] = [];
  const say = (text: string): void => {
    if (!json) printText(text);
  };
  const onPlan = (plan: Plan): void => {
    plans.push(plan);
    say(["", ...totalsLines(plan, gasPrice)].join("\n"));
  };
  const onTransaction = (transaction: RebalanceTransaction): void => {
    transactions.push(transaction);
    say(transactionText(transaction, keeper.deployment));
  };
  const course = { plans, transactions };
  try {
    await runRebalance({ ...keeper, target, limits: planLimitsSchema.parse({}), onPlan, onTransaction });
  } catch (error) {
    if (json && transactions.length > 0 && error instanceof AppError) {
      printJson(courseJson(published, course, { deployment: keeper.deployment, failure: error }));
    }
    throw error;
  }
  if (json) printJson(courseJson(published, course, { deployment: keeper.deployment }));
  else printText(finishText(course));
}

function courseJson(
  { target, state }: PublishedTarget,
  { plans, transactions }: Course,
  { deployment, failure }: { readonly deployment: Deployment; readonly failure?: AppError },
) {
  const finished = transactions.at(-1)?.finished;
  return {
    source: state,
    target: { id: target.id, regime: target.regime, decisionHash: target.decisionHash },
    planned: plans.map((plan) => ({ ...totalsJson(plan), planHash: plan.hash })),
    transactions: transactions.map(({ hash, block, gasUsed, fee, executed, skipped }) => ({
      hash,
      ...linkJson(deployment.chainId, "transaction", hash),
      block: Number(block),
      gas: String(gasUsed),
      feeEth: decimalString(fee, 18),
      legs: executed.length,
      skips: skipped.map((skip) => ({ position: skip.position, ...namesOf(skip, deployment), reason: skip.reason })),
    })),
    finished:
      finished === undefined
        ? null
        : {
            navUsd: usdString(finished.nav),
            supply: decimalString(finished.supply, SHARE.decimals),
            costBps: finished.costBps,
            legs: finished.legs,
            skips: finished.skips,
          },
    failure: failure === undefined ? null : { code: failure.code, message: failure.message },
  };
}

function transactionText({ hash, block, gasUsed, executed, skipped }: RebalanceTransaction, deployment: Deployment) {
  const skips = skipped.map((skip) => {
    const { sell, buy } = namesOf(skip, deployment);
    return `  leg ${skip.position} left out, ${sell} for ${buy}: ${skip.reason}`;
  });
  const done = `${executed.length} legs, ${skipped.length} left out, ${formatNumber(Number(gasUsed), 0)} gas`;
  const link = linkText(deployment.chainId, "transaction", hash);
  return [`Sent ${hash} (block ${block}${link}): ${done}.`, ...skips].join("\n");
}

function finishText({ plans, transactions }: Course): string {
  const finished = transactions.at(-1)?.finished;
  if (finished === undefined) return "Not finished.";
  const { nav, supply, costBps } = finished;
  const first = plans[0];
  const planned = first === undefined ? 0 : costBpsWithoutGas(first);
  return [
    `Finished: NAV ${formatUsd(nav)} USD, ${formatAmount(supply, SHARE.decimals)} ${SHARE.symbol}.`,
    `Cost ${costBps} bps of NAV without gas; planned ${planned} bps.`,
  ].join("\n");
}

function namesOf(
  { sold, bought }: SkippedLeg,
  { assets }: Deployment,
): { readonly sell: string; readonly buy: string } {
  const name = (token: string): string =>
    assets.find((asset) => asset.token.toLowerCase() === token.toLowerCase())?.symbol ?? token;
  return { sell: name(sold), buy: name(bought) };
}
