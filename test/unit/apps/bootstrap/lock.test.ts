// Who may prepare the checkout when several start at once.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

import { expect } from "chai";

import { withLock } from "../../../../src/apps/bootstrap/lock.mjs";
import { lockOf } from "../../../../src/apps/bootstrap/prepare.mjs";

describe("withLock", function () {
  let folder: string;
  let lock: string;

  beforeEach(function () {
    folder = mkdtempSync(path.join(os.tmpdir(), "tm100-"));
    lock = path.join(folder, "lock");
  });

  afterEach(function () {
    rmSync(folder, { recursive: true });
  });

  it("holds the lock in its own name while it works", async function () {
    let owner = "";

    await withLock(lock, {
      onWait: fail,
      work: () => {
        owner = readFileSync(lock, "utf8");
        return Promise.resolve();
      },
    });

    expect(owner).to.equal(String(process.pid));
  });

  it("releases the lock when the work fails", async function () {
    const failing = withLock(lock, { onWait: fail, work: () => Promise.reject(new RangeError("work")) });

    const error: unknown = await failing.catch((reason: unknown) => reason);

    expect(error).to.be.instanceOf(RangeError);
    expect(existsSync(lock)).to.equal(false);
  });

  it("takes over the lock of a process that is gone", async function () {
    const gone = spawnSync(process.execPath, ["--version"]);
    writeFileSync(lock, String(gone.pid));
    let hasWorked = false;

    await withLock(lock, {
      onWait: fail,
      work: () => {
        hasWorked = true;
        return Promise.resolve();
      },
    });

    expect(hasWorked).to.equal(true);
  });

  it("waits for a process that is alive", async function () {
    writeFileSync(lock, String(process.ppid));
    let waitedFor = 0;

    await withLock(lock, {
      onWait: (owner) => {
        waitedFor = owner;
        rmSync(lock); // the other one has finished
      },
      work: () => Promise.resolve(),
    });

    expect(waitedFor).to.equal(process.ppid);
  });
});

describe("lockOf", function () {
  it("needs no folder but the checkout's own", async function () {
    const root = mkdtempSync(path.join(os.tmpdir(), "tm100-"));

    await withLock(lockOf(root), { onWait: fail, work: () => Promise.resolve() });

    expect(readdirSync(root)).to.deep.equal([]);
    rmSync(root, { recursive: true });
  });
});

function fail(): void {
  throw new RangeError("nobody else holds the lock");
}
