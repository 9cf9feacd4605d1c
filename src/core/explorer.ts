// Turns a chain and something on it into the link at which an explorer shows it.

/** What an explorer shows. */
export type ExplorerKind = "address" | "transaction" | "token" | "block";

/** An explorer of a chain. */
export type Explorer = { readonly name: string; readonly url: string };

/** Of the chains with a file in deployments/networks; every one has the paths of Etherscan. */
const EXPLORERS: ReadonlyMap<number, Explorer> = new Map([
  [1, { name: "Etherscan", url: "https://etherscan.io" }],
  [8453, { name: "Basescan", url: "https://basescan.org" }],
  [42161, { name: "Arbiscan", url: "https://arbiscan.io" }],
  [84532, { name: "Basescan", url: "https://sepolia.basescan.org" }],
  [11155111, { name: "Etherscan", url: "https://sepolia.etherscan.io" }],
]);

const PATHS = { address: "address", transaction: "tx", token: "token", block: "block" } as const;

/**
 * Where an explorer shows something; undefined for a chain without one, as the local one.
 *
 * @param value An address, a transaction's hash or a block's number.
 */
export function explorerLink(chainId: number, kind: ExplorerKind, value: string | bigint | number): string | undefined {
  const explorer = EXPLORERS.get(chainId);
  return explorer === undefined ? undefined : `${explorer.url}/${PATHS[kind]}/${String(value)}`;
}
