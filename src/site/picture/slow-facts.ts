// Turns what rarely changes on chain into facts of the page: roles, code, fixed times, the depth of pools.
import { toFloat } from "../../core/units.ts";
import type { Fund } from "../../execute/contracts.ts";
import { readPools } from "../../execute/read-pools.ts";
import { type RoleHolder, fetchRoles } from "../../execute/read-roles.ts";
import { depthUnits } from "../../plan/depth.ts";
import type { RulesAnswer } from "../answers/rules.ts";
import { type ContractFact, fetchConstants, fetchContracts } from "./code-facts.ts";

/** Read seldom. */
export type SlowFacts = {
  readonly roles: readonly RoleHolder[];
  readonly constants: RulesAnswer["constants"];
  readonly contracts: readonly ContractFact[];
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
