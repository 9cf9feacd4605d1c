// Turns what the owner wishes into the transactions that a multisig has to send; nothing is sent from here.
import { type Command, Option } from "commander";
import type { Address } from "viem";

import { UsageError } from "../../../core/errors.ts";
import { DAY } from "../../../core/time.ts";
import type { Fund } from "../../../execute/contracts.ts";
import { readDeployment } from "../../../execute/deployment.ts";
import type { RoleName } from "../../../execute/guard.ts";
import { readNetwork } from "../../../execute/network.ts";
import { type OwnerChange, planCarryingOut, planClosing, planOwnerChange } from "../../../execute/owner-plan.ts";
import type { SafeBatch } from "../../../execute/safe-batch.ts";
import { type OwnerTransaction, planSuccession } from "../../../execute/succession.ts";
import { requireOpen, requireSuccessor } from "../../../execute/successor.ts";
import { writeBatch } from "../batch-file.ts";
import { type ChainOptions, addChainOptions, parseAddress } from "../chain-options.ts";
import { withFund } from "../fund-access.ts";
import { linkJson, linkText } from "../links.ts";
import { networkFileOf } from "../network-files.ts";
import { printJson, printText } from "../output.ts";
import { ROLE_NAMES, parseRole } from "../role-names.ts";

type BatchOptions = ChainOptions & { readonly safe: Address; readonly out: string };
type ReplaceOptions = ChainOptions & {
  readonly old: Address;
  readonly new: Address;
  readonly safe?: Address;
  readonly out: string;
};

/** Adds `owner` with its subcommand to the program. */
export function registerOwner(program: Command): void {
  const owner = program.command("owner").description("for the owner: transactions to sign elsewhere; sends nothing");
  const replace = owner
    .command("replace")
    .description("another account for a role: announce it, and carry it out nine days later")
    .argument("<role>", ROLE_NAMES.join(", "), parseRole)
    .addOption(new Option("--old <0x…>", "who has it").argParser(parseAddress).makeOptionMandatory())
    .addOption(new Option("--new <0x…>", "who shall have it").argParser(parseAddress).makeOptionMandatory())
    .addOption(new Option("--safe <0x…>", "the owner: writes both batches for it").argParser(parseAddress))
    .option("--out <dir>", "where the batches go, with --safe", ".");
  addChainOptions(replace).action(replaceRole);
  addBatch(owner, "add-asset <COINS...>", "list coins of a network's file, with their price sources and pools")
    .requiredOption("--network <name|file>", "confirmed file that has the coins")
    .option("--carry-out", "once announced: the second batch alone, if it would still list them as announced", false)
    .action(addAssets);
  addBatch(owner, "remove-asset <COIN>", "delist a coin, of which nothing may be left").action(
    (coinId: string, options: BatchOptions) => writeBatches(options, { kind: "remove-asset", coinId }),
  );
  const close = owner.command("close").description("no more deposits: a batch for Safe's transaction builder, at once");
  addSafe(close).action((options: BatchOptions) => writeClosing(options));
  const migrate = owner
    .command("migrate")
    .description("as `close`, once another fund is deployed, handed over and open to those who are in")
    .requiredOption("--to <file>", "the new fund's fund.json");
  addSafe(migrate).action(async (options: BatchOptions & { readonly to: string }) => {
    const next = await readDeployment(options.to);
    await writeClosing(options, async (fund) => {
      await requireSuccessor(fund, next);
      await requireOpen({ ...fund, deployment: next });
    });
    if (options.json) return;
    printText(
      `Then everybody moves by themselves: a multisig with \`migrate --to ${options.to}\`, as the documents say.`,
    );
  });
  addBatch(owner, "hand-over", "another multisig as the owner")
    .addOption(new Option("--to <0x…>", "the next owner").argParser(parseAddress).makeOptionMandatory())
    .action((options: BatchOptions & { readonly to: Address }) =>
      writeBatches(options, { kind: "hand-over", to: options.to }),
    );
}

type AdditionOptions = BatchOptions & { readonly network: string; readonly carryOut: boolean };

