import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { custom } from "viem";

import { deployNetwork } from "../../../src/execute/deploy/deploy-network.ts";
import { deploymentOf } from "../../../src/execute/deploy/plan.ts";
import { readNetwork } from "../../../src/execute/network.ts";
import { attach } from "../../../src/world/rehearsal/attached.ts";
import { openBook } from "../../../src/world/rehearsal/book.ts";
import { CYCLE, REHEARSAL_START } from "../../../src/world/rehearsal/calendar.ts";
import { playPart } from "../../../src/world/rehearsal/cycle.ts";
import { type Shown, walk } from "../../../src/world/rehearsal/explorer-walk.ts";
import { outlineOf } from "../../../src/world/rehearsal/outline.ts";
import { rehearsalOf } from "../../../src/world/rehearsal/stand-ins.ts";
import { FILES } from "./support.ts";

const DOCUMENT = join(import.meta.dirname, "..", "..", "..", "docs", "explorer.md");
/** Set, the document is written instead of compared. */
const WRITE_VARIABLE = "TM100_WRITE_DOCS";
/** Longer values are cut in the document, as explorers fold them. */
const WIDTH = 100;

const HEAD = `# How to read a rebalance on an explorer

Once the sources are verified ([deploying.md](deploying.md)), an explorer shows each call and each event of the fund with
names. Everything that the system records is an event of the vault: follow that one address. This page is made by
a test from the logs of a real cycle on a local chain with the coins of Base's file: a deposit, a week in the market, a
week out of it, and a redemption. It shows the first of each kind, as an explorer does, by the verified ABI alone.

- Amounts are whole numbers of the token's smallest unit; NAV and prices have 18 decimals; costs are basis points.
- \`sequence\` numbers the lines of the ledger, \`head\` is the hash over all lines so far: \`tm100 verify\` recomputes it.
- A rebalance is \`publish\` (the signed target), then \`execute\` as often as it takes, the last time as \`executeAndFinish\`.
  \`RebalanceStarted\` and \`RebalanceFinished\` stand around its legs; a skip says in words why it was skipped.
- Hashes and signatures are left out here.
`;

describe("what an explorer shows of a full cycle", function () {
  let shown: readonly Shown[];

  before(async function () {
    const rehearsal = await rehearsalOf(await readNetwork(join(FILES, "base.json")), REHEARSAL_START);
    const folder = await mkdtemp(join(tmpdir(), "explorer-"));
    try {
      const { publicClient: client, accounts } = rehearsal.market.chain;
      const deployer = { client, account: accounts.deployer, folder, fund: "1", confirmations: 1, pollingMs: 10 };
      const { plan, fromBlock } = await deployNetwork(deployer, rehearsal.network);
      const deployment = deploymentOf(plan, Number(fromBlock) + 1);
      const begin = await client.getBlockNumber({ cacheTime: 0 });
      const transport = custom(rehearsal.market.chain.provider, { retryCount: 0 });
      const stage = { ...attach(transport, outlineOf(rehearsal), openBook()), deployment };
      for (const part of CYCLE) await playPart(stage, part);
      shown = await walk(client, deployment, begin + 1n);
    } finally {
      await rehearsal.market.close();
      await rm(folder, { recursive: true });
    }
  });

  it("has a name for every argument", function () {
    const nameless = shown.filter(({ args }) => args.some(([name]) => name === ""));

    expect(nameless).to.deep.equal([]);
  });

  it("is told in docs/explorer.md", async function () {
    const document = documentOf(shown);

    if (process.env[WRITE_VARIABLE] !== undefined) await writeFile(DOCUMENT, document);

    expect(await readFile(DOCUMENT, "utf8")).to.equal(document);
  });
});

function documentOf(shown: readonly Shown[]): string {
  const first = shown.filter(
    (one, i) => shown.findIndex(({ kind, name }) => kind === one.kind && name === one.name) === i,
  );
  const section = (kind: Shown["kind"]): string =>
    first
      .filter((one) => one.kind === kind)
      .map(entryOf)
      .join("\n");
  return `${HEAD}\n## Calls\n\n${section("function")}\n## Events of the vault\n\n${section("event")}`;
}

function entryOf({ name, args }: Shown): string {
  const width = Math.max(0, ...args.map(([argument]) => argument.length));
  const lines = args.map(([argument, value]) => `    ${argument.padEnd(width)}  ${cut(value)}`.trimEnd());
  return [`### ${name}`, "", ...(lines.length === 0 ? ["Without arguments."] : lines), ""].join("\n");
}

/** Without hashes, which say nothing to a reader and change with every word of the methodology. */
function cut(value: string): string {
  const text = value.replaceAll(/0x[0-9a-f]{52,}/g, (hash) => `0x… (${(hash.length - 2) / 2} bytes)`);
  return text.length <= WIDTH ? text : `${text.slice(0, WIDTH)}…`;
}
