// Turns what rarely changes on chain into facts of the page: roles, code, fixed times, the depth of pools.
import { type Address, type Hex, keccak256 } from "viem";

import { delayedAccessManagerAbi } from "../../core/abi.ts";
import { toFloat } from "../../core/units.ts";
import { type Fund, contractsOf } from "../../execute/contracts.ts";
import { readPools } from "../../execute/read-pools.ts";
import { type RoleHolder, fetchRoles } from "../../execute/read-roles.ts";
import { CAPS } from "../../plan/caps.ts";
import { depthUnits } from "../../plan/depth.ts";
import type { RulesAnswer } from "../answers/rules.ts";

/** Read seldom. */
export type SlowFacts = {
  readonly roles: readonly RoleHolder[];
  readonly constants: RulesAnswer["constants"];
  readonly contracts: readonly { readonly name: string; readonly address: Address; readonly codeHash: Hex | null }[];
  /** {wholeTok} by asset index: what its pool takes before its price falls by 1 %. */
  readonly depths: ReadonlyMap<number, number>;
};

/** {1} */
const MOVE = 0.01;

/** Reads all of it. */
export async function fetchSlowFacts(fund: Fund, blockNumber: bigint): Promise<SlowFacts> {
  const [roles, constants, contracts, depths] = await Promise.all([
    fetchRoles(fund, blockNumber),
    fetchConstants(fund),
    fetchContracts(fund, blockNumber),
    fetchDepths(fund, blockNumber),
  ]);
  return { roles, constants, contracts, depths };
}

async function fetchConstants({ client, deployment }: Fund): Promise<RulesAnswer["constants"]> {
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

async function fetchContracts({ client, deployment }: Fund, blockNumber: bigint): Promise<SlowFacts["contracts"]> {
  const { libraries, ...parts } = deployment.addresses;
  const all = Object.entries({ ...parts, ...libraries });
  return Promise.all(
    all.map(async ([name, address]) => {
      const code = await client.getCode({ address, blockNumber });
      return { name, address, codeHash: code === undefined ? null : keccak256(code) };
    }),
  );
}

async function fetchDepths({ client, deployment }: Fund, blockNumber: bigint): Promise<ReadonlyMap<number, number>> {
  const pooled = deployment.assets.flatMap((asset) =>
    asset.pool === undefined ? [] : [{ ...asset, pool: asset.pool }],
  );
  const pools = await readPools(
    client,
    pooled.map(({ pool }) => pool),
    blockNumber,
  );
  return new Map(
    pooled.flatMap(({ index, token, decimals }, i) => {
      const pool = pools[i];
      if (pool === undefined) return [];
      return [[index, depthUnits(pool, token, MOVE) / 10 ** decimals] as const];
    }),
  );
}

/** {USD} of a depth, with two decimals; null without a price. @param price D18{USD/wholeTok} */
export function depthUsd(depth: number | undefined, price: bigint): string | null {
  if (depth === undefined || price === 0n || !Number.isFinite(depth)) return null;
  return (depth * toFloat(price, 18)).toFixed(2);
}
