// Turns checked lists into the files of networks, shows what of the index each carries, and compares them with a chain.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { type Command, Option } from "commander";
import { createPublicClient, http } from "viem";

import { type BuiltNetwork, buildNetwork } from "../../../config/networks/build.ts";
import { UsageError } from "../../../core/errors.ts";
import { parseDecimal } from "../../../core/units.ts";
import { NetworkDiffersError, checkNetwork } from "../../../execute/check-network.ts";
import { cashOf, readNetwork } from "../../../execute/network.ts";
import { DEFAULT_RPC } from "../deployment-file.ts";
import { parseRpc } from "../chain-options.ts";
import { decisionFor } from "../market-data.ts";
import { NETWORKS_FOLDER, chainsNamed, defaultTokenList, networkFileOf, readNetworkSources } from "../network-files.ts";
import { checkJson, checkText, coverageJson, coverageText } from "../network-view.ts";
import { type MarketOptions, SIMULATED, addMarketOptions, jsonOption } from "../options.ts";
import { printJson, printText } from "../output.ts";

type BuildOptions = MarketOptions & {
  readonly tokenList: string | undefined;
  readonly poolList: boolean;
  readonly out: string;
  readonly dryRun: boolean;
};

type CheckOptions = {
  readonly rpc: string;
  readonly depth: string;
  readonly write: string | undefined;
  readonly json: boolean;
};

/** Adds `networks` and its commands to the program. */
export function registerNetworks(program: Command): void {
  const networks = program.command("networks").description("what a fund stands on, chain by chain");
  const build = networks
    .command("build [NAMES...]")
    .description(
      "the files of networks, from a token list, feeds and the coins of a data folder; and what each carries",
    )
    .option("--token-list <file>", "token list to take tokens from (default: Uniswap's, as installed)")
    .option(
      "--pool-list",
      "of Ethereum's pools keep those that the data folder's list names; without it, all possible",
      false,
    )
    .option("--out <dir>", "where the files go", NETWORKS_FOLDER)
    .option("--dry-run", "show what each chain carries and write nothing", false);
  addMarketOptions(build).action(buildFiles);
  networks
    .command("check <NAME|FILE>")
    .description("compares a network's file with its chain: code, decimals, symbols, feeds, pools")
    .addOption(new Option("--rpc <url>", "node of the chain").default(DEFAULT_RPC).argParser(parseRpc))
    .option("--depth <cash>", "what a pool must hold of the deposit coin or in ether to count", "10000")
    .option("--write <file>", "write the network with the pools that the chain has, ready to deploy from")
    .addOption(jsonOption())
    .action(checkFile);
}

async function buildFiles(names: readonly string[], options: BuildOptions): Promise<void> {
  if (options.data === SIMULATED) {
    throw new UsageError("Expected --data with real coins, since the embedded market has no token on any chain.");
  }
  const specs = chainsNamed(names);
  const asked = await decisionFor(options);
  const tokenList = options.tokenList ?? defaultTokenList();
  const sources = readNetworkSources({ ...options, tokenList }, asked.decision);
  const built = specs.map((spec) => buildNetwork(spec, sources));
  if (!options.dryRun) await writeFiles(options.out, built);
  if (options.json) printJson({ asOf: asked.asOf, networks: built.map(coverageJson) });
  else printText(coverageText(asked.asOf, built));
}

async function writeFiles(folder: string, built: readonly BuiltNetwork[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { network } of built) {
    await writeFile(join(folder, `${network.name}.json`), `${JSON.stringify(network, null, 2)}\n`);
  }
}

async function checkFile(name: string, { rpc, depth, write, json }: CheckOptions): Promise<void> {
  const network = await readNetwork(networkFileOf(name));
  const client = createPublicClient({ transport: http(rpc) });
  const check = await checkNetwork(client, network, parseDecimal(depth, cashOf(network).decimals));
  if (json) printJson(checkJson(network, check));
  else printText(checkText(network, check));
  if (check.faults.length > 0) throw new NetworkDiffersError(network, check.faults);
  if (write !== undefined) await writeFile(write, `${JSON.stringify(check.confirmed, null, 2)}\n`);
}
