// Turns the fund's contracts into what is fixed in their code, and the code's hashes.
import { type Address, type Hex, keccak256 } from "viem";

import { delayedAccessManagerAbi } from "../../core/abi.ts";
import { explorerLink, sourcifyLink } from "../../core/explorer.ts";
import { type Fund, contractsOf } from "../../execute/contracts.ts";
import { CAPS } from "../../plan/caps.ts";
import type { RulesAnswer } from "../answers/rules.ts";

/** A contract of the fund with the code at its address. */
export type FoundCode = {
  /** As the deployment names it. */
  readonly name: string;
  /** As its source names it; for a library both are the same. */
  readonly contract: string;
  readonly address: Address;
  readonly code: Hex | undefined;
};

type ContractJson = RulesAnswer["contracts"][number];

const SOURCE_NAMES: Readonly<Record<string, string>> = {
  accessManager: "DelayedAccessManager",
  oracle: "PriceOracle",
  venue: "UniswapV3Venue",
  registry: "TargetRegistry",
  rebalancer: "Rebalancer",
  vault: "IndexVault",
  lens: "VaultLens",
  gateway: "DepositGateway",
};

/** Times and caps that no role can change. */
export async function fetchConstants({ client, deployment }: Fund): Promise<RulesAnswer["constants"]> {
  const { registry, rebalancer } = contractsOf(deployment);
  const manager = { address: deployment.addresses.accessManager, abi: delayedAccessManagerAbi };
  const [veto, validity, keeper, rebalance, admin] = await Promise.all([
    client.readContract({ ...registry, functionName: "VETO_DELAY" }),
    client.readContract({ ...registry, functionName: "LONGEST_VALIDITY" }),
    client.readContract({ ...rebalancer, functionName: "KEEPER_TIME" }),
    client.readContract({ ...rebalancer, functionName: "REBALANCE_TIME" }),
    client.readContract({ ...manager, functionName: "ADMIN_DELAY" }),
  ]);
  const seconds = (name: string, value: bigint | number, meaning: string): RulesAnswer["constants"][number] => {
    return { name, value: String(value), unit: "s", meaning };
  };
  return [
    seconds("vetoDelay", veto, "a target that leads into the market waits so long for a veto"),
    seconds("longestValidity", validity, "no target can be started later than this after its publication"),
    seconds("keeperTime", keeper, "after that anyone may carry out an exit"),
    seconds("rebalanceTime", rebalance, "afterwards a rebalance only sells, and the next start closes it"),
    seconds("adminDelay", admin, "whatever an admin does was announced so long before"),
    ...Object.entries(CAPS).map(([name, cap]) => {
      return { name: `cap.${name}`, value: String(cap), unit: "ppm", meaning: CAP_WORDS[name as keyof typeof CAPS] };
    }),
  ];
}

const CAP_WORDS: Readonly<Record<keyof typeof CAPS, string>> = {
  bitcoin: "the most of a bull target that bitcoin may be",
  ether: "the most of a bull target that ether may be",
  feed: "the most of a bull target that an asset with a feed may be",
  pool: "the most of a bull target that an asset priced by a pool may be",
  pools: "the most of a bull target that all assets priced by pools may be together",
  young: "the most of a bull target that an asset listed less than 30 days ago may be",
  issuer: "the most of a bear target that one stablecoin may be",
};

/** Every contract of the deployment with its code. */
export async function fetchCodes({ client, deployment }: Fund, blockNumber: bigint): Promise<FoundCode[]> {
  const { libraries, ...parts } = deployment.addresses;
  const all = Object.entries({ ...parts, ...libraries });
  return Promise.all(
    all.map(async ([name, address]) => {
      const code = await client.getCode({ address, blockNumber });
      return { name, contract: SOURCE_NAMES[name] ?? name, address, code };
    }),
  );
}

/** A contract as the view shows it, with the links at which a reader can look himself. */
export function contractJson(
  { name, contract, address, code }: FoundCode,
  known: Pick<ContractJson, "code"> & {
    readonly chainId: number;
    readonly answers: readonly (ContractJson["answers"][number] & Readonly<Record<string, unknown>>)[];
  },
): ContractJson {
  const { chainId } = known;
  return {
    name,
    contract,
    address,
    codeHash: code === undefined ? null : keccak256(code),
    code: known.code,
    answers: known.answers.map(({ service, match, creationMatch, runtimeMatch, url, time }) => {
      return { service, match, creationMatch, runtimeMatch, url, time };
    }),
    links: {
      explorer: explorerLink(chainId, "code", address) ?? null,
      sourcify: sourcifyLink(chainId, address) ?? null,
    },
  };
}
