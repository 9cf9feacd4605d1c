// Turns the visitor's own way to the chain, an RPC address or the wallet, into a client that reads.
import { type Chain, type PublicClient, createPublicClient, custom, defineChain, http } from "viem";

import { PageError } from "../errors.ts";
import { type ChainAccess, nameOf } from "./way.ts";

/** {ms} After which a node counts as silent. */
const TIMEOUT = 15_000;

/** A chain that viem can be told of. A node of it is only what a wallet may be told that does not know the chain. */
export function chainOf(chainId: number, name = `chain ${chainId}`, node?: string): Chain {
  const ether = { name: "Ether", symbol: "ETH", decimals: 18 };
  const urls = { http: node === undefined ? [] : [node] };
  return defineChain({ id: chainId, name, nativeCurrency: ether, rpcUrls: { default: urls } });
}

/**
 * A client for the visitor's access.
 *
 * @throws PageError when the address is none, or serves another chain.
 */
export async function openChain(access: ChainAccess, chainId: number): Promise<PublicClient> {
  const client = createPublicClient({ chain: chainOf(chainId), transport: transportOf(access), cacheTime: 0 });
  let found: number;
  try {
    found = await client.getChainId();
  } catch (cause) {
    throw new PageError(
      "NODE_SILENT",
      `Expected an answer from ${nameOf(access)}, found none. Check the address.`,
      cause,
    );
  }
  if (found !== chainId) {
    throw new PageError(
      "WRONG_CHAIN",
      `Expected a node of chain ${chainId}, on which the fund is, but ${nameOf(access)} serves chain ${found}. Choose another.`,
    );
  }
  return client;
}

function transportOf(access: ChainAccess) {
  if (access.kind === "wallet") return custom(access.provider);
  return http(access.url, { timeout: TIMEOUT, retryCount: 1, batch: { wait: 0, batchSize: 50 } });
}
