// Tests of `tm100 data pull`.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { type Answer, answerServer } from "../../../answer-server.ts";
import { type CliRun, runCli } from "../../../cli-run.ts";
import { type TemporaryFolder, temporaryFolder } from "../../../market-files.ts";

const SOUND: Answer = { body: { data: [{ value: "30", value_classification: "Fear", timestamp: "1517443200" }] } };

describe("tm100 data pull", function () {
  let folder: TemporaryFolder;
  let store = "";
  beforeEach(function () {
    folder = temporaryFolder();
    store = join(folder.path, "store");
  });
  afterEach(function () {
    folder.remove();
  });

  async function pullFrom(answer: Answer, ...options: readonly string[]): Promise<CliRun> {
    const server = await answerServer({ "/fng/": [answer] });
    process.env["TM100_FEARGREED_URL"] = server.url;
    try {
      return await runCli(["data", "pull", "fear-greed", "--data", store, ...options]);
    } finally {
      delete process.env["TM100_FEARGREED_URL"];
      await server.close();
    }
  }

  it("says in one document what came", async function () {
    const { code, out } = await pullFrom(SOUND, "--json");

    expect(code).to.equal(0);
    expect(JSON.parse(out)).to.deep.equal({
      data: store,
      source: "fear-greed",
      added: 1,
      revised: 0,
      batches: 1,
      tables: ["fear_greed"],
    });
  });

  it("adds to a store that other commands read", async function () {
    await pullFrom(SOUND);

    const { out } = await runCli(["data", "info", "--data", store, "--json"]);

    expect((JSON.parse(out) as { tables: unknown[] }).tables[0]).to.include({ table: "fear_greed", rows: 1 });
  });

  it("ends with 3 at an answer of another form, names the field, and writes nothing", async function () {
    const { code, out, err } = await pullFrom({ body: { data: [{ value: "30" }] } });

    expect(code).to.equal(3);
    expect(out).to.equal("");
    expect(err).to.match(/^error SCHEMA_DRIFT: .*the field 'data\.0\.value_classification'/);
    expect(existsSync(store)).to.equal(false);
  });

  it("ends with 2 without a key, and names the variable", async function () {
    const key = process.env["TOKENMETRICS_API_KEY"];
    delete process.env["TOKENMETRICS_API_KEY"];
    const { code, err } = await runCli(["data", "pull", "tokenmetrics", "--data", store]);
    if (key !== undefined) process.env["TOKENMETRICS_API_KEY"] = key;

    expect(code).to.equal(2);
    expect(err).to.match(/^error MISSING_KEY: .*TOKENMETRICS_API_KEY/);
  });

  it("ends with 2 at a source of no known name", async function () {
    const { code, err } = await runCli(["data", "pull", "bloomberg", "--data", store]);

    expect(code).to.equal(2);
    expect(err).to.include("found 'bloomberg'");
  });
});
