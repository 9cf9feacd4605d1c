// Turns a deployment's record into sources as Sourcify keeps them: metadata and files of each contract, by address.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";

import { getAddress } from "viem";
import { z } from "zod";

import { AppError } from "../../core/errors.ts";
import type { CompilerInput } from "../../execute/build-info.ts";
import type { DeploymentRecord } from "../../execute/deploy/record.ts";

const outputSchema = z.object({
  errors: z.array(z.object({ severity: z.string(), formattedMessage: z.string() })).optional(),
  contracts: z.record(z.string(), z.record(z.string(), z.object({ metadata: z.string() }))),
});
const metadataSchema = z.looseObject({ sources: z.record(z.string(), z.unknown()) });

/** The compiler does not take what it took when the contracts were built. */
export class MetadataMissingError extends AppError {
  readonly code = "METADATA_MISSING";
  readonly kind = "usage";

  constructor(contract: string, found: string) {
    super(`Expected the compiler's metadata of ${contract}, found ${found}. Build the checkout that deployed it.`);
  }
}

/** A contract with what proves its source. */
export type ContractSource = {
  readonly contract: string;
  readonly address: string;
  readonly compiler: string;
  readonly sourceName: string;
  /** Of the input, as Hardhat names it. */
  readonly inputId: string;
  readonly input: CompilerInput;
  /** The compiler's metadata, byte by byte: its hash is in the contract's code. */
  readonly metadata: string;
  /** That created it, if the deployment's journal had it. */
  readonly transaction?: string;
};

/** Every contract of a record with its metadata, in order. @param folder Of the deployment. */
export async function readSources(folder: string, record: DeploymentRecord): Promise<readonly ContractSource[]> {
  const inputs = new Map<string, { readonly input: CompilerInput; readonly output: z.infer<typeof outputSchema> }>();
  for (const name of new Set(record.contracts.map(({ input }) => input))) {
    const input = JSON.parse(await readFile(path.join(folder, "input", name), "utf8")) as CompilerInput;
    inputs.set(name, { input, output: metadataOf(input) });
  }
  return record.contracts.map(({ contract, address, compiler, sourceName, input: name, transaction }) => {
    const known = inputs.get(name);
    const metadata = known?.output.contracts[sourceName]?.[contract]?.metadata;
    if (known === undefined || metadata === undefined) throw new MetadataMissingError(contract, "none");
    const compiled = { compiler, sourceName, inputId: path.parse(name).name, input: known.input, metadata };
    return { contract, address, ...compiled, ...(transaction === undefined ? {} : { transaction }) };
  });
}

/**
 * Writes `contracts/full_match/<chain id>/<address>/metadata.json` and `sources/` below a folder: any static host can
 * serve it to explorers that read Sourcify's repository.
 */
export async function writeRepository(
  folder: string,
  chainId: number,
  sources: readonly ContractSource[],
): Promise<void> {
  for (const { address, input, metadata } of sources) {
    const place = path.join(folder, "contracts", "full_match", String(chainId), getAddress(address));
    await mkdir(place, { recursive: true });
    await writeFile(path.join(place, "metadata.json"), metadata);
    for (const name of Object.keys(metadataSchema.parse(JSON.parse(metadata)).sources)) {
      // As Sourcify does: a name is a path below the folder, and none leads out of it.
      const file = path.join(place, "sources", path.normalize(`/${name}`));
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, input.sources[name]?.content ?? "");
    }
  }
}

/** Metadata of every contract of an input. No code is made, which takes most of a compiler's time. */
function metadataOf(input: CompilerInput): z.infer<typeof outputSchema> {
  const solc = createRequire(import.meta.url)("solc") as { readonly compile: (input: string) => string };
  const settings = { ...input.settings, outputSelection: { "*": { "*": ["metadata"] } } };
  const output = outputSchema.parse(JSON.parse(solc.compile(JSON.stringify({ ...input, settings }))));
  const [error] = (output.errors ?? []).filter(({ severity }) => severity === "error");
  if (error !== undefined) throw new MetadataMissingError("all", error.formattedMessage);
  return output;
}
