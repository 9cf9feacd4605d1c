// Runs what the documents tell a reader to type, in their order, and holds them to what they say that comes of it.
import { execFile } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

import { expect } from "chai";

import { realDataOrSkip } from "../real-data.ts";
import { temporaryFolder } from "../market-files.ts";
import { DOCUMENTS, ROOT } from "../unit/docs/markdown.ts";
import type { Outcome } from "./outcome.ts";
import { readDocuments } from "./reader.ts";
import { type Shown, missingLines, shownIn } from "./shown.ts";
import { treatmentOf } from "./treatments.ts";

/** {ms} As long as a busy machine may take. */
const LONG = 3_600_000;

describe("the commands of the documents", function () {
  let outcomes: readonly Outcome[];
  let shown: readonly Shown[];

  before(async function () {
    this.timeout(LONG);
    ({ outcomes, shown } = await readDocuments());
  });

  for (const document of DOCUMENTS) {
    it(`${document} shows commands that do what it says`, function () {
      const problems = outcomes.flatMap(({ shown: { document: of, line, text }, problem }) =>
        of === document && problem !== undefined ? [`${of}:${line}: \`${text}\` ${problem}`] : [],
      );

      expect(problems).to.deep.equal([]);
    });

    it(`${document} shows no command that was not tried`, function () {
      const tried = new Set(outcomes.map((outcome) => outcome.shown));
      const untried = shown.filter((one) => one.document === document && !tried.has(one) && !isMarket(one));

      expect(untried.map(({ line, text }) => `${document}:${line}: \`${text}\``)).to.deep.equal([]);
    });
  }
});

/** Tried below, where there is market data. */
function isMarket(one: Shown): boolean {
  return treatmentOf(one)?.kind === "market";
}

describe("the commands of the documents that need the market's history", function () {
  it("build the files of networks as they are here", async function () {
    const data = realDataOrSkip(this);
    const folder = temporaryFolder();
    const main = join(ROOT, "src/apps/cli/main.ts");
    const places = ["--data", data, "--out", folder.path];
    try {
      await promisify(execFile)(process.execPath, [main, "networks", "build", ...places], { cwd: ROOT });

      const here = join(ROOT, "deployments/networks");
      expect(readdirSync(folder.path)).to.deep.equal(readdirSync(here));
      for (const name of readdirSync(here)) {
        expect(readFileSync(join(folder.path, name), "utf8"), name).to.equal(readFileSync(join(here, name), "utf8"));
      }
    } finally {
      folder.remove();
    }
  });
});

describe("the reading of documents", function () {
  const of = (text: string) => shownIn("README.md", text);

  it("finds commands in blocks and sentences, with line, output and without remark", function () {
    const text = [
      "A `tm100 verify` and `words`.",
      "",
      "    npm run build   # once",
      "    $ tm100 log",
      "    a line",
      "",
    ];

    expect(of(text.join("\n")).map(({ line, text: command, output }) => [line, command, output])).to.deep.equal([
      [1, "tm100 verify", []],
      [3, "npm run build", []],
      [4, "tm100 log", ["a line", ""]],
    ]);
  });

  it("knows no treatment for a command that nobody spoke of", function () {
    for (const command of ["npm run nosuch", "docker compose up", "npm run bench:plan && rm x"]) {
      expect(of(`    ${command}`).map(treatmentOf), command).to.deep.equal([undefined]);
    }
  });

  it("names the first line that was not printed, or not in its order", function () {
    expect(missingLines(["head 0x12…ff", "…", "last"], "head 0x1234ff\nmiddle\nlast\n")).to.deep.equal([]);
    expect(missingLines(["head 0x12…ff"], "head 0x1234fe")).to.deep.equal(["head 0x12…ff"]);
    expect(missingLines(["b", "a"], "a\nb\n")).to.deep.equal(["a"]);
  });
});
