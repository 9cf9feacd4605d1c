// Turns this checkout into one of the test's own, in which a reader's commands may leave files, and runs them there.
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";

import { ROOT } from "../unit/docs/markdown.ts";

/** How a command ended, and what it printed. */
export type Run = { readonly code: number | null; readonly out: string; readonly err: string };

/** A command that goes on until it is told to end. */
export type Going = { readonly printed: () => string; readonly end: () => Promise<Run> };

/** Copied, because commands write there or find other files beside their own. */
const COPIED = ["src", "scripts", "deployments/networks", "deployments/README.md", "data/trials.jsonl", "package.json"];
const LINKED = [
  "node_modules",
  "test",
  "artifacts",
  "cache",
  "contracts",
  "dist",
  "hardhat.config.ts",
  "package-lock.json",
];
const SCRIPTS = (JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { scripts: Record<string, string> })
  .scripts;
/** Settings of this machine that would change what a command does. */
const OWN_SETTINGS = /^(?:TM100_|DATABASE_URL|COINGECKO_|TOKENMETRICS_|NODE_|FORCE_COLOR|HARDHAT_)/;

/** A checkout in a folder of its own. */
export class Checkout {
  readonly folder = mkdtempSync(join(tmpdir(), "tm100-reader-"));
  readonly #children = new Set<ChildProcess>();

  constructor() {
    for (const name of COPIED) cpSync(join(ROOT, name), join(this.folder, name), { recursive: true });
    for (const name of LINKED) symlinkSync(join(ROOT, name), join(this.folder, name));
  }

  /** A path in the checkout. */
  at(...parts: readonly string[]): string {
    return join(this.folder, ...parts);
  }

  /** Writes a file of the checkout, and gives back its path in it. */
  write(name: string, text: string): string {
    mkdirSync(dirname(this.at(name)), { recursive: true });
    writeFileSync(this.at(name), text);
    return name;
  }

  /** Runs a command to its end. */
  async run(command: string, settings: Readonly<Record<string, string>> = {}): Promise<Run> {
    return this.#started(command, settings).ended;
  }

  /** Starts a command that does not end; resolves once it printed what is waited for, or ended before. */
  async start(command: string, settings: Readonly<Record<string, string>>, awaited: RegExp): Promise<Going> {
    const { child, ended, printed } = this.#started(command, settings);
    while (this.#children.has(child) && !awaited.test(printed())) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const end = (): Promise<Run> => {
      child.kill("SIGTERM");
      return ended;
    };
    return { printed, end };
  }

  /** Ends what still runs and removes all files. */
  async close(): Promise<void> {
    const over = [...this.#children].map((child) => new Promise((resolve) => child.once("close", resolve)));
    for (const child of this.#children) child.kill("SIGTERM"); // which what started it passes on
    await Promise.all(over);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }

  #started(command: string, settings: Readonly<Record<string, string>>) {
    const child = spawn("sh", ["-c", expanded(command)], {
      cwd: this.folder,
      env: this.#environment(settings),
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#children.add(child);
    let [out, err] = ["", ""];
    child.stdout.on("data", (part: Buffer) => (out += part.toString()));
    child.stderr.on("data", (part: Buffer) => (err += part.toString()));
    const ended = new Promise<Run>((resolve) => {
      child.on("close", (code) => {
        this.#children.delete(child);
        resolve({ code, out, err });
      });
    });
    return { child, ended, printed: () => out + err };
  }

  #environment(settings: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
    const shared = Object.entries(process.env).filter(([name]) => !OWN_SETTINGS.test(name));
    const path = [this.at("bin"), dirname(process.execPath), process.env["PATH"] ?? ""].join(delimiter);
    // What Node compiled for one command serves all others.
    const cache = { NODE_COMPILE_CACHE: this.at("compiled"), NO_COLOR: "1" };
    return { ...Object.fromEntries(shared), ...cache, PATH: path, ...settings };
  }
}

/** What npm runs for a command; `tm100` stands for `npm run -s tm100 --`, as the documents say. */
export function expanded(command: string): string {
  const [, settings = "", rest = ""] = /^((?:[A-Z_0-9]+=\S+ +)*)(.*)$/s.exec(command) ?? [];
  const [, name = "", words = ""] =
    /^npm run (?:-s )?([a-z0-9:-]+)(?: --)?( .*)?$/s.exec(rest.replace(/^tm100(?= |$)/, "npm run -s tm100 --")) ?? [];
  const script = SCRIPTS[name];
  if (script === undefined) return command;
  const plain = script.replace(/^exec /, "");
  return settings === "" ? `exec ${plain}${words}` : `${settings}${plain}${words}`;
}
