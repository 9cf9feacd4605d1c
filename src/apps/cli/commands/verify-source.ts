// Turns a deployment's folder into verified sources: sent to a service, or written as a repository for explorers.
import { readFile } from "node:fs/promises";
import path from "node:path";

import { type Command, Option } from "commander";
import { type Address, encodeAbiParameters } from "viem";

import { AppError, UsageError } from "../../../core/errors.ts";
import { linkedInput } from "../../../execute/deploy/linked-input.ts";
import { type DeploymentRecord, readRecord } from "../../../execute/deploy/record.ts";
import {
  type SourceAnswer,
  type SourceAnswers,
  readSourceAnswers,
  withAnswer,
  writeSourceAnswers,
} from "../../../execute/deploy/source-answers.ts";
import { SOURCE_SERVICES } from "../../../core/verdicts.ts";
import { timeString } from "../../../site/amounts.ts";
import { type ContractSource, readSources, writeRepository } from "../../../world/rehearsal/sources.ts";
import { linkJson, linkLines } from "../links.ts";
import { jsonOption } from "../options.ts";
import { printJson, printText } from "../output.ts";
import { type Progress, startProgress } from "../progress.ts";
import {
  type ServiceKind,
  type ServicePlace,
  type SourceService,
  pageOf,
  servicePlace,
  sourceService,
  verifiedBy,
} from "../source-services.ts";

type VerifyOptions = {
  readonly service: ServiceKind | undefined;
  readonly apiUrl: string | undefined;
  readonly apiKeyFile: string | undefined;
  readonly json: boolean;
};

/** A deployment in its folder. */
type Deployed = {
  readonly folder: string;
  readonly record: DeploymentRecord;
  readonly sources: readonly ContractSource[];
};
type Asked = {
  readonly place: ServicePlace;
  readonly service: SourceService;
  /** What services said before. */
  readonly answers: SourceAnswers;
};
type Outcome = { readonly contract: string; readonly address: string; readonly outcome: string } & Partial<
  Pick<SourceAnswer, "match" | "creationMatch" | "runtimeMatch">
>;

/** A service did not find a contract's source to be that of its code. */
export class SourceRefusedError extends AppError {
  readonly code = "SOURCE_REFUSED";
  readonly kind = "chain";
  /** False when the service could not be asked. */
  readonly isJudged: boolean;

  constructor(contract: string, found: string, isJudged: boolean) {
    super(`Expected the service to find ${contract} verified, found: ${found}. Those before it stay verified.`);
    this.isJudged = isJudged;
  }
}

/** Adds `verify-source` to the program. */
export function registerVerifySource(program: Command): void {
  program
    .command("verify-source <DIR>")
    .description("the sources of a deployment, such as deployments/8453: to a service, or as files for any static host")
    .addOption(
      new Option("--service <kind>", "who verifies; without it, files are written beside the record").choices(
        SOURCE_SERVICES,
      ),
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
    const asked =
      options.service === undefined ? undefined : await serviceOf(options.service, { folder, record }, options);
    const deployed = { folder, record, sources: await readSources(folder, record) };
    const outcomes = asked === undefined ? await written(deployed) : await sent(asked, deployed, progress);
    progress.done();
    const { chainId } = record;
    const contracts = outcomes.map((one) => ({ ...one, ...linkJson(chainId, "code", one.address) }));
    if (options.json) printJson({ chainId, contracts });
    else printText(outcomes.map((one) => outcomeText(chainId, one)).join("\n"));
  } finally {
    progress.done();
  }
}

async function serviceOf(
  kind: ServiceKind,
  { folder, record }: Omit<Deployed, "sources">,
  { apiUrl, apiKeyFile }: VerifyOptions,
): Promise<Asked> {
  const { chainId } = record;
  const apiKey = apiKeyFile === undefined ? undefined : (await readFile(apiKeyFile, "utf8")).trim();
  const place = servicePlace(kind, chainId, apiUrl);
  const service = await sourceService(place, apiKey);
  const contracts = new Map(record.contracts.map(({ contract, address }) => [address.toLowerCase(), contract]));
  const answers = (await readSourceAnswers(folder, { chainId, contracts })) ?? { chainId, answers: [] };
  return { place, service, answers };
}

