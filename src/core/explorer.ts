// Turns a chain and something on it into the link at which an explorer, or Sourcify, shows it.

/** What an explorer shows; `code` is the source of a contract that somebody had verified. */
export type ExplorerKind = "address" | "code" | "transaction" | "token" | "block";

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

/** Of verified sources, for all of these chains. */
const SOURCIFY = "https://repo.sourcify.dev";

const PATHS: Readonly<Record<ExplorerKind, (value: string) => string>> = {
  address: (value) => `address/${value}`,
  code: (value) => `address/${value}#code`,
  transaction: (value) => `tx/${value}`,
  token: (value) => `token/${value}`,
  block: (value) => `block/${value}`,
};

/** The explorer of a chain; undefined for a chain without one, as the local one. */
export function explorerOf(chainId: number): Explorer | undefined {
  return EXPLORERS.get(chainId);
}

/**
 * Where an explorer shows something; undefined for a chain without one, as the local one.
 *
 * @param value An address, a transaction's hash or a block's number.
 */
export function explorerLink(chainId: number, kind: ExplorerKind, value: string | bigint | number): string | undefined {
  const explorer = explorerOf(chainId);
  return explorer === undefined ? undefined : `${explorer.url}/${PATHS[kind](String(value))}`;
}

/** Where Sourcify shows the sources of a contract, if it has them; undefined for a chain without an explorer. */
export function sourcifyLink(chainId: number, address: string): string | undefined {
  return explorerOf(chainId) === undefined ? undefined : `${SOURCIFY}/${chainId}/${address}`;
}
