// Turns the compiler's output into code that can be deployed.
import { readFile } from "node:fs/promises";

import { type Abi, type Address, type Hex, encodeDeployData } from "viem";
import { z } from "zod";

import { AppError } from "../core/errors.ts";

const artifactSchema = z.object({
  abi: z.custom<Abi>((value) => Array.isArray(value)),
  bytecode: z.string().startsWith("0x"),
  linkReferences: z.record(
    z.string(),
    z.record(z.string(), z.array(z.object({ start: z.number().int(), length: z.number().int() }))),
  ),
});

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
  const url = new URL(`../../artifacts/${ARTIFACTS[contract]}/${contract}.json`, import.meta.url);
  const text = await readFile(url, "utf8").catch((cause: unknown) => {
    throw new ArtifactMissingError(contract, { cause });
  });
  const artifact = artifactSchema.parse(JSON.parse(text));
  let bytecode = artifact.bytecode;
  for (const [library, places] of Object.values(artifact.linkReferences).flatMap((file) => Object.entries(file))) {
    const address = libraries[library];
    if (address === undefined) throw new ArtifactMissingError(`${contract}'s library ${library}`);
    for (const { start, length } of places) {
      const from = 2 + start * 2;
      bytecode = bytecode.slice(0, from) + address.slice(2).toLowerCase() + bytecode.slice(from + length * 2);
    }
  }
  return encodeDeployData({ abi: artifact.abi, bytecode: bytecode as Hex, args: [...args] });
}
