// Tests of `keeper run --live` as a process of its own: it works, answers over HTTP, pauses, and ends when asked to.
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

import { expect } from "chai";

import { type Document, PENDING_ID, useServedFund } from "./served-fund.ts";

const MAIN = new URL("../../src/apps/cli/main.ts", import.meta.url).pathname;

/** A keeper that runs, its log so far, and its address. */
type Running = {
  readonly child: ChildProcessByStdio<null, null, Readable>;
  readonly log: readonly Document[];
  readonly url: string;
};

describe("keeper run --live", function () {
  const fund = useServedFund();

  it("runs the fund, tells its state, pauses, and ends with its cycle", async function () {
    const { rpc, deployment, folder } = fund.served();
    const journal = join(folder, "service.sqlite");
    const keeper = await start(["--rpc", rpc, "--deployment", deployment, "--journal", journal]);
    try {
      await untilLogged(keeper, (line) => line["task"] === "upkeep"); // after the rebalance

      const status = await ask(`${keeper.url}/status`);
      const metrics = await (await fetch(`${keeper.url}/metrics`)).text();
      const health = await fetch(`${keeper.url}/healthz`);
      const headers = { "content-type": "application/json" };
      await fetch(`${keeper.url}/pause`, { method: "POST", headers, body: '{"reason":"a look"}' });
      const paused = await fund.json("keeper", "status", "--journal", journal);

      expect(status).to.include({ regime: "bull", lastTarget: PENDING_ID });
      expect(status["keeper"]).to.include({ isActing: true });
      expect(metrics).to.match(/^tm100_keeper_deeds_total\{kind="rebalance",result="ok"\} 1$/m);
      expect(metrics).to.match(/^tm100_keeper_plans_left \d+$/m);
      expect(metrics).to.match(/^tm100_keeper_node_well\{node="http:[^"]+"\} 1$/m);
      const [node] = status["nodes"] as Document[];
      expect(node).to.include({ fault: null, failed: 0, disagreed: 0 });
      expect(node?.["head"]).to.equal(status["block"]);
      expect(health.status).to.equal(200);
      expect((paused["paused"] as Document)["reason"]).to.equal("a look");
    } finally {
      keeper.child.kill("SIGTERM");
    }
    expect(await once(keeper.child, "exit")).to.deep.equal([0, null]);
    expect(keeper.log.map(({ msg }) => msg)).to.include.members(["keeper started", "acting", "done", "keeper ends"]);
  });
});

async function start(args: readonly string[]): Promise<Running> {
  const command = ["keeper", "run", "--live", "--chain-id", "31337", "--account", "keeper", "--port", "0"];
  const child = spawn(process.execPath, [MAIN, ...command, ...args], { stdio: ["ignore", "ignore", "pipe"] });
  const log: Document[] = [];
  createInterface(child.stderr).on("line", (line) => {
    if (line.startsWith("{")) log.push(JSON.parse(line) as Document);
  });
  const running = { child, log, url: "" };
  await untilLogged(running, ({ msg }) => msg === "keeper started");
  return { ...running, url: `http://127.0.0.1:${String(log[0]?.["port"])}` };
}

/** Waits as long as the test may last; a process that ended is a failure. */
async function untilLogged({ child, log }: Running, isIt: (line: Document) => boolean): Promise<void> {
  while (!log.some(isIt)) {
    if (child.exitCode !== null) throw new TypeError(`the keeper ended with ${child.exitCode}: ${JSON.stringify(log)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function ask(url: string): Promise<Document> {
  return (await (await fetch(url)).json()) as Document;
}
