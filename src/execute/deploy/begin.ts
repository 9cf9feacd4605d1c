// Turns the folder of a deployment into where it began, and refuses one that does not belong to plan and chain.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Hex, PublicClient } from "viem";
import { z } from "zod";

import { canonicalHash } from "../../core/canonical-json.ts";
import { AppError } from "../../core/errors.ts";
import type { DeploymentPlan } from "./plan.ts";
import { JournalOfOtherDeploymentError } from "./send-steps.ts";

/** Contracts of the deployment are on the chain, but its journal is not in the folder, or is of an earlier chain. */
export class JournalMismatchError extends AppError {
  readonly code = "JOURNAL_MISMATCH";
  readonly kind = "chain";

  constructor(expected: string, found: string, advice: string) {
    super(`Expected ${expected}, found ${found}. ${advice}`);
  }
}

const BEGUN = "begun.json";
const begunSchema = z.strictObject({
  chainId: z.int(),
  /** The last one before the deployment. */
  block: z.int(),
  /** Of everything that is sent. */
  planHash: z.string(),
});
/**
 * Notes in a folder where a deployment begins, or finds the note.
 *
 * @returns The last block before the deployment.
 * @throws JournalMismatchError, JournalOfOtherDeploymentError when folder and chain do not belong together.
 */
export async function begin(client: PublicClient, folder: string, plan: DeploymentPlan): Promise<bigint> {
  const planHash = hashOf(plan);
  const begun = await readBegun(folder);
  const address = plan.creations[0]?.address ?? plan.addresses.vault;
  const code = await client.getCode({ address });
  const isThere = code !== undefined && code !== "0x";
  if (begun === undefined) {
    if (isThere) {
      const advice = "Put the journal back, or name another fund with --fund.";
      throw new JournalMismatchError(
        `the journal of this deployment in ${folder}`,
        `none, and a contract at ${address}`,
        advice,
      );
    }
    const block = Number(await client.getBlockNumber());
    await mkdir(folder, { recursive: true });
    await writeFile(
      join(folder, BEGUN),
      `${JSON.stringify({ chainId: plan.network.chainId, block, planHash }, null, 2)}\n`,
    );
    return BigInt(block);
  }
  if (begun.chainId !== plan.network.chainId) {
    throw new JournalOfOtherDeploymentError(folder, `it is of chain ${begun.chainId}`);
  }
  if (begun.planHash !== planHash) {
    throw new JournalOfOtherDeploymentError(
      folder,
      "network file, roles, deployer or code are not those it was begun with",
    );
  }
  if (!isThere && (await hasConfirmed(folder))) {
    const advice = "The chain was begun anew: remove the folder, or name the node of the chain that it is about.";
    throw new JournalMismatchError(`a contract at ${address}, as the journal in ${folder} says`, "none", advice);
  }
  return BigInt(begun.block);
}

/** Of everything that is sent. */
function hashOf({ steps, renounce }: DeploymentPlan): Hex {
  return canonicalHash([...steps, renounce].map(({ id, to, data }) => ({ id, to, data })));
}

async function readBegun(folder: string): Promise<z.infer<typeof begunSchema> | undefined> {
  const text = await textOf(join(folder, BEGUN));
  return text === undefined ? undefined : begunSchema.parse(JSON.parse(text));
}

/** Whether the journal says that a transaction was confirmed. */
async function hasConfirmed(folder: string): Promise<boolean> {
  const text = await textOf(join(folder, "journal", "journal.jsonl"));
  return text?.includes('"TRANSACTION_CONFIRM"') ?? false;
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === "ENOENT") return undefined;
    throw error;
  }
}
