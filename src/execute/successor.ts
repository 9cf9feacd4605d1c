// Turns two deployments into the certainty that people can move from one fund to the other.
import { type Address, type PublicClient, isAddressEqual } from "viem";

import { delayedAccessManagerAbi, depositGatewayAbi, indexVaultAbi, rebalancerAbi } from "../core/abi.ts";
import { AppError } from "../core/errors.ts";
import { type Fund, contractsOf } from "./contracts.ts";
import type { Deployment } from "./deployment.ts";
import { fetchCosts } from "./read-costs.ts";
import { requireAssets } from "./require-assets.ts";

/** Nobody can move to the fund that was named. */
export class SuccessorError extends AppError {
  readonly code = "SUCCESSOR";
  readonly kind = "usage";
}

/**
 * Checks that a fund could follow another: another one on the same chain, complete, handed over, of the same deposit
 * coin.
 *
 * @throws SuccessorError that says what is wrong with it, AssetMismatchError when its file is not of its vault.
 */
export async function requireSuccessor({ client, deployment: old }: Fund, next: Deployment): Promise<void> {
  if (next.chainId !== old.chainId) {
    throw new SuccessorError(
      `Expected both funds on one chain, found the old one on ${old.chainId} and the new one on ${next.chainId}. ` +
        "Name the new fund of the same chain with --to.",
    );
  }
  if (isAddressEqual(next.addresses.vault, old.addresses.vault)) {
    throw new SuccessorError(`Expected two funds, found the vault ${old.addresses.vault} twice. Name the new one.`);
  }
  await requireCode(client, next);
  await requireSameCoin(client, [old, next]);
  await requireOwnParts(client, next);
  await requireAssets({ client, deployment: next });
}

async function requireSameCoin(client: PublicClient, funds: readonly Deployment[]): Promise<void> {
  const [before, after] = await Promise.all(
    funds.map((deployment) => client.readContract({ ...contractsOf(deployment).vault, functionName: "asset" })),
  );
  if (before !== undefined && after !== undefined && isAddressEqual(before, after)) return;
  throw new SuccessorError(
    `Expected both funds to take the same deposit coin, found ${before} in the old one and ${after} in the new one. ` +
      "Name a fund of the old one's coin with --to.",
  );
}

/**
 * Checks that a fund takes a deposit now.
 *
 * @param assets {tok} Of the deposit coin that are to be deposited, as far as it is known.
 * @throws SuccessorError when it is closed, full or paused.
 */
export async function requireOpen({ client, deployment }: Fund, assets = 1n): Promise<void> {
  const { vault } = deployment.addresses;
  const { number, timestamp } = await client.getBlock();
  const { cap, depositsPausedUntil: until } = (await fetchCosts({ client, deployment }, number, [])).costs;
  if (cap?.limit === 0n) {
    throw new SuccessorError(
      `Expected a new fund that takes deposits, found ${vault} closed to them. Its owner can announce a higher cap; ` +
        "or name another fund with --to.",
    );
  }
  if (cap !== undefined && cap.room < assets) {
    const found = `found room for ${cap.room} in ${vault}. Its owner can raise the cap.`;
    throw new SuccessorError(
      `Expected room for ${assets} units of the deposit coin under the new fund's cap, ${found}`,
    );
  }
  if (until !== undefined && until > Number(timestamp)) {
    const time = new Date(until * 1000).toISOString();
    throw new SuccessorError(
      `Expected a new fund that takes deposits, found them paused in ${vault} until ${time}. Wait.`,
    );
  }
}

async function requireCode(client: PublicClient, { addresses }: Deployment): Promise<void> {
  const { libraries, ...contracts } = addresses;
  const all = Object.entries<Address>({ ...libraries, ...contracts });
  const codes = await Promise.all(all.map(([, address]) => client.getCode({ address })));
  const missing = all.filter((_, i) => (codes[i] ?? "0x") === "0x").map(([name]) => name);
  if (missing.length > 0) {
    throw new SuccessorError(
      `Expected a fund that is wholly deployed, found no code of its ${missing.join(", ")}. Finish \`deploy\` first.`,
    );
  }
}

/** The contracts belong to each other, and nobody who deployed them has a role any more. */
async function requireOwnParts(client: PublicClient, { addresses }: Deployment): Promise<void> {
  const vault = { address: addresses.vault, abi: indexVaultAbi };
  const gateway = { address: addresses.gateway, abi: depositGatewayAbi };
  const rebalancer = { address: addresses.rebalancer, abi: rebalancerAbi };
  const manager = { address: addresses.accessManager, abi: delayedAccessManagerAbi };
  const [ofGateway, ofRebalancer, found, authority, isHandedOver] = await Promise.all([
    client.readContract({ ...gateway, functionName: "VAULT" }),
    client.readContract({ ...rebalancer, functionName: "VAULT" }),
    client.readContract({ ...vault, functionName: "REBALANCER" }),
    client.readContract({ ...vault, functionName: "authority" }),
    client.readContract({ ...manager, functionName: "isHandedOver" }),
  ]);
  const pairs = [
    ["gateway's vault", ofGateway, addresses.vault],
    ["rebalancer's vault", ofRebalancer, addresses.vault],
    ["vault's rebalancer", found, addresses.rebalancer],
    ["vault's access manager", authority, addresses.accessManager],
  ] as const;
  const [foreign] = pairs.filter(([, one, other]) => !isAddressEqual(one, other));
  if (foreign !== undefined) {
    const [name, one, other] = foreign;
    throw new SuccessorError(`Expected the new fund's ${name} to be ${other} as its file says, found ${one}.`);
  }
  if (isHandedOver) return;
  throw new SuccessorError(
    `Expected a fund that was handed over to its multisig, found ${addresses.vault}, whose deployer still rules it. ` +
      "Finish `deploy` first.",
  );
}
