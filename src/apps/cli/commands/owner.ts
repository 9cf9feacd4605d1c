// Turns what the owner wishes into the transactions that a multisig has to send; nothing is sent from here.
import { type Command, Option } from "commander";
import type { Address } from "viem";

import { DAY } from "../../../core/time.ts";
import type { RoleName } from "../../../execute/guard.ts";
import { type OwnerTransaction, planSuccession } from "../../../execute/succession.ts";
import { type ChainOptions, addChainOptions, parseAddress } from "../chain-options.ts";
import { withFund } from "../fund-access.ts";
import { printJson, printText } from "../output.ts";
import { ROLE_NAMES, parseRole } from "../role-names.ts";

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
