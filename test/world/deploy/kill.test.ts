import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { unixSeconds } from "../../../src/core/units.ts";
import { requireDeployed } from "../../../src/execute/deploy/deploy-network.ts";
import { planDeployment } from "../../../src/execute/deploy/plan.ts";
import { readNetwork } from "../../../src/execute/network.ts";
import { type Asked, type Fate, openProxy } from "../../../src/world/chaos/proxy.ts";
import { type Rehearsal, rehearsalOf } from "../../../src/world/rehearsal/stand-ins.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..");
/** 2024-12-30T00:00:00Z */
const MONDAY = unixSeconds(1_735_516_800);
/** Of a deployment with nine assets: 11 libraries, 8 contracts, roles, 7 trials, listing, owner, renouncing. */
const TRANSACTIONS = 30;

/**
 * Of two transactions one is lost with its sender, and the other is heard while its sender dies before the answer. Of
 * five one is lost, and its sender dies again when it is sent once more.
 */
function fateOfSending(transaction: number, times: number): Fate {
  const isLost = transaction % 2 === 1 || transaction % 5 === 0;
  if (times === 1) return isLost ? "silence" : "answer-lost";
  return times === 2 && transaction % 5 === 0 ? "answer-lost" : "pass";
}

describe("deploy, killed at each transaction", function () {
  let rehearsal: Rehearsal;
  let folder: string;

  before(async function () {
    rehearsal = await rehearsalOf(await readNetwork(join(ROOT, "deployments", "networks", "base.json")), MONDAY);
    folder = await mkdtemp(join(tmpdir(), "kill-"));
    await writeFile(join(folder, "network.json"), JSON.stringify(rehearsal.network));
  });

  after(async function () {
    await rehearsal.market.close();
    await rm(folder, { recursive: true });
  });

  it("goes on, sends nothing twice and ends with the planned fund", async function () {
    const { chain } = rehearsal.market;
    const { deployer } = chain.accounts;
    const nonce = () => chain.publicClient.getTransactionCount({ address: deployer.address });
    const before = await nonce();
    let running: ChildProcess | undefined;
    const heard = new Map<unknown, number>();
    const fateOf = ({ method, params }: Asked): Fate => {
      if (method !== "eth_sendRawTransaction") return "pass";
      const times = (heard.get(params?.[0]) ?? 0) + 1;
      heard.set(params?.[0], times);
      const fate = fateOfSending(heard.size, times);
      if (fate !== "pass") running?.kill("SIGKILL");
      return fate;
    };
    const proxy = await openProxy(await chain.serve(0), fateOf);
    const out = join(folder, "out");
    const child = [new URL("deploy-child.ts", import.meta.url).pathname, proxy.url, join(folder, "network.json"), out];
    let [code, kills]: [number | null, number] = [null, -1];
    try {
      for (; code === null && kills < 2 * TRANSACTIONS; kills++) {
        running = spawn(process.execPath, child, { cwd: ROOT, stdio: ["ignore", "ignore", "inherit"] });
        [code] = (await once(running, "exit")) as [number | null];
      }
    } finally {
      await proxy.close();
    }

    expect(code).to.equal(0);
    // Each transaction once, and six of them again when they were sent once more.
    expect(kills).to.equal(TRANSACTIONS + TRANSACTIONS / 5);
    expect((await nonce()) - before).to.equal(TRANSACTIONS);
    const plan = await planDeployment(rehearsal.network, deployer.address, "1");
    const { block } = JSON.parse(await readFile(join(out, "begun.json"), "utf8")) as { readonly block: number };
    await requireDeployed(chain.publicClient, { plan, fromBlock: BigInt(block) });
  });
});
