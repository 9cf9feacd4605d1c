// Turns the name of a verification service into hardhat-verify's client of it.
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { UsageError } from "../../core/errors.ts";

/** Kinds of services that verify sources. */
export const SERVICES = ["sourcify", "etherscan", "blockscout"] as const;
export type ServiceKind = (typeof SERVICES)[number];

/** What a service is told of a contract. */
export type SourceRequest = {
  readonly contractAddress: string;
  readonly compilerInput: unknown;
  /** `file:Contract` */
  readonly contractName: string;
  readonly compilerVersion: string;
  /** Hexadecimal digits without prefix; not for Sourcify. */
  readonly constructorArguments: string;
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
  readonly getContractUrl: (address: string) => string;
};

type Client = new (options: Readonly<Record<string, unknown>>) => SourceService;

/** Where the services are, unless told otherwise. Blockscout has a server for each chain. */
const URLS: Readonly<Record<ServiceKind, string | undefined>> = {
  sourcify: "https://sourcify.dev/server",
  etherscan: "https://api.etherscan.io/v2/api",
  blockscout: undefined,
};
const CLASSES: Readonly<Record<ServiceKind, string>> = {
  sourcify: "Sourcify",
  etherscan: "Etherscan",
  blockscout: "Blockscout",
};

/** @throws UsageError for a key or an address that is missing, or where hardhat-verify is not installed. */
export async function sourceService(
  kind: ServiceKind,
  {
    chainId,
    url = URLS[kind],
    apiKey,
  }: { readonly chainId: number; readonly url?: string | undefined; readonly apiKey?: string | undefined },
): Promise<SourceService> {
  if (url === undefined) throw new UsageError(`Expected --api-url, since ${kind} has a server for each chain.`);
  if (kind === "etherscan" && apiKey === undefined) throw new UsageError("Expected --api-key-file for etherscan.");
  const loaded = (await import(pathToFileURL(clientFile(kind)).href)) as Readonly<Record<string, Client>>;
  const Service = loaded[CLASSES[kind]];
  if (Service === undefined) throw new UsageError(`Expected a client of ${kind} in hardhat-verify, found none.`);
  return new Service({ chainId, url, apiUrl: url, ...(apiKey === undefined ? {} : { apiKey }) });
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
