// Turns the compiler's artifacts into `src/core/abi.ts`: one typed constant for the ABI of each deployable contract.
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";

import { z } from "zod";

const ROOT = path.join(import.meta.dirname, "../../..");
const ARTIFACTS = path.join(ROOT, "artifacts");
const TARGET = path.join(ROOT, "src/core/abi.ts");

const artifactSchema = z.object({
  contractName: z.string(),
  sourceName: z.string(),
  abi: z.array(z.unknown()),
  bytecode: z.string(),
});

type Artifact = z.infer<typeof artifactSchema>;

const artifacts = artifactFiles(ARTIFACTS)
  .map((file) => artifactSchema.parse(JSON.parse(readFileSync(file, "utf8"))))
  .filter(isProductContract)
  .sort((left, right) => (left.contractName < right.contractName ? -1 : 1));

// Written beside and moved: whoever imports the file meanwhile sees the old one or the new one.
writeFileSync(`${TARGET}.new`, moduleText(artifacts));
renameSync(`${TARGET}.new`, TARGET);

function artifactFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.sol\/\w+\.json$/.test(file))
    .map((file) => path.join(folder, file));
}

/** Mocks, tests, interfaces (no bytecode) and libraries of internal functions (no ABI) are left out. */
function isProductContract({ sourceName, abi, bytecode }: Artifact): boolean {
  return !/(^test|\/mocks)\//.test(sourceName) && bytecode !== "0x" && abi.length > 0;
}

function moduleText(all: readonly Artifact[]): string {
  const constants = all.map(
    ({ contractName, sourceName, abi }) =>
      `/** ${sourceName} */\nexport const ${constantName(contractName)} = ${JSON.stringify(abi)} as const;\n`,
  );
  return [`// Generated from the built contracts by \`npm run build\`.\n`, ...constants, "export {};\n"].join("\n");
}

/** `IndexVault` becomes `indexVaultAbi`. */
function constantName(contractName: string): string {
  return `${contractName.charAt(0).toLowerCase()}${contractName.slice(1)}Abi`;
}