async function addAssets(coinIds: readonly string[], options: AdditionOptions): Promise<void> {
  const network = await readNetwork(networkFileOf(options.network));
  const assets = [...new Set(coinIds)].map((coinId) => {
    const asset = network.assets.find((one) => one.coinId === coinId);
    if (asset === undefined) throw new UsageError(`Expected a coin of ${network.title}'s file, found '${coinId}'.`);
    return asset;
  });
  const change = { kind: "add-assets", assets } as const;
  await (options.carryOut ? writeSecondBatch(options, change) : writeBatches(options, change));
}

async function writeSecondBatch(options: BatchOptions, change: OwnerChange): Promise<void> {
  await withFund(options, async (fund, progress) => {
    const batch = await planCarryingOut(fund, { safe: options.safe, createdAt: Date.now() }, change);
    progress.done();
    const file = await writeBatch(options.out, "2-carry-out", batch);
    if (options.json) printJson({ carryOut: file });
    else printText(`Now: ${batchText(batch, file)}`);
  });
}

/** A command that writes two batches for Safe's transaction builder. */
function addBatch(owner: Command, name: string, description: string): Command {
  const command = owner
    .command(name)
    .description(`${description}: two batches for Safe's transaction builder, nine days apart`);
  return addSafe(command);
}

function addSafe(command: Command): Command {
  command
    .addOption(new Option("--safe <0x…>", "the owner").argParser(parseAddress).makeOptionMandatory())
    .option("--out <dir>", "where the batches go", ".");
  return addChainOptions(command);
}

async function writeClosing(options: BatchOptions, check?: (fund: Fund) => Promise<void>): Promise<void> {
  await withFund(options, async (fund, progress) => {
    await check?.(fund);
    const batch = await planClosing(fund, { safe: options.safe, createdAt: Date.now() });
    progress.done();
    const file = await writeBatch(options.out, "close", batch);
    if (options.json) printJson({ close: file });
    else printText(`At once: ${batchText(batch, file)}`);
  });
}

async function writeBatches(options: BatchOptions, change: OwnerChange): Promise<void> {
  await withFund(options, async (fund, progress) => {
    const plan = await planOwnerChange(fund, { safe: options.safe, createdAt: Date.now() }, change);
    progress.done();
    const announce = await writeBatch(options.out, "1-announce", plan.announce);
    const carryOut = await writeBatch(options.out, "2-carry-out", plan.carryOut);
    if (options.json) printJson({ delaySeconds: plan.delay, announce, carryOut });
    else {
      const days = plan.delay / DAY;
      printText(
        `1. ${batchText(plan.announce, announce)}\n2. ${days} days later: ${batchText(plan.carryOut, carryOut)}`,
      );
    }
  });
}

/** Batches for a Safe, or the two transactions for an owner of another kind. */
async function replaceRole(role: RoleName, options: ReplaceOptions): Promise<void> {
  const { safe, old: before, new: after } = options;
  if (safe === undefined) await printSuccession(role, options);
  else await writeBatches({ ...options, safe }, { kind: "replace", role, before, after });
}

async function printSuccession(role: RoleName, options: ReplaceOptions): Promise<void> {
  await withFund(options, async (fund, progress) => {
    const { announce, carryOut, delay } = await planSuccession(fund, { role, before: options.old, after: options.new });
    progress.done();
    const { chainId } = fund.deployment;
    if (options.json) {
      printJson({
        role,
        old: options.old,
        new: options.new,
        delaySeconds: delay,
        announce: { ...announce, ...linkJson(chainId, "address", announce.to) },
        carryOut: { ...carryOut, ...linkJson(chainId, "address", carryOut.to) },
      });
      return;
    }
    printText(
      [
        `From now: ${options.old} is the ${role}. To be: ${options.new}.`,
        `1. The owner announces it:\n${transactionText(announce, chainId)}`,
        `2. ${delay / DAY} days later at the earliest, and within a week from then, the owner carries it out:\n${transactionText(carryOut, chainId)}`,
      ].join("\n"),
    );
  });
}

/** The batch, its file, and each contract that it calls, with its link where there is an explorer. */
export function batchText({ chainId, meta, transactions }: SafeBatch, file: string): string {
  const called = [...new Set(transactions.map(({ to }) => to))];
  return [
    meta.name,
    `   ${file}`,
    ...called.map((to) => `   calls ${to}${linkText(Number(chainId), "address", to)}`),
  ].join("\n");
}

function transactionText({ to, data }: OwnerTransaction, chainId: number): string {
  return `   to    ${to}${linkText(chainId, "address", to)}\n   value 0\n   data  ${data}`;
}
