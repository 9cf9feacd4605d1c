// Turns a target and a key into a refusal, when that key could not carry the target out.
import { delayedAccessManagerAbi } from "../core/abi.ts";
import type { Depositor } from "./depositor.ts";
import { RoleMissingError } from "./errors.ts";
import type { Target } from "./publish.ts";

/** The keeper's number in FundConstants.sol. */
const KEEPER_ROLE = 1n;

/**
 * Checks the key's role before anything is planned. What leads into stablecoins passes: anyone may carry out an exit
 * that was left alone, and the simulation before sending decides.
 *
 * @throws RoleMissingError when the key does not hold the keeper role.
 */
export async function requireKeeper(
  { client, wallet, deployment }: Depositor,
  { regime }: Pick<Target, "regime">,
): Promise<void> {
  if (regime === "bear") return;
  const { address } = wallet.account;
  const manager = { address: deployment.addresses.accessManager, abi: delayedAccessManagerAbi };
  const [isKeeper] = await client.readContract({ ...manager, functionName: "hasRole", args: [KEEPER_ROLE, address] });
  if (isKeeper) return;
  throw new RoleMissingError(
    "carry out the rebalance",
    { name: "RoleMissing", args: [address, KEEPER_ROLE] },
    undefined,
  );
}
