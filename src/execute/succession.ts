// Turns the wish that another account shall hold a role into the two transactions of the owner that make it so.
import { type Address, type Hex, encodeFunctionData, isAddressEqual } from "viem";

import { delayedAccessManagerAbi } from "../core/abi.ts";
import { AppError } from "../core/errors.ts";
import type { Fund } from "./contracts.ts";
import type { RoleName } from "./guard.ts";
import { ROLE_IDS } from "./role-ids.ts";

/** A role, who has it, and who shall have it. */
export type Succession = { readonly role: RoleName; readonly before: Address; readonly after: Address };

/** What the owner sends; no ether goes with it. */
export type OwnerTransaction = { readonly to: Address; readonly data: Hex };

/** The announcement, and what may be sent once the delay {s} after it is over. */
export type SuccessionPlan = {
  readonly announce: OwnerTransaction;
  readonly carryOut: OwnerTransaction;
  readonly delay: number;
};

/** The accounts are not those that a change of a role is about. */
export class SuccessionError extends AppError {
  readonly code = "SUCCESSION";
  readonly kind = "usage";
}

/** Both transactions go to the access manager, from the owner. @throws SuccessionError before anything is announced. */
export async function planSuccession(fund: Fund, succession: Succession): Promise<SuccessionPlan> {
  const { client, deployment } = fund;
  const manager = { address: deployment.addresses.accessManager, abi: delayedAccessManagerAbi } as const;
  const calls = await successionCalls(fund, succession);
  const delay = await client.readContract({ ...manager, functionName: "ADMIN_DELAY" });
  const scheduled = calls.map((data) =>
    encodeFunctionData({ ...manager, functionName: "schedule", args: [manager.address, data, 0] }),
  );
  const all = (parts: readonly Hex[]): OwnerTransaction => ({
    to: manager.address,
    data: encodeFunctionData({ ...manager, functionName: "multicall", args: [parts] }),
  });
  return { announce: all(scheduled), carryOut: all(calls), delay };
}

/**
 * What the access manager is called with, in order: the new account comes first, so that there is never none.
 *
 * @throws SuccessionError when the accounts are the same, or the new one holds the role already.
 */
export async function successionCalls(
  { client, deployment }: Fund,
  { role, before, after }: Succession,
): Promise<readonly Hex[]> {
  const manager = { address: deployment.addresses.accessManager, abi: delayedAccessManagerAbi } as const;
  const id = ROLE_IDS[role];
  if (isAddressEqual(before, after)) throw new SuccessionError("Expected two accounts, found the same one twice.");
  const [isHeld] = await client.readContract({ ...manager, functionName: "hasRole", args: [id, after] });
  if (isHeld) throw new SuccessionError(`Expected ${after} to be without the ${role} role, found it held.`);
  return [
    encodeFunctionData({ ...manager, functionName: "grantRole", args: [id, after, 0] }),
    encodeFunctionData({ ...manager, functionName: "revokeRole", args: [id, before] }),
  ];
}
