// Tests that the file and the database keep the same promises: one suite for both.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import type { JournalLine } from "../../../../src/execute/journal.ts";
import { openPostgresStore } from "../../../../src/keeper/store/postgres.ts";
import { openSqliteStore } from "../../../../src/keeper/store/sqlite.ts";
import type { KeeperStore } from "../../../../src/keeper/store/store.ts";
import { dropSchema, ownSchema, postgresOrSkip } from "../../../postgres.ts";

/** A store under test, and how a second process finds the same one. */
type Kept = {
  /** Opens it once more, as another process would. */
  readonly open: () => Promise<KeeperStore>;
  readonly arguments: readonly [place: string, schema: string];
  readonly remove: () => Promise<void>;
};

const CHILD = new URL("append-child.ts", import.meta.url).pathname;

/** {ms} A clock that stands until it is moved. */
const clock = { time: 1_600_000_000_000, now: (): number => clock.time };

const MAKERS: Readonly<Record<string, (context: Mocha.Context) => Promise<Kept>>> = {
  "a file": () => {
    const folder = mkdtempSync(join(tmpdir(), "tm100-journal-"));
    const file = join(folder, "journal.sqlite");
    return Promise.resolve({
      open: () => Promise.resolve(openSqliteStore(file, { clock })),
      arguments: [file, ""],
      remove: () => {
        rmSync(folder, { recursive: true });
        return Promise.resolve();
      },
    });
  },
  "a database": async (context) => {
    const url = await postgresOrSkip(context);
    const schema = ownSchema();
    return {
      open: () => openPostgresStore({ url, schema, clock, leaseClock: clock }),
      arguments: [url, schema],
      remove: () => dropSchema(url, schema),
    };
  },
};

const PLANNED: JournalLine = {
  task: "publish:8",
  step: "planned",
  note: { why: "Monday", legs: 3, late: false, by: null },
};
const SIGNED: JournalLine = { task: "publish:8", step: "signed", nonce: 7, hash: "0x12", raw: "0x02f8" };

