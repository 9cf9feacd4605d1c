// Tests of `sweep --share`: the same bytes as without it, whoever computed what.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { runCli } from "../../../cli-run.ts";
import { dropSchema, ownSchema, postgresOrSkip } from "../../../postgres.ts";

describe("sweep --share", function () {
  let folder: string;
  const before = process.env["DATABASE_URL"];

  beforeEach(function () {
    folder = mkdtempSync(join(tmpdir(), "tm100-sweep-"));
  });
  afterEach(function () {
    rmSync(folder, { recursive: true });
    if (before === undefined) delete process.env["DATABASE_URL"];
    else process.env["DATABASE_URL"] = before;
  });

  const sweep = (...args: string[]) =>
    runCli(["sweep", "--grid", "lookbacks", "--json", "--register", join(folder, "trials.jsonl"), ...args]);

  it("gives what the same command gives alone, also to a machine that finds all done", async function () {
    const url = await postgresOrSkip(this);
    const schema = ownSchema();
    try {
      await sweep(); // counts the trials
      const alone = await sweep();
      process.env["DATABASE_URL"] = url;
      const first = await sweep("--share", "--schema", schema);
      const second = await sweep("--share", "--schema", schema);

      expect([alone.code, first.code]).to.deep.equal([0, 0]);
      expect(first.out).to.equal(alone.out);
      expect(second.out).to.equal(alone.out);
    } finally {
      await dropSchema(url, `${schema}_jobs`);
    }
  });

  it("wants a database", async function () {
    delete process.env["DATABASE_URL"];

    const { code, err } = await sweep("--share");

    expect([code, err]).to.satisfy(([found, text]: [number, string]) => found === 2 && text.includes("DATABASE_URL"));
  });
});
