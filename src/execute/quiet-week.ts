// Turns a week's target and the fund on chain into whether there is anything to do for it.
import { type PlanRequest, planOnChain } from "./rebalance.ts";
import { contractsOf } from "./contracts.ts";

/**
 * True when a fund in stablecoins stays there and a rebalance would change nothing: no trade, no request to strike,
 * nothing under way or pending. Then a level stands for the week's target.
 */
export async function isQuietWeek(request: PlanRequest): Promise<boolean> {
  if (request.target.regime !== "bear") return false;
  const { client, deployment } = request;
  const { registry } = contractsOf(deployment);
  const [regime, pending] = await Promise.all([
    client.readContract({ ...registry, functionName: "regime" }),
    client.readContract({ ...registry, functionName: "pending" }),
  ]);
  if (regime !== 0 || pending.id !== 0n) return false;
  const { state, plan } = await planOnChain(request);
  const { sharesDue, depositsDue } = state.holdings;
  return state.running === undefined && plan.legs.length === 0 && sharesDue === 0n && depositsDue === 0n;
}
