// Turns the guardian's commands into what makes the fund safer at once, shown before it is sent.
import { type Command, Option } from "commander";

import { UsageError } from "../../../core/errors.ts";
import type { Deployment } from "../../../execute/deployment.ts";
import { type GuardAction, type RoleName, guardCall } from "../../../execute/guard.ts";
import { send, simulate } from "../../../execute/send.ts";
import { type KeyOptions, addKeyOptions } from "../chain-options.ts";
import { assetNamed, receiptJson, receiptText } from "../depositor-view.ts";
import { withDepositor } from "../fund-access.ts";
import { printJson, printText } from "../output.ts";
import { ROLE_NAMES, parseRole } from "../role-names.ts";
import { type LiveOptions, addLiveOptions, requireTypedChain } from "../typed-chain.ts";

type GuardOptions = KeyOptions & LiveOptions;
type PauseOptions = GuardOptions & { readonly days: number };

/** {day} The longest that deposits or buying can be paused at once. */
const LONGEST_PAUSE = 7;

/** Adds `guard` with its subcommands to the program. */
export function registerGuard(program: Command): void {
  const guard = program.command("guard").description("with the guardian's key: what makes the fund safer at once");
  add(guard, "veto", "withdraw the pending target that leads into the market").action((options: GuardOptions) =>
    act(options, () => ({ kind: "veto" })),
  );
  add(guard, "agree-exit", "open the extra part of the budget of the exit under way").action((options: GuardOptions) =>
    act(options, () => ({ kind: "agree-exit" })),
  );
  for (const [kind, what] of [
    ["pause-deposits", "take no deposits"],
    ["pause-buying", "buy nothing, sell as before"],
  ] as const) {
    add(guard, kind, `${what} for some days; it ends by itself`)
      .addOption(new Option("--days <number>", "how long, 1 to 7").argParser(parseDays).default(LONGEST_PAUSE))
      .action((options: PauseOptions) => act(options, () => ({ kind, days: options.days })));
  }
  add(guard, "close-asset", "buy no more of a coin until the owner reopens it")
    .argument("<coin>", "id or symbol, such as ethereum or ETH")
    .action((coin: string, options: GuardOptions) =>
      act(options, (deployment) => ({ kind: "close-asset", asset: assetNamed(coin, deployment).index })),
    );
  add(guard, "renounce", "give up the role of the key that signs, at once and for good: for a key that was stolen")
    .argument("<role>", ROLE_NAMES.join(", "), parseRole)
    .action((role: RoleName, options: GuardOptions) => act(options, () => ({ kind: "renounce", role })));
}

function add(guard: Command, name: string, description: string): Command {
  const words = { dry: "ask the chain whether it would pass, and send nothing", live: "send it" };
  return addKeyOptions(addLiveOptions(guard.command(name).description(description), words));
}

async function act(options: GuardOptions, actionIn: (deployment: Deployment) => GuardAction): Promise<void> {
  await withDepositor(options, async (guardian, progress) => {
    if (options.live) requireTypedChain(options, guardian);
    const { address } = guardian.wallet.account;
    const { chainId } = guardian.deployment;
    const call = await guardCall(guardian, actionIn(guardian.deployment));
    if (!options.live) {
      await simulate(guardian, call);
      progress.done();
      const words = `${address} can ${call.action} now. Nothing was sent; --live --chain-id ${chainId} sends it.`;
      if (options.json) printJson({ action: call.action, account: address, transaction: null });
      else printText(words);
      return;
    }
    const receipt = await send(guardian, call);
    progress.done();
    if (options.json)
      printJson({ action: call.action, account: address, transaction: receiptJson("guard", receipt, chainId) });
    else printText(`Done: ${call.action}. ${receiptText(receipt, chainId)}`);
  });
}

function parseDays(text: string): number {
  if (/^[1-7]$/.test(text)) return Number(text);
  throw new UsageError(`Expected days from 1 to ${LONGEST_PAUSE}, found '${text}'.`);
}
