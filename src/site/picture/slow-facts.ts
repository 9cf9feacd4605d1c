// Turns what rarely changes on chain into facts of the page: roles, code, fixed times, the depth of pools.
import { toFloat } from "../../core/units.ts";
import type { Fund } from "../../execute/contracts.ts";
import { readPools } from "../../execute/read-pools.ts";
import { type RoleHolder, fetchRoles } from "../../execute/read-roles.ts";
import { depthUnits } from "../../plan/depth.ts";
import type { RulesAnswer } from "../answers/rules.ts";
import { fetchConstants } from "./code-facts.ts";
import { type Verification, fetchVerification } from "./verification.ts";

/** Read seldom. */
export type SlowFacts = {
  readonly roles: readonly RoleHolder[];
  readonly constants: RulesAnswer["constants"];
  readonly verification: Verification;
  /** {wholeTok} by asset index: what its pool takes before its price falls by 1 %. */
  readonly depths: ReadonlyMap<number, number>;
};

/** {1} */
const MOVE = 0.01;

/** Reads all of it. @param folder Of the deployment, if it has one. */
export async function fetchSlowFacts(fund: Fund, blockNumber: bigint, folder: string | undefined): Promise<SlowFacts> {
  const [roles, constants, verification, depths] = await Promise.all([
    fetchRoles(fund, blockNumber),
    fetchConstants(fund),
    fetchVerification(fund, blockNumber, folder),
    fetchDepths(fund, blockNumber),
  ]);
  return { roles, constants, verification, depths };
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
