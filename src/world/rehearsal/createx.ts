// Turns the transaction that the authors of CreateX signed into their factory on a local chain, at its known address.
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { type Hex, parseTransaction } from "viem";

import { CREATEX } from "../../execute/deploy/create3.ts";
import type { LocalChain } from "../local-chain.ts";

/** Who created CreateX on every chain, by its first transaction. */
const CREATOR = "0xeD456e05CaAb11d66C4c797dD6c1D6f9A7F352b5";
/** In Ignition's package, which does not export it. */
const SIGNED = "src/internal/execution/strategy/createx-artifact.js";

/** Puts CreateX on the chain without a block of its own, as it stands on public chains. */
export async function installCreateX(chain: LocalChain): Promise<void> {
  const main = createRequire(import.meta.url).resolve("@nomicfoundation/ignition-core");
  const file = path.join(path.dirname(main), "..", SIGNED);
  const { presignedTx } = (await import(pathToFileURL(file).href)) as { readonly presignedTx: Hex };
  const { data } = parseTransaction(presignedTx);
  // Called by its creator, the construction gives the code with the address that it will have in it.
  const code: unknown = await chain.provider.request({ method: "eth_call", params: [{ from: CREATOR, data }] });
  await chain.provider.request({ method: "hardhat_setCode", params: [CREATEX, code] });
}
