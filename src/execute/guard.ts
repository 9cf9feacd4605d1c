// Turns what a guardian may do, and what any holder of a role may give up, into the call that does it.
import { delayedAccessManagerAbi } from "../core/abi.ts";
import { AppError, assertNever } from "../core/errors.ts";
import { DAY } from "../core/time.ts";
import { contractsOf } from "./contracts.ts";
import type { Depositor } from "./depositor.ts";
import { ROLE_IDS } from "./role-ids.ts";
import type { Call } from "./send.ts";

/** Who may be named on the chain, besides the owner. */
export type RoleName = keyof typeof ROLE_IDS;

/** Something that makes the fund safer at once. */
export type GuardAction =
  | { readonly kind: "veto" | "agree-exit" }
  | { readonly kind: "pause-deposits" | "pause-buying"; readonly days: number }
  | { readonly kind: "close-asset"; readonly asset: number }
  | { readonly kind: "renounce"; readonly role: RoleName };

/** No target waits for its start. */
export class NothingPendingError extends AppError {
  readonly code = "NOTHING_PENDING";
  readonly kind = "chain";

  constructor() {
    super("Expected a pending target that leads into the market, found none. See `keeper status`.");
  }
}

/** The key does not hold the role that it shall give up. */
export class RoleNotHeldError extends AppError {
  readonly code = "ROLE_NOT_HELD";
  readonly kind = "usage";

  constructor(address: string, role: RoleName) {
    super(`Expected ${address} to hold the ${role} role, found that it does not. Use the key whose role is to end.`);
  }
}

/**
 * The call of an action; the chain is asked for what it is about.
 *
 * @throws NothingPendingError, RoleNotHeldError.
 */
export async function guardCall(guardian: Depositor, action: GuardAction): Promise<Call> {
  const { client, deployment } = guardian;
  const { vault, registry, rebalancer, venue } = contractsOf(deployment);
  switch (action.kind) {
    case "veto": {
      const { id } = await client.readContract({ ...registry, functionName: "pending" });
      if (id === 0n) throw new NothingPendingError();
      return { ...registry, functionName: "veto", args: [id], action: `veto target ${id}` };
    }
    case "agree-exit":
      return { ...rebalancer, functionName: "agreeToExtraExit", args: [], action: "agree to the extra exit budget" };
    case "pause-deposits": {
      const args = [BigInt(action.days * DAY)];
      return { ...vault, functionName: "pauseDeposits", args, action: `pause deposits for ${action.days} days` };
    }
    case "pause-buying": {
      const { timestamp } = await client.getBlock();
      const args = [timestamp + BigInt(action.days * DAY)];
      return { ...venue, functionName: "pauseBuying", args, action: `pause all buying for ${action.days} days` };
    }
    case "close-asset":
      return { ...venue, functionName: "closeAsset", args: [action.asset], action: "stop the buying of the asset" };
    case "renounce":
      return renounce(guardian, action.role);
    default:
      return assertNever(action);
  }
}

/** The manager accepts that anybody gives up a role that he does not hold: nothing happens. */
async function renounce({ client, wallet, deployment }: Depositor, role: RoleName): Promise<Call> {
  const { address } = wallet.account;
  const manager = { address: deployment.addresses.accessManager, abi: delayedAccessManagerAbi };
  const [isMember] = await client.readContract({
    ...manager,
    functionName: "hasRole",
    args: [ROLE_IDS[role], address],
  });
  if (!isMember) throw new RoleNotHeldError(address, role);
  return {
    ...manager,
    functionName: "renounceRole",
    args: [ROLE_IDS[role], address],
    action: `give up the ${role} role`,
  };
}
