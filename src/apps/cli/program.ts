// Turns an argument list into the command that it names.
import { Command, CommanderError } from "commander";
import { UsageError } from "../../core/errors.ts";
import { registerBacktest } from "./commands/backtest.ts";
import { registerCancel } from "./commands/cancel.ts";
import { registerCapacity } from "./commands/capacity.ts";
import { registerClaim } from "./commands/claim.ts";
import { registerCompare } from "./commands/compare.ts";
import { registerData } from "./commands/data.ts";
import { registerDecide } from "./commands/decide.ts";
import { registerDemo } from "./commands/demo.ts";
import { registerDeploy } from "./commands/deploy.ts";
import { registerDeposit } from "./commands/deposit.ts";
import { registerDoctor } from "./commands/doctor.ts";
import { registerGuard } from "./commands/guard.ts";
import { registerIndex } from "./commands/index.ts";
import { registerKeeper } from "./commands/keeper.ts";
import { registerKeys } from "./commands/keys.ts";
import { registerLog } from "./commands/log.ts";
import { registerLookahead } from "./commands/lookahead.ts";
import { registerMetrics } from "./commands/metrics.ts";
import { registerMigrate } from "./commands/migrate.ts";
import { registerNetworks } from "./commands/networks.ts";
import { registerOverfit } from "./commands/overfit.ts";
import { registerOwner } from "./commands/owner.ts";
import { registerPlan } from "./commands/plan.ts";
import { registerProveMember } from "./commands/prove-member.ts";
import { registerRebalance } from "./commands/rebalance.ts";
import { registerReconstruct } from "./commands/reconstruct.ts";
import { registerRedeem } from "./commands/redeem.ts";
import { registerRedeemInKind } from "./commands/redeem-in-kind.ts";
import { registerRegime } from "./commands/regime.ts";
import { registerReplay } from "./commands/replay.ts";
import { registerServe } from "./commands/serve.ts";
import { registerSignal } from "./commands/signal.ts";
import { registerStatus } from "./commands/status.ts";
import { registerSweep } from "./commands/sweep.ts";
import { registerTax } from "./commands/tax.ts";
import { registerUniverse } from "./commands/universe.ts";
import { registerUpkeep } from "./commands/upkeep.ts";
import { registerVerifyDecision } from "./commands/verify-decision.ts";
import { registerVerify } from "./commands/verify.ts";
import { registerVerifySource } from "./commands/verify-source.ts";
import { registerWarmup } from "./commands/warmup.ts";
import { registerWeights } from "./commands/weights.ts";
import { exitCodeOf, printFailure } from "./output.ts";

const MARKET_COMMANDS = [registerData, registerUniverse, registerSignal, registerWeights, registerDecide];
const RESEARCH_COMMANDS = [
  registerBacktest,
  registerCompare,
  registerSweep,
  registerLookahead,
  registerWarmup,
  registerMetrics,
  registerRegime,
  registerOverfit,
  registerIndex,
];
const LOCAL_COMMANDS = [
  registerReplay,
  registerDemo,
  registerCapacity,
  registerKeys,
  registerNetworks,
  registerDeploy,
  registerVerifySource,
];
const CHAIN_COMMANDS = [
  registerStatus,
  registerPlan,
  registerRebalance,
  registerUpkeep,
  registerKeeper,
  registerDoctor,
  registerGuard,
  registerOwner,
  registerDeposit,
  registerRedeem,
  registerCancel,
  registerClaim,
  registerRedeemInKind,
  registerMigrate,
  registerLog,
  registerVerify,
  registerReconstruct,
  registerVerifyDecision,
  registerProveMember,
  registerTax,
  registerServe,
];

/** The program with every command; a usage error throws instead of ending the process. */
export function createProgram(): Command {
  const program = new Command("tm100")
    .description("An index fund of the 100 largest crypto assets that leaves for stablecoins in a bear regime.")
    .exitOverride()
    .configureOutput({ outputError: () => {} }); // failures are printed in one place, by runProgram
  for (const register of [...MARKET_COMMANDS, ...RESEARCH_COMMANDS, ...LOCAL_COMMANDS, ...CHAIN_COMMANDS])
    register(program);
  return program;
}

/** Runs a command line. @returns The exit code. */
export async function runProgram(args: readonly string[]): Promise<number> {
  try {
    await createProgram().parseAsync([...args], { from: "user" });
    return 0;
  } catch (failure) {
    if (failure instanceof CommanderError && failure.exitCode === 0) return 0; // --help was shown
    const shown = failure instanceof CommanderError ? usageErrorOf(failure) : failure;
    printFailure(shown);
    return exitCodeOf(shown);
  }
}

function usageErrorOf(failure: CommanderError): UsageError {
  const isHelp = failure.code === "commander.help";
  const message = isHelp ? "expected a command" : failure.message.replace(/^error: /, "").replace(/\.$/, "");
  return new UsageError(`${message}. See --help.`, { cause: failure });
}
