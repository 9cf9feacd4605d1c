// Turns compiled contracts, ours and those in npm packages, into init code that creates them.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { type Abi, type Hex, encodeDeployData, slice } from "viem";

import { ArtifactMissingError } from "../execute/artifacts.ts";

/** A compiled contract, as far as it is needed to create it. */
export type Artifact = { readonly abi: Abi; readonly bytecode: Hex };

const require = createRequire(import.meta.url);

/** {byte} Of the constructor that stands before Multicall3's code and returns it. */
const CREATION_SIZE = 32;

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

/**
 * Multicall3 as it stands on public chains, without the code that creates it. viem carries it for calls without a
 * deployment, in a module that it does not export.
 */
export function multicall3Code(): Hex {
  const { multicall3Bytecode } = createRequire(require.resolve("viem"))("./constants/contracts.js") as {
    readonly multicall3Bytecode: Hex;
  };
  return slice(multicall3Bytecode, CREATION_SIZE);
}

/** The data of the transaction that creates the contract. */
export function initCode(artifact: Artifact, args: readonly unknown[] = []): Hex {
  // WETH9's artifact, which is older than the others, has no prefix.
  const bytecode: Hex = `0x${artifact.bytecode.replace(/^0x/, "")}`;
  return encodeDeployData({ abi: artifact.abi, bytecode, args });
}
