// Turns the file of a network into the transactions that put a fund there, in order, and the addresses it will have.
import { type Address, type Hex, encodeFunctionData, parseAbi, zeroAddress } from "viem";

import { delayedAccessManagerAbi } from "../../core/abi.ts";
import { AppError } from "../../core/errors.ts";
import { type ContractName, initCode } from "../artifacts.ts";
import { type FundAddresses, LIBRARIES, type Listing, PROBE_UNITS, listingCalls } from "../deploy.ts";
import type { Deployment } from "../deployment.ts";
import { type Network, type NetworkAsset, type NetworkRoles, boundsOf, cashOf, wethOf } from "../network.ts";
import { ROLE_IDS } from "../role-ids.ts";
import { CREATEX, create3Address, create3Call } from "./create3.ts";

/** One transaction of a deployment. */
export type DeployStep = {
  /** Letters, digits and underscores. */
  readonly id: string;
  readonly to: Address;
  readonly data: Hex;
};

/** A contract of the fund. */
export type Creation = {
  readonly contract: ContractName;
  readonly address: Address;
  /** Constructor arguments. */
  readonly args: readonly string[];
};

/** Everything that a deployment sends, and what is there afterwards. */
export type DeploymentPlan = {
  readonly network: Network;
  readonly roles: NetworkRoles;
  readonly deployer: Address;
  readonly addresses: FundAddresses;
  readonly creations: readonly Creation[];
  /** Up to the owner's role; afterwards the deployer is still an admin. */
  readonly steps: readonly DeployStep[];
  /** Gives up the deployer's own role. */
  readonly renounce: DeployStep;
};

/** A network cannot be deployed from as its file stands. */
export class NetworkUnreadyError extends AppError {
  readonly code = "NETWORK_UNREADY";
  readonly kind = "usage";

  constructor(network: Network, found: string, advice: string) {
    super(`Expected a file of ${network.title} from which a fund can be deployed, found ${found}. ${advice}`);
  }
}

const TOKEN_ABI = parseAbi(["function transfer(address to, uint256 amount)"]);
/** Listing one asset takes about 600 k gas: well below the cap of a transaction. */
const LISTINGS_PER_STEP = 16;
const ADMIN = 0n;
/** {s} As in DelayedAccessManager.sol. */
const ADMIN_DELAY = 777_600;
/** Index of the assets that price a pool. */
const QUOTE_INDEX = { cash: 0, weth: 1 } as const;
const FRAME = 2;

/**
 * The transactions of a deployment. The same network, deployer and fund give the same addresses on every chain.
 *
 * @param fund Tells several funds of one deployer apart.
 * @throws NetworkUnreadyError when nobody is named for a role, or pools were never seen on the chain.
 */
export async function planDeployment(network: Network, deployer: Address, fund: string): Promise<DeploymentPlan> {
  const roles = requireReady(network);
  const addresses = addressesOf(deployer, fund);
  const creations = creationsOf(network, addresses, deployer);
  const creating = await Promise.all(
    creations.map(async ({ contract, args }): Promise<DeployStep> => {
      const code = await initCode(contract, args, addresses.libraries);
      return { id: `create_${contract}`, to: CREATEX, data: create3Call(deployer, { fund, contract }, code) };
    }),
  );
  const steps = [
    ...creating,
    rolesStep(addresses, roles),
    ...network.assets.slice(FRAME).map((asset) => probeStep(addresses, asset)),
    ...listingSteps(addresses, network),
    ownerStep(addresses, roles),
  ];
  const args = [ADMIN, deployer] as const;
  const data = encodeFunctionData({ abi: delayedAccessManagerAbi, functionName: "renounceRole", args });
  const renounce = { id: "renounce", to: addresses.accessManager, data };
  return { network, roles, deployer, addresses, creations, steps, renounce };
}

/** Where the fund will be, in the form that every command reads. */
export function deploymentOf({ network, addresses }: DeploymentPlan, block: number): Deployment {
  return {
    chainId: network.chainId,
    block,
    addresses,
    assets: network.assets.map(({ coinId, symbol, token, decimals, isStable, pools }, index) => {
      const [main, ...others] = pools.map(({ address }) => address);
      return {
        index,
        coinId,
        symbol,
        token,
        decimals,
        isStable,
        ...(main === undefined ? {} : { pool: main }),
        ...(others.length === 0 ? {} : { otherPools: others }),
      };
    }),
  };
}

function requireReady(network: Network): NetworkRoles {
  const { roles, assets } = network;
  if (roles === undefined) {
    throw new NetworkUnreadyError(network, "no roles", "Name owner, guardian, keeper and signer in it.");
  }
  const unseen = assets.filter(({ pools }) => pools.some(({ evidence }) => evidence !== "chain"));
  if (unseen.length > 0) {
    const found = `pools of ${unseen.map(({ coinId }) => coinId).join(", ")} that nobody has seen on the chain`;
    throw new NetworkUnreadyError(network, found, "Confirm it by `networks check --write FILE`, and deploy from FILE.");
  }
  return roles;
}

