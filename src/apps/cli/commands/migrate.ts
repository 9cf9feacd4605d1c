// Turns a multisig's shares of one fund into the batches that move them to another, step by step; sends nothing.
import { mkdir, readdir, rm } from "node:fs/promises";
import path from "node:path";

import { type Command, Option } from "commander";
import type { Address } from "viem";

import { UsageError } from "../../../core/errors.ts";
import { bps } from "../../../core/units.ts";
import { readDeployment } from "../../../execute/deployment.ts";
import { type MovePlan, planMove } from "../../../execute/move/plan-move.ts";
import { readNetwork } from "../../../execute/network.ts";
import { TRANSACTION_GAS_CAP } from "../../../execute/send.ts";
import { requireSuccessor } from "../../../execute/successor.ts";
import { depositCoin } from "../../../site/money.ts";
import { writeBatch } from "../batch-file.ts";
import { type ChainOptions, addChainOptions, parseAddress } from "../chain-options.ts";
import { withFund } from "../fund-access.ts";
import { type WrittenBatch, moveJson, moveText } from "../migrate-view.ts";
import { networkFileOf } from "../network-files.ts";
import { printJson, printText } from "../output.ts";

type MigrateOptions = ChainOptions & {
  readonly to: string;
  readonly holder: Address;
  readonly network: string | undefined;
  readonly slippage: number; // {bps}
  readonly hours: number;
  readonly batchGas: number; // {gas}
  readonly out: string;
};

/** {bps} Pools of the dearest tier keep 100, and one through ether costs a little more. */
const DEFAULT_SLIPPAGE = 150;
const MOST_SLIPPAGE = 1000;
const DEFAULT_HOURS = 24;
const MOST_HOURS = 168;
const DEFAULT_BATCH_GAS = 12_000_000;
const LEAST_BATCH_GAS = 500_000;
const HOUR = 3600;
/** Files of this command: those of an earlier step must not be signed again. */
const OWN_FILE = /^(?:1-leave|2-sell-\d+-of-\d+|3-deposit|4-claim)\.json$/;

/** Adds `migrate` to the program. */
export function registerMigrate(program: Command): void {
  const command = program
    .command("migrate")
    .description("for a multisig that holds shares: the next batches of its move to another fund; sends nothing")
    .requiredOption("--to <file>", "the new fund's fund.json")
    .addOption(new Option("--holder <0x…>", "the multisig").argParser(parseAddress).makeOptionMandatory())
    .option("--network <name|file>", "file of the chain, for Uniswap's router (default: network.json beside --to)")
    .addOption(
      numberOption("--slippage <bps>", "a sale may bring this much less than the oracle says", [
        1,
        MOST_SLIPPAGE,
      ]).default(DEFAULT_SLIPPAGE),
    )
    .addOption(numberOption("--hours <n>", "after which sales are refused", [1, MOST_HOURS]).default(DEFAULT_HOURS))
    .addOption(
      numberOption("--batch-gas <gas>", "the most that a batch of sales may take", [
        LEAST_BATCH_GAS,
        Number(TRANSACTION_GAS_CAP),
      ]).default(DEFAULT_BATCH_GAS),
    )
    .option("--out <dir>", "where the batches go; those of an earlier step are removed", ".");
  addChainOptions(command).action(migrate);
}

async function migrate(options: MigrateOptions): Promise<void> {
  const to = await readDeployment(options.to);
  await withFund(options, async (from, progress) => {
    progress.step("looking at the move");
    await requireSuccessor(from, to);
    const plan = await planMove({
      ...{ from, to, holder: options.holder, slippage: bps(options.slippage) },
      router: await routerOf(options, to.chainId),
      batchGas: BigInt(options.batchGas),
      validFor: options.hours * HOUR,
      createdAt: Date.now(),
    });
    progress.done();
    const written = await writeBatches(options.out, plan);
    const shown = { plan, written, holder: options.holder, slippage: options.slippage };
    const coin = depositCoin(from.deployment);
    if (options.json) printJson(moveJson(shown, coin));
    else printText(moveText(shown, coin));
  });
}

/** @throws UsageError when the file is of another chain, or names no router. */
async function routerOf({ network: named, to }: MigrateOptions, chainId: number): Promise<Address> {
  const file = named === undefined ? path.join(path.dirname(to), "network.json") : networkFileOf(named);
  const network = await readNetwork(file);
  // Beside the fund of a local chain stands the file of the network that it rehearses.
  if (network.chainId !== chainId) {
    const expected = `Expected the file of chain ${chainId}, found that of ${network.chainId} at ${file}.`;
    throw new UsageError(`${expected} Name the file of the chain with --network.`);
  }
  if (network.router !== undefined) return network.router.address;
  throw new UsageError(`Expected Uniswap's router in ${file}, found none. Name a file that has it with --network.`);
}

async function writeBatches(folder: string, { batches }: MovePlan): Promise<WrittenBatch[]> {
  await mkdir(folder, { recursive: true });
  const stale = (await readdir(folder)).filter((name) => OWN_FILE.test(name));
  await Promise.all(stale.map((name) => rm(path.join(folder, name))));
  return Promise.all(
    batches.map(async ({ name, batch, gas }) => {
      return { file: await writeBatch(folder, name, batch), title: batch.meta.name, gas };
    }),
  );
}

/** An option whose value is a whole number of a range, both ends included. */
function numberOption(flags: string, description: string, [low, high]: readonly [number, number]): Option {
  return new Option(flags, `${description}, ${low} to ${high}`).argParser((text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= low && value <= high) return value;
    throw new UsageError(`Expected ${flags.split(" ")[0] ?? ""} from ${low} to ${high}, found '${text}'.`);
  });
}
