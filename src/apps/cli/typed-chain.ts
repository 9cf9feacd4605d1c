// Turns `--live` and `--chain-id` into the certainty that a person means this chain.
import { type Command, Option } from "commander";

import { UsageError } from "../../core/errors.ts";
import type { Fund } from "../../execute/contracts.ts";

/** Options of commands that send only on a chain that was typed. */
export type LiveOptions = { readonly live: boolean; readonly chainId: number | undefined };

/** `--live`, `--dry-run` and `--chain-id`. */
export function addLiveOptions(command: Command, words: { readonly dry: string; readonly live: string }): Command {
  return command
    .addOption(new Option("--dry-run", `${words.dry} (default)`).conflicts("live"))
    .addOption(new Option("--live", words.live).default(false))
    .addOption(
      new Option("--chain-id <number>", "with --live: the chain that is meant, typed out").argParser(parseChainId),
    );
}

/** @throws UsageError when the chain that was typed is not the fund's. */
export function requireTypedChain({ chainId }: LiveOptions, { deployment }: Pick<Fund, "deployment">): void {
  if (chainId === deployment.chainId) return;
  const found = chainId === undefined ? "none" : String(chainId);
  throw new UsageError(
    `Expected --chain-id ${deployment.chainId} with --live, the chain of the deployment file, found ${found}. ` +
      "Type the number of the chain on which real trades are meant.",
  );
}

function parseChainId(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new UsageError(`Expected the number of a chain, found '${text}'.`);
  return Number(text);
}
