// Tests of `keeper` and `doctor` on a fund that is served over HTTP.
import { copyFileSync, existsSync, readFileSync, readdirSync, truncateSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";

import { type Document, PENDING_ID, useServedFund } from "./served-fund.ts";

describe("keeper", function () {
  const fund = useServedFund();
  let count = 0;
  let journal: string;

  beforeEach(function () {
    journal = join(fund.served().folder, `journal-${(count += 1)}.sqlite`);
  });

  const run = (...args: string[]) => fund.tm100("keeper", ...args, "--journal", journal);
  const live = (...args: string[]) =>
    run("run", "--live", "--chain-id", "31337", "--once", "--account", "keeper", ...args);

  it("shows what is due without a key or a journal, and sends nothing", async function () {
    const document = await fund.json("keeper", "run", "--journal", journal);

    expect((document["due"] as Document[]).map(({ task }) => task)).to.deep.equal([
      `rebalance:${PENDING_ID}`,
      "upkeep",
    ]);
    expect(document).to.include({ live: false, regime: "bull" });
    expect(existsSync(journal)).to.equal(false);
  });

  it("carries the pending week out, and then finds nothing due", async function () {
    const { code, out, err } = await live();
    const second = await live();

    expect([code, err]).to.deep.equal([0, ""]);
    expect(out).to.match(
      new RegExp(`^done {2}rebalance:${PENDING_ID}: transactions 1, gas \\d+, legs \\d+, skips 0`, "m"),
    );
    expect(out)
      .to.match(/^sent {2}0x[\da-f]{64} \(block \d+\)$/m)
      .and.not.contain("http");
    expect(second.out).to.contain("Nothing is due.");
  });

  it("acts only on the chain that was typed", async function () {
    for (const args of [[], ["--chain-id", "1"]]) {
      const { code, err } = await run("run", "--live", "--once", "--account", "keeper", ...args);

      expect(code).to.equal(2);
      expect(err).to.contain("Expected --chain-id 31337 with --live");
    }
  });

  it("does nothing while it is paused, and says why", async function () {
    await run("pause", "--reason", "a look at the pools");
    const paused = await live();
    const status = await run("status");
    await run("resume");
    const resumed = await live();

    expect(paused.out).to.contain("a look at the pools").and.not.contain("done ");
    expect(status.out).to.contain("a look at the pools");
    expect(resumed.out).to.contain(`done  rebalance:${PENDING_ID}`);
  });

  it("tells its state as JSON, with who acted", async function () {
    const { deeds } = JSON.parse((await live("--json")).out) as { readonly deeds: readonly Document[] };

    const document = await fund.json("keeper", "status", "--journal", journal);
    const { out } = await run("status");

    expect(document).to.include({ regime: "bull", lastTarget: PENDING_ID, paused: null, journal });
    expect((document["acting"] as Document)["token"]).to.equal(1);
    // Nothing of upkeep was due.
    const [sent, ...others] = deeds.flatMap((deed) => deed["transactions"] as Document[]);
    expect(others).to.deep.equal([]);
    expect(document["lastSent"])
      .to.deep.include({ task: `rebalance:${PENDING_ID}`, ...sent })
      .and.not.have.key("link");
    expect(out).to.contain(`rebalance:${PENDING_ID}, ${String(sent?.["hash"])} (block ${String(sent?.["block"])})`);
  });

  it("says where a journal is missing, and leaves a foreign file alone", async function () {
    const missing = await run("status");
    copyFileSync(fund.served().deployment, journal);
    const foreign = await live();

    expect([missing.code, missing.err]).to.deep.equal([
      3,
      `error JOURNAL_MISSING: Expected a journal at ${journal}, found none. \`keeper run --live\` begins one, or name another with --journal.\n`,
    ]);
    expect([foreign.code, foreign.err.slice(0, 21)]).to.deep.equal([3, "error JOURNAL_FOREIGN"]);
    expect(readFileSync(journal, "utf8")).to.equal(readFileSync(fund.served().deployment, "utf8"));
  });

  describe("doctor", function () {
    const doctor = (...args: string[]) => fund.tm100("doctor", "--journal", journal, ...args);

    it("finds nothing that stops the keeper", async function () {
      const { code, out } = await doctor("--account", "keeper");

      expect(code).to.equal(0);
      expect(out).to.match(/^keeper's key +ok /m);
      expect(out).to.match(/^signer's key +ok /m);
      expect(out).to.match(/^alarms +warn /m);
      expect(out).to.match(/^node http:\S+ +ok +block \d+, 0 s old; \d+ asked, 0 failed, 0 disagreed$/m);
    });

    it("names a key without the role, and ends with the risk guard's code", async function () {
      const { code, out, err } = await doctor("--account", "carol");

      expect(code).to.equal(4);
      expect(out).to.match(/^keeper's key +fail +0x\w+ does not hold the keeper role$/m);
      expect(err).to.contain("error UNFIT").and.contain("keeper's key");
    });

    it("rebuilds a damaged journal from the chain and keeps the old file", async function () {
      await live();
      truncateSync(journal, 5000);
      const damaged = await doctor("--account", "keeper");
      const rebuilt = await doctor("--rebuild", "--account", "keeper");
      const status = await fund.json("keeper", "status", "--journal", journal);

      expect([damaged.code, damaged.out]).to.satisfy(
        ([code, out]: [number, string]) => code === 4 && /^journal +fail /m.test(out),
      );
      expect(rebuilt.out).to.match(/from the chain: 4 tasks, 4 transactions\. The old one is at /);
      expect(readdirSync(fund.served().folder).filter((name) => name.includes(".aside-")).length).to.be.at.least(1);
      expect((status["due"] as Document[]).map(({ task }) => task)).to.deep.equal(["upkeep"]);
    });

    it("rebuilds nothing under a keeper that acts", async function () {
      await live();
      const { openSqliteStore } = await import("../../src/keeper/store/sqlite.ts");
      const store = openSqliteStore(journal, { clock: { now: () => Date.now() } });
      await store.lease.take("another", 3_600_000);
      await store.close();

      const { code, err } = await doctor("--rebuild");

      expect([code, err]).to.satisfy(
        ([found, text]: [number, string]) => found === 2 && text.includes("another acts by it"),
      );
    });
  });
});
