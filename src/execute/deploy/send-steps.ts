// Turns the steps of a deployment into transactions by Hardhat Ignition, which goes on where a killed run stopped.
import { mkdir } from "node:fs/promises";

import { type DeploymentResult, DeploymentResultType, buildModule, deploy, wipe } from "@nomicfoundation/ignition-core";
import type { LocalAccount, PublicClient } from "viem";

import { AppError } from "../../core/errors.ts";
import type { DeployStep } from "./plan.ts";
import { type SigningProvider, signingProvider } from "./provider.ts";
import { noteSigned, recoverJournal } from "./recover.ts";

/** How steps are sent. */
export type StepSender = {
  readonly client: PublicClient;
  readonly account: LocalAccount;
  /** Of the journal. */
  readonly folder: string;
  /** Blocks after which a transaction counts as final. */
  readonly confirmations: number;
  /** {ms} Between two looks at the chain. */
  readonly pollingMs: number;
};

/** The journal is of another deployment than the one asked for. */
export class JournalOfOtherDeploymentError extends AppError {
  readonly code = "JOURNAL_OF_OTHER_DEPLOYMENT";
  readonly kind = "usage";
  readonly folder: string;

  constructor(folder: string, differences: string) {
    super(
      `Expected the journal in ${folder} to be of this deployment, found one that differs: ${differences}. ` +
        "Go on with the network file and the code that it was begun with, or name another fund with --fund.",
    );
    this.folder = folder;
  }
}

/** A step of a deployment failed; nothing after it was sent. */
export class DeployStepError extends AppError {
  readonly code = "DEPLOY_STEP_FAILED";
  readonly kind = "chain";
  override readonly retryable = true;

  constructor(steps: string) {
    super(
      `Expected each step of the deployment to succeed, but ${steps}. Mend the cause, and deploy again: it goes on there.`,
    );
  }
}

/** Ignition prefixes the names of steps with it. */
const MODULE = "Fund";

/**
 * Sends the steps that the journal does not have yet, one after the other.
 *
 * @throws JournalOfOtherDeploymentError when a step that was sent is another one now.
 * @throws DeployStepError when a step fails.
 */
export async function sendSteps(sender: StepSender, steps: readonly DeployStep[]): Promise<void> {
  const { client, account, folder } = sender;
  await mkdir(folder, { recursive: true });
  const provider = signingProvider(client, account, (signed) => noteSigned(folder, signed));
  await recoverJournal(folder, client, provider);
  const first = await runSteps(sender, provider, steps);
  if (first.type !== DeploymentResultType.PREVIOUS_RUN_ERROR) {
    requireSuccess(folder, first);
    return;
  }
  for (const step of Object.keys(first.errors)) await wipe(folder, NO_ARTIFACTS, step);
  requireSuccess(folder, await runSteps(sender, provider, steps));
}

function runSteps(
  { account, folder, confirmations, pollingMs }: StepSender,
  provider: SigningProvider,
  steps: readonly DeployStep[],
): Promise<DeploymentResult> {
  const ignitionModule = buildModule(MODULE, (builder) => {
    let last: ReturnType<typeof builder.send> | undefined;
    for (const { id, to, data } of steps) {
      last = builder.send(id, to, 0n, data, last === undefined ? {} : { after: [last] });
    }
    return {};
  });
  return deploy({
    config: { requiredConfirmations: confirmations, blockPollingInterval: pollingMs },
    artifactResolver: NO_ARTIFACTS,
    provider,
    deploymentDir: folder,
    ignitionModule,
    deploymentParameters: {},
    accounts: [account.address],
  });
}

/** Steps carry their bytes: Ignition never asks for an artifact. */
const NO_ARTIFACTS = {
  loadArtifact: (name: string) => Promise.reject(new TypeError(`artifact ${name} is not needed`)),
  getBuildInfo: () => Promise.resolve(undefined),
};

function requireSuccess(folder: string, result: DeploymentResult): void {
  if (result.type === DeploymentResultType.SUCCESSFUL_DEPLOYMENT) return;
  if (result.type === DeploymentResultType.EXECUTION_ERROR) {
    const failed = result.failed.map(({ futureId, error }) => `${futureId} failed: ${error}`);
    const late = result.timedOut.map(({ futureId }) => `${futureId} was not mined`);
    throw new DeployStepError([...failed, ...late].join("; "));
  }
  const errors = Object.entries(result.errors).map(([id, texts]) => `${id}: ${texts.join(", ")}`);
  if (result.type === DeploymentResultType.RECONCILIATION_ERROR) {
    throw new JournalOfOtherDeploymentError(folder, errors.join("; "));
  }
  throw new DeployStepError(errors.join("; "));
}
