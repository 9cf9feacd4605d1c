// Turns a finished deployment into the files that it leaves: where the fund is, how it was made, what it was made from.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { type Chain, type Hex, type PublicClient, type Transport, erc20Abi, getAddress } from "viem";
import { z } from "zod";

import { type CompilerInput, compilationOf } from "../build-info.ts";
import { writeDeployment } from "../deployment.ts";
import { readPowers } from "../hand-over.ts";
import { networkSchema } from "../network.ts";
import type { DeployedNetwork } from "./deploy-network.ts";
import { deploymentOf } from "./plan.ts";

const confirmSchema = z.object({
  type: z.literal("TRANSACTION_CONFIRM"),
  futureId: z.string(),
  hash: z.custom<Hex>((value) => typeof value === "string"),
});

/** What stands in a deployment's record. */
export const recordSchema = z.strictObject({
  chainId: z.int().positive(),
  network: z.string(),
  /** The last block before the deployment. */
  fromBlock: z.int(),
  deployer: z.string(),
  /** Of this program, when it deployed; `dirty` says that files had been changed since. */
  commit: z.string(),
  contracts: z.array(
    z.strictObject({
      contract: z.string(),
      address: z.string(),
      /** Constructor arguments. */
      args: z.array(z.string()),
      /** Of its file inside the compiler's input. */
      sourceName: z.string(),
      /** File below input/ that the compiler was given. */
      input: z.string(),
      compiler: z.string(),
      transaction: z.string().optional(),
    }),
  ),
  /** As read back from the chain, after all was done. */
  powers: z.array(z.string()),
  /** Steps of the deployment and their transactions. */
  transactions: z.record(z.string(), z.string()),
});

/** How a fund was deployed. */
export type DeploymentRecord = z.infer<typeof recordSchema>;

/** What a record is written with. */
export type Recorder = {
  readonly client: PublicClient<Transport, Chain>;
  readonly folder: string;
  /** Of this program. */
  readonly commit: string;
};

/**
 * Writes `fund.json`, which all commands read, `record.json`, `network.json`, `tokenlist.json` and the compiler's inputs.
 *
 * @returns Path of `fund.json`.
 */
export async function writeRecord({ client, folder, commit }: Recorder, deployed: DeployedNetwork): Promise<string> {
  const { plan, fromBlock } = deployed;
  await mkdir(join(folder, "input"), { recursive: true });
  const compilations = await Promise.all(plan.creations.map(({ contract }) => compilationOf(contract)));
  const inputs = new Map<string, CompilerInput>(compilations.map(({ inputId, input }) => [inputId, input]));
  for (const [id, input] of inputs) await writeJson(join(folder, "input", `${id}.json`), input);
  const transactions = await confirmedSteps(folder);
  const record: DeploymentRecord = {
    chainId: plan.network.chainId,
    network: plan.network.name,
    fromBlock: Number(fromBlock),
    deployer: plan.deployer,
    commit,
    contracts: plan.creations.map(({ contract, address, args }, i) => {
      const transaction = transactions[`create_${contract}`];
      return {
        contract,
        address,
        args: [...args],
        sourceName: compilations[i]?.sourceName ?? "",
        input: `${compilations[i]?.inputId}.json`,
        compiler: compilations[i]?.compiler ?? "",
        ...(transaction === undefined ? {} : { transaction }),
      };
    }),
    powers: [...(await readPowers(client, { addresses: plan.addresses, fromBlock }))],
    transactions,
  };
  await writeJson(join(folder, "record.json"), recordSchema.parse(record));
  await writeJson(join(folder, "network.json"), networkSchema.parse(plan.network));
  await writeJson(join(folder, "tokenlist.json"), await shareList(client, deployed));
  const path = join(folder, "fund.json");
  await writeDeployment(path, deploymentOf(plan, Number(fromBlock) + 1));
  return path;
}

/** A token list with the share, for wallets and explorers. @see https://tokenlists.org */
async function shareList(client: Recorder["client"], { plan, fromBlock }: DeployedNetwork) {
  const share = { address: plan.addresses.vault, abi: erc20Abi } as const;
  const [name, symbol, decimals, { timestamp }] = await Promise.all([
    client.readContract({ ...share, functionName: "name" }),
    client.readContract({ ...share, functionName: "symbol" }),
    client.readContract({ ...share, functionName: "decimals" }),
    client.getBlock({ blockNumber: fromBlock }),
  ]);
  return {
    name: "TM Global 100",
    timestamp: new Date(Number(timestamp) * 1000).toISOString(),
    version: { major: 1, minor: 0, patch: 0 },
    tokens: [{ chainId: plan.network.chainId, address: getAddress(share.address), name, symbol, decimals }],
  };
}

/** @throws ZodError when it is none. */
export async function readRecord(folder: string): Promise<DeploymentRecord> {
  return recordSchema.parse(JSON.parse(await readFile(join(folder, "record.json"), "utf8")));
}

/** Hash of each step's transaction, as the journal has it. */
async function confirmedSteps(folder: string): Promise<Record<string, Hex>> {
  const text = await readFile(join(folder, "journal", "journal.jsonl"), "utf8");
  const steps: Record<string, Hex> = {};
  for (const line of text.split("\n").filter((one) => one !== "")) {
    const message = confirmSchema.safeParse(JSON.parse(line));
    if (message.success) steps[message.data.futureId.replace(/^.*#/, "")] = message.data.hash;
  }
  return steps;
}

async function writeJson(path: string, content: unknown): Promise<void> {
  await writeFile(path, `${JSON.stringify(content, null, 2)}\n`);
}
