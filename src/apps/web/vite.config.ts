// Turns the page's sources into static files under dist/web, as few and small as the first view needs.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

import react from "@vitejs/plugin-react";
import { type Hex, keccak256 } from "viem";
import { type Plugin, defineConfig } from "vite";

const ROOT = path.resolve(import.meta.dirname, "../../..");
/** The server's `page-folder.ts`. */
const OUTPUT = path.join(ROOT, "dist/web");

/** {1} [0, 11] Most of the gain at a tenth of the time of the highest. */
const BROTLI_QUALITY = 9;

/** Writes each text file compressed beside itself, so that the server compresses nothing while people wait. */
const compressed: Plugin = {
  name: "compressed",
  closeBundle() {
    for (const name of readdirSync(OUTPUT, { recursive: true, encoding: "utf8" })) {
      if (!/\.(js|css|html|svg)$/.test(name)) continue;
      const content = readFileSync(path.join(OUTPUT, name));
      const params = { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY };
      writeFileSync(path.join(OUTPUT, `${name}.br`), brotliCompressSync(content, { params }));
      writeFileSync(path.join(OUTPUT, `${name}.gz`), gzipSync(content));
    }
  },
};

type Artifact = {
  readonly deployedBytecode: Hex;
  readonly immutableReferences: Readonly<
    Record<string, readonly { readonly start: number; readonly length: number }[]>
  >;
};

/** By which the page knows the gateway again: see `wallet/one-fund.ts`. */
function gatewayCode(): { readonly hash: Hex; readonly immutables: readonly { start: number; length: number }[] } {
  const file = path.join(ROOT, "artifacts/contracts/DepositGateway.sol/DepositGateway.json");
  const { deployedBytecode, immutableReferences } = JSON.parse(readFileSync(file, "utf8")) as Artifact;
  return { hash: keccak256(deployedBytecode), immutables: Object.values(immutableReferences).flat() };
}

export default defineConfig({
  root: import.meta.dirname,
  define: { GATEWAY_CODE: JSON.stringify(gatewayCode()) },
  plugins: [react(), compressed],
  build: {
    outDir: OUTPUT,
    emptyOutDir: true,
    target: "es2022",
    // Small files as data addresses would need a looser content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // The charts' library, which is fetched after the page is usable.
    chunkSizeWarningLimit: 600,
  },
});
