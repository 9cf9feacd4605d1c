// Rehearses a network's whole life on a local chain, by the commands that a real one is operated with.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";

import { decimalString } from "../src/core/units.ts";
import { readRecord } from "../src/execute/deploy/record.ts";
import { readDeployment } from "../src/execute/deployment.ts";
import { readNetwork } from "../src/execute/network.ts";
import { REHEARSAL_START, liveThroughCycle, waitForFirstWeek } from "../src/world/rehearsal/cycle.ts";
import { fullMatches } from "../src/world/rehearsal/full-match.ts";
import { readSources } from "../src/world/rehearsal/sources.ts";
import { rehearsalOf } from "../src/world/rehearsal/stand-ins.ts";
import { runScript } from "./run-script.ts";

const HELP = `npm run rehearse -- <network>

  <network>     a file of deployments/networks: base, ethereum, arbitrum-one, … (default: base)
  --out <dir>   where journal, record, sources and logs go (default: deployments/31337/rehearsal-<network>)

Deploys on a local chain with what stands in for the network's tokens, feeds and pools, matches the sources, hands over
to a Safe, lives through a deposit, a week in the market and a week out of it, and proves and retells what happened.
`;

const ROOT = path.join(import.meta.dirname, "..");
const CASH_DECIMALS = 6;

/** A command of the rehearsal failed. */
class StepFailed extends TypeError {}

await runScript(HELP, async (args) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { out: { type: "string" } },
    allowPositionals: true,
  });
  const name = positionals[0] ?? "base";
  const folder = path.resolve(values.out ?? path.join(ROOT, "deployments", "31337", `rehearsal-${name}`));
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const rehearsal = await rehearsalOf(
    await readNetwork(path.join(ROOT, "deployments", "networks", `${name}.json`)),
    REHEARSAL_START,
  );
  const { chain } = rehearsal.market;
  try {
    await rehearse(rehearsal, { folder, rpc: await chain.serve(0) });
  } finally {
    await rehearsal.market.close();
  }
  return 0;
});

type Stage = { readonly folder: string; readonly rpc: string };
type Rehearsal = Awaited<ReturnType<typeof rehearsalOf>>;

async function rehearse(rehearsal: Rehearsal, { folder, rpc }: Stage): Promise<void> {
  const { network, market } = rehearsal;
  const file = path.join(folder, "network-file.json");
  await writeFile(file, JSON.stringify(network));
  const fund = path.join(folder, "fund.json");
  const onFund = ["--rpc", rpc, "--deployment", fund];
  const ledger = path.join(folder, "ledger.jsonl");
  const alice = market.chain.accounts.alice.address;

  say("network", `${network.title}: ${network.assets.length} assets stand on the local chain`);
  await tm100(["networks", "check", file, "--rpc", rpc]);
  say("check", "tokens, feeds and pools are as the file says");
  await tm100(["deploy", file, "--rpc", rpc, "--account", "deployer", "--out", folder]);
  const record = await readRecord(folder);
  say("deploy", `${record.contracts.length} contracts, ${Object.keys(record.transactions).length} transactions`);
  for (const power of record.powers) say("hand over", power);
  const matches = await fullMatches(rpc, record.chainId, await readSources(folder, record));
  const perfect = matches.filter(({ match }) => match === "perfect").length;
  if (perfect < matches.length) throw new StepFailed(`only ${perfect} of ${matches.length} sources match in full`);
  say("sources", `${perfect} of ${matches.length} match in full by Sourcify's library`);
  await tm100(["verify-source", folder]);
  say("sources", `written to ${path.relative(ROOT, path.join(folder, "contracts"))}`);

  await waitForFirstWeek(rehearsal);
  await tm100(["upkeep", ...onFund, "--account", "stranger", "--live"]);
  const { weeks, deposited, paidOut } = await liveThroughCycle(rehearsal, await readDeployment(fund));
  for (const { decision, legs, gas, costBps, unfinished } of weeks) {
    const words = `${decision.date} ${decision.regime}: ${legs} legs, ${gas.toLocaleString("en-US")} gas, ${costBps ?? "-"} bps`;
    say("week", `${words}${unfinished === undefined ? "" : `; ${unfinished}`}`);
  }
  say("exit", `${decimalString(deposited, CASH_DECIMALS)} USDC in, ${decimalString(paidOut, CASH_DECIMALS)} USDC out`);

  await tm100(["log", ...onFund, "--out", ledger]);
  say("log", path.relative(ROOT, ledger));
  say("verify", firstLine(await tm100(["verify", "--log", ledger, ...onFund])));
  say("reconstruct", lastLine(await tm100(["reconstruct", ...onFund])));
  const taxes = path.join(folder, "tax.csv");
  await tm100(["tax", ...onFund, "--account", alice, "--format", "csv", "--out", taxes]);
  say("tax", path.relative(ROOT, taxes));
}

/** Runs a command, and gives back what it printed. @throws StepFailed with what it said when it failed. */
async function tm100(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [path.join(ROOT, "src", "apps", "cli", "main.ts"), ...args], { cwd: ROOT });
  const [out, err]: [string[], string[]] = [[], []];
  child.stdout.on("data", (part: Buffer) => out.push(part.toString()));
  child.stderr.on("data", (part: Buffer) => err.push(part.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new StepFailed(`tm100 ${args.join(" ")} ended with ${code}: ${err.join("")}`);
  return out.join("");
}

function firstLine(text: string): string {
  return text.split("\n").find((line) => line !== "") ?? "";
}

function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) ?? "";
}

function say(step: string, words: string): void {
  console.log(`${step.padEnd(12)} ${words}`);
}
