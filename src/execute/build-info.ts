// Turns a contract's name into what its compiler was given and gave back, as Hardhat keeps it.
import { readFile } from "node:fs/promises";

import { z } from "zod";

import { ARTIFACTS, ArtifactMissingError, type ContractName } from "./artifacts.ts";

const idSchema = z.object({ buildInfoId: z.string().min(1), inputSourceName: z.string().min(1) });
const inputSchema = z.object({
  solcLongVersion: z.string().min(1),
  input: z.object({
    language: z.literal("Solidity"),
    sources: z.record(z.string(), z.object({ content: z.string() })),
    settings: z.looseObject({}),
  }),
});

/** Standard JSON that the compiler takes. */
export type CompilerInput = z.infer<typeof inputSchema>["input"];

/** How a contract was compiled. */
export type Compilation = {
  readonly contract: ContractName;
  /** Of the contract's file, inside the input. */
  readonly sourceName: string;
  /** Contracts with the same id were compiled from the same input. */
  readonly inputId: string;
  /** With its commit, for example `0.8.30+commit.73712a01`. */
  readonly compiler: string;
  readonly input: CompilerInput;
};

/** @throws ArtifactMissingError when the contracts were not compiled. */
export async function compilationOf(contract: ContractName): Promise<Compilation> {
  const artifact = idSchema.parse(await readJson(`${ARTIFACTS[contract]}/${contract}.json`, contract));
  const { buildInfoId, inputSourceName } = artifact;
  const { solcLongVersion, input } = inputSchema.parse(await readJson(`build-info/${buildInfoId}.json`, contract));
  return { contract, sourceName: inputSourceName, inputId: buildInfoId, compiler: solcLongVersion, input };
}

async function readJson(path: string, contract: string): Promise<unknown> {
  const url = new URL(`../../artifacts/${path}`, import.meta.url);
  try {
    return JSON.parse(await readFile(url, "utf8"));
  } catch (cause) {
    throw new ArtifactMissingError(contract, { cause });
  }
}
