// Turns command line text into checked options that all chain commands share.
import { type Command, Option } from "commander";
import { type Address, isAddress } from "viem";

import { UsageError } from "../../core/errors.ts";
import { parseDecimal } from "../../core/units.ts";
import { ACCOUNT_NAMES, type AccountName } from "../../world/dev-accounts.ts";
import { SHARE } from "../../site/amounts.ts";
import { DEFAULT_RPC, deploymentFileOf } from "./deployment-file.ts";
import { jsonOption } from "./options.ts";

/** Options of every command that reads the chain. */
export type ChainOptions = { readonly json: boolean; readonly rpc: string; readonly deployment: string };

/** Where an encrypted key is, and its password. */
export type KeystoreOptions = { readonly keystore?: string; readonly passwordFile?: string };

/** Options of every command that signs. */
export type KeyOptions = ChainOptions & KeystoreOptions & { readonly account: AccountName | undefined };

/** `--rpc`, `--deployment` and `--json`; without `--deployment`, the node's address chooses the file. */
export function addChainOptions(command: Command): Command {
  return command
    .addOption(new Option("--rpc <url>", "node of the fund's chain").default(DEFAULT_RPC).argParser(parseRpc))
    .addOption(
      new Option(
        "--deployment <file>",
        `where the fund is (default: ${deploymentFileOf(DEFAULT_RPC)}; fund-PORT.json beside it for another local port)`,
      ),
    )
    .addOption(jsonOption())
    .hook("preAction", (self) => {
      const { rpc, deployment } = self.opts<{ readonly rpc: string; readonly deployment?: string }>();
      if (deployment === undefined) self.setOptionValueWithSource("deployment", deploymentFileOf(rpc), "default");
    });
}

/** As {@link addChainOptions}, and `--account`, `--keystore` and `--password-file`. */
export function addKeyOptions(command: Command): Command {
  const account = new Option("--account <name>", "development account, on chain 31337 only").argParser(parseAccount);
  return addPasswordOption(addChainOptions(command).addOption(account)).addOption(
    new Option(
      "--keystore <file>",
      "encrypted key; without it TM100_PRIVATE_KEY or the signer at TM100_SIGNER_URL signs",
    ),
  );
}

/** `--password-file`. */
export function addPasswordOption(command: Command): Command {
  return command.addOption(
    new Option("--password-file <file>", "password of the keystore; TM100_KEYSTORE_PASSWORD when left out"),
  );
}

/** An HTTP address of a node. @throws UsageError when it is something else. */
export function parseRpc(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && (url.protocol === "http:" || url.protocol === "https:")) return text;
  throw new UsageError(`Expected a node's address such as ${DEFAULT_RPC}, found '${text}'.`);
}

/** The name of a development account. @throws UsageError when there is none of that name. */
export function parseAccount(text: string): AccountName {
  const name = ACCOUNT_NAMES.find((known) => known === text);
  if (name === undefined) throw new UsageError(`Expected an account of ${ACCOUNT_NAMES.join(", ")}, found '${text}'.`);
  return name;
}

/** An account's address. @throws UsageError when it is none, or its capitals are not those of its checksum. */
export function parseAddress(text: string): Address {
  if (isAddress(text)) return text;
  throw new UsageError(`Expected an address, 0x and 40 hexadecimal digits with a right checksum, found '${text}'.`);
}

/** A number of a ledger line. @throws UsageError when it is not an integer of 1 or more. */
export function parseSequence(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new UsageError(`Expected a line number, 1 or more, found '${text}'.`);
  return Number(text);
}

/**
 * An amount above zero from the command line.
 *
 * @param unit What is counted, and its decimals.
 * @throws UsageError when it is not a number, zero, or finer than the unit.
 */
export function parseAmount(text: string, unit: { readonly symbol: string; readonly decimals: number }): bigint {
  const amount = decimalOf(text, unit.decimals);
  if (amount !== undefined && amount > 0n) return amount;
  throw new UsageError(
    `Expected an amount of ${unit.symbol} above zero such as 1234.5, with at most ${unit.decimals} decimals, ` +
      `found '${text}'.`,
  );
}

/** Checks an amount of shares before anything is asked. @throws UsageError when it is neither an amount nor `all`. */
export function requireShares(text: string): void {
  if (text !== "all") parseAmount(text, SHARE);
}

function decimalOf(text: string, decimals: number): bigint | undefined {
  try {
    return parseDecimal(text, decimals);
  } catch {
    return undefined;
  }
}
