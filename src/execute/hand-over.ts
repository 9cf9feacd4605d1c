// Turns a fund that its deployer rules alone into one whose only admin is its owner, who must announce all it does.
import { type AbiEvent, type Address, encodeFunctionData, getAbiItem, isAddressEqual } from "viem";

import { delayedAccessManagerAbi, indexVaultAbi } from "../core/abi.ts";
import { AppError } from "../core/errors.ts";
import { type Deployer, DeploymentRevertedError, type FundAddresses, type Roles } from "./deploy.ts";
import { readLogs } from "./logs.ts";
import { ROLE_IDS } from "./role-ids.ts";

/** Who shall rule the fund. */
export type Powers = Roles & {
  /** The multisig: the only admin. */
  readonly owner: Address;
};

/** A fund and where its story begins. */
export type HandOver = {
  readonly addresses: FundAddresses;
  /** Block of the first contract, or an earlier one. */
  readonly fromBlock: bigint;
};

type Manager = { readonly address: Address; readonly abi: typeof delayedAccessManagerAbi };

const ADMIN = 0n;
/** Contracts that ask the manager. */
const MANAGED = [
  "vault",
  "oracle",
  "venue",
  "registry",
  "rebalancer",
] as const satisfies readonly (keyof FundAddresses)[];
/** What an admin may have changed beside who has which role; nothing of it may have happened. */
const CHANGES = [
  "RoleAdminChanged",
  "RoleGuardianChanged",
  "RoleGrantDelayChanged",
  "TargetFunctionRoleUpdated",
  "TargetAdminDelayUpdated",
  "TargetClosed",
  "OperationScheduled",
] as const;

/** Roles, delays or authorities on chain are not what they should be. */
export class PowersDifferError extends AppError {
  readonly code = "POWERS_DIFFER";
  readonly kind = "chain";
  readonly differences: readonly string[];

  constructor(differences: readonly string[]) {
    super(
      `Expected the powers that were asked for, found ${differences.length} differences: ${differences.join("; ")}.`,
    );
    this.differences = differences;
  }
}

/**
 * Makes the owner admin with the delay that the manager demands, reads every role and delay back, and only then gives
 * up the deployer's own role; then reads everything back once more.
 *
 * @throws PowersDifferError when something on chain differs; before the deployer has given up, it can still be mended.
 * @throws DeploymentRevertedError when a transaction fails.
 */
export async function handOver(deployer: Deployer, fund: HandOver, powers: Powers): Promise<void> {
  const { reader, wallet } = deployer;
  const manager = { address: fund.addresses.accessManager, abi: delayedAccessManagerAbi };
  const self = wallet.account.address;
  const delay = await reader.readContract({ ...manager, functionName: "ADMIN_DELAY" });

  const grant = encodeFunctionData({ ...manager, functionName: "grantRole", args: [ADMIN, powers.owner, delay] });
  const labels = Object.entries(ROLE_IDS).map(([label, id]) =>
    encodeFunctionData({ ...manager, functionName: "labelRole", args: [id, label] }),
  );
  const granted = await wallet.writeContract({ ...manager, functionName: "multicall", args: [[grant, ...labels]] });
  await confirm(reader, "the owner's role", granted);
  await requirePowers(deployer, fund, [...expectedRoles(powers, delay), roleWords(ADMIN, self, 0)]);

  const renounced = await wallet.writeContract({ ...manager, functionName: "renounceRole", args: [ADMIN, self] });
  await confirm(reader, "giving up the deployer's role", renounced);
  await requirePowers(deployer, fund, expectedRoles(powers, delay));
}

/**
 * What differs between the powers on chain and those of a fund that was handed over; empty when nothing does.
 *
 * Anybody can ask: the manager tells who has a role only when asked for an account, so that all accounts that were
 * ever given one are read from its log.
 */
export async function powersDifferences(
  reader: Deployer["reader"],
  fund: HandOver,
  powers: Powers,
): Promise<readonly string[]> {
  const manager = { address: fund.addresses.accessManager, abi: delayedAccessManagerAbi };
  const delay = await reader.readContract({ ...manager, functionName: "ADMIN_DELAY" });
  return differences(reader, fund, expectedRoles(powers, delay));
}

/** As {@link powersDifferences} of a fund whose deployer has made the owner admin and not given up its own role yet. */
export async function powersDifferencesBefore(
  reader: Deployer["reader"],
  fund: HandOver,
  { deployer, ...powers }: Powers & { readonly deployer: Address },
): Promise<readonly string[]> {
  const manager = { address: fund.addresses.accessManager, abi: delayedAccessManagerAbi };
  const delay = await reader.readContract({ ...manager, functionName: "ADMIN_DELAY" });
  return differences(reader, fund, [...expectedRoles(powers, delay), roleWords(ADMIN, deployer, 0)]);
}

