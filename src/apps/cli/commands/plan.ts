// Turns the target that is pending or under way, or the decision of a date, into trades with their cost, unsent.
import { type Command, Option } from "commander";

import { AppError } from "../../../core/errors.ts";
import { type IsoDate, startOfDay } from "../../../core/time.ts";
import { unixSeconds } from "../../../core/units.ts";
import { coinsWithoutVehicle, targetOf } from "../../../engine/target.ts";
import type { Fund } from "../../../execute/contracts.ts";
import { type PublishedTarget, fetchTarget } from "../../../execute/fetch-target.ts";
import { readTiers } from "../../../execute/read-tiers.ts";
import { planOnChain } from "../../../execute/rebalance.ts";
import { planLimitsSchema } from "../../../plan/limits.ts";
import { indexesOf } from "../../../world/week.ts";
import { type ChainOptions, addChainOptions } from "../chain-options.ts";
import { withFund } from "../fund-access.ts";
import { decisionFor } from "../market-data.ts";
import { SIMULATED, parseDate } from "../options.ts";
import { printJson, printText } from "../output.ts";
import { type PlanView, planJson, planText } from "../plan-view.ts";

type PlanOptions = ChainOptions & { readonly data: string | undefined; readonly asOf: IsoDate | undefined };

/** The fund has listed none of the coins that are to be held. */
export class NothingToHoldError extends AppError {
  readonly code = "NOTHING_TO_HOLD";
  readonly kind = "data";

  constructor(date: IsoDate) {
    super(
      `Expected coins in the decision of ${date} that the fund has listed, found none. ` +
        "Name the data of the fund's market with --data.",
    );
  }
}

/** {s} After the decision's Monday begins: what leads out of stablecoins starts at noon. */
const START = 12 * 3600;
/** What is said when the chain waits for nothing. */
export const NOTHING_TO_DO = "Nothing to do: no target is pending or under way.";

/** Adds `plan` to the program. */
export function registerPlan(program: Command): void {
  const command = program
    .command("plan")
    .description("the trades of the pending target, or of a date's decision, with their cost; sends nothing")
    .addOption(new Option("--as-of <date>", "plan the decision in force on this day instead").argParser(parseDate))
    .addOption(new Option("--data <dir|simulated>", "market data of that decision"));
  addChainOptions(command).action(async (options: PlanOptions) => {
    const isOfDecision = options.asOf !== undefined || options.data !== undefined;
    const view = await withFund(options, (fund) => (isOfDecision ? viewOfDecision(fund, options) : viewOfChain(fund)));
    if (options.json) printJson(view === undefined ? { source: "none", legs: [] } : planJson(view));
    else printText(view === undefined ? NOTHING_TO_DO : planText(view));
  });
}

/** The plan of what the chain waits for; undefined when that is nothing. */
async function viewOfChain(fund: Fund): Promise<PlanView | undefined> {
  const published = await fetchTarget(fund);
  return published === undefined ? undefined : viewOf(fund, published);
}

/** The plan of a published target on the present state. */
export async function viewOf(fund: Fund, published: PublishedTarget): Promise<PlanView> {
  const { target, state: source, executableAt } = published;
  const now = Number((await fund.client.getBlock()).timestamp);
  const at = unixSeconds(Math.max(now, executableAt));
  const planned = await planOnChain({ ...fund, target, limits: planLimitsSchema.parse({}), at });
  const { chainId } = fund.deployment;
  return { ...planned, target, chainId, source, executableAt, withoutVehicle: [] };
}

async function viewOfDecision(fund: Fund, options: PlanOptions): Promise<PlanView> {
  const { json, asOf, data = SIMULATED } = options;
  const { decision } = await decisionFor({ json, asOf, data });
  const indexes = indexesOf(fund.deployment);
  const target = targetOf(decision, indexes, await readTiers(fund));
  if (target.weights.assets.length === 0) throw new NothingToHoldError(decision.date);
  const planned = await planOnChain({ ...fund, target, limits: planLimitsSchema.parse({}) });
  const executableAt = target.regime === "bull" ? startOfDay(decision.date) + START : target.validFrom;
  const withoutVehicle = coinsWithoutVehicle(decision, indexes);
  const { chainId } = fund.deployment;
  return { ...planned, target, chainId, source: "decision", executableAt, withoutVehicle };
}
