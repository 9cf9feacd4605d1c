// Turns a key into one of several keepers: a process of its own, with lines of its own to its node and its database.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { type Address, type Hex, bytesToHex } from "viem";

import { assertNever } from "../../core/errors.ts";
import type { AccountName } from "../dev-accounts.ts";
import { type Asked, type Fate, type Proxy, openProxy } from "./proxy.ts";
import type { ChaosStage } from "./stage.ts";
import type { StandingOrder } from "./stander.ts";
import { type Tunnel, openTunnel } from "./tunnel.ts";

/** How soon keepers take over from each other. */
export type Pace = {
  /** True for `tm100 keeper run --live` as it is; its lease cannot be set. */
  readonly isReal: boolean;
  readonly leaseFor: number; // {ms}
  readonly tendEvery: number; // {ms}
};

/** What the keepers of a round share. */
export type Post = {
  readonly stage: ChaosStage;
  /** Of the database, without a line between. */
  readonly url: string;
  readonly schema: string;
  readonly pace: Pace;
};

/** What can be done to a keeper. */
export type Blow = "kill" | "stop" | "cut-database" | "mute-database" | "cut-node" | "mute-node";

const MAIN = fileURLToPath(new URL("../../apps/cli/main.ts", import.meta.url));
const STANDER = fileURLToPath(new URL("./stander.ts", import.meta.url));
/** {ms} For the cycle under way, on a busy machine. */
const TIME_TO_END = 180_000;

/** Lines of its log that are told when it ends badly. */
const LAST_WORDS = 12;

/** A keeper's process between its lines. */
export class Member {
  readonly name: AccountName;
  readonly address: Address;
  readonly #post: Post;
  readonly #key: Hex;
  readonly #node: Proxy;
  readonly #line: Tunnel;
  #child: ChildProcess | undefined;
  #nodeFate: Fate = "pass";
  #release: () => void = () => {};
  #log: string[] = [];

  private constructor(post: Post, name: AccountName, lines: { readonly node: Proxy; readonly line: Tunnel }) {
    const account = post.stage.world.market.chain.accounts[name];
    this.name = name;
    this.address = account.address;
    this.#key = bytesToHex(account.getHdKey().privateKey ?? new Uint8Array());
    this.#post = post;
    this.#node = lines.node;
    this.#line = lines.line;
  }

  /** Opens the lines. @param onRequest Decides of each request to the node, unless that line is cut. */
  static async open(
    post: Post,
    name: AccountName,
    onRequest: (member: Member, asked: Asked) => Fate | Promise<Fate>,
  ): Promise<Member> {
    const { hostname: host, port } = new URL(post.url);
    const line = await openTunnel({ host, port: Number(port === "" ? 5432 : port) });
    const seat: { taken?: Member } = {};
    const node = await openProxy(post.stage.rpc, (asked) => {
      const member = seat.taken;
      if (member === undefined) return "pass";
      return member.#nodeFate === "pass" ? onRequest(member, asked) : member.#nodeFate;
    });
    seat.taken = new Member(post, name, { node, line });
    return seat.taken;
  }

  /** Starts its process; resolves when it is up. */
  async start(): Promise<void> {
    const child = this.#spawn();
    this.#child = child;
    this.#log = [];
    const lines = createInterface({ input: child.stderr });
    const up = new Promise<void>((resolve) => {
      lines.on("line", (line) => {
        this.#log.push(line);
        if (line.includes("keeper started")) resolve();
      });
      child.once("exit", () => {
        resolve();
      });
    });
    await up;
  }

  /** Does the blow. @returns What becomes of the request that is under way. @param isHeard The node gets it at once. */
  suffer(blow: Blow, isHeard: boolean): Fate | Promise<Fate> {
    switch (blow) {
      case "kill":
        this.#signal("SIGKILL");
        return isHeard ? "answer-lost" : "silence";
      case "stop":
        this.#signal("SIGSTOP");
        return isHeard ? "pass" : this.#held();
      case "cut-database":
        this.#line.cut();
        return "pass";
      case "mute-database":
        this.#line.mute();
        return "pass";
      case "cut-node":
        this.#nodeFate = "status-500";
        break;
      case "mute-node":
        this.#nodeFate = "silence";
        break;
      default:
        assertNever(blow);
    }
    return isHeard ? "answer-lost" : this.#nodeFate;
  }

  /** Mends everything: a late request reaches the node, a stopped process goes on, a dead one is started anew. */
  async recover(): Promise<void> {
    this.#nodeFate = "pass";
    this.#line.heal();
    this.#release();
    if (this.#isOver()) await this.start();
    else this.#signal("SIGCONT");
  }

  /** Ends the process in good order. @returns What went wrong with that. */
  async end(): Promise<string | undefined> {
    const child = this.#child;
    if (child === undefined) return undefined;
    if (this.#isOver()) return `${this.name}'s process ended by itself: ${this.#lastWords()}`;
    const exit = once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), TIME_TO_END);
    const [code, signal] = await exit;
    clearTimeout(timer);
    if (code === 0) return undefined;
    return `${this.name}'s process ended with ${String(code ?? signal)} when it was asked to end: ${this.#lastWords()}`;
  }

  /** Ends everything at once. */
  async close(): Promise<void> {
    this.#release();
    if (this.#child !== undefined && !this.#isOver()) {
      const exit = once(this.#child, "exit");
      this.#child.kill("SIGKILL");
      await exit;
    }
    await this.#node.close();
    await this.#line.close();
  }

  #lastWords(): string {
    return this.#log.slice(-LAST_WORDS).join(" ");
  }

  #signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  #isOver(): boolean {
    return this.#child === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** The request waits on its way until the member recovers. */
  #held(): Promise<Fate> {
    return new Promise((resolve) => {
      this.#release = () => {
        resolve("pass");
      };
    });
  }

  #spawn() {
    const { stage, schema, pace } = this.#post;
    const { isReal, ...lease } = pace;
    const own = new URL(this.#post.url);
    own.hostname = "127.0.0.1";
    own.port = String(this.#line.port);
    const { file } = stage;
    const rpc = this.#node.url;
    if (!isReal) {
      const order: StandingOrder = { rpc, file, url: own.href, schema, key: this.#key, ...lease };
      return spawn(process.execPath, [STANDER, JSON.stringify(order)], { stdio: ["ignore", "ignore", "pipe"] });
    }
    const command = [MAIN, "keeper", "run", "--live", "--chain-id", "31337", "--port", "0"];
    const places = ["--rpc", rpc, "--deployment", file, "--schema", schema];
    const env = { ...process.env, DATABASE_URL: own.href, TM100_PRIVATE_KEY: this.#key };
    return spawn(process.execPath, [...command, ...places], { env, stdio: ["ignore", "ignore", "pipe"] });
  }
}
