// Turns the addresses that the server named into ones that the visitor's own node confirms, before anything is signed.
import { type Address, type Hex, type PublicClient, erc20Abi, isAddressEqual, keccak256 } from "viem";

import { depositGatewayAbi, indexVaultAbi, vaultLensAbi } from "../../../core/abi.ts";
import { readMany } from "../../../execute/read-many.ts";
import { SHARE } from "../../../site/amounts.ts";
import type { Site } from "../data/api.ts";
import { PageError } from "../errors.ts";

/** Of the gateway that this page was built beside: its code without immutables, and where in it those stand. */
export type CodeMark = {
  readonly hash: Hex;
  /** {byte} */
  readonly immutables: readonly { readonly start: number; readonly length: number }[];
};

declare const GATEWAY_CODE: CodeMark;

const checked = new WeakMap<PublicClient, { readonly key: string; readonly result: Promise<void> }>();

/**
 * Asks once a connection whether vault, gateway, lens and deposit coin are one fund. The vault knows no gateway, so that
 * the gateway, which is given coins and shares, must have the very code that this page was built beside.
 *
 * @throws PageError that names the address that does not belong to the others.
 */
export function requireOneFund(client: PublicClient, site: Site): Promise<void> {
  const key = JSON.stringify([site.addresses, site.coin]);
  const known = checked.get(client);
  if (known?.key === key) return known.result;
  const result = check(client, site);
  checked.set(client, { key, result });
  result.catch(() => checked.delete(client));
  return result;
}

async function check(client: PublicClient, site: Site): Promise<void> {
  const { vault, gateway } = site.addresses as Readonly<Record<keyof Site["addresses"], Address>>;
  const links = linksOf(site);
  const blockNumber = await client.getBlockNumber();
  const token = { address: site.coin.token as Address, abi: erc20Abi };
  const [found, code] = await Promise.all([
    readMany(client, [...links, { ...token, functionName: "decimals" }], blockNumber).catch((cause: unknown) => {
      throw foreign(`Expected a fund of this kind around the vault ${vault}, found something else.`, cause);
    }),
    client.getCode({ address: gateway, blockNumber }),
  ]);
  links.forEach(({ address, functionName, expected }, place) => {
    const named = found[place] as Address;
    if (isAddressEqual(named, expected)) return;
    throw foreign(`The contract at ${address} names ${named} (${functionName}), this page's server ${expected}.`);
  });
  if (found.at(-1) !== site.coin.decimals || site.share.decimals !== SHARE.decimals) {
    const told = `${site.coin.decimals} and ${site.share.decimals}`;
    throw foreign(
      `Coin and shares have ${String(found.at(-1))} and ${SHARE.decimals} decimals, by this page's server ${told}.`,
    );
  }
  if (code === undefined || markedHash(code, GATEWAY_CODE) !== GATEWAY_CODE.hash) {
    throw foreign(`The contract at ${gateway} is not the gateway that this page knows.`);
  }
}

/** What each contract must name. */
function linksOf({ addresses, coin }: Site) {
  const { accessManager, oracle, venue, registry, rebalancer, vault, lens, gateway } = addresses as Readonly<
    Record<keyof Site["addresses"], Address>
  >;
  const [ofVault, ofLens, ofGateway] = [
    { address: vault, abi: indexVaultAbi },
    { address: lens, abi: vaultLensAbi },
    { address: gateway, abi: depositGatewayAbi },
  ];
  return [
    { ...ofVault, functionName: "asset", expected: coin.token as Address },
    { ...ofVault, functionName: "REBALANCER", expected: rebalancer },
    { ...ofVault, functionName: "REGISTRY", expected: registry },
    { ...ofVault, functionName: "ORACLE", expected: oracle },
    { ...ofVault, functionName: "VENUE", expected: venue },
    { ...ofVault, functionName: "authority", expected: accessManager },
    { ...ofLens, functionName: "VAULT", expected: vault },
    { ...ofLens, functionName: "REBALANCER", expected: rebalancer },
    { ...ofLens, functionName: "ORACLE", expected: oracle },
    { ...ofGateway, functionName: "VAULT", expected: vault },
    { ...ofGateway, functionName: "REBALANCER", expected: rebalancer },
  ];
}

/** The hash of code whose immutables are zero again. */
function markedHash(code: Hex, { immutables }: CodeMark): Hex {
  let text = code.slice(2);
  for (const { start, length } of immutables) {
    text = text.slice(0, 2 * start) + "0".repeat(2 * length) + text.slice(2 * (start + length));
  }
  return keccak256(`0x${text}`);
}

function foreign(found: string, cause?: unknown): PageError {
  return new PageError(
    "NOT_ONE_FUND",
    `${found} Nothing is offered for signing: compare the addresses with those that the fund has published elsewhere.`,
    cause,
  );
}
