// Tests of src/keeper/store/sqlite.ts: files that are damaged, foreign, missing or cannot be written.
import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { expect } from "chai";

import {
  JournalDamagedError,
  JournalForeignError,
  JournalMissingError,
  JournalUnwritableError,
} from "../../../../src/keeper/store/errors.ts";
import { openSqliteStore, readSqliteStore } from "../../../../src/keeper/store/sqlite.ts";

const clock = { now: () => 1 };
const CHILD = new URL("append-child.ts", import.meta.url).pathname;

describe("openSqliteStore", function () {
  let folder: string;
  let file: string;

  beforeEach(function () {
    folder = mkdtempSync(join(tmpdir(), "tm100-journal-"));
    file = join(folder, "journal.sqlite");
  });
  afterEach(function () {
    rmSync(folder, { recursive: true });
  });

  async function write(lines: number): Promise<void> {
    const store = openSqliteStore(file, { clock });
    for (let i = 0; i < lines; i++) {
      await store.journal("a").append({ task: "t", step: "planned", note: { text: "x".repeat(500) } });
    }
    await store.close();
  }

  /** What opening throws, after a check that the file is as it was. */
  function refusal(): unknown {
    const before = readFileSync(file);
    try {
      openSqliteStore(file, { clock });
    } catch (error) {
      expect(readFileSync(file).equals(before)).to.equal(true);
      return error;
    }
    throw new TypeError("expected a refusal");
  }

  for (const part of [0.25, 0.5, 0.9]) {
    it(`names a file that was cut to ${100 * part} %, and leaves it`, async function () {
      await write(40);
      truncateSync(file, Math.floor(readFileSync(file).length * part));

      expect(refusal()).to.be.instanceOf(JournalDamagedError);
    });
  }

  it("names a file that was cut to nothing: it would look like a new one", async function () {
    await write(1);
    truncateSync(file, 0);

    expect(refusal()).to.be.instanceOf(JournalDamagedError).with.property("place", file);
  });

  it("names bytes that were overwritten", async function () {
    await write(40);
    const bytes = readFileSync(file);
    bytes.fill(0xff, 4096, 4096 + 64);
    writeFileSync(file, bytes);

    expect(refusal()).to.be.instanceOf(JournalDamagedError);
  });

  it("leaves the log of a damaged file too, which holds what a killed keeper wrote last", async function () {
    await write(40);
    const store = openSqliteStore(file, { clock });
    await store.journal("a").append({ task: "t", step: "planned" });
    const log = join(folder, "killed.sqlite-wal");
    const killed = join(folder, "killed.sqlite");
    copyFileSync(`${file}-wal`, log);
    copyFileSync(file, killed);
    await store.close();
    truncateSync(killed, Math.floor(readFileSync(killed).length / 2));
    const before = [readFileSync(killed), readFileSync(log)];

    expect(() => openSqliteStore(killed, { clock })).to.throw(JournalDamagedError);
    expect([readFileSync(killed), readFileSync(log)]).to.deep.equal(before);
  });

  it("begins no new file beside the log of a lost one", async function () {
    const store = openSqliteStore(file, { clock });
    await store.journal("a").append({ task: "t", step: "planned" });
    copyFileSync(`${file}-wal`, join(folder, "lost.sqlite-wal"));
    await store.close();

    for (const open of [openSqliteStore, readSqliteStore]) {
      expect(() => open(join(folder, "lost.sqlite"), { clock })).to.throw(JournalDamagedError);
    }
    expect(readdirSync(folder)).to.not.include("lost.sqlite");
  });

  it("begins anew where a process of the same number was killed at it", function () {
    new DatabaseSync(`${file}.${process.pid}`).exec("create table entries (half integer)");

    expect(() => openSqliteStore(file, { clock })).to.not.throw();
  });

  it("names a file that is no database", function () {
    writeFileSync(file, "date,regime\n2021-01-04,bull\n".repeat(200));

    expect(refusal()).to.be.instanceOf(JournalForeignError);
  });

  it("names a database of another program", function () {
    const database = new DatabaseSync(file);
    database.exec("create table entries (id integer)");
    database.close();

    expect(refusal()).to.be.instanceOf(JournalForeignError);
  });

  it("names a journal of another version", async function () {
    await write(1);
    const database = new DatabaseSync(file);
    database.exec("pragma user_version = 2");
    database.close();

    expect(refusal()).to.be.instanceOf(JournalForeignError).with.property("message").that.contains("version 2");
  });

  it("makes the folders on the way", async function () {
    const store = openSqliteStore(join(folder, "a/b/journal.sqlite"), { clock });

    expect(await store.journal("a").append({ task: "t", step: "planned" })).to.include({ seq: 1 });
    await store.close();
  });

  it("names a folder that cannot be written", function () {
    writeFileSync(join(folder, "plain"), "");

    expect(() => openSqliteStore(join(folder, "plain/journal.sqlite"), { clock })).to.throw(
      JournalUnwritableError,
      /system answered E/,
    );
  });

  it("names a place that is a folder", function () {
    mkdirSync(file);

    expect(() => openSqliteStore(file, { clock })).to.throw(JournalUnwritableError);
  });

  it("names a file that was made read-only for the program", async function () {
    await write(1);
    const store = readSqliteStore(file, { clock });

    let failure: unknown;
    await store
      .journal("a")
      .append({ task: "t", step: "planned" })
      .catch((error: unknown) => (failure = error));
    await store.close();

    expect(failure).to.be.instanceOf(JournalUnwritableError);
    expect(failure).to.include({ retryable: true });
  });

  it("stops with a word when the disk takes no more, and keeps what it had", async function () {
    await write(1);
    // The shell's limit on the size of files, in blocks of 1024 bytes, stands for a full disk.
    const run = (): unknown =>
      execFileSync("bash", ["-c", `ulimit -f 200; exec "${process.execPath}" "${CHILD}" "${file}" "" 5000`], {
        stdio: "pipe",
        encoding: "utf8",
      });

    expect(run).to.throw(/JournalUnwritableError.*Expected to write the journal/s);
    const store = openSqliteStore(file, { clock });
    const entries = await store.journal("shared").entries();
    expect(entries.length).to.be.greaterThan(5);
    expect(entries.map(({ seq }) => seq)).to.deep.equal(entries.map((_, i) => i + 1));
    await store.close();
  });

  it("is read while it is written", async function () {
    const writer = openSqliteStore(file, { clock });
    const reader = readSqliteStore(file, { clock });
    const seen: number[] = [];
    for (let i = 0; i < 3; i++) {
      await writer.journal("a").append({ task: "t", step: "planned" });
      seen.push((await reader.journal("a").entries()).length);
    }

    expect(seen).to.deep.equal([1, 2, 3]);
    await reader.close();
    await writer.close();
  });

  it("says where a journal to be read is missing", function () {
    expect(() => readSqliteStore(file, { clock })).to.throw(JournalMissingError, file);
  });
});
