// Tests of how many snapshots a server keeps.
import { expect } from "chai";

import { type SnapshotFile, withinSize } from "../../../src/site/market/snapshot-file.ts";

describe("withinSize", function () {
  const file = (size: number): SnapshotFile => ({ digest: "", size, gzip: new Uint8Array(size) });
  const files = new Map([
    ["2024-01-01", file(1)],
    ["2024-01-08", file(5)],
    ["2024-01-15", file(4)],
  ]);

  it("leaves out the oldest, in the order of time", function () {
    expect([...withinSize(files, 10).keys()]).to.deep.equal(["2024-01-01", "2024-01-08", "2024-01-15"]);
    expect([...withinSize(files, 9).keys()]).to.deep.equal(["2024-01-08", "2024-01-15"]);
    expect([...withinSize(files, 5).keys()]).to.deep.equal(["2024-01-15"]);
    expect([...withinSize(files, 3).keys()]).to.deep.equal([]);
  });
});
