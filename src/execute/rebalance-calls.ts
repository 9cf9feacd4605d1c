// Turns legs of a plan into the calls of the rebalancer that carry them out.
import type { PlannedLeg } from "../plan/desk.ts";
import { type Fund, contractsOf } from "./contracts.ts";
import { type Target, chainTarget, chainWeights } from "./publish.ts";
import { type Call, TRANSACTION_GAS_CAP } from "./send.ts";

type Errand = Pick<Fund, "deployment"> & { readonly target: Target };

/** Legs from the position that the chain expects, and how they are sent. */
export type Stretch = {
  readonly legs: readonly PlannedLeg[];
  readonly position: number;
  readonly functionName: "execute" | "executeAndFinish";
};

/** Executes legs, and finishes with them if asked to. */
export function executeCall({ deployment, target }: Errand, { legs, position, functionName }: Stretch): Call {
  const chainLegs = legs.map(({ sold, bought, pool, amount, minimum }) => ({ sold, bought, pool, amount, minimum }));
  return {
    ...contractsOf(deployment).rebalancer,
    functionName,
    args: [chainTarget(target), chainWeights(target.weights), chainLegs, BigInt(position)],
    gas: TRANSACTION_GAS_CAP,
    ...taskOf(target),
    action: `execute target ${target.id}`,
  };
}

/** Finishes without a leg. */
export function finishCall({ deployment, target }: Errand): Call {
  return {
    ...contractsOf(deployment).rebalancer,
    functionName: "finish",
    args: [chainTarget(target), chainWeights(target.weights)],
    gas: TRANSACTION_GAS_CAP,
    ...taskOf(target),
    action: `finish target ${target.id}`,
  };
}

/** All transactions of a rebalance are one task; on the way to stablecoins they may cost more. */
function taskOf({ id, regime }: Target): Pick<Call, "task" | "urgency"> {
  return { task: `rebalance:${id}`, urgency: regime === "bear" ? "exit" : "trade" };
}
