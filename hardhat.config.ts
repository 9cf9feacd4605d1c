// Turns this checkout into a Hardhat project: one compiler, one in-process chain, one test run.
import { createRequire } from "node:module";
import path from "node:path";

import hardhatToolboxMochaEthers from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import { defineConfig } from "hardhat/config";
import { HardhatPluginError } from "hardhat/plugins";

import { fuzzRuns, fuzzRunsFault } from "./src/apps/build/fuzz-runs.ts";
import { knownWarnings } from "./src/apps/build/known-warnings.ts";

// The compiler is an ordinary npm dependency, so that nothing is downloaded while building.
const compilerPath = createRequire(import.meta.url).resolve("solc/soljson.js");

/** Code that counts what it runs is larger and dearer than what is deployed. */
const isMeasured = process.argv.includes("--coverage");

const SOLC = "0.8.30";

/** Contracts with room to grow: the compiler writes constants out where working them out would be paid for in each call. */
const FAST = {
  version: SOLC,
  path: compilerPath,
  settings: { evmVersion: "cancun", optimizer: { enabled: true, runs: 100_000 }, viaIR: true },
} as const;

/** EIP-7825: no transaction may use more gas than this. */
const TRANSACTION_GAS_CAP = 16_777_216n;

// Of this kind Hardhat prints the message alone.
const fault = fuzzRunsFault(process.env);
if (fault !== undefined) throw new HardhatPluginError("fuzz-runs", fault);

export default defineConfig({
  plugins: [hardhatToolboxMochaEthers, knownWarnings],
  paths: {
    tests: { mocha: "test", solidity: "test/contracts" },
  },
  solidity: {
    compilers: [
      {
        version: SOLC,
        path: compilerPath,
        settings: { evmVersion: "cancun", optimizer: { enabled: true, runs: 200 }, viaIR: true },
      },
    ],
    overrides: {
      "contracts/PriceOracle.sol": FAST,
      "contracts/UniswapV3Venue.sol": FAST,
      // Only a driver, which takes the contracts from their artifacts: its own code need be neither small nor cheap.
      "test/contracts/laws/Laws.t.sol": {
        version: SOLC,
        path: compilerPath,
        settings: { evmVersion: "cancun", optimizer: { enabled: false } },
      },
    },
  },
  networks: {
    hardhat: {
      type: "edr-simulated",
      chainType: "l1",
      hardfork: "osaka",
      chainId: 31337,
      blockGasLimit: isMeasured ? 600_000_000n : 60_000_000n,
      allowUnlimitedContractSize: isMeasured,
      ...(isMeasured ? {} : { transactionGasCap: TRANSACTION_GAS_CAP }),
    },
  },
  typechain: { outDir: path.join(import.meta.dirname, "cache/typechain"), tsNocheck: true },
  test: {
    // Cases of each fuzz test; the sequences of the laws grow with it.
    solidity: { fuzz: { runs: fuzzRuns(process.env) } },
    mocha: { timeout: 600_000, forbidOnly: process.env["CI"] !== undefined },
  },
});
