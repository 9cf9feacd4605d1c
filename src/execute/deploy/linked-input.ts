// Turns what the compiler was given into what makes it name the libraries that a contract was linked with.
import { getAddress } from "viem";

import { AppError } from "../../core/errors.ts";
import { isContractName, readArtifact } from "../artifacts.ts";
import type { CompilerInput } from "../build-info.ts";
import type { DeploymentRecord } from "./record.ts";

/** The contracts of this checkout are not those that were deployed. */
export class OtherBuildError extends AppError {
  readonly code = "OTHER_BUILD";
  readonly kind = "usage";

  constructor(
    contract: string,
    { commit, expected, found }: Readonly<Record<"commit" | "expected" | "found", string>>,
  ) {
    super(
      `Expected ${contract} compiled from ${expected}, as it was deployed, found ${found}. ` +
        `Check out commit ${commit} and run \`npm run build\` there.`,
    );
  }
}

/** A deployment's record lacks the address of a library that one of its contracts calls. */
export class LibraryUnplacedError extends AppError {
  readonly code = "LIBRARY_UNPLACED";
  readonly kind = "data";

  constructor(contract: string, library: string) {
    super(
      `Expected the deployment's record.json to place ${library}, a library of ${contract}, found no such contract in ` +
        "it. Use the record as `deploy` wrote it, which names every contract.",
    );
  }
}

/**
 * The compiler's input with `settings.libraries`, in which a service that compiles it must find the addresses: the
 * contracts were linked after they were compiled. Its metadata name the libraries too, so that a code that was made from
 * it differs from the deployed one in the hash of the metadata, and in nothing else.
 *
 * @returns The input as it is for a contract that links none.
 * @throws OtherBuildError when what this checkout compiled says nothing of the deployed contract.
 * @throws LibraryUnplacedError when the record does not say where a library is.
 */
export async function linkedInput(
  { contract, input: file }: DeploymentRecord["contracts"][number],
  { contracts, commit }: DeploymentRecord,
  input: CompilerInput,
): Promise<CompilerInput> {
  if (!isContractName(contract)) {
    throw new OtherBuildError(contract, { commit, expected: file, found: "no contract of that name in this checkout" });
  }
  const { linkReferences, buildInfoId } = await readArtifact(contract);
  const found = `${buildInfoId}.json`;
  if (found !== file) {
    throw new OtherBuildError(contract, { commit, expected: file, found: `it compiled from ${found}` });
  }
  const addresses = new Map(contracts.map(({ contract: name, address }) => [name, address]));
  const libraries = Object.entries(linkReferences).map(([source, names]) => {
    const placed = Object.keys(names).map((name) => [name, addressIn(addresses, name, contract)]);
    return [source, Object.fromEntries(placed)] as const;
  });
  if (libraries.length === 0) return input;
  return { ...input, settings: { ...input.settings, libraries: Object.fromEntries(libraries) } };
}

function addressIn(addresses: ReadonlyMap<string, string>, library: string, contract: string): string {
  const address = addresses.get(library);
  if (address === undefined) throw new LibraryUnplacedError(contract, library);
  return getAddress(address);
}
