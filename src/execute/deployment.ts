// Turns the JSON file of a deployment into the addresses of a fund, checked against the chain it is used on.
import { readFile, writeFile } from "node:fs/promises";

import { type Address, type PublicClient, isAddress } from "viem";
import { z } from "zod";

import { AppError } from "../core/errors.ts";
import { visibleName } from "../core/visible-text.ts";

const addressSchema = z.custom<Address>((value) => typeof value === "string" && isAddress(value, { strict: false }), {
  error: "must be an address: 0x and 40 hexadecimal digits",
});

/** Schema of {@link Deployment}. */
export const deploymentSchema = z.strictObject({
  chainId: z.int().positive(),
  /** Block in which the vault was created. */
  block: z.int().min(0),
  addresses: z.strictObject({
    /** Of the linked libraries, by name. */
    libraries: z.record(z.string(), addressSchema),
    accessManager: addressSchema,
    oracle: addressSchema,
    venue: addressSchema,
    registry: addressSchema,
    rebalancer: addressSchema,
    vault: addressSchema,
    lens: addressSchema,
    gateway: addressSchema,
  }),
  assets: z.array(
    z.strictObject({
      index: z.int().min(0).max(254),
      coinId: visibleName,
      symbol: visibleName,
      token: addressSchema,
      decimals: z.int().min(0).max(27),
      isStable: z.boolean(),
      /** The listed pool on which it is traded; none for the deposit coin. */
      pool: addressSchema.optional(),
      /** Further listed pools of it, of other fee tiers or against the other of deposit coin and wrapped ether. */
      otherPools: z.array(addressSchema).optional(),
    }),
  ),
});

/** Where a fund is. */
export type Deployment = z.infer<typeof deploymentSchema>;
/** A listed asset and its pool. */
export type DeployedAsset = Deployment["assets"][number];

/** The node serves another chain than the one that the fund is on. */
export class ChainIdMismatchError extends AppError {
  readonly code = "CHAIN_ID_MISMATCH";
  readonly kind = "chain";
  readonly expected: number;
  readonly found: number;

  constructor(expected: number, found: number) {
    super(
      `Expected a node of chain ${expected}, on which the fund is deployed, found one of chain ${found}. ` +
        "Point to a node of that chain, or name the deployment file of this one.",
    );
    this.expected = expected;
    this.found = found;
  }
}

/** The deployment file is missing or is not one. */
export class DeploymentUnreadableError extends AppError {
  readonly code = "DEPLOYMENT_UNREADABLE";
  readonly kind = "usage";
  readonly path: string;

  constructor(path: string, found: string, cause: unknown) {
    super(
      `Expected a deployment file at ${path}, found ${found}. Deploy first, name another file, or look whether the address of the node is right.`,
      { cause },
    );
    this.path = path;
  }
}

/** @throws DeploymentUnreadableError when there is no such file or its content is not a deployment. */
export async function readDeployment(path: string): Promise<Deployment> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    const isMissing = (cause as { readonly code?: unknown }).code === "ENOENT";
    throw new DeploymentUnreadableError(path, isMissing ? "none" : "text that is not JSON", cause);
  }
  const parsed = deploymentSchema.safeParse(content);
  if (!parsed.success) {
    throw new DeploymentUnreadableError(path, `what is not one: ${z.prettifyError(parsed.error)}`, parsed.error);
  }
  return parsed.data;
}

/** Writes the file that {@link readDeployment} reads; its folder must exist. */
export async function writeDeployment(path: string, deployment: Deployment): Promise<void> {
  await writeFile(path, `${JSON.stringify(deploymentSchema.parse(deployment), null, 2)}\n`);
}

/** @throws ChainIdMismatchError when the node serves another chain. */
export async function requireChain(client: Pick<PublicClient, "getChainId">, deployment: Deployment): Promise<void> {
  const found = await client.getChainId();
  if (found !== deployment.chainId) throw new ChainIdMismatchError(deployment.chainId, found);
}
