// Turns a new key, or the environment's, into an encrypted file, and shows whose key a file holds.
import type { Command } from "commander";
import { generatePrivateKey } from "viem/accounts";

import { PRIVATE_KEY_VARIABLE, loadPrivateKey } from "../../../config/load.ts";
import { UsageError } from "../../../core/errors.ts";
import { readKeystore, writeKeystore } from "../../../execute/keystore.ts";
import { addPasswordOption } from "../chain-options.ts";
import { jsonOption } from "../options.ts";
import { printJson, printText } from "../output.ts";
import { passwordOf } from "../signer.ts";

type KeysOptions = { readonly passwordFile?: string; readonly json: boolean };

/** Adds `keys` with its three subcommands to the program. */
export function registerKeys(program: Command): void {
  const keys = program.command("keys").description("encrypted keys in files (Web3 Secret Storage); none is ever shown");
  add(keys, "new", "make a key and write it encrypted").action((file: string, options: KeysOptions) =>
    write(file, generatePrivateKey, options),
  );
  add(keys, "import", `write the key of ${PRIVATE_KEY_VARIABLE} encrypted`).action(
    (file: string, options: KeysOptions) => write(file, environmentKey, options),
  );
  add(keys, "show", "open the file and say whose key it is").action(async (file: string, options: KeysOptions) => {
    show((await readKeystore(file, await passwordOf(options))).address, file, options);
  });
}

function add(keys: Command, name: string, description: string): Command {
  const command = keys.command(name).description(description).argument("<file>", "the encrypted key");
  return addPasswordOption(command).addOption(jsonOption());
}

async function write(file: string, keyOf: () => `0x${string}`, options: KeysOptions): Promise<void> {
  const password = await passwordOf(options);
  show(await writeKeystore(file, keyOf(), { password }), file, options);
}

function environmentKey(): `0x${string}` {
  const key = loadPrivateKey();
  if (key === undefined) throw new UsageError(`Expected the key to import in ${PRIVATE_KEY_VARIABLE}, found none.`);
  return key;
}

function show(address: string, file: string, { json }: KeysOptions): void {
  if (json) printJson({ address, file });
  else printText(`${file} holds the key of ${address}.`);
}