async function written({ folder, record: { chainId }, sources }: Deployed): Promise<Outcome[]> {
  await writeRepository(folder, chainId, sources);
  const place = (address: string): string => path.join(folder, "contracts", "full_match", String(chainId), address);
  return sources.map(({ contract, address }) => ({ contract, address, outcome: place(address) }));
}

/** Each answer is on the disk before the next question, so that nothing is lost where it stops. */
async function sent(asked: Asked, { folder, record, sources }: Deployed, progress: Progress): Promise<Outcome[]> {
  const { place, service } = asked;
  let { answers } = asked;
  const note = async (said: Omit<SourceAnswer, "service" | "time">): Promise<void> => {
    const time = timeString(Math.floor(Date.now() / 1000));
    answers = withAnswer(answers, { ...said, service: place.kind, time });
    await writeSourceAnswers(folder, answers);
  };
  const outcomes: Outcome[] = [];
  for (const [i, source] of sources.entries()) {
    const { contract, address } = source;
    progress.step(`verifying ${contract}`);
    try {
      const outcome = await verified(service, await requestOf(place.kind, { source, record, number: i }));
      const { url, ...match } = await verifiedBy(place, address);
      await note({ contract, address, url, ...match });
      outcomes.push({ contract, address, outcome, ...match });
    } catch (error) {
      if (error instanceof SourceRefusedError && error.isJudged) {
        const url = pageOf(place, address) ?? null;
        await note({ contract, address, url, match: "refused", creationMatch: null, runtimeMatch: null });
      }
      throw error;
    }
  }
  return outcomes;
}

type Request = Parameters<SourceService["verify"]>[0];

/**
 * What a service is told. Etherscan and Blockscout compile what they get, and must be told the libraries; Sourcify finds
 * their addresses in the code, and only so the hash of the metadata is the deployed one.
 */
async function requestOf(
  kind: ServiceKind,
  {
    source,
    record,
    number,
  }: { readonly source: ContractSource; readonly record: DeploymentRecord; readonly number: number },
): Promise<Request> {
  const { contract, address, compiler, sourceName, input, transaction } = source;
  const created = record.contracts[number];
  if (created === undefined) throw new TypeError("sources are those of the record, in its order");
  return {
    contractAddress: address,
    compilerInput: kind === "sourcify" ? input : await linkedInput(created, record, input),
    contractName: `${sourceName}:${contract}`,
    compilerVersion: `v${compiler}`,
    constructorArguments: argumentDigits(created.args),
    ...(transaction === undefined ? {} : { creationTxHash: transaction }),
  };
}

async function verified(service: SourceService, request: Request): Promise<string> {
  const { contractAddress: address, contractName } = request;
  const contract = contractName.slice(contractName.lastIndexOf(":") + 1);
  if (await service.isVerified(address)) return "verified before";
  const guid = await service.verify(request).catch((cause: unknown) => {
    throw new SourceRefusedError(contract, cause instanceof Error ? cause.message : String(cause), false);
  });
  const { success, message } = await service.pollVerificationStatus(guid, address, contractName);
  if (!success) throw new SourceRefusedError(contract, message, true);
  return message;
}

/** Every constructor of the fund takes addresses alone. */
function argumentDigits(args: readonly string[]): string {
  const types = args.map(() => ({ type: "address" }) as const);
  return encodeAbiParameters(types, args as readonly Address[]).slice(2);
}

function outcomeText(chainId: number, { contract, address, outcome }: Outcome): string {
  return [`${contract.padEnd(22)}${address}  ${outcome}`, ...linkLines(chainId, "code", address)].join("\n");
}
