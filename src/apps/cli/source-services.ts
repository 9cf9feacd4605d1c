// Turns the name of a verification service into hardhat-verify's client of it, and into what it says of a contract.
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { z } from "zod";

import { AppError, UsageError } from "../../core/errors.ts";
import { explorerLink, sourcifyLink } from "../../core/explorer.ts";
import type { SourceAnswer } from "../../execute/deploy/source-answers.ts";
import type { SOURCE_SERVICES } from "../../core/verdicts.ts";

/** Kinds of services that verify sources. */
export type ServiceKind = (typeof SOURCE_SERVICES)[number];

/** What a service is told of a contract. */
export type SourceRequest = {
  readonly contractAddress: string;
  readonly compilerInput: unknown;
  /** `file:Contract` */
  readonly contractName: string;
  readonly compilerVersion: string;
  /** Hexadecimal digits without prefix; not for Sourcify. */
  readonly constructorArguments: string;
  /** Of the transaction that created it; only Sourcify asks for it. */
  readonly creationTxHash?: string;
};

/** A client of hardhat-verify. */
export type SourceService = {
  readonly isVerified: (address: string) => Promise<boolean>;
  readonly verify: (request: SourceRequest) => Promise<string>;
  readonly pollVerificationStatus: (
    guid: string,
    address: string,
    name: string,
  ) => Promise<{ readonly success: boolean; readonly message: string }>;
};

/** A service as it is asked about a chain. */
export type ServicePlace = {
  readonly kind: ServiceKind;
  readonly chainId: number;
  /** Of its API. */
  readonly url: string;
};

/** What a service has of a contract that it verified. */
export type Verified = Pick<SourceAnswer, "match" | "creationMatch" | "runtimeMatch" | "url">;

/** A service that was asked what it has of a contract gave no answer to read. */
export class SourceServiceError extends AppError {
  readonly code = "SOURCE_SERVICE";
  readonly kind = "chain";
  override readonly retryable = true;

  constructor(address: string, found: string, options?: ErrorOptions) {
    super(`Expected Sourcify to say what it has of ${address}, found ${found}. Run it again later.`, options);
  }
}

type Client = new (options: Readonly<Record<string, unknown>>) => SourceService;

/** Where the services are, unless told otherwise. Blockscout has a server for each chain. */
const URLS: Readonly<Record<ServiceKind, string | undefined>> = {
  sourcify: "https://sourcify.dev/server",
  etherscan: "https://api.etherscan.io/v2/api",
  blockscout: undefined,
};
/** {ms} */
const PATIENCE = 30_000;
const CLASSES: Readonly<Record<ServiceKind, string>> = {
  sourcify: "Sourcify",
  etherscan: "Etherscan",
  blockscout: "Blockscout",
};

/** @throws UsageError for an address that is missing. */
export function servicePlace(kind: ServiceKind, chainId: number, url = URLS[kind]): ServicePlace {
  if (url === undefined) throw new UsageError(`Expected --api-url, since ${kind} has a server for each chain.`);
  return { kind, chainId, url };
}

/** @throws UsageError for a key that is missing, or where hardhat-verify is not installed. */
export async function sourceService({ kind, chainId, url }: ServicePlace, apiKey?: string): Promise<SourceService> {
  if (kind === "etherscan" && apiKey === undefined) throw new UsageError("Expected --api-key-file for etherscan.");
  const loaded = (await import(pathToFileURL(clientFile(kind)).href)) as Readonly<Record<string, Client>>;
  const Service = loaded[CLASSES[kind]];
  if (Service === undefined) throw new UsageError(`Expected a client of ${kind} in hardhat-verify, found none.`);
  return new Service({ chainId, url, apiUrl: url, ...(apiKey === undefined ? {} : { apiKey }) });
}

/** What a service has of a contract that it has verified. @throws SourceServiceError */
export async function verifiedBy(place: ServicePlace, address: string): Promise<Verified> {
  const url = pageOf(place, address) ?? null;
  if (place.kind === "sourcify") return { ...(await sourcifyMatch(place, address)), url };
  return { match: "verified", creationMatch: null, runtimeMatch: null, url };
}

/** Where a reader sees what a service has of a contract; undefined on a chain without an explorer. */
export function pageOf({ kind, chainId, url }: ServicePlace, address: string): string | undefined {
  if (kind === "etherscan") return explorerLink(chainId, "code", address);
  if (kind === "sourcify" && url === URLS.sourcify) return sourcifyLink(chainId, address);
  if (kind === "sourcify") return `${url}/v2/contract/${chainId}/${address}`;
  return `${url.replace(/\/api\/?$/, "")}/address/${address}#code`;
}

const matchSchema = z.enum(["exact_match", "match"]);
/** @see https://docs.sourcify.dev/docs/api */
const lookupSchema = z.object({
  match: matchSchema,
  creationMatch: matchSchema.nullable(),
  runtimeMatch: matchSchema.nullable(),
});

/** Sourcify tells apart the code that creates a contract and the code that runs; its client of hardhat-verify does not. */
async function sourcifyMatch({ url, chainId }: ServicePlace, address: string): Promise<z.infer<typeof lookupSchema>> {
  try {
    const answer = await fetch(`${url}/v2/contract/${chainId}/${address}`, { signal: AbortSignal.timeout(PATIENCE) });
    return lookupSchema.parse(await answer.json());
  } catch (cause) {
    throw new SourceServiceError(address, cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** The package does not export its clients, which Hardhat's own task wraps in a whole project. */
function clientFile(kind: ServiceKind): string {
  const load = createRequire(import.meta.url);
  try {
    const toolbox = createRequire(load.resolve("@nomicfoundation/hardhat-toolbox-mocha-ethers"));
    return path.join(path.dirname(toolbox.resolve("@nomicfoundation/hardhat-verify")), "internal", `${kind}.js`);
  } catch (cause) {
    throw new UsageError("Expected hardhat-verify, which a checkout has: run this from one.", { cause });
  }
}
