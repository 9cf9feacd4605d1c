// Turns a chain's number into what viem's clients need to know of it.
import { type Chain, defineChain } from "viem";

/** The chain of that number; `urls` are nodes, for transports that take theirs from it. */
export function chainOf(id: number, urls: readonly string[] = []): Chain {
  return defineChain({
    id,
    name: `chain ${id}`,
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: urls } },
  });
}
