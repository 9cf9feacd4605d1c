// Turns an encrypted key file (Web3 Secret Storage, version 3) and its password into an account, and a key into such a file.
import { readFile, writeFile } from "node:fs/promises";

import type { Address, Hex, LocalAccount } from "viem";
import { privateKeyToAccount } from "viem/accounts";

import { AppError } from "../core/errors.ts";

/** A keystore cannot be used. Neither key nor password is in the message. */
export class KeystoreError extends AppError {
  readonly code = "KEYSTORE";
  readonly kind = "usage";

  constructor(file: string, found: string) {
    super(`Expected an encrypted key (Web3 Secret Storage, version 3) and its password for ${file}, ${found}`);
  }
}

/** The owner may read and write it, nobody else. */
const OWNER_ONLY = 0o600;

/**
 * The account of a keystore.
 *
 * @throws KeystoreError when there is no such file, it is something else, or the password is wrong.
 */
export async function readKeystore(file: string, password: string): Promise<LocalAccount> {
  const text = await textOf(file);
  const { decryptKeystoreJson, isKeystoreJson } = await import("ethers"); // loading it takes long
  if (!isKeystoreJson(text)) throw new KeystoreError(file, "found a file of another kind. Make one with `keys new`.");
  let key: string;
  try {
    ({ privateKey: key } = await decryptKeystoreJson(text, password));
  } catch {
    throw new KeystoreError(file, "found that the password does not open it, or that it is damaged.");
  }
  return privateKeyToAccount(key as Hex);
}

/**
 * Writes a key as an encrypted file that only its owner may read; never over another file.
 *
 * @param scryptCost Work of the key derivation, a power of two; ethers' default when left out.
 * @throws KeystoreError when the file cannot be written.
 */
export async function writeKeystore(
  file: string,
  key: Hex,
  { password, scryptCost }: { readonly password: string; readonly scryptCost?: number },
): Promise<Address> {
  const { encryptKeystoreJson } = await import("ethers");
  const { address } = privateKeyToAccount(key);
  const options = scryptCost === undefined ? {} : { scrypt: { N: scryptCost, r: 8, p: 1 } };
  const text = await encryptKeystoreJson({ address, privateKey: key }, password, options);
  try {
    await writeFile(file, `${text}\n`, { mode: OWNER_ONLY, flag: "wx" });
  } catch (error) {
    const reason = isCode(error, "EEXIST")
      ? "found a file there already; name another."
      : "found that it cannot be written.";
    throw new KeystoreError(file, reason);
  }
  return address;
}

/** The password in a file, without the line's end. @throws KeystoreError when there is none. */
export async function readPassword(file: string): Promise<string> {
  const password = (await textOf(file)).replace(/\r?\n$/, "");
  if (password === "") throw new KeystoreError(file, "found an empty password.");
  return password;
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch {
    throw new KeystoreError(file, "found no file there that can be read.");
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
