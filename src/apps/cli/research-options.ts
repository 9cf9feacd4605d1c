// Turns command line text into the rules, costs and weeks of a backtest.
import { type Command, Option } from "commander";
import { UsageError } from "../../core/errors.ts";
import type { IsoDate } from "../../core/time.ts";
import { BASELINE_COSTS, type CostModel } from "../../research/costs.ts";
import { BASELINE_RULES, COMPARISON_RULES, type ResearchRules, methodologyRules } from "../../research/rules.ts";
import { addMarketOptions, type MarketOptions, parseDate } from "./options.ts";
import { parseAbove, parseAtLeast, parseWhole } from "./series-input.ts";
import { DEFAULT_REGISTER } from "./trial-register.ts";

/** Options that backtests, comparisons and sweeps share. */
export type ResearchOptions = MarketOptions & {
  readonly rules: ResearchRules["name"];
  readonly from: IsoDate | undefined;
  readonly to: IsoDate | undefined;
  readonly costBps: number | undefined;
  readonly nav: number | undefined;
  readonly feeBps: number;
  readonly spreadBps: number;
  readonly impactBps: number;
  readonly gasUsd: number;
  readonly delay: number;
  readonly cashRate: number;
  readonly signal: string | undefined;
  readonly register: string;
};

const RULES: readonly ResearchRules[] = [methodologyRules(), COMPARISON_RULES, BASELINE_RULES];

/** Adds what a backtest depends on to a command. */
export function addResearchOptions(command: Command, rules: ResearchRules["name"]): Command {
  addMarketOptions(command)
    .addOption(
      new Option(
        "--rules <name>",
        "index and limits: the published methodology, or the baseline's with or without limits",
      )
        .choices(RULES.map(({ name }) => name))
        .default(rules),
    )
    .addOption(
      new Option("--from <date>", "first return ends here or later (default: after the warm-up)").argParser(parseDate),
    )
    .addOption(
      new Option("--to <date>", "last return ends here or earlier (default: the last Sunday)").argParser(parseDate),
    )
    .addOption(
      new Option("--delay <days>", "days from a decision's close to the close it is traded at")
        .argParser(parseWhole(0))
        .default(0),
    )
    .addOption(
      new Option("--cash-rate <rate>", "yearly interest of stablecoins, for example 0.03")
        .argParser(parseAtLeast(0))
        .default(0),
    )
    .addOption(new Option("--signal <file>", "CSV file with columns date and regime for the strategy 'external'"))
    .addOption(
      new Option("--register <file>", "register of trials to append to").default(DEFAULT_REGISTER, "data/trials.jsonl"),
    );
  return addCostOptions(command);
}

function addCostOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--cost-bps <n>", "cost of a switch [bps], weekly trades free (default: 50)").argParser(
        parseAtLeast(0),
      ),
    )
    .addOption(
      new Option("--nav <usd>", "cost by what is traded, for a fund of this size: fee, spread, impact and gas")
        .argParser(parseAbove(0))
        .conflicts("costBps"),
    )
    .addOption(new Option("--fee-bps <n>", "with --nav: fee [bps]").argParser(parseAtLeast(0)).default(30))
    .addOption(
      new Option("--spread-bps <n>", "with --nav: spread [bps], half is paid").argParser(parseAtLeast(0)).default(20),
    )
    .addOption(
      new Option("--impact-bps <n>", "with --nav: impact of a day's median volume [bps], less by the root of the share")
        .argParser(parseAtLeast(0))
        .default(600),
    )
    .addOption(new Option("--gas-usd <n>", "with --nav: gas of a leg [USD]").argParser(parseAtLeast(0)).default(1));
}

/** The rules of a name. */
export function rulesOf(name: string): ResearchRules {
  const found = RULES.find((rules) => rules.name === name);
  if (found === undefined) throw new UsageError(`Expected rules of a known name, found '${name}'.`);
  return found;
}

/** The cost model that the options ask for. */
export function costsOf(options: ResearchOptions): CostModel {
  const { nav, costBps, feeBps, spreadBps, impactBps, gasUsd } = options;
  if (nav !== undefined) return { kind: "traded", feeBps, spreadBps, impactBps, gasUsd, navUsd: nav };
  return costBps === undefined ? BASELINE_COSTS : { kind: "flat", switchBps: costBps };
}
