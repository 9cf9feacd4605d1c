// Reads every document: each link leads somewhere, and each command is one that the program takes as it is written.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import { expect } from "chai";
import type { Command } from "commander";

import { createProgram } from "../../../src/apps/cli/program.ts";
import { DOCUMENTS, ROOT, anchorsOf, codeSpansOf, commandLinesOf, linksOf, textOf } from "./markdown.ts";

const ADDRESS = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

/** What a reader puts in for a word of the documents, where the program checks it while it reads the command line. */
const STAND_INS: readonly (readonly [RegExp, string])[] = [
  [/^0x…$|^\$(?:OLD_|NEW_)?(?:KEEPER|SIGNER)$|^(?:ACCOUNT|ADDRESS|VAULT|SAFE)$/, ADDRESS],
  [/^URL$|^\$RPC$/, "http://127.0.0.1:8545"],
  [/^\$CHAIN$/, "8453"],
  [/^BLOCK$/, "1"],
  [/^HEAD$/, `0x${"00".repeat(26)}`],
];

const SCRIPTS = (JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8")) as { scripts: object }).scripts;
const README = textOf("README.md");
/** The first column of the README's table of commands. */
const TABLE = (README.split("\n## Commands\n")[1]?.split("\n## ")[0] ?? "")
  .split("\n")
  .filter((line) => line.startsWith("| `"))
  .flatMap((line) => codeSpansOf(line.replaceAll("\\|", "¦").split("|")[1] ?? ""))
  .map((span) => span.replaceAll("¦", "|"));

/** The program, with commands that do nothing. */
function idleProgram(): Command {
  const program = createProgram();
  const idle = (command: Command): void => {
    if (command.commands.length === 0) command.action(() => undefined);
    command.commands.forEach(idle);
  };
  idle(program);
  return program;
}

/** Why the program refuses a command line; undefined when it takes it. */
function refusalOf(words: readonly string[]): string | undefined {
  if (words.includes("--help")) return undefined;
  const typed = words.map((word) => STAND_INS.find(([pattern]) => pattern.test(word))?.[1] ?? word);
  try {
    idleProgram()
      .configureOutput({ writeErr: () => undefined })
      .parse(typed, { from: "user" });
    return undefined;
  } catch (failure) {
    return `tm100 ${words.join(" ")}: ${String(failure)}`;
  }
}

/** What is wrong with a mention such as `keeper pause|resume` or `demo [--serve]`, which may leave arguments out. */
function faultOf(mention: string): string | undefined {
  let command: Command = createProgram();
  for (const word of mention.replaceAll(/[[\]]/g, "").split(" ")) {
    if (word.startsWith("--")) {
      const name = word.replace(/[=|].*$/, "");
      if (name !== "--help" && !command.options.some(({ long }) => long === name)) return `${mention}: no ${name}`;
    } else if (command.commands.length > 0) {
      const named = word.split("|").map((name) => command.commands.find((one) => one.name() === name));
      const [first] = named;
      if (first === undefined || named.includes(undefined)) return `${mention}: no ${word}`;
      command = first;
    }
  }
  return undefined;
}

describe("The documents", function () {
  for (const document of DOCUMENTS) {
    const text = textOf(document);

    it(`${document} links to files and parts that are there`, function () {
      const broken = linksOf(text).filter((link) => {
        if (/^(?:https?|mailto):/.test(link)) return false;
        const [file = "", anchor] = link.split("#");
        const target = file === "" ? document : path.join(path.dirname(document), file);
        if (!existsSync(path.join(ROOT, target))) return true;
        return anchor !== undefined && !anchorsOf(textOf(target)).includes(anchor);
      });

      expect(broken).to.deep.equal([]);
    });

    it(`${document} writes commands that the program takes`, function () {
      expect(commandLinesOf(text).flatMap((words) => refusalOf(words) ?? [])).to.deep.equal([]);
    });

    it(`${document} names commands and options that there are`, function () {
      const known = createProgram().commands.map((command) => command.name());
      const mentions = codeSpansOf(text).flatMap((span) => {
        const named = /^(?:npm run -s tm100 --|tm100) (.+)$/.exec(span)?.[1];
        if (named !== undefined) return named === "<command>" ? [] : [named];
        return known.includes(span.split(" ")[0] ?? "") ? [span] : [];
      });

      expect(mentions.flatMap((mention) => faultOf(mention) ?? [])).to.deep.equal([]);
    });

    it(`${document} names scripts that there are`, function () {
      const scripts = [...text.matchAll(/npm run (?:-s )?([a-z][a-z0-9:-]*[a-z0-9])/g)].map(([, name]) => name ?? "");

      expect(scripts.filter((name) => !(name in SCRIPTS))).to.deep.equal([]);
    });
  }

  it("have every command in the README's table, and no other", function () {
    const named = TABLE.map((span) => span.split(" ")[0] ?? "");
    const commands = createProgram().commands.map((command) => command.name());

    expect(TABLE.flatMap((span) => faultOf(span) ?? [])).to.deep.equal([]);
    expect([...new Set(named)]).to.have.members(commands);
  });
});

describe("The check of the documents", function () {
  it("finds a link to nothing, and none in code", function () {
    expect(linksOf("[a](b.md#c) `[d](e)` ![f](g.png)")).to.deep.equal(["b.md#c", "g.png"]);
  });

  it("knows how GitHub names a heading", function () {
    expect(anchorsOf("# A fund, `here`\n## What it's\n## What it's\n")).to.deep.equal([
      "a-fund-here",
      "what-its",
      "what-its-1",
    ]);
  });

  it("reads a line to type", function () {
    const text =
      '    RPC=1 tm100 keeper pause --reason "a look"  # stop\n    $ npm run -s tm100 -- log\nwords tm100 no\n';

    expect(commandLinesOf(text)).to.deep.equal([["keeper", "pause", "--reason", "a look"], ["log"]]);
  });

  for (const words of [["nosuch"], ["log", "--nosuch"], ["claim", "--account"], ["owner", "replace", "nobody"]]) {
    it(`refuses tm100 ${words.join(" ")}`, function () {
      expect(refusalOf(words)).to.be.a("string");
    });
  }

  for (const mention of ["nosuch", "keeper run|nosuch", "demo [--nosuch]"]) {
    it(`refuses a mention of ${mention}`, function () {
      expect(faultOf(mention)).to.be.a("string");
    });
  }
});
