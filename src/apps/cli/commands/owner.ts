// Turns what the owner wishes into the transactions that a multisig has to send; nothing is sent from here.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { type Command, Option } from "commander";
import type { Address } from "viem";

import { UsageError } from "../../../core/errors.ts";
import { DAY } from "../../../core/time.ts";
import type { RoleName } from "../../../execute/guard.ts";
import { readNetwork } from "../../../execute/network.ts";
import { type OwnerChange, planClosing, planOwnerChange } from "../../../execute/owner-plan.ts";
import { type OwnerTransaction, planSuccession } from "../../../execute/succession.ts";
import { type ChainOptions, addChainOptions, parseAddress } from "../chain-options.ts";
import { withFund } from "../fund-access.ts";
import { networkFileOf } from "../network-files.ts";
import { printJson, printText } from "../output.ts";
import { ROLE_NAMES, parseRole } from "../role-names.ts";

type BatchOptions = ChainOptions & { readonly safe: Address; readonly out: string };
type ReplaceOptions = ChainOptions & { readonly old: Address; readonly new: Address };

/** Adds `owner` with its subcommand to the program. */
export function registerOwner(program: Command): void {
  const owner = program.command("owner").description("for the owner: transactions to sign elsewhere; sends nothing");
  const replace = owner
    .command("replace")
    .description("another account for a role: announce it, and carry it out nine days later")
    .argument("<role>", ROLE_NAMES.join(", "), parseRole)
    .addOption(new Option("--old <0x…>", "who has it").argParser(parseAddress).makeOptionMandatory())
    .addOption(new Option("--new <0x…>", "who shall have it").argParser(parseAddress).makeOptionMandatory());
  addChainOptions(replace).action(printSuccession);
  addBatch(owner, "add-asset <COIN>", "list a coin of a network's file, with its price source and pools")
    .requiredOption("--network <name|file>", "confirmed file that has the coin")
    .action(async (coinId: string, options: BatchOptions & { readonly network: string }) => {
      const network = await readNetwork(networkFileOf(options.network));
      const asset = network.assets.find((one) => one.coinId === coinId);
      if (asset === undefined) throw new UsageError(`Expected a coin of ${network.title}'s file, found '${coinId}'.`);
      await writeBatches(options, { kind: "add-asset", asset });
    });
  addBatch(owner, "remove-asset <COIN>", "delist a coin, of which nothing may be left").action(
    (coinId: string, options: BatchOptions) => writeBatches(options, { kind: "remove-asset", coinId }),
  );
  const close = owner.command("close").description("no more deposits: a batch for Safe's transaction builder, at once");
  addSafe(close).action(writeClosing);
  addBatch(owner, "hand-over", "another multisig as the owner")
    .addOption(new Option("--to <0x…>", "the next owner").argParser(parseAddress).makeOptionMandatory())
    .action((options: BatchOptions & { readonly to: Address }) =>
      writeBatches(options, { kind: "hand-over", to: options.to }),
    );
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

async function writeClosing(options: BatchOptions): Promise<void> {
  await withFund(options, async (fund, progress) => {
    const batch = await planClosing(fund, { safe: options.safe, createdAt: Date.now() });
    progress.done();
    await mkdir(options.out, { recursive: true });
    const file = join(options.out, "close.json");
    await writeFile(file, `${JSON.stringify(batch, null, 2)}\n`);
    if (options.json) printJson({ close: file });
    else printText(`At once: ${batch.meta.name}\n   ${file}`);
  });
}

async function writeBatches(options: BatchOptions, change: OwnerChange): Promise<void> {
  await withFund(options, async (fund, progress) => {
    const plan = await planOwnerChange(fund, { safe: options.safe, createdAt: Date.now() }, change);
    progress.done();
    await mkdir(options.out, { recursive: true });
    const files = [join(options.out, "1-announce.json"), join(options.out, "2-carry-out.json")] as const;
    await writeFile(files[0], `${JSON.stringify(plan.announce, null, 2)}\n`);
    await writeFile(files[1], `${JSON.stringify(plan.carryOut, null, 2)}\n`);
    if (options.json) printJson({ delaySeconds: plan.delay, announce: files[0], carryOut: files[1] });
    else {
      const days = plan.delay / DAY;
      printText(
        `1. ${plan.announce.meta.name}\n   ${files[0]}\n2. ${days} days later: ${plan.carryOut.meta.name}\n   ${files[1]}`,
      );
    }
  });
}

async function printSuccession(role: RoleName, options: ReplaceOptions): Promise<void> {
  await withFund(options, async (fund, progress) => {
    const { announce, carryOut, delay } = await planSuccession(fund, { role, before: options.old, after: options.new });
    progress.done();
    if (options.json) {
      printJson({
        role,
        old: options.old,
        new: options.new,
        delaySeconds: delay,
        announce: { ...announce },
        carryOut: { ...carryOut },
      });
      return;
    }
    printText(
      [
        `From now: ${options.old} is the ${role}. To be: ${options.new}.`,
        `1. The owner announces it:\n${transactionText(announce)}`,
        `2. ${delay / DAY} days later at the earliest, and within a week from then, the owner carries it out:\n${transactionText(carryOut)}`,
      ].join("\n"),
    );
  });
}

function transactionText({ to, data }: OwnerTransaction): string {
  return `   to    ${to}\n   value 0\n   data  ${data}`;
}