function addressesOf(deployer: Address, fund: string): FundAddresses {
  const at = (contract: ContractName): Address => create3Address(deployer, { fund, contract });
  return {
    libraries: Object.fromEntries(LIBRARIES.map((name) => [name, at(name)])),
    accessManager: at("DelayedAccessManager"),
    oracle: at("PriceOracle"),
    venue: at("UniswapV3Venue"),
    registry: at("TargetRegistry"),
    rebalancer: at("Rebalancer"),
    vault: at("IndexVault"),
    lens: at("VaultLens"),
    gateway: at("DepositGateway"),
  };
}

/** In the order of creation: the vault's constructor asks the four that name it. */
function creationsOf(network: Network, fund: FundAddresses, deployer: Address): Creation[] {
  const { accessManager, vault, oracle, venue, registry, rebalancer } = fund;
  const [cash, weth] = [cashOf(network).token, wethOf(network).token];
  return [
    ...LIBRARIES.map((contract): Creation => ({
      contract,
      address: fund.libraries[contract] ?? zeroAddress,
      args: [],
    })),
    { contract: "DelayedAccessManager", address: accessManager, args: [deployer] },
    {
      contract: "PriceOracle",
      address: oracle,
      args: [accessManager, vault, network.sequencer?.address ?? zeroAddress],
    },
    { contract: "UniswapV3Venue", address: venue, args: [accessManager, vault, network.factory.address] },
    { contract: "TargetRegistry", address: registry, args: [accessManager, vault, rebalancer, oracle] },
    { contract: "Rebalancer", address: rebalancer, args: [accessManager, registry, oracle, venue] },
    { contract: "IndexVault", address: vault, args: [accessManager, cash, weth, rebalancer, oracle, venue] },
    { contract: "VaultLens", address: fund.lens, args: [vault, rebalancer, oracle] },
    { contract: "DepositGateway", address: fund.gateway, args: [vault, rebalancer] },
  ];
}

function rolesStep({ accessManager }: FundAddresses, roles: NetworkRoles): DeployStep {
  const calls = Object.entries(ROLE_IDS).map(([role, id]) => grantCall(id, roles[role as keyof typeof ROLE_IDS], 0));
  return multicall("grant_roles", accessManager, calls);
}

/** Some units of the token, for the vault's trial of it. */
function probeStep({ vault }: FundAddresses, { token, coinId }: NetworkAsset): DeployStep {
  const data = encodeFunctionData({ abi: TOKEN_ABI, functionName: "transfer", args: [vault, PROBE_UNITS] });
  return { id: `trial_units_${coinId.replaceAll(/[^A-Za-z0-9]/g, "_")}`, to: token, data };
}

function listingSteps(fund: FundAddresses, { assets }: Network): DeployStep[] {
  const count = Math.ceil(assets.length / LISTINGS_PER_STEP);
  return Array.from({ length: count }, (_, part) => {
    const from = part * LISTINGS_PER_STEP;
    const calls = assets
      .slice(from, from + LISTINGS_PER_STEP)
      .flatMap((asset, i) => listingCalls(fund, listingOf(asset, from + i), from + i));
    return multicall(`list_assets_${part + 1}`, fund.accessManager, calls);
  });
}

/** An asset as it is listed; the first two are listed by the vault itself. */
export function listingOf({ token, coinId, isStable, feed, pools }: NetworkAsset, index: number): Listing {
  const [main] = pools;
  return {
    token,
    coinId,
    isStable,
    isListed: index < FRAME,
    price:
      feed === undefined
        ? { kind: "pool", pool: main?.address ?? zeroAddress, quote: QUOTE_INDEX[main?.quote ?? "cash"] }
        : { kind: "feed", feed: feed.address, heartbeat: feed.heartbeat, bounds: boundsOf(feed) },
    pools: pools.map(({ address }) => address),
  };
}

function ownerStep({ accessManager }: FundAddresses, { owner }: NetworkRoles): DeployStep {
  const labels = Object.entries(ROLE_IDS).map(([label, id]) =>
    encodeFunctionData({ abi: delayedAccessManagerAbi, functionName: "labelRole", args: [id, label] }),
  );
  return multicall("grant_owner", accessManager, [grantCall(ADMIN, owner, ADMIN_DELAY), ...labels]);
}

function grantCall(role: bigint, account: Address, delay: number): Hex {
  return encodeFunctionData({ abi: delayedAccessManagerAbi, functionName: "grantRole", args: [role, account, delay] });
}

function multicall(id: string, manager: Address, calls: readonly Hex[]): DeployStep {
  const data = encodeFunctionData({ abi: delayedAccessManagerAbi, functionName: "multicall", args: [[...calls]] });
  return { id, to: manager, data };
}
