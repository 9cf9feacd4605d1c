// Turns the access manager's log and answers into who has which role now.
import { type AbiEvent, type Address, getAbiItem } from "viem";

import { delayedAccessManagerAbi } from "../core/abi.ts";
import type { Fund } from "./contracts.ts";
import { readLogs } from "./logs.ts";
import { ROLE_IDS } from "./role-ids.ts";

/** An account with a role. */
export type RoleHolder = {
  readonly role: string;
  readonly account: Address;
  readonly delay: number; // {s} between announcing and doing
  readonly since: number; // {s}
  readonly hasCode: boolean;
};

type Granted = { readonly args: { readonly roleId: bigint; readonly account: Address } };

/** Every account that has a role, by role; one that will get it later has a time in the future. */
export async function fetchRoles({ client, deployment }: Fund, blockNumber: bigint): Promise<RoleHolder[]> {
  const { accessManager } = deployment.addresses;
  const manager = { address: accessManager, abi: delayedAccessManagerAbi };
  const events = [getAbiItem({ abi: delayedAccessManagerAbi, name: "RoleGranted" }) as AbiEvent];
  // The manager is older than the vault, whose block the deployment states: it is asked from the first block on.
  const range = { address: accessManager, fromBlock: firstBlockOf(deployment.block), toBlock: blockNumber };
  const granted = (await readLogs(client, { ...range, events })) as unknown as readonly Granted[];
  const pairs = new Map(granted.map(({ args }) => [`${args.roleId} ${args.account}`, args] as const));
  const found = await Promise.all(
    [...pairs.values()].map(async ({ roleId, account }): Promise<RoleHolder> => {
      const read = { ...manager, functionName: "getAccess", args: [roleId, account], blockNumber } as const;
      const [[since, delay], code] = await Promise.all([
        client.readContract(read),
        client.getCode({ address: account, blockNumber }),
      ]);
      return { role: nameOf(roleId), account, delay, since, hasCode: code !== undefined };
    }),
  );
  return found.filter(({ since }) => since > 0).sort((a, b) => a.role.localeCompare(b.role));
}

/** {block} The contracts of one deployment are created within so many blocks. */
const DEPLOYMENT_SPAN = 5000;

function firstBlockOf(vaultBlock: number): bigint {
  return BigInt(Math.max(0, vaultBlock - DEPLOYMENT_SPAN));
}

function nameOf(id: bigint): string {
  if (id === 0n) return "admin";
  return Object.entries(ROLE_IDS).find(([, value]) => value === id)?.[0] ?? `role ${id}`;
}
