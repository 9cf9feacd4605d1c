// Turns a deployed fund and the plan that it came from into what of the plan the chain does not show.
import { type Address, type Chain, type PublicClient, type Transport, isAddressEqual, zeroAddress } from "viem";

import { depositGatewayAbi, vaultLensAbi } from "../../core/abi.ts";
import { contractsOf } from "../contracts.ts";
import { type NetworkAsset, boundsOf } from "../network.ts";
import type { DeploymentPlan } from "./plan.ts";

/** A node, and the fund as it was planned. */
type Look = { readonly client: PublicClient<Transport, Chain>; readonly plan: DeploymentPlan };

/** {bps} As in LegLimits.sol: the price limit of an asset for which nobody set one. */
const DEFAULT_LIMIT = 300;
/** D18{USD} What stands for no cap of deposits. */
const NO_CAP = 2n ** 96n - 1n;
/** {1} Bounds are kept with few digits. */
const BOUNDS_TOLERANCE = 100n;

/**
 * Reads back what every contract was constructed with, every asset with its price source, pools and limit, and the
 * terms of the fund. Empty when the chain shows the plan and nothing else.
 */
export async function stateDifferences(look: Look): Promise<readonly string[]> {
  const missing = await missingContracts(look);
  if (missing.length > 0) return missing;
  const assets = await Promise.all(
    look.plan.network.assets.map((asset, index) => assetDifferences(look, asset, index)),
  );
  return [
    ...(await partDifferences(look)),
    ...assets.flat(),
    ...(await setDifferences(look)),
    ...(await termDifferences(look)),
  ];
}

async function missingContracts({ client, plan }: Look): Promise<string[]> {
  const codes = await Promise.all(plan.creations.map(({ address }) => client.getCode({ address })));
  return plan.creations
    .filter((_, i) => codes[i] === undefined || codes[i] === "0x")
    .map(({ contract, address }) => `${contract} is missing at ${address}`);
}

async function partDifferences({ client, plan }: Look): Promise<string[]> {
  const { addresses: fund, network } = plan;
  const { vault, oracle, venue, registry, rebalancer } = contractsOf({ addresses: fund });
  const lens = { address: fund.lens, abi: vaultLensAbi };
  const gateway = { address: fund.gateway, abi: depositGatewayAbi };
  const named: [string, Promise<Address>, Address][] = [
    ["vault's coin", client.readContract({ ...vault, functionName: "asset" }), network.assets[0]?.token ?? zeroAddress],
    ["vault's rebalancer", client.readContract({ ...vault, functionName: "REBALANCER" }), fund.rebalancer],
    ["vault's registry", client.readContract({ ...vault, functionName: "REGISTRY" }), fund.registry],
    ["vault's oracle", client.readContract({ ...vault, functionName: "ORACLE" }), fund.oracle],
    ["vault's venue", client.readContract({ ...vault, functionName: "VENUE" }), fund.venue],
    ["oracle's vault", client.readContract({ ...oracle, functionName: "VAULT" }), fund.vault],
    [
      "oracle's sequencer feed",
      client.readContract({ ...oracle, functionName: "SEQUENCER" }),
      network.sequencer?.address ?? zeroAddress,
    ],
    ["venue's vault", client.readContract({ ...venue, functionName: "vault" }), fund.vault],
    ["venue's factory", client.readContract({ ...venue, functionName: "FACTORY" }), network.factory.address],
    ["registry's vault", client.readContract({ ...registry, functionName: "vault" }), fund.vault],
    ["registry's rebalancer", client.readContract({ ...registry, functionName: "rebalancer" }), fund.rebalancer],
    ["rebalancer's registry", client.readContract({ ...rebalancer, functionName: "registry" }), fund.registry],
    ["lens's vault", client.readContract({ ...lens, functionName: "VAULT" }), fund.vault],
    ["gateway's vault", client.readContract({ ...gateway, functionName: "VAULT" }), fund.vault],
  ];
  const found = await Promise.all(named.map(([, read]) => read));
  return named.flatMap(([name, , expected], i) => addressDifference(name, expected, found[i] ?? zeroAddress));
}

