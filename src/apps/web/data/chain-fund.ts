// Turns the fund's place and a client of the visitor into the fund as the engine's readers take it.
import { type AbiEvent, type Address, type PublicClient, erc20Abi, getAbiItem } from "viem";

import { indexVaultAbi } from "../../../core/abi.ts";
import type { Fund } from "../../../execute/contracts.ts";
import type { DeployedAsset, Deployment } from "../../../execute/deployment.ts";
import { readLogs } from "../../../execute/logs.ts";
import { readMany } from "../../../execute/read-many.ts";
import type { Site } from "./api.ts";

type ListLog = {
  readonly eventName: string;
  readonly args: {
    readonly asset: number;
    readonly token: Address;
    readonly coinId: string;
    readonly decimals: number;
    readonly isStable: boolean;
  };
};

/** The fund with every asset that its log lists, read from the chain alone. */
export async function fundFromChain(client: PublicClient, site: Site): Promise<Fund> {
  const blockNumber = await client.getBlockNumber();
  const address = site.addresses.vault as Address;
  const events = (["AssetListed", "AssetDelisted"] as const).map(
    (name) => getAbiItem({ abi: indexVaultAbi, name }) as AbiEvent,
  );
  const logs = await readLogs(client, { address, fromBlock: BigInt(site.block), toBlock: blockNumber, events });
  const listed = listedAfter(logs as unknown as readonly ListLog[]);
  const reads = listed.map(({ token }) => ({ address: token, abi: erc20Abi, functionName: "symbol" }));
  const symbols = await readMany(client, reads, blockNumber).catch(() => []);
  const assets = listed.map((asset, place) => ({ ...asset, symbol: nameOf(symbols[place], asset.coinId) }));
  return { client, deployment: deploymentOf(site, assets) };
}

/** Where the fund is, as the engine's readers take it. */
export function deploymentOf({ chainId, block, addresses }: Site, assets: readonly DeployedAsset[]): Deployment {
  const places = addresses as Omit<Deployment["addresses"], "libraries">;
  return { chainId, block, addresses: { libraries: {}, ...places }, assets: [...assets] };
}

function listedAfter(logs: readonly ListLog[]): Omit<DeployedAsset, "symbol">[] {
  const listed = new Map<number, Omit<DeployedAsset, "symbol">>();
  for (const { eventName, args } of logs) {
    if (eventName === "AssetDelisted") {
      listed.delete(args.asset);
      continue;
    }
    const { asset: index, token, coinId, decimals, isStable } = args;
    listed.set(index, { index, token, coinId, decimals, isStable });
  }
  return [...listed.values()].sort((a, b) => a.index - b.index);
}

/** A token says what it likes to be called: a long or strange name is not shown. */
function nameOf(symbol: unknown, coinId: string): string {
  return typeof symbol === "string" && /^[\w.$+-]{1,16}$/.test(symbol) ? symbol : coinId;
}
