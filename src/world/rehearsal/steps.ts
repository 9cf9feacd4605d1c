// Names the steps of a rehearsal in their order, each to be found done or done once.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { flushCompileCache } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { AppError } from "../../core/errors.ts";
import { commitOf } from "../../execute/deploy/commit.ts";
import { readDeployment } from "../../execute/deployment.ts";
import type { Attached } from "./attached.ts";
import { CYCLE, type CyclePart } from "./calendar.ts";

/** What a step works with. */
export type Play = {
  readonly attached: Attached;
  readonly folder: string;
  /** Of the chain, for commands that look. */
  readonly rpc: string;
};

/** What to say of a step: in a column of titles, and behind it. */
export type Said = readonly [title: string, words: string];

/** A step. Killed and run again, it goes on where the chain stands. */
export type Step = {
  readonly name: string;
  /** Changes the chain; others only look at it. */
  readonly isSending: boolean;
  readonly work: (play: Play) => Promise<readonly Said[]>;
};

/** A command of the rehearsal failed, or found what must not be. */
export class RehearsalStepError extends AppError {
  readonly code = "REHEARSAL_STEP";
  readonly kind = "chain";

  constructor(expected: string, found: string) {
    // What a command said comes with its own lines and stops.
    super(
      `Expected ${expected}, found ${found.trimEnd()}\n` +
        "Mend that and run the same rehearsal again: it goes on where its chain stands.",
    );
  }
}

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const MAIN = path.join(ROOT, "src", "apps", "cli", "main.ts");
const POLL_MS = 20;

/** From the network's file to the depositor's taxes. */
export const STEPS: readonly Step[] = [
  { name: "network", isSending: false, work: writeNetwork },
  { name: "check", isSending: false, work: check },
  { name: "deploy", isSending: true, work: deploy },
  { name: "match", isSending: false, work: matchSources },
  { name: "sources", isSending: false, work: writeSources },
  ...CYCLE.map((part): Step => ({
    name: "monday" in part ? `${part.kind} ${part.monday}` : part.kind,
    isSending: true,
    work: (play) => playOf(play, part),
  })),
  { name: "log", isSending: false, work: writeLog },
  { name: "verify", isSending: false, work: verify },
  { name: "reconstruct", isSending: false, work: reconstruct },
  { name: "tax", isSending: false, work: writeTaxes },
];

async function writeNetwork({ attached, folder }: Play): Promise<readonly Said[]> {
  const { network } = attached.outline;
  await writeFile(path.join(folder, "network-file.json"), JSON.stringify(network));
  return [["network", `${network.title}: ${network.assets.length} assets stand on the local chain`]];
}

async function check({ folder, rpc }: Play): Promise<readonly Said[]> {
  await tm100(["networks", "check", path.join(folder, "network-file.json"), "--rpc", rpc]);
  return [["check", "tokens, feeds and pools are as the file says"]];
}

/**
 * What a step needs is loaded by it: a process that goes on near the end does without the rest. With NODE_COMPILE_CACHE,
 * what was loaded is kept now, and not at an end that may not come.
 */
async function loaded<Module>(module: Promise<Module>): Promise<Module> {
  const ready = await module;
  flushCompileCache();
  return ready;
}

async function playOf({ attached, folder }: Play, part: CyclePart): Promise<readonly Said[]> {
  const { playPart } = await loaded(import("./cycle.ts"));
  return playPart({ ...attached, deployment: await readDeployment(path.join(folder, "fund.json")) }, part);
}

/** As `tm100 deploy` does, in this process: nothing of it goes on when this one is killed. */
async function deploy({ attached, folder }: Play): Promise<readonly Said[]> {
  const { deployNetwork } = await loaded(import("../../execute/deploy/deploy-network.ts"));
  const { readRecord, writeRecord } = await loaded(import("../../execute/deploy/record.ts"));
  const { client, accounts, outline } = attached;
  const sending = { client, account: accounts.deployer, confirmations: 1, pollingMs: POLL_MS };
  const deployed = await deployNetwork({ ...sending, folder, fund: "1" }, outline.network);
  await writeRecord({ client, folder, commit: await commitOf() }, deployed);
  const { contracts, transactions, powers } = await readRecord(folder);
  const done = `${contracts.length} contracts, ${Object.keys(transactions).length} transactions`;
  return [["deploy", done], ...powers.map((power): Said => ["hand over", power])];
}

async function matchSources({ folder, rpc }: Play): Promise<readonly Said[]> {
  const { readRecord } = await import("../../execute/deploy/record.ts");
  const { fullMatches } = await import("./full-match.ts");
  const { readSources } = await import("./sources.ts");
  const record = await readRecord(folder);
  const matches = await fullMatches(rpc, record.chainId, await readSources(folder, record));
  const perfect = matches.filter(({ match }) => match === "perfect").length;
  const found = `${perfect} of ${matches.length}`;
  if (perfect < matches.length) throw new RehearsalStepError("that every source matches in full", `${found} do.`);
  return [["sources", `${found} match in full by Sourcify's library`]];
}

async function writeSources({ folder }: Play): Promise<readonly Said[]> {
  await tm100(["verify-source", folder]);
  return [["sources", `written to ${path.relative(ROOT, path.join(folder, "contracts"))}`]];
}

async function writeLog(play: Play): Promise<readonly Said[]> {
  const file = ledgerOf(play);
  await tm100(["log", ...fundOf(play), "--out", file]);
  return [["log", path.relative(ROOT, file)]];
}

async function verify(play: Play): Promise<readonly Said[]> {
  const said = await tm100(["verify", "--log", ledgerOf(play), ...fundOf(play)]);
  return [["verify", said.split("\n").find((line) => line !== "") ?? ""]];
}

async function reconstruct(play: Play): Promise<readonly Said[]> {
  const said = await tm100(["reconstruct", ...fundOf(play)]);
  return [["reconstruct", said.trimEnd().split("\n").at(-1) ?? ""]];
}

async function writeTaxes(play: Play): Promise<readonly Said[]> {
  const file = path.join(play.folder, "tax.csv");
  const { address } = play.attached.accounts.alice;
  await tm100(["tax", ...fundOf(play), "--account", address, "--format", "csv", "--out", file]);
  return [["tax", path.relative(ROOT, file)]];
}

function fundOf({ folder, rpc }: Play): string[] {
  return ["--rpc", rpc, "--deployment", path.join(folder, "fund.json")];
}

function ledgerOf({ folder }: Play): string {
  return path.join(folder, "ledger.jsonl");
}

/** Runs a command that only looks, and gives back what it printed. @throws RehearsalStepError when it failed. */
async function tm100(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [MAIN, ...args], { cwd: ROOT });
  const [out, err]: [string[], string[]] = [[], []];
  child.stdout.on("data", (part: Buffer) => out.push(part.toString()));
  child.stderr.on("data", (part: Buffer) => err.push(part.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new RehearsalStepError(`that tm100 ${args.join(" ")} ends well`, `${code}: ${err.join("")}`);
  return out.join("");
}
