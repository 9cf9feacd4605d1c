// Turns command line text into checked options that the keeper's commands share.
import { type Command, Option } from "commander";

import { loadKeeperSettings } from "../../config/load.ts";
import type { StorePlace } from "../../keeper/store/open.ts";
import type { Clock } from "../../keeper/store/store.ts";
import { type ChainOptions, type KeyOptions, addKeyOptions } from "./chain-options.ts";

/** Options of commands that look at the keeper's memory. */
export type JournalOptions = ChainOptions & { readonly journal: string | undefined; readonly schema: string };

/** @see JournalOptions */
export type KeeperOptions = KeyOptions & JournalOptions;

/** `--journal`, `--schema` and the chain's options. */
export function addJournalOptions(command: Command): Command {
  return addKeyOptions(command)
    .addOption(
      new Option(
        "--journal <file>",
        "the keeper's journal (default: beside the deployment file; unused with DATABASE_URL)",
      ),
    )
    .addOption(new Option("--schema <name>", "schema of the journal in DATABASE_URL").default("tm100"));
}

/** {ms} This machine's clock. */
export const SYSTEM_CLOCK: Clock = { now: () => Date.now() };

/** Where the keeper's memory is. @param clock Of the journal's lines. */
export function storePlaceOf({ journal, schema, deployment }: JournalOptions, clock: Clock = SYSTEM_CLOCK): StorePlace {
  const { databaseUrl } = loadKeeperSettings();
  if (databaseUrl !== undefined) return { databaseUrl, schema, clock };
  const file = journal ?? `${deployment.replace(/\.json$/, "")}.keeper.sqlite`;
  return { file, clock, leaseClock: SYSTEM_CLOCK };
}
