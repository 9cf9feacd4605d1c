// Turns the code that runs on a chain into whether it is what the compiler makes of this checkout's sources.
import { type Address, type Hex, padHex, zeroAddress } from "viem";

import { type Artifact, ArtifactMissingError, isContractName, linkedCode, readArtifact } from "./artifacts.ts";
import type { CodeVerdict } from "../core/verdicts.ts";

/** A contract as it is found on a chain. */
export type RunningCode = {
  /** Its name in the sources. */
  readonly contract: string;
  readonly address: Address;
  readonly code: Hex | undefined;
};

/** In the code of a library stands its own address, by which it knows that it was called directly. */
const OWN_ADDRESS = "library_deploy_address";
const WORD = 32;

/** Compares it with the compiled contract. @param libraries Address of each library of the fund, by name. */
export async function judgeCode(
  { contract, address, code }: RunningCode,
  libraries: Readonly<Record<string, Address>>,
): Promise<CodeVerdict> {
  if (code === undefined) return "no-code";
  const artifact = isContractName(contract) ? await artifactOrNone(contract) : undefined;
  if (artifact === undefined) return "no-source";
  const { deployedBytecode, deployedLinkReferences, immutableReferences } = artifact;
  const linked = linkedCode(deployedBytecode, deployedLinkReferences, (library) => libraries[library] ?? zeroAddress);
  const { [OWN_ADDRESS]: own = [], ...immutables } = immutableReferences;
  const unknown = Object.values(immutables).flat();
  const expected = written(written(linked, unknown, "0x"), own, address);
  return written(code, unknown, "0x").toLowerCase() === expected.toLowerCase() ? "match" : "differs";
}

async function artifactOrNone(contract: Parameters<typeof readArtifact>[0]): Promise<Artifact | undefined> {
  try {
    return await readArtifact(contract);
  } catch (error) {
    if (error instanceof ArtifactMissingError) return undefined;
    throw error;
  }
}

/** A code with a value at each place, which is a word long; a shorter code than that stays shorter. */
function written(code: Hex, places: readonly { readonly start: number }[], value: Hex): Hex {
  const digits = padHex(value, { size: WORD }).slice(2);
  let result: string = code;
  for (const { start } of places) {
    const from = 2 + start * 2;
    if (from + digits.length > result.length) continue;
    result = result.slice(0, from) + digits + result.slice(from + digits.length);
  }
  return result as Hex;
}
