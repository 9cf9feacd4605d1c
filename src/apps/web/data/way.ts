// Turns an RPC address or a wallet into the visitor's way to the chain, by name; without anything that reads it.
import type { EIP1193Provider } from "viem";

import { PageError } from "../errors.ts";

/** Through what the visitor reads the chain: neither of them belongs to this server. */
export type ChainAccess =
  | { readonly kind: "rpc"; readonly url: string }
  | { readonly kind: "wallet"; readonly name: string; readonly provider: EIP1193Provider };

/** How the access is called in a sentence. */
export function nameOf(access: ChainAccess): string {
  return access.kind === "rpc" ? access.url : `the wallet ${access.name}`;
}

/** @throws PageError when a text is no address of a node. */
export function rpcUrl(text: string): string {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol)) {
    throw new PageError("NOT_A_URL", "Expected an address such as https://node.example or http://127.0.0.1:8545.");
  }
  return url.href;
}
