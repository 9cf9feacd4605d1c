import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { type Network, readNetwork } from "../../../src/execute/network.ts";
import type { Account } from "../../../src/world/rehearsal/account.ts";
import { type Killed, calmAccountOf, killRehearsal } from "../../../src/world/rehearsal/kills.ts";
import { FILES } from "./support.ts";

const SCRIPT = join(import.meta.dirname, "..", "..", "..", "scripts", "rehearse.ts");
/** Deposit coin, wrapped ether, a second stablecoin, a coin with a feed and one that a pool prices. */
const ASSETS = 5;

describe("npm run rehearse, killed at each transaction", function () {
  let folder: string;
  let network: Network;
  let calm: Account;
  let killed: Killed;

  before(async function () {
    folder = await mkdtemp(join(tmpdir(), "rehearse-kill-"));
    const file = join(folder, "few.json");
    const base = await readNetwork(join(FILES, "base.json"));
    await writeFile(file, JSON.stringify({ ...base, assets: base.assets.slice(0, ASSETS) }));
    network = await readNetwork(file);
    calm = await calmAccountOf({ folder: join(folder, "calm"), network });
    killed = await killRehearsal({
      ...{ folder: join(folder, "out"), file, network },
      ...{ cruelty: "in turn", most: calm.blocks, script: SCRIPT },
    });
  });

  after(async function () {
    await rm(folder, { recursive: true });
  });

  it("dies once at each block of the rehearsal, a transaction or a jump in time", function () {
    expect(killed.kills).to.equal(killed.moments);
    expect(killed.kills).to.equal(calm.blocks);
    expect(killed.summary.processes).to.equal(killed.kills + 1);
  });

  it("sends what a run that nobody disturbed sends, to the last line and its head", function () {
    const { blocks, transactions, lines, head, events } = killed.summary;

    expect({ blocks, transactions, lines, head, events }).to.deep.equal(calm);
  });

  it("deposits once, strikes once each way and claims each once", function () {
    const { DepositRequested, DepositsStruck, DepositClaimed, RebalanceFinished } = killed.summary.events;
    const { RedemptionRequested, RedemptionsStruck, RedemptionClaimed } = killed.summary.events;

    expect([DepositRequested, DepositsStruck, DepositClaimed]).to.deep.equal([1, 1, 1]);
    expect([RedemptionRequested, RedemptionsStruck, RedemptionClaimed]).to.deep.equal([1, 1, 1]);
    expect(RebalanceFinished).to.equal(2);
  });

  it("begins with what is done already and ends with all of it", function () {
    const [done = "", all = ""] = killed.said.split("The whole rehearsal:\n");

    expect(done).to.match(/goes on\. Done before:\n {2}network /);
    expect(all).to.match(/^deploy +19 contracts, 26 transactions$/m);
    expect(all).to.match(/^sources +19 of 19 match in full/m);
    expect(all).to.match(/^exit +100000 USDC in, \d+\.?\d* USDC out$/m);
    expect(all).to.match(/^verify +Proven: \d+ lines, none missing/m);
    expect(all).to.match(/^reconstruct .*agree to the last unit/m);
    expect(all).to.match(new RegExp(`^end .* by ${killed.kills + 1} processes`, "m"));
  });

  it("leaves the taxes, and no chain", async function () {
    const out = join(folder, "out");

    expect((await readFile(join(out, "tax.csv"), "utf8")).split("\n").length).to.be.above(2);
    expect(existsSync(join(out, "chain.json"))).to.equal(false);
  });
});
