// Turns a planned deployment and a chain into the refusal to begin it, if anything that it needs is not as it must be.
import { type Address, type PublicClient, erc20Abi, isAddressEqual, keccak256 } from "viem";

import { AppError } from "../../core/errors.ts";
import { PROBE_UNITS } from "../deploy.ts";
import type { NetworkAsset } from "../network.ts";
import { isSingleKey } from "../single-key.ts";
import { CREATEX, CREATEX_CODE_HASH } from "./create3.ts";
import type { DeploymentPlan } from "./plan.ts";

/** CreateX is missing on the chain, or something else stands in its place. */
export class FactoryMissingError extends AppError {
  readonly code = "FACTORY_MISSING";
  readonly kind = "chain";

  constructor(found: string) {
    super(
      `Expected the factory CreateX at ${CREATEX}, found ${found}. Its authors' signed transaction creates it on any chain.`,
    );
  }
}

/** A role would go to an account that must not have it. */
export class RoleHolderError extends AppError {
  readonly code = "ROLE_HOLDER";
  readonly kind = "usage";

  constructor(
    role: string,
    address: Address,
    { expected, found }: { readonly expected: string; readonly found: string },
  ) {
    super(`Expected the ${role} to be ${expected}, found ${address}, ${found}. Correct the network's file.`);
  }
}

/** The deployer lacks units of tokens that the vault must try out. */
export class TrialUnitsMissingError extends AppError {
  readonly code = "TRIAL_UNITS_MISSING";
  readonly kind = "usage";

  constructor(deployer: Address, assets: readonly NetworkAsset[]) {
    super(
      `Expected ${deployer} to have ${PROBE_UNITS} units of each token for the vault's trial of it, ` +
        `found too few of ${assets.map(({ symbol, token }) => `${symbol} (${token})`).join(", ")}. Send it some.`,
    );
  }
}

/** @throws FactoryMissingError */
export async function requireFactory(client: PublicClient): Promise<void> {
  const code = await client.getCode({ address: CREATEX });
  if (code === undefined || code === "0x") throw new FactoryMissingError("no code");
  if (keccak256(code) !== CREATEX_CODE_HASH) throw new FactoryMissingError("other code");
}

/** Owner and guardian must be contracts; nobody may be the deployer. @throws RoleHolderError */
export async function requireHolders(client: PublicClient, { roles, deployer }: DeploymentPlan): Promise<void> {
  for (const [role, address] of Object.entries(roles)) {
    if (isAddressEqual(address, deployer)) {
      throw new RoleHolderError(role, address, {
        expected: "another account",
        found: "the deployer, which keeps no role",
      });
    }
  }
  for (const role of ["owner", "guardian"] as const) {
    const code = (await client.getCode({ address: roles[role] })) ?? "0x";
    if (!isSingleKey(code)) continue;
    const found = `an account with a single key${code === "0x" ? "" : " that has delegated"}`;
    throw new RoleHolderError(role, roles[role], { expected: "a multisig", found });
  }
}

/** @throws TrialUnitsMissingError */
export async function requireTrialUnits(
  client: PublicClient,
  { network, addresses, deployer }: DeploymentPlan,
): Promise<void> {
  const balanceOf = (token: Address, owner: Address): Promise<bigint> =>
    client.readContract({ address: token, abi: erc20Abi, functionName: "balanceOf", args: [owner] });
  const short: NetworkAsset[] = [];
  for (const asset of network.assets.slice(2)) {
    const there = await balanceOf(asset.token, addresses.vault);
    if (there < PROBE_UNITS && (await balanceOf(asset.token, deployer)) < PROBE_UNITS) short.push(asset);
  }
  if (short.length > 0) throw new TrialUnitsMissingError(deployer, short);
}
