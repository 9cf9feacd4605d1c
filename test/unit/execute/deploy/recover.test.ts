import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { createPublicClient, custom } from "viem";

import { recoverJournal } from "../../../../src/execute/deploy/recover.ts";

const BEGUN = { type: "DEPLOYMENT_INITIALIZE", chainId: 31337 };
const PREPARED = { type: "TRANSACTION_PREPARE_SEND", futureId: "Fund#roles", networkInteractionId: 1, nonce: 4 };

describe("recoverJournal", function () {
  let folder: string;
  const client = createPublicClient({
    transport: custom({ request: () => Promise.reject(new TypeError("not asked")) }),
  });
  const provider = { request: () => Promise.reject(new TypeError("not asked")) };

  beforeEach(async function () {
    folder = await mkdtemp(join(tmpdir(), "recover-"));
  });

  afterEach(async function () {
    await rm(folder, { recursive: true });
  });

  /** What is left of a journal. */
  const recovered = async (text: string): Promise<string> => {
    await writeFile(join(folder, "journal.jsonl"), text);
    await recoverJournal(folder, client, provider);
    return readFile(join(folder, "journal.jsonl"), "utf8");
  };

  it("does nothing before the first run", async function () {
    await recoverJournal(folder, client, provider);
  });

  it("takes out a transaction that was prepared and never signed", async function () {
    const text = `\n${JSON.stringify(BEGUN)}\n${JSON.stringify(PREPARED)}`;

    expect(await recovered(text)).to.equal(`\n${JSON.stringify(BEGUN)}`);
  });

  it("keeps one about which more is known", async function () {
    const sent = { type: "TRANSACTION_SEND", futureId: "Fund#roles", networkInteractionId: 1, nonce: 4 };
    const text = [BEGUN, PREPARED, sent].map((line) => `\n${JSON.stringify(line)}`).join("");

    expect(await recovered(text)).to.equal(text);
  });

  it("cuts off a line that was being written", async function () {
    const text = `\n${JSON.stringify(BEGUN)}\n{"type":"TRANSACTION_PRE`;

    expect(await recovered(text)).to.equal(`\n${JSON.stringify(BEGUN)}`);
  });

  it("keeps the last whole line, which has no line break behind it", async function () {
    const text = `\n${JSON.stringify(BEGUN)}`;

    expect(await recovered(text)).to.equal(text);
  });
});
