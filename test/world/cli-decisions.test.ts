// Tests of `verify-decision` and `prove-member` on a fund that lived through two weeks of the embedded market.
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

import { expect } from "chai";

import { DEFAULT_PARAMETERS } from "../../src/config/schema.ts";
import { isoDate, startOfDay, weekOf } from "../../src/core/time.ts";
import { writeDeployment } from "../../src/execute/deployment.ts";
import { DEFAULT_SIMULATION, simulateMarket } from "../../src/market/simulate.ts";
import { depositNew, playWeeks } from "../../src/world/play.ts";
import type { World } from "../../src/world/week.ts";
import { type CliRun, runCli } from "../cli-run.ts";

const FIRST = "2023-01-23";
const SECOND = "2023-01-30";
const WEEK = weekOf(startOfDay(isoDate(SECOND)));

describe("decisions on chain", function () {
  let world: World;
  let folder: string;
  let snapshots: string;
  let rpc: string;

  before(async function () {
    const script = {
      history: simulateMarket(DEFAULT_SIMULATION),
      range: { from: isoDate(FIRST), to: isoDate("2023-02-06") },
      parameters: DEFAULT_PARAMETERS,
      steps: 1,
      between: async (now: World, done: number) => {
        if (done === 0) await depositNew(now, "alice", 1_000_000_000_000n);
      },
    };
    for await (const step of playWeeks(script)) ({ world } = step);
    folder = mkdtempSync(join(tmpdir(), "tm100-"));
    snapshots = join(folder, "snapshots");
    await writeDeployment(join(folder, "fund.json"), world.fund.deployment());
    rpc = await world.market.chain.serve(0);
    for (const date of [FIRST, SECOND]) {
      const { code } = await runCli(["decide", "--as-of", date, "--opened", FIRST, "--publish", snapshots]);
      expect(code).to.equal(0);
    }
  });
  after(async function () {
    rmSync(folder, { recursive: true });
    await (world as World | undefined)?.market.close();
  });

  function tm100(...args: string[]): Promise<CliRun> {
    return runCli([...args, "--rpc", rpc, "--deployment", join(folder, "fund.json")]);
  }

  async function json(...args: string[]): Promise<Readonly<Record<string, unknown>>> {
    const { code, out, err } = await tm100(...args, "--json");
    expect([code, err]).to.deep.equal([0, ""]);
    return JSON.parse(out) as Readonly<Record<string, unknown>>;
  }

  /** Names of the snapshots' files. */
  function files(): string[] {
    return readdirSync(snapshots).filter((file) => /^[0-9a-f]{64}\.json$/.test(file));
  }

  describe("decide --publish", function () {
    it("writes a file a decision, a list of them, and their schema", function () {
      expect(files()).to.have.length(2);
      expect(existsSync(join(snapshots, "index.json"))).to.equal(true);
      expect(existsSync(join(snapshots, "schema.json"))).to.equal(true);
    });

    it("changes nothing when a decision is published again", async function () {
      const before = readdirSync(snapshots).map((file) => readFileSync(join(snapshots, file), "utf8"));
      await runCli(["decide", "--as-of", SECOND, "--opened", FIRST, "--publish", snapshots]);

      expect(readdirSync(snapshots).map((file) => readFileSync(join(snapshots, file), "utf8"))).to.deep.equal(before);
    });

    it("refuses a folder that is a file", async function () {
      const file = join(folder, "fund.json");
      const { code, err } = await runCli(["decide", "--publish", join(file, "snapshots")]);

      expect(code).to.equal(2);
      expect(err).to.include("Expected to write snapshots to");
    });
  });

  describe("verify-decision", function () {
    it("replays a snapshot to the hash on chain, from the state that the week before left", async function () {
      const proven = await json("verify-decision", SECOND, "--snapshots", snapshots);

      expect(proven).to.include({ verified: true, week: WEEK, replayedFrom: "snapshot", followsWeekBefore: true });
      expect(files()).to.include(`${String(proven["snapshot"])}.json`);
    });

    it("says when nothing vouches for the state before", async function () {
      const { out } = await tm100("verify-decision", FIRST, "--snapshots", snapshots);

      expect(out).to.include("what the decision started from is the publisher's word");
    });

    it("reads snapshots from a static host", async function () {
      const server = createServer((request, response) => {
        response.end(readFileSync(join(snapshots, basename(request.url ?? ""))));
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const { port } = server.address() as AddressInfo;

      const proven = await json("verify-decision", String(WEEK), "--snapshots", `http://127.0.0.1:${port}/some/where`);
      server.closeAllConnections();
      server.close();

      expect(proven["verified"]).to.equal(true);
    });

    it("replays the market data as well", async function () {
      const proven = await json("verify-decision", SECOND, "--data", "simulated", "--opened", FIRST);

      expect(proven["replayedFrom"]).to.equal("data");
    });

    it("needs no node for a ledger file", async function () {
      const log = join(folder, "ledger.jsonl");
      await tm100("log", "--out", log);

      const { code, out } = await runCli(["verify-decision", SECOND, "--log", log, "--snapshots", snapshots]);

      expect(code).to.equal(0);
      expect(out).to.match(/^Proven: the decision of week \d+ \(Monday 2023-01-30\) follows from snapshot /);
    });

    it("names what differs when the decision was taken for a fund of another age", async function () {
      const asked = ["verify-decision", SECOND, "--data", "simulated"];
      const own = await tm100(...asked); // since when the fund was in stablecoins stands in the ledger
      const { code, err } = await tm100(...asked, "--opened", "2022-01-03");

      expect([own.code, code]).to.deep.equal([0, 3]);
      expect(err).to.match(/^error DECISION_DIFFERS: .* its (decision hash|regime) is /);
    });

    it("names a file that was altered", async function () {
      const { snapshot } = await json("verify-decision", SECOND, "--snapshots", snapshots);
      const path = join(snapshots, `${String(snapshot)}.json`);
      const text = readFileSync(path, "utf8");
      writeFileSync(path, text.replace('"symbol":"', '"symbol":"X'));
      const { code, err } = await tm100("verify-decision", SECOND, "--snapshots", snapshots);
      writeFileSync(path, text);

      expect(code).to.equal(3);
      expect(err).to.match(/^error SNAPSHOT_ALTERED: /);
    });

    for (const [what, args, code, message] of [
      ["a place without snapshots", [SECOND, "--snapshots", "nowhere"], 3, "error SNAPSHOT_MISSING: "],
      ["a week that was not published", ["2023-03-06"], 3, "error WEEK_NOT_PUBLISHED: "],
      ["no week", ["soon"], 2, "found 'soon'"],
    ] as const) {
      it(`refuses ${what}`, async function () {
        const run = await tm100("verify-decision", ...args);

        expect(run.code).to.equal(code);
        expect(run.err).to.include(message);
      });
    }
  });

  describe("prove-member", function () {
    it("proves a member, confirmed by the contract", async function () {
      const proof = await json("prove-member", "bitcoin", SECOND, "--snapshots", snapshots);

      expect(proof).to.include({ coinId: "bitcoin", isMember: true, checkedBy: "contract", week: WEEK });
      expect(proof["proofs"]).to.have.length(1);
    });

    it("proves absence by the two neighbors", async function () {
      const proof = await json("prove-member", "bitcoin-of-nobody", SECOND, "--snapshots", snapshots);

      expect(proof).to.include({ isMember: false, checkedBy: "contract" });
      expect(proof["proofs"]).to.have.length(2);
    });

    it("holds against a ledger file without a node", async function () {
      const log = join(folder, "ledger.jsonl");
      await tm100("log", "--out", log);

      const { out } = await runCli(["prove-member", "bitcoin", SECOND, "--log", log, "--snapshots", snapshots]);

      expect(out).to.match(/^Proven: bitcoin is one of 100 members in week \d+/);
      expect(out).to.include("It holds against the root in the ledger");
    });

    it("refuses a week that has no root on chain", async function () {
      const { code, err } = await tm100("prove-member", "bitcoin", "2023-03-06");

      expect(code).to.equal(3);
      expect(err).to.match(/^error MEMBERS_DIFFER: .*the chain has none for that week/);
    });
  });

  describe("docs/inspecting.md", function () {
    const text = readFileSync(join(import.meta.dirname, "..", "..", "docs", "inspecting.md"), "utf8");
    const commands = [...text.matchAll(/^ {4}\$ tm100 (.*)$/gm)].map(([, command = ""]) => command);

    it("has commands", function () {
      expect(commands).to.have.length.above(15);
    });

    it("shows nothing that does not run, in its order", async function () {
      const { head } = await json("verify");
      const { vault } = world.fund.addresses;
      const files = ["ledger.jsonl", "trades.parquet", "gains.csv", "snapshots"];
      const words = new Map([
        ...files.map((file): [string, string] => [file, join(folder, file)]),
        ["VAULT", vault],
        ["BLOCK", "1"],
        ["HEAD", String(head)],
        ["ACCOUNT", world.market.chain.accounts.alice.address],
      ]);
      for (const command of commands) {
        const args = command.split(" ").map((word) => words.get(word) ?? word);
        const run = command.startsWith("decide") ? await runCli(args) : await tm100(...args);

        expect([run.code, run.err], command).to.deep.equal([0, ""]);
        expect(run.out, command).to.not.equal("");
      }
    });
  });
});
