// Turns the file of a network into a fund on its chain; started again, it goes on where it stopped.
import path from "node:path";

import { type Command, Option } from "commander";
import { type Address, createPublicClient, http } from "viem";
import { hardhat } from "viem/chains";

import { chainOf } from "../../../execute/chain.ts";
import { commitOf } from "../../../execute/deploy/commit.ts";
import type { DeploymentPlan } from "../../../execute/deploy/plan.ts";
import { type DeploymentRecord, readRecord, writeRecord } from "../../../execute/deploy/record.ts";
import { type Network, type NetworkRoles, parseNetwork, readNetwork } from "../../../execute/network.ts";
import { type KeyOptions, addKeyOptions, parseAddress } from "../chain-options.ts";
import { LOCAL_POLLING } from "../fund-access.ts";
import { linkJson, linkLines } from "../links.ts";
import { networkFileOf } from "../network-files.ts";
import { type JsonObject, printJson, printText } from "../output.ts";
import { startProgress } from "../progress.ts";
import { signerOf } from "../signer.ts";

type DeployOptions = KeyOptions & {
  readonly fund: string;
  readonly out: string | undefined;
} & { readonly [Role in keyof NetworkRoles]?: Address };

/** Blocks after which a transaction of a public chain counts as final; a local chain has no other blocks. */
const CONFIRMATIONS = 5;
const PUBLIC_POLLING = 1000;
const ROLES = ["owner", "guardian", "keeper", "signer"] as const;

/** Adds `deploy` to the program. */
export function registerDeploy(program: Command): void {
  const command = program
    .command("deploy <NAME|FILE>")
    .description("deploys a fund from a network's file, hands it over to its multisig, and reads everything back")
    .option("--fund <name>", "tells several funds of one deployer apart", "1")
    .option("--out <dir>", "journal and results (default: deployments/CHAIN-ID)");
  for (const role of ROLES) {
    command.addOption(new Option(`--${role} <0x…>`, `the ${role}, instead of the file's`).argParser(parseAddress));
  }
  addKeyOptions(command).action(deployFund);
}

async function deployFund(name: string, options: DeployOptions): Promise<void> {
  const file = networkFileOf(name);
  const network = withRoles(await readNetwork(file), options, file);
  const account = await signerOf(options, network.chainId);
  const chain = chainOf(network.chainId, [options.rpc]);
  const client = createPublicClient({ chain, transport: http(options.rpc), cacheTime: 0 });
  const isLocal = network.chainId === hardhat.id;
  const folder = options.out ?? folderOf(network, options.fund);
  const progress = startProgress();
  // Loaded here and not at import: Ignition is a quarter of what every command would have to load.
  const { deployNetwork } = await import("../../../execute/deploy/deploy-network.ts");
  try {
    progress.step(`deploying on ${network.title}`);
    const deployed = await deployNetwork(
      {
        client,
        account,
        folder,
        fund: options.fund,
        confirmations: isLocal ? 1 : CONFIRMATIONS,
        pollingMs: isLocal ? LOCAL_POLLING : PUBLIC_POLLING,
      },
      network,
    );
    const deployment = await writeRecord({ client, folder, commit: await commitOf() }, deployed);
    const record = await readRecord(folder);
    progress.done();
    if (options.json) printJson(deployedJson(deployed.plan, record, deployment));
    else printText(deployedText(record, deployment));
  } finally {
    progress.done();
  }
}

/** What was deployed, for programs. @param deployment Path of `fund.json`. */
export function deployedJson({ addresses }: DeploymentPlan, record: DeploymentRecord, deployment: string): JsonObject {
  const { chainId } = record;
  return {
    chainId,
    deployment,
    addresses,
    powersChecked: true,
    ...linkJson(chainId, "address", addresses.vault),
    contracts: record.contracts.map(({ contract, address }) => ({
      contract,
      address,
      ...linkJson(chainId, "address", address),
    })),
    transactions: Object.entries(record.transactions).map(([step, hash]) => ({
      step,
      hash,
      ...linkJson(chainId, "transaction", hash),
    })),
  };
}

/** What was deployed: the contracts, and the transaction of each step. @param deployment Path of `fund.json`. */
export function deployedText({ chainId, contracts, transactions }: DeploymentRecord, deployment: string): string {
  const steps = Object.entries(transactions);
  const width = Math.max(...steps.map(([step]) => step.length), 20) + 2;
  const checked = "Every role, delay, asset, price source, pool and limit is as planned.";
  return [
    ...contracts.flatMap(({ contract, address }) => [
      `${contract.padEnd(22)}${address}`,
      ...linkLines(chainId, "address", address),
    ]),
    "",
    ...steps.flatMap(([step, hash]) => [`${step.padEnd(width)}${hash}`, ...linkLines(chainId, "transaction", hash)]),
    ...["", checked, deployment],
  ].join("\n");
}

/** Roles of the command line before those of the file. */
function withRoles(network: Network, options: DeployOptions, file: string): Network {
  const given = Object.fromEntries(
    ROLES.flatMap((role) => (options[role] === undefined ? [] : [[role, options[role]]])),
  );
  if (Object.keys(given).length === 0) return network;
  return parseNetwork({ ...network, roles: { ...network.roles, ...given } }, file);
}

function folderOf({ chainId }: Network, fund: string): string {
  const folder = path.join("deployments", String(chainId));
  return fund === "1" ? folder : path.join(folder, fund);
}
