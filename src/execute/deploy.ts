// Turns the compiled contracts into a fund on a chain: creates them, names the roles and lists assets.
import {
  type Account,
  type Address,
  type Chain,
  type Hex,
  type PublicClient,
  type Transport,
  type WalletClient,
  encodeFunctionData,
  getContractAddress,
  zeroAddress,
} from "viem";

import { delayedAccessManagerAbi, indexVaultAbi, priceOracleAbi, uniswapV3VenueAbi } from "../core/abi.ts";
import { AppError } from "../core/errors.ts";
import { type ContractName, initCode } from "./artifacts.ts";
import { ERC20_ABI } from "./contracts.ts";
import { ROLE_IDS } from "./role-ids.ts";

/** Who may do what. */
export type Roles = {
  readonly keeper: Address;
  readonly guardian: Address;
  readonly signer: Address;
};

/** What the fund stands on. */
export type Ground = {
  /** The deposit coin; becomes asset 0. */
  readonly coin: Address;
  /** Wrapped ether; becomes asset 1. */
  readonly weth: Address;
  /** Uniswap v3's factory. */
  readonly factory: Address;
  /** Chainlink's uptime feed of the chain's sequencer; none on a chain without one. */
  readonly sequencer?: Address;
};

/** Addresses of one fund. */
export type FundAddresses = {
  readonly accessManager: Address;
  /** Of the linked libraries, by name. */
  readonly libraries: Readonly<Record<string, Address>>;
  readonly oracle: Address;
  readonly venue: Address;
  readonly registry: Address;
  readonly rebalancer: Address;
  readonly vault: Address;
  readonly lens: Address;
  readonly gateway: Address;
};

/** D18{USD/wholeTok} Between which a feed's answer is believed. */
export type FeedBounds = { readonly low: bigint; readonly high: bigint };

/** How an asset is priced: by a feed {s heartbeat}, or by a pool against an asset with a feed. */
export type PriceSource =
  | { readonly kind: "feed"; readonly feed: Address; readonly heartbeat: number; readonly bounds: FeedBounds }
  | { readonly kind: "pool"; readonly pool: Address; readonly quote: number };

/** An asset to list, or, when `isListed`, one of the two that the vault lists itself. */
export type Listing = {
  readonly token: Address;
  readonly coinId: string;
  readonly isStable: boolean;
  readonly isListed?: boolean;
  readonly price: PriceSource;
  readonly pools: readonly Address[];
};

/** Who deploys, and how the chain is read meanwhile. */
export type Deployer = {
  readonly wallet: WalletClient<Transport, Chain, Account>;
  readonly reader: PublicClient<Transport, Chain>;
};

/** The coin whose vehicles have a tier of their own. */
const BITCOIN = "bitcoin";
/** {gas} EIP-7825. */
const TRANSACTION_GAS_CAP = 16_777_216n;
/** Listing one asset takes about 600 k gas, the trial of its token included. */
const LISTINGS_PER_TRANSACTION = 24;
/** {tok} What the vault must have of a token before it is listed: UNITS in TokenProbe.sol. */
export const PROBE_UNITS = 10_000n;
/** What contracts call by delegation, in the order of creation. */
export const LIBRARIES = [
  "Record",
  "Valuation",
  "Listings",
  "Exits",
  "Terms",
  "RequestBook",
  "RedeemedUnits",
  "Custody",
  "Quarantine",
  "AbandonedExit",
  "TokenProbe",
] as const;

/** A transaction of the deployment was mined and failed. */
export class DeploymentRevertedError extends AppError {
  readonly code = "DEPLOYMENT_REVERTED";
  readonly kind = "chain";
  readonly step: string;
  readonly hash: Hex;

  constructor(step: string, hash: Hex) {
    super(`The transaction for ${step} was expected to succeed, but ${hash} reverted; nothing after it was sent.`);
    this.step = step;
    this.hash = hash;
  }
}

/**
 * Creates all contracts of a fund from the wallet, which becomes their admin without a delay until it hands over.
 *
 * The vault names rebalancer, registry, oracle and venue for ever, and they name the vault: its address is computed from
 * the sender's nonce before it exists, and its constructor checks that all agree.
 *
 * @throws DeploymentRevertedError when a creation fails.
 */
export async function deployFund(deployer: Deployer, ground: Ground, roles: Roles): Promise<FundAddresses> {
  const { wallet, reader } = deployer;
  const admin = wallet.account.address;
  const first = await reader.getTransactionCount({ address: admin });
  const at = (offset: number): Address => getContractAddress({ from: admin, nonce: BigInt(first + offset) });
  const after = LIBRARIES.length;
  const fund: FundAddresses = {
    libraries: Object.fromEntries(LIBRARIES.map((name, index) => [name, at(index)])),
    accessManager: at(after),
    oracle: at(after + 1),
    venue: at(after + 2),
    registry: at(after + 3),
    rebalancer: at(after + 4),
    vault: at(after + 5),
    lens: at(after + 6),
    gateway: at(after + 7),
  };
  const { accessManager, vault, oracle, venue, registry, rebalancer } = fund;
  const creations: [ContractName, readonly unknown[]][] = [
    ...LIBRARIES.map((name): [ContractName, readonly unknown[]] => [name, []]),
    ["DelayedAccessManager", [admin]],
    ["PriceOracle", [accessManager, vault, ground.sequencer ?? zeroAddress]],
    ["UniswapV3Venue", [accessManager, vault, ground.factory]],
    ["TargetRegistry", [accessManager, vault, rebalancer, oracle]],
    ["Rebalancer", [accessManager, registry, oracle, venue]],
    ["IndexVault", [accessManager, ground.coin, ground.weth, rebalancer, oracle, venue]],
    ["VaultLens", [vault, rebalancer, oracle]],
    ["DepositGateway", [vault, rebalancer]],
  ];
  for (const [name, args] of creations) {
    const data = await initCode(name, args, fund.libraries);
    await confirm(reader, name, await wallet.sendTransaction({ data, gas: TRANSACTION_GAS_CAP }));
  }
  await asAdmin(deployer, accessManager, {
    step: "roles",
    calls: Object.entries(ROLE_IDS).map(([role, id]) =>
      encodeFunctionData({
        abi: delayedAccessManagerAbi,
        functionName: "grantRole",
        args: [id, roles[role as keyof Roles], 0],
      }),
    ),
  });
  return fund;
}

