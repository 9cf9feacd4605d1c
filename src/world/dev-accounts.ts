// Turns names into the accounts that every development chain knows, keys included.
import { pbkdf2Sync } from "node:crypto";

import { type HDAccount, HDKey, hdKeyToAccount } from "viem/accounts";

/** The mnemonic that every development chain knows. Its keys are public: never use them elsewhere. */
const DEV_MNEMONIC = "test test test test test test test test test test test junk";
/** As BIP-39 makes the seed of a mnemonic without a passphrase. */
const SEED = { salt: "mnemonic", rounds: 2048, bytes: 64, hash: "sha512" } as const;

/** Who acts on the chain, in the order of the mnemonic's accounts. */
export const ACCOUNT_NAMES = [
  "deployer",
  "owner",
  "keeper",
  "guardian",
  "signer",
  "arbitrageur",
  "maker",
  "alice",
  "bob",
  "carol",
  "dave",
  "stranger",
] as const;

export type AccountName = (typeof ACCOUNT_NAMES)[number];

/** The account of a name, key included. Everybody knows its key: it is for development chains alone. */
export function devAccount(name: AccountName): HDAccount {
  return hdKeyToAccount(rootKey(), { addressIndex: ACCOUNT_NAMES.indexOf(name) });
}

let root: HDKey | undefined;

/** Worked out once, by Node's own hash: viem's takes a hundred times as long for each account. */
function rootKey(): HDKey {
  const { salt, rounds, bytes, hash } = SEED;
  root ??= HDKey.fromMasterSeed(pbkdf2Sync(DEV_MNEMONIC, salt, rounds, bytes, hash));
  return root;
}