async function assetDifferences({ client, plan }: Look, asset: NetworkAsset, index: number): Promise<string[]> {
  const { vault, oracle, venue } = contractsOf({ addresses: plan.addresses });
  const args = [index] as const;
  const [listed, [feed, heartbeat, , pool], limit] = await Promise.all([
    client.readContract({ ...vault, functionName: "assetAt", args }),
    client.readContract({ ...oracle, functionName: "source", args }),
    client.readContract({ ...venue, functionName: "priceLimit", args }),
  ]);
  const name = asset.coinId;
  const unlisted = await unlistedPools({ client, plan }, asset);
  return [
    ...addressDifference(`token of ${name}`, asset.token, listed.token),
    ...difference(`decimals of ${name}`, asset.decimals, listed.decimals),
    ...difference(`price limit of ${name} in bps`, DEFAULT_LIMIT, limit),
    ...addressDifference(`feed of ${name}`, asset.feed?.address ?? zeroAddress, feed),
    ...difference(`heartbeat of ${name}`, asset.feed?.heartbeat ?? 0, heartbeat),
    ...(asset.feed === undefined
      ? addressDifference(`pool that prices ${name}`, asset.pools[0]?.address ?? zeroAddress, pool)
      : []),
    ...(asset.feed === undefined ? [] : await boundsDifferences({ client, plan }, asset.feed, { name, index })),
    ...unlisted.map((address) => `pool ${address} of ${name} is not listed`),
  ];
}

async function boundsDifferences(
  { client, plan }: Look,
  feed: NonNullable<NetworkAsset["feed"]>,
  { name, index }: { readonly name: string; readonly index: number },
): Promise<string[]> {
  const { oracle } = contractsOf({ addresses: plan.addresses });
  const found = await client.readContract({ ...oracle, functionName: "boundsOf", args: [index] });
  const expected = boundsOf(feed);
  return (["low", "high"] as const).flatMap((side) => {
    const apart = expected[side] > found[side] ? expected[side] - found[side] : found[side] - expected[side];
    return apart * BOUNDS_TOLERANCE <= expected[side]
      ? []
      : difference(`${side} bound of ${name}`, expected[side], found[side]);
  });
}

async function unlistedPools({ client, plan }: Look, { pools }: NetworkAsset): Promise<Address[]> {
  const { venue } = contractsOf({ addresses: plan.addresses });
  const listed = await Promise.all(
    pools.map(({ address }) => client.readContract({ ...venue, functionName: "isListed", args: [address] })),
  );
  return pools.filter((_, i) => listed[i] !== true).map(({ address }) => address);
}

/** Sets of assets, one bit an asset. */
async function setDifferences({ client, plan }: Look): Promise<string[]> {
  const { vault, oracle, venue } = contractsOf({ addresses: plan.addresses });
  const { assets } = plan.network;
  const bits = (belongs: (asset: NetworkAsset) => boolean): bigint =>
    assets.reduce((set, asset, index) => (belongs(asset) ? set | (1n << BigInt(index)) : set), 0n);
  const [listed, [, stable, , bitcoin], fed, [closed, limited]] = await Promise.all([
    client.readContract({ ...vault, functionName: "listedSet" }),
    client.readContract({ ...vault, functionName: "tiers" }),
    client.readContract({ ...oracle, functionName: "fedSet" }),
    client.readContract({ ...venue, functionName: "rules" }),
  ]);
  return [
    ...difference(
      "listed assets",
      bits(() => true),
      listed,
    ),
    ...difference(
      "stablecoins",
      bits(({ isStable }) => isStable),
      stable,
    ),
    ...difference(
      "vehicles of bitcoin",
      bits(({ coinId }) => coinId === "bitcoin"),
      bitcoin,
    ),
    ...difference(
      "assets with a feed",
      bits(({ feed }) => feed !== undefined),
      fed,
    ),
    ...difference("closed assets", 0n, closed),
    ...difference("assets with a limit of their own", 0n, limited),
  ];
}

async function termDifferences({ client, plan }: Look): Promise<string[]> {
  const { vault } = contractsOf({ addresses: plan.addresses });
  const { bullFee, bearFee, depositCap, pausedUntil, recipient } = await client.readContract({
    ...vault,
    functionName: "conditions",
  });
  return [
    ...difference("fee in bull in bps", 0n, bullFee),
    ...difference("fee in bear in bps", 0n, bearFee),
    ...addressDifference("recipient of the fee", zeroAddress, recipient),
    ...difference("cap of deposits", NO_CAP, depositCap),
    ...difference("pause of deposits", 0n, pausedUntil),
  ];
}

function addressDifference(name: string, expected: Address, found: Address): string[] {
  return isAddressEqual(expected, found) ? [] : difference(name, expected, found);
}

function difference(name: string, expected: bigint | number | string, found: bigint | number | string): string[] {
  return expected === found ? [] : [`${name}: expected ${expected}, found ${found}`];
}
