import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { expect } from "chai";

const ROOT = join(import.meta.dirname, "..", "..", "..");

describe("npm run rehearse -- base", function () {
  let folder: string;
  let out: string;

  before(async function () {
    folder = await mkdtemp(join(tmpdir(), "rehearse-"));
    const script = [join(ROOT, "scripts", "rehearse.ts"), "base", "--out", folder];
    ({ stdout: out } = await promisify(execFile)(process.execPath, script, { cwd: ROOT }));
  });

  after(async function () {
    await rm(folder, { recursive: true });
  });

  it("deploys, matches every source in full and hands over", function () {
    expect(out).to.match(/^deploy +19 contracts, 30 transactions$/m);
    expect(out).to.match(/^sources +19 of 19 match in full/m);
    expect(out).to.match(/^hand over +admin 0x[0-9a-f]{40} with a delay of 777600 s$/m);
  });

  it("goes into the market, out of it, and pays the depositor", function () {
    expect(out).to.match(/^week +2023-01-30 bull: [1-9]\d* legs/m);
    expect(out).to.match(/^week +2023-02-06 bear: [1-9]\d* legs/m);
    const paid = Number(/(\d+\.?\d*) USDC out/.exec(out)?.[1]);
    // 100,000 in: two swings of 30 bps at least and two trades through pools of 0.3 % at most.
    expect(paid).to.be.within(98_000, 99_400);
  });

  it("proves and retells what happened to the last unit", function () {
    expect(out).to.match(/^verify +Proven: \d+ lines, none missing/m);
    expect(out).to.match(/^reconstruct .*agree to the last unit/m);
  });

  it("leaves the lots of the depositor in a file", async function () {
    expect((await readFile(join(folder, "tax.csv"), "utf8")).split("\n").length).to.be.above(2);
  });
});