/**
 * Lists assets with their price sources and pools, several in a transaction. The vault moves some units of each token
 * for a trial: those that it does not have yet are sent to it from the wallet, and stay there outside the books.
 *
 * @returns The index of each asset, in order.
 * @throws DeploymentRevertedError when one of them is refused; those of earlier transactions stay listed.
 */
export async function listAssets(
  deployer: Deployer,
  fund: FundAddresses,
  listings: readonly Listing[],
): Promise<number[]> {
  const { reader } = deployer;
  let taken = await reader.readContract({ address: fund.vault, abi: indexVaultAbi, functionName: "listedSet" });
  const indexes: number[] = [];
  for (let from = 0; from < listings.length; from += LISTINGS_PER_TRANSACTION) {
    const part = listings.slice(from, from + LISTINGS_PER_TRANSACTION);
    for (const listing of part) await sendProbe(deployer, fund.vault, listing);
    const calls: Hex[] = [];
    for (const listing of part) {
      const index =
        listing.isListed === true
          ? await reader.readContract({
              address: fund.vault,
              abi: indexVaultAbi,
              functionName: "indexOf",
              args: [listing.token],
            })
          : lowestFree(taken);
      taken |= 1n << BigInt(index);
      indexes.push(index);
      calls.push(...listingCalls(fund, listing, index));
    }
    await asAdmin(deployer, fund.accessManager, {
      step: `listing ${part.map(({ coinId }) => coinId).join(", ")}`,
      calls,
    });
  }
  return indexes;
}

async function sendProbe({ wallet, reader }: Deployer, vault: Address, listing: Listing): Promise<void> {
  if (listing.isListed === true) return;
  const token = { address: listing.token, abi: ERC20_ABI };
  const found = await reader.readContract({ ...token, functionName: "balanceOf", args: [vault] });
  if (found >= PROBE_UNITS) return;
  const hash = await wallet.writeContract({ ...token, functionName: "transfer", args: [vault, PROBE_UNITS - found] });
  await confirm(reader, `units of ${listing.coinId} for its trial`, hash);
}

/** The calls by which the manager lists an asset at an index, with its price source and pools. */
export function listingCalls(fund: FundAddresses, listing: Listing, index: number): Hex[] {
  const { price } = listing;
  const calls: [Address, Hex][] = listing.pools.map((pool) => [
    fund.venue,
    encodeFunctionData({ abi: uniswapV3VenueAbi, functionName: "listPool", args: [pool] }),
  ]);
  calls.unshift([
    fund.oracle,
    price.kind === "feed"
      ? encodeFunctionData({
          abi: priceOracleAbi,
          functionName: "setFeed",
          args: [index, price.feed, price.heartbeat, price.bounds],
        })
      : encodeFunctionData({ abi: priceOracleAbi, functionName: "setPool", args: [index, price.pool, price.quote] }),
  ]);
  if (listing.coinId === BITCOIN) {
    calls.push([fund.vault, encodeFunctionData({ abi: indexVaultAbi, functionName: "nameBitcoin", args: [index] })]);
  }
  if (listing.isListed !== true) {
    const args = [listing.token, listing.coinId, listing.isStable] as const;
    calls.unshift([fund.vault, encodeFunctionData({ abi: indexVaultAbi, functionName: "listAsset", args })]);
  }
  return calls.map(([target, data]) =>
    encodeFunctionData({ abi: delayedAccessManagerAbi, functionName: "execute", args: [target, data] }),
  );
}

async function asAdmin(
  { wallet, reader }: Deployer,
  manager: Address,
  { step, calls }: { readonly step: string; readonly calls: Hex[] },
): Promise<void> {
  const hash = await wallet.writeContract({
    address: manager,
    abi: delayedAccessManagerAbi,
    functionName: "multicall",
    args: [calls],
    gas: TRANSACTION_GAS_CAP,
  });
  await confirm(reader, step, hash);
}

async function confirm(reader: Deployer["reader"], step: string, hash: Hex): Promise<void> {
  const receipt = await reader.waitForTransactionReceipt({ hash });
  if (receipt.status !== "success") throw new DeploymentRevertedError(step, hash);
}

/** The vault gives a new asset the lowest free index. */
export function lowestFree(taken: bigint): number {
  let index = 0;
  while ((taken >> BigInt(index)) & 1n) index++;
  return index;
}