for (const [name, make] of Object.entries(MAKERS)) {
  describe(`a journal in ${name}`, function () {
    let kept: Kept;
    let store: KeeperStore;

    beforeEach(async function () {
      clock.time = 1_600_000_000_000;
      kept = await make(this);
      store = await kept.open();
    });
    afterEach(async function () {
      await store.close();
      await kept.remove();
    });

    it("gives a line back as it was written, with number and time", async function () {
      const entry = await store.journal("a").append(SIGNED);

      expect(entry).to.deep.equal({ ...SIGNED, seq: 1, at: clock.time });
      expect(await store.journal("a").entries()).to.deep.equal([entry]);
    });

    it("keeps notes of every kind", async function () {
      await store.journal("a").append(PLANNED);

      expect((await store.journal("a").entries())[0]?.note).to.deep.equal(PLANNED.note);
    });

    it("has a line on disk when it says so: the next process finds it without a farewell", async function () {
      await store.journal("a").append(SIGNED);

      const other = await kept.open();
      expect(await other.journal("a").entries()).to.have.lengthOf(1);
      await other.close();
    });

    it("numbers each journal by itself and without gaps", async function () {
      for (const task of ["x", "y", "z"]) await store.journal("a").append({ task, step: "planned" });
      await store.journal("b").append(PLANNED);

      expect((await store.journal("a").entries()).map(({ seq }) => seq)).to.deep.equal([1, 2, 3]);
      expect((await store.journal("b").entries()).map(({ seq }) => seq)).to.deep.equal([1]);
    });

    it("gives what is asked for: of one task, after a number, so many", async function () {
      for (const task of ["x", "y", "x", "x"]) await store.journal("a").append({ task, step: "planned" });

      const found = await store.journal("a").entries({ task: "x", after: 1, limit: 1 });

      expect(found.map(({ seq }) => seq)).to.deep.equal([3]);
    });

    it("names the newest entry of each nonce that is not at its end", async function () {
      const journal = store.journal("a");
      for (const [nonce, step] of [
        [1, "signed"],
        [1, "final"],
        [2, "signed"],
        [2, "sent"],
        [3, "signed"],
        [4, "signed"],
        [4, "failed"],
        [5, "sent"],
        [5, "dropped"],
        [6, "final"],
        [6, "reconciled"],
      ] as const) {
        await journal.append({ task: "t", step, nonce });
      }
      await journal.append(PLANNED);

      const open = await journal.unfinished();

      expect(open.map(({ nonce, step }) => [nonce, step])).to.deep.equal([
        [2, "sent"],
        [3, "signed"],
      ]);
      expect(await store.journal("b").unfinished()).to.deep.equal([]);
    });

    it("numbers the lines of two processes without gaps, and each sees the other's", async function () {
      const children = [0, 1].map(() =>
        spawn(process.execPath, [CHILD, ...kept.arguments, "40"], { stdio: ["ignore", "ignore", "inherit"] }),
      );
      const codes = await Promise.all(children.map(async (child) => ((await once(child, "exit")) as [number])[0]));

      expect(codes).to.deep.equal([0, 0]);
      const entries = await store.journal("shared").entries();
      expect(entries.map(({ seq }) => seq)).to.deep.equal(Array.from({ length: 80 }, (_, i) => i + 1));
      expect(new Set(entries.map(({ task }) => task)).size).to.equal(2);
    });

    it("has no half line after a process was killed while it wrote", async function () {
      const child = spawn(process.execPath, [CHILD, ...kept.arguments, "100000"]);
      await once(child.stdout, "data"); // it writes
      child.kill("SIGKILL");
      await once(child, "exit");

      const journal = store.journal("shared");
      const entries = await journal.entries();
      const last = await journal.append(PLANNED);

      expect(entries.length).to.be.greaterThan(0);
      expect(entries.map(({ seq, note }) => [seq, note])).to.deep.equal(
        entries.map((_, i) => [i + 1, { i }]), // one writer: its counter runs with the numbers
      );
      expect(last.seq).to.equal(entries.length + 1);
    });

    it("is paused until it is resumed", async function () {
      const before = await store.pause.read();
      await store.pause.set({ since: 5, reason: "a look at the plan" });
      const other = await kept.open();

      expect(before).to.equal(undefined);
      expect(await other.pause.read()).to.deep.equal({ since: 5, reason: "a look at the plan" });
      await other.pause.set(undefined);
      expect(await store.pause.read()).to.equal(undefined);
      await other.close();
    });

    describe("its lease", function () {
      it("is taken by one of two", async function () {
        const taken = await store.lease.take("left", 45_000);

        expect(taken).to.deep.equal({ holder: "left", token: 1, until: clock.time + 45_000 });
        expect(await store.lease.take("right", 45_000)).to.equal(undefined);
        expect(await store.lease.current()).to.deep.equal(taken);
      });

      it("keeps its token while its holder renews it", async function () {
        await store.lease.take("left", 45_000);
        clock.time += 30_000;

        expect(await store.lease.take("left", 45_000)).to.include({ token: 1, until: clock.time + 45_000 });
      });

      it("goes to another at its end, and the token grows", async function () {
        const before = await store.lease.take("left", 45_000);
        clock.time += 45_000;

        const after = await store.lease.take("right", 45_000);

        expect(after).to.include({ holder: "right", token: 2 });
        expect(before !== undefined && (await store.lease.isHeld(before, 0))).to.equal(false);
        expect(after !== undefined && (await store.lease.isHeld(after, 0))).to.equal(true);
      });

      it("has a new token for a holder who let it lapse, so that his old one counts no more", async function () {
        const before = await store.lease.take("left", 45_000);
        clock.time += 60_000;

        const after = await store.lease.take("left", 45_000);

        expect(after?.token).to.equal(2);
        expect(before !== undefined && (await store.lease.isHeld(before, 0))).to.equal(false);
      });

      it("is free when its clock was set back, and fences whoever took it before", async function () {
        const before = await store.lease.take("left", 45_000);
        clock.time -= 3_600_000;

        const after = await store.lease.take("right", 45_000);

        expect(after).to.deep.equal({ holder: "right", token: 2, until: clock.time + 45_000 });
        expect(before !== undefined && (await store.lease.isHeld(before, 0))).to.equal(false);
        expect(await store.lease.take("left", 45_000)).to.equal(undefined);
      });

      it("stays in its hands when another read the time shortly before it was taken", async function () {
        const held = await store.lease.take("left", 45_000);
        clock.time -= 10_000;

        expect(await store.lease.take("right", 45_000)).to.equal(undefined);
        expect(held !== undefined && (await store.lease.isHeld(held, 0))).to.equal(true);
      });

      it("does not count as held when less is left than asked for", async function () {
        const lease = await store.lease.take("left", 45_000);
        clock.time += 40_000;

        expect(lease !== undefined && (await store.lease.isHeld(lease, 5_000))).to.equal(true);
        expect(lease !== undefined && (await store.lease.isHeld(lease, 5_001))).to.equal(false);
      });

      it("is free at once when it is released, but not by whoever does not hold it", async function () {
        const lease = await store.lease.take("left", 45_000);
        await store.lease.release({ holder: "right", token: 1, until: 0 });
        expect(await store.lease.take("right", 45_000)).to.equal(undefined);

        if (lease !== undefined) await store.lease.release(lease);

        expect(await store.lease.take("right", 45_000)).to.include({ holder: "right", token: 2 });
      });
    });
  });
}
