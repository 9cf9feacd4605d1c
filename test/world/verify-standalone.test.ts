// Tests of the standalone verifier, as an inspector runs it: a process of its own, against an honest node and others.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";
import { toFunctionSelector } from "viem";

import { abiEventOf, LINE_EVENTS } from "../../src/record/lines.ts";
import { type RpcNode, serveNode } from "../rpc-node.ts";
import { useServedFund } from "./served-fund.ts";

const SCRIPT = join(import.meta.dirname, "..", "..", "scripts", "verify-standalone.mjs");
const LEDGER = toFunctionSelector("ledger()");

type Run = { readonly code: number | null; readonly out: string; readonly err: string };

/** A log, as a node gives it. */
type RawLog = { readonly address: string; readonly data: string; readonly topics: readonly string[] };

describe("scripts/verify-standalone.mjs", function () {
  const fund = useServedFund();
  let node: RpcNode;

  before(async function () {
    node = await serveNode(fund.served().world.market.chain);
  });
  after(async function () {
    await node.close();
  });
  afterEach(function () {
    node.twist = undefined;
  });

  async function run(...args: readonly string[]): Promise<Run> {
    const child = spawn(process.execPath, [SCRIPT, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    let [out, err] = ["", ""];
    child.stdout.on("data", (part: Buffer) => (out += part.toString()));
    child.stderr.on("data", (part: Buffer) => (err += part.toString()));
    const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
    return { code, out, err };
  }

  function verify(): Promise<Run> {
    return run(node.url, fund.served().world.fund.addresses.vault, "1");
  }

  /** Lets the node change the logs that it gives. */
  function withLogs(change: (logs: RawLog[]) => RawLog[]): void {
    node.twist = async ({ method }, pass) =>
      method === "eth_getLogs" ? { result: change((await pass()) as RawLog[]) } : undefined;
  }

  /** Places of the lines among the logs. */
  function linesIn(logs: readonly RawLog[]): number[] {
    const other = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"; // Transfer
    return logs.flatMap(({ topics, data }, i) => (topics[0] !== other && data.length > 130 ? [i] : []));
  }

  it("is one page that imports nothing but viem", function () {
    const text = readFileSync(SCRIPT, "utf8");

    expect(text.split("\n").length).to.be.at.most(120);
    expect([...text.matchAll(/from "(.*?)"/g)].map(([, module]) => module)).to.deep.equal(["viem", "viem"]);
  });

  it("knows every event of the ledger, field by field", function () {
    const text = readFileSync(SCRIPT, "utf8");
    for (const name of LINE_EVENTS) {
      const fields = abiEventOf(name).inputs.slice(0, -2);
      const words = fields.map(
        (field) => `${field.type}${field.indexed === true ? " indexed" : ""} ${field.name ?? ""}`,
      );

      expect(text).to.include(`"${name}(${words.join(", ")}"`);
    }
  });

  it("proves the ledger of an honest node", async function () {
    const { sequence, head } = await fund.json("log");
    const { code, out, err } = await verify();

    expect([code, err]).to.deep.equal([0, ""]);
    expect(out).to.match(new RegExp(`^PROVEN: ${String(sequence)} lines of 0x.*, head ${String(head)}\n$`));
  });

  it("finds a line that the node hides", async function () {
    withLogs((logs) => logs.toSpliced(linesIn(logs)[5] ?? 0, 1));

    const { code, err } = await verify();

    expect(code).to.equal(1);
    expect(err).to.match(/^NOT PROVEN: line \d+ is missing; in its place stands line \d+\n$/);
  });

  it("finds a line that the node altered", async function () {
    withLogs((logs) => {
      const place = linesIn(logs)[5] ?? 0;
      const log = logs[place] as RawLog;
      const [, topic = ""] = log.topics;
      return logs.with(place, {
        ...log,
        topics: [
          log.topics[0] ?? "",
          topic.replace(/.$/, (digit) => (digit === "7" ? "8" : "7")),
          ...log.topics.slice(2),
        ],
      });
    });

    const { code, err } = await verify();

    expect(code).to.equal(1);
    expect(err).to.match(/^NOT PROVEN: line \d+ \(\w+, transaction 0x\w+\) was altered\n$/);
  });

  it("finds a line that the node made unreadable", async function () {
    withLogs((logs) => {
      const place = linesIn(logs)[5] ?? 0;
      const log = logs[place] as RawLog;
      return logs.with(place, { ...log, data: log.data.slice(0, 66) });
    });

    const { code, err } = await verify();

    expect(code).to.equal(1);
    expect(err).to.match(/^NOT PROVEN: line \d+ \(.*\) was altered: it does not decode\n$/);
  });

  it("finds a log of another contract", async function () {
    withLogs((logs) => {
      const place = linesIn(logs)[5] ?? 0;
      return logs.with(place, { ...(logs[place] as RawLog), address: `0x${"00".repeat(19)}fd` });
    });

    const { code, err } = await verify();

    expect(code).to.equal(1);
    expect(err).to.match(/^NOT PROVEN: line \d+ \(.*\) is of 0x0{38}fd\n$/);
  });

  it("finds a log that ends too early", async function () {
    withLogs((logs) => logs.slice(0, -4));

    const { code, err } = await verify();

    expect(code).to.equal(1);
    expect(err).to.match(/^NOT PROVEN: the vault has written \d+ lines, and the node gave \d+\n$/);
  });

  it("finds a head that is not that of the lines", async function () {
    node.twist = async ({ method, params }, pass) => {
      const [call] = params as readonly { readonly data?: string }[];
      if (method !== "eth_call" || call?.data !== LEDGER) return undefined;
      const answer = String(await pass());
      return { result: `${answer.slice(0, 66)}ab${answer.slice(68)}` };
    };

    const { code, err } = await verify();

    expect(code).to.equal(1);
    expect(err).to.match(/^NOT PROVEN: the vault's head is 0xab/);
  });

  it("finds a node of another chain", async function () {
    node.twist = ({ method }) => Promise.resolve(method === "eth_chainId" ? { result: "0x1" } : undefined);

    const { code, err } = await verify();

    expect(code).to.equal(1);
    expect(err).to.match(/^NOT PROVEN: line 1 \(AssetListed, /);
  });

  it("says how it is called", async function () {
    const { code, err } = await run(node.url, "0x1234", "1");

    expect(code).to.equal(2);
    expect(err).to.include("usage: ");
  });
});
