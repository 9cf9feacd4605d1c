// Turns the file of a network into a fund there that its multisig rules, checked to the last role, delay and limit.
import { join } from "node:path";

import type { Chain, LocalAccount, PublicClient, Transport } from "viem";

import { AppError } from "../../core/errors.ts";
import { ChainIdMismatchError } from "../deployment.ts";
import { PowersDifferError, powersDifferences, powersDifferencesBefore } from "../hand-over.ts";
import type { Network } from "../network.ts";
import { begin } from "./begin.ts";
import { type DeploymentPlan, planDeployment } from "./plan.ts";
import { requireFactory, requireHolders, requireTrialUnits } from "./preconditions.ts";
import { type StepSender, sendSteps } from "./send-steps.ts";
import { stateDifferences } from "./state.ts";

/** What a deployment is made with. */
export type NetworkDeployer = Omit<StepSender, "client" | "folder"> & {
  readonly client: PublicClient<Transport, Chain>;
  readonly account: LocalAccount;
  /** Journal and results go there. */
  readonly folder: string;
  /** Tells several funds of one deployer apart. */
  readonly fund: string;
};

/** A fund that is deployed and handed over. */
export type DeployedNetwork = {
  readonly plan: DeploymentPlan;
  /** The last one before the deployment. */
  readonly fromBlock: bigint;
};

/** Something on chain is not what was planned. */
export class DeploymentDiffersError extends AppError {
  readonly code = "DEPLOYMENT_DIFFERS";
  readonly kind = "chain";
  readonly differences: readonly string[];

  constructor(differences: readonly string[]) {
    super(
      `Expected the chain to show the planned fund, found ${differences.length} differences: ${differences.join("; ")}.`,
    );
    this.differences = differences;
  }
}

/**
 * Deploys, lists, hands over and reads everything back. Called again after any interruption it goes on where it
 * stopped; called again after its end it only reads everything back.
 *
 * @throws ChainIdMismatchError, FactoryMissingError, RoleHolderError, TrialUnitsMissingError, NetworkUnreadyError,
 *   JournalMismatchError or JournalOfOtherDeploymentError before anything is sent.
 * @throws DeployStepError when a transaction fails.
 * @throws PowersDifferError, DeploymentDiffersError when the chain shows something else than was planned; the deployer
 *   keeps its role if it still has it.
 */
export async function deployNetwork(deployer: NetworkDeployer, network: Network): Promise<DeployedNetwork> {
  const { client, account, folder } = deployer;
  const found = await client.getChainId();
  if (found !== network.chainId) throw new ChainIdMismatchError(network.chainId, found);
  const plan = await planDeployment(network, account.address, deployer.fund);
  await requireFactory(client);
  await requireHolders(client, plan);
  const fromBlock = await begin(client, folder, plan);
  const sender = { ...deployer, folder: join(folder, "journal") };
  if (!(await isHandedOver(client, plan))) {
    await requireTrialUnits(client, plan);
    await sendSteps(sender, plan.steps);
    const place = { addresses: plan.addresses, fromBlock };
    const powers = { ...plan.roles, deployer: account.address };
    requireNone(await powersDifferencesBefore(client, place, powers), PowersDifferError);
    requireNone(await stateDifferences({ client, plan }), DeploymentDiffersError);
  }
  await sendSteps(sender, [...plan.steps, plan.renounce]);
  await requireDeployed(client, { plan, fromBlock });
  return { plan, fromBlock };
}

/** @throws PowersDifferError, DeploymentDiffersError when the chain shows anything else than a fund handed over. */
export async function requireDeployed(
  client: PublicClient<Transport, Chain>,
  { plan, fromBlock }: DeployedNetwork,
): Promise<void> {
  requireNone(await powersDifferences(client, { addresses: plan.addresses, fromBlock }, plan.roles), PowersDifferError);
  requireNone(await stateDifferences({ client, plan }), DeploymentDiffersError);
}

function requireNone(
  differences: readonly string[],
  Refusal: new (differences: readonly string[]) => PowersDifferError | DeploymentDiffersError,
): void {
  if (differences.length > 0) throw new Refusal(differences);
}

async function isHandedOver(client: PublicClient, { addresses, creations }: DeploymentPlan): Promise<boolean> {
  const last = creations.at(-1)?.address ?? addresses.vault;
  const code = await client.getCode({ address: last });
  if (code === undefined || code === "0x") return false;
  return client.readContract({
    address: addresses.accessManager,
    abi: [{ type: "function", name: "isHandedOver", inputs: [], outputs: [{ type: "bool" }], stateMutability: "view" }],
    functionName: "isHandedOver",
  });
}