/** Every role as the chain shows it, a line each: who has it, and the delay with which it acts. */
export async function readPowers(reader: Deployer["reader"], fund: HandOver): Promise<readonly string[]> {
  const manager = { address: fund.addresses.accessManager, abi: delayedAccessManagerAbi };
  return presentRoles(reader, manager, fund.fromBlock);
}

async function requirePowers({ reader }: Deployer, fund: HandOver, expected: readonly string[]): Promise<void> {
  const found = await differences(reader, fund, expected);
  if (found.length > 0) throw new PowersDifferError(found);
}

function expectedRoles(powers: Powers, delay: number): string[] {
  const named = Object.entries(ROLE_IDS).map(([role, id]) => roleWords(id, powers[role as keyof Roles], 0));
  return [roleWords(ADMIN, powers.owner, delay), ...named];
}

async function differences(
  reader: Deployer["reader"],
  fund: HandOver,
  expected: readonly string[],
): Promise<readonly string[]> {
  const manager: Manager = { address: fund.addresses.accessManager, abi: delayedAccessManagerAbi };
  const found = await presentRoles(reader, manager, fund.fromBlock);
  return [
    ...expected.filter((role) => !found.includes(role)).map((role) => `missing: ${role}`),
    ...found.filter((role) => !expected.includes(role)).map((role) => `too many: ${role}`),
    ...(await otherChanges(reader, manager, fund.fromBlock)),
    ...(await otherAuthorities(reader, fund.addresses)),
  ];
}

/** Every account that has, or is about to get, a role. */
async function presentRoles(reader: Deployer["reader"], manager: Manager, fromBlock: bigint): Promise<string[]> {
  const granted = await eventsOf(reader, manager, { names: ["RoleGranted"], fromBlock });
  const pairs = new Map(granted.map(({ args }) => [`${args.roleId} ${args.account}`, args] as const));
  const roles: string[] = [];
  for (const { roleId, account } of pairs.values()) {
    const [since, delay, pendingDelay, effect] = await reader.readContract({
      ...manager,
      functionName: "getAccess",
      args: [roleId, account],
    });
    if (since === 0) continue;
    const change = effect === 0 ? "" : `, from ${effect} on ${pendingDelay} s`;
    roles.push(`${roleWords(roleId, account, delay)}${change}`);
  }
  return roles;
}

async function otherChanges(reader: Deployer["reader"], manager: Manager, fromBlock: bigint): Promise<string[]> {
  const changes = await eventsOf(reader, manager, { names: CHANGES, fromBlock });
  return changes.map(({ eventName, blockNumber }) => `${eventName} in block ${blockNumber}`);
}

async function otherAuthorities(reader: Deployer["reader"], addresses: FundAddresses): Promise<string[]> {
  const found: string[] = [];
  for (const name of MANAGED) {
    const contract = { address: addresses[name], abi: indexVaultAbi };
    const authority = await reader.readContract({ ...contract, functionName: "authority" });
    if (!isAddressEqual(authority, addresses.accessManager)) found.push(`${name} asks ${authority}`);
  }
  return found;
}

type ManagerEvent = {
  readonly eventName: string;
  readonly blockNumber: bigint;
  readonly args: { readonly roleId: bigint; readonly account: Address };
};

async function eventsOf(
  reader: Deployer["reader"],
  { address, abi }: Manager,
  {
    names,
    fromBlock,
  }: { readonly names: readonly ((typeof CHANGES)[number] | "RoleGranted")[]; readonly fromBlock: bigint },
): Promise<ManagerEvent[]> {
  const events = names.map((name) => getAbiItem({ abi, name }) as AbiEvent);
  const toBlock = await reader.getBlockNumber();
  return (await readLogs(reader, { address, events, fromBlock, toBlock })) as unknown as ManagerEvent[];
}

function roleWords(id: bigint, account: Address, delay: number): string {
  const name =
    id === ADMIN ? "admin" : (Object.entries(ROLE_IDS).find(([, value]) => value === id)?.[0] ?? `role ${id}`);
  return `${name} ${account.toLowerCase()} with a delay of ${delay} s`;
}

async function confirm(reader: Deployer["reader"], step: string, hash: `0x${string}`): Promise<void> {
  const receipt = await reader.waitForTransactionReceipt({ hash });
  if (receipt.status !== "success") throw new DeploymentRevertedError(step, hash);
}
