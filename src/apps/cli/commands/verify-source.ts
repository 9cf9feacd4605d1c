// Turns a deployment's folder into verified sources: sent to a service, or written as a repository for explorers.
import { readFile } from "node:fs/promises";
import path from "node:path";

import { type Command, Option } from "commander";
import { type Address, encodeAbiParameters } from "viem";

import { AppError, UsageError } from "../../../core/errors.ts";
import { type DeploymentRecord, readRecord } from "../../../execute/deploy/record.ts";
import { type ContractSource, readSources, writeRepository } from "../../../world/rehearsal/sources.ts";
import { linkJson, linkLines } from "../links.ts";
import { jsonOption } from "../options.ts";
import { printJson, printText } from "../output.ts";
import { startProgress } from "../progress.ts";
import { SERVICES, type ServiceKind, type SourceService, sourceService } from "../source-services.ts";

type VerifyOptions = {
  readonly service: ServiceKind | undefined;
  readonly apiUrl: string | undefined;
  readonly apiKeyFile: string | undefined;
  readonly json: boolean;
};

type Outcome = { readonly contract: string; readonly address: string; readonly outcome: string };

/** A service did not find a contract's source to be that of its code. */
export class SourceRefusedError extends AppError {
  readonly code = "SOURCE_REFUSED";
  readonly kind = "chain";

  constructor(contract: string, found: string) {
    super(`Expected the service to find ${contract} verified, found: ${found}. Those before it stay verified.`);
  }
}

/** Adds `verify-source` to the program. */
export function registerVerifySource(program: Command): void {
  program
    .command("verify-source <DIR>")
    .description("the sources of a deployment, such as deployments/8453: to a service, or as files for any static host")
    .addOption(
      new Option("--service <kind>", "who verifies; without it, files are written beside the record").choices(SERVICES),
    )
    .option("--api-url <url>", "the service's address (for blockscout; others have one)")
    .option("--api-key-file <file>", "file with the service's key (for etherscan)")
    .addOption(jsonOption())
    .action(verifySources);
}

async function verifySources(folder: string, options: VerifyOptions): Promise<void> {
  const record = await readRecord(folder).catch((cause: unknown) => {
    throw new UsageError(`Expected a deployment's folder with record.json at ${folder}. Deploy first.`, { cause });
  });
  const progress = startProgress();
  try {
    progress.step("reading what the compiler was given");
    const service = options.service === undefined ? undefined : await serviceOf(options.service, record, options);
    const sources = await readSources(folder, record);
    const outcomes =
      service === undefined
        ? await written(folder, record, sources)
        : await sent(service, { record, sources }, progress);
    progress.done();
    const { chainId } = record;
    const contracts = outcomes.map((one) => ({ ...one, ...linkJson(chainId, "address", one.address) }));
    if (options.json) printJson({ chainId, contracts });
    else printText(outcomes.map((one) => outcomeText(chainId, one)).join("\n"));
  } finally {
    progress.done();
  }
}

async function serviceOf(
  kind: ServiceKind,
  { chainId }: DeploymentRecord,
  options: VerifyOptions,
): Promise<SourceService> {
  const { apiUrl, apiKeyFile } = options;
  const apiKey = apiKeyFile === undefined ? undefined : (await readFile(apiKeyFile, "utf8")).trim();
  return sourceService(kind, { chainId, url: apiUrl, apiKey });
}

async function written(
  folder: string,
  { chainId }: DeploymentRecord,
  sources: readonly ContractSource[],
): Promise<Outcome[]> {
  await writeRepository(folder, chainId, sources);
  const place = (address: string): string => path.join(folder, "contracts", "full_match", String(chainId), address);
  return sources.map(({ contract, address }) => ({ contract, address, outcome: place(address) }));
}

async function sent(
  service: SourceService,
  { record, sources }: { readonly record: DeploymentRecord; readonly sources: readonly ContractSource[] },
  progress: { readonly step: (words: string) => void },
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const [i, source] of sources.entries()) {
    const { contract, address } = source;
    progress.step(`verifying ${contract}`);
    outcomes.push({ contract, address, outcome: await verified(service, source, record.contracts[i]?.args ?? []) });
  }
  return outcomes;
}

async function verified(service: SourceService, source: ContractSource, args: readonly string[]): Promise<string> {
  const { contract, address, input, compiler, sourceName } = source;
  if (await service.isVerified(address)) return "verified before";
  const contractName = `${sourceName}:${contract}`;
  const guid = await service
    .verify({
      contractAddress: address,
      compilerInput: input,
      contractName,
      compilerVersion: `v${compiler}`,
      constructorArguments: argumentDigits(args),
    })
    .catch((cause: unknown) => {
      throw new SourceRefusedError(contract, cause instanceof Error ? cause.message : String(cause));
    });
  const { success, message } = await service.pollVerificationStatus(guid, address, contractName);
  if (!success) throw new SourceRefusedError(contract, message);
  return message;
}

/** Every constructor of the fund takes addresses alone. */
function argumentDigits(args: readonly string[]): string {
  const types = args.map(() => ({ type: "address" }) as const);
  return encodeAbiParameters(types, args as readonly Address[]).slice(2);
}

function outcomeText(chainId: number, { contract, address, outcome }: Outcome): string {
  return [`${contract.padEnd(22)}${address}  ${outcome}`, ...linkLines(chainId, "address", address)].join("\n");
}
