// Turns the compiler's output into code that can be deployed.
import { readFile } from "node:fs/promises";

import { type Abi, type Address, type Hex, encodeDeployData } from "viem";
import { z } from "zod";

import { AppError } from "../core/errors.ts";

/** {byte} Of a code. */
const placesSchema = z.array(z.object({ start: z.number().int(), length: z.number().int() }));
const linksSchema = z.record(z.string(), z.record(z.string(), placesSchema));
const artifactSchema = z.object({
  abi: z.custom<Abi>((value) => Array.isArray(value)),
  bytecode: z.string().startsWith("0x"),
  deployedBytecode: z.string().startsWith("0x"),
  linkReferences: linksSchema,
  deployedLinkReferences: linksSchema,
  immutableReferences: z.record(z.string(), placesSchema),
  /** Of what the compiler was given. */
  buildInfoId: z.string().min(1),
});

/** What the compiler made of a contract. */
export type Artifact = z.infer<typeof artifactSchema>;
/** Where a code names libraries: by source file inside the compiler's input, then by name. */
export type LinkReferences = Artifact["linkReferences"];

/** Path of each contract's artifact below `artifacts/`. */
export const ARTIFACTS = {
  AbandonedExit: "contracts/libraries/AbandonedExit.sol",
  Custody: "contracts/vault/Custody.sol",
  DelayedAccessManager: "contracts/DelayedAccessManager.sol",
  DepositGateway: "contracts/DepositGateway.sol",
  Exits: "contracts/vault/Exits.sol",
  IndexVault: "contracts/IndexVault.sol",
  Listings: "contracts/vault/Listings.sol",
  PriceOracle: "contracts/PriceOracle.sol",
  Quarantine: "contracts/libraries/Quarantine.sol",
  Rebalancer: "contracts/Rebalancer.sol",
  Record: "contracts/vault/Record.sol",
  RedeemedUnits: "contracts/vault/RedeemedUnits.sol",
  RequestBook: "contracts/vault/RequestBook.sol",
  TargetRegistry: "contracts/TargetRegistry.sol",
  Terms: "contracts/vault/Terms.sol",
  TokenProbe: "contracts/libraries/TokenProbe.sol",
  UniswapV3Venue: "contracts/UniswapV3Venue.sol",
  Valuation: "contracts/libraries/Valuation.sol",
  VaultLens: "contracts/VaultLens.sol",
} as const;

export type ContractName = keyof typeof ARTIFACTS;

/** Whether this checkout has a contract of that name. */
export function isContractName(name: string): name is ContractName {
  return Object.hasOwn(ARTIFACTS, name);
}

/** The contracts were never compiled, or their compiled form is unreadable. */
export class ArtifactMissingError extends AppError {
  readonly code = "ARTIFACT_MISSING";
  readonly kind = "usage";
  readonly contract: string;

  constructor(contract: string, options?: ErrorOptions) {
    super(`The compiled form of ${contract} was expected below artifacts/; run \`npm run build\`.`, options);
    this.contract = contract;
  }
}

/** @throws ArtifactMissingError when the contracts were not compiled, or the file is unreadable. */
export async function readArtifact(contract: ContractName): Promise<Artifact> {
  const url = new URL(`../../artifacts/${ARTIFACTS[contract]}/${contract}.json`, import.meta.url);
  try {
    return artifactSchema.parse(JSON.parse(await readFile(url, "utf8")));
  } catch (cause) {
    throw new ArtifactMissingError(contract, { cause });
  }
}

/**
 * The bytes that create a contract.
 *
 * @param libraries Address of each library that the contract calls, by name.
 * @throws ArtifactMissingError when the contracts were not compiled.
 */
export async function initCode(
  contract: ContractName,
  args: readonly unknown[],
  libraries: Readonly<Record<string, Address>> = {},
): Promise<Hex> {
  const { abi, bytecode, linkReferences } = await readArtifact(contract);
  const linked = linkedCode(bytecode, linkReferences, (library) => {
    const address = libraries[library];
    if (address === undefined) throw new ArtifactMissingError(`${contract}'s library ${library}`);
    return address;
  });
  return encodeDeployData({ abi, bytecode: linked, args: [...args] });
}

/** A code with the addresses of its libraries where the compiler left room for them. */
export function linkedCode(code: string, links: LinkReferences, addressOf: (library: string) => Address): Hex {
  let linked = code;
  for (const [library, places] of Object.values(links).flatMap((file) => Object.entries(file))) {
    const digits = addressOf(library).slice(2).toLowerCase();
    for (const { start, length } of places) {
      const from = 2 + start * 2;
      linked = linked.slice(0, from) + digits + linked.slice(from + length * 2);
    }
  }
  return linked as Hex;
}
