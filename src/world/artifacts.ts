// Turns compiled contracts, ours and those in npm packages, into init code that creates them.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { type Abi, type Hex, encodeDeployData } from "viem";

import { ArtifactMissingError } from "../execute/artifacts.ts";

/** A compiled contract, as far as it is needed to create it. */
export type Artifact = { readonly abi: Abi; readonly bytecode: Hex };

const require = createRequire(import.meta.url);

/**
 * A contract of contracts/mocks.
 *
 * @throws ArtifactMissingError before the first build.
 */
export function mockArtifact(name: string): Artifact {
  const path = `artifacts/contracts/mocks/${name}.sol/${name}.json`;
  try {
    return JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), "utf8")) as Artifact;
  } catch (cause) {
    throw new ArtifactMissingError(name, { cause });
  }
}

/** An artifact inside an installed package, for example `@uniswap/v3-core/artifacts/….json`. */
export function packageArtifact(path: string): Artifact {
  return require(path) as Artifact;
}

/** The data of the transaction that creates the contract. */
export function initCode(artifact: Artifact, args: readonly unknown[] = []): Hex {
  // WETH9's artifact, which is older than the others, has no prefix.
  const bytecode: Hex = `0x${artifact.bytecode.replace(/^0x/, "")}`;
  return encodeDeployData({ abi: artifact.abi, bytecode, args });
}
