// Turns the key options and the environment into the one account that signs.
import type { LocalAccount } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { hardhat } from "viem/chains";

import {
  KEYSTORE_PASSWORD_VARIABLE,
  PRIVATE_KEY_VARIABLE,
  SIGNER_URL_VARIABLE,
  loadKeystorePassword,
  loadPrivateKey,
  loadSignerSettings,
} from "../../config/load.ts";
import { UsageError } from "../../core/errors.ts";
import { externalAccount } from "../../execute/external-signer.ts";
import { readKeystore, readPassword } from "../../execute/keystore.ts";
import { devAccount } from "../../world/dev-accounts.ts";
import type { KeystoreOptions, KeyOptions } from "./chain-options.ts";

/** {ms} A person, or a quorum, may have to agree. */
const SIGNER_TIMEOUT = 120_000;

/**
 * The account that signs: of a keystore, of a signer outside, or as {@link accountOf}.
 *
 * @throws UsageError when there is none, or more than one.
 */
export async function signerOf(options: KeyOptions, chainId: number): Promise<LocalAccount> {
  const signer = loadSignerSettings();
  const named = namedSigners(options);
  if (named.length > 1) throw new UsageError(`Expected ${named.join(" or ")}, found both: leave out all but one.`);
  if (options.keystore !== undefined) return readKeystore(options.keystore, await passwordOf(options));
  if (signer !== undefined) return externalAccount({ ...signer, timeoutMs: SIGNER_TIMEOUT });
  return accountOf(options, chainId);
}

/** True when options or environment say who signs. */
export function isSignerNamed(options: Pick<KeyOptions, "account" | "keystore">): boolean {
  return namedSigners(options).length > 0;
}

function namedSigners({ account, keystore }: Pick<KeyOptions, "account" | "keystore">): string[] {
  return [
    ...(account === undefined ? [] : ["--account"]),
    ...(keystore === undefined ? [] : ["--keystore"]),
    ...(loadPrivateKey() === undefined ? [] : [PRIVATE_KEY_VARIABLE]),
    ...(loadSignerSettings() === undefined ? [] : [SIGNER_URL_VARIABLE]),
  ];
}

/**
 * The development account that is named, or that of the environment's key.
 *
 * @throws UsageError when there is neither, or a development account is named on another chain.
 */
export function accountOf({ account }: Pick<KeyOptions, "account">, chainId: number): LocalAccount {
  if (account !== undefined && chainId !== hardhat.id) {
    throw new UsageError(
      `Expected ${PRIVATE_KEY_VARIABLE} on chain ${chainId}: everybody knows the key of development account ` +
        `'${account}', so that --account is for chain ${hardhat.id} alone.`,
    );
  }
  const key = loadPrivateKey();
  if (account !== undefined) return devAccount(account);
  if (key !== undefined) return privateKeyToAccount(key);
  const local = chainId === hardhat.id ? ", or name a development account with --account" : "";
  throw new UsageError(`Expected a key: name a keystore with --keystore, set ${PRIVATE_KEY_VARIABLE}${local}.`);
}

/** The password of the file or of the environment. @throws UsageError when there is neither. */
export async function passwordOf({ passwordFile }: KeystoreOptions): Promise<string> {
  if (passwordFile !== undefined) return readPassword(passwordFile);
  const password = loadKeystorePassword();
  if (password !== undefined) return password;
  throw new UsageError(
    `Expected the keystore's password: name a file with --password-file, or set ${KEYSTORE_PASSWORD_VARIABLE}.`,
  );
}
