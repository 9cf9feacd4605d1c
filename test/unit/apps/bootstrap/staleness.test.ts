// When the bootstrap installs and builds again.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

import { expect } from "chai";

import { digestOf, isInstallStale, missingPackages } from "../../../../src/apps/bootstrap/staleness.mjs";

const NATIVE_CHAIN = `node_modules/@nomicfoundation/edr-${process.platform}-${process.arch}-gnu`;

describe("missingPackages", function () {
  const wanted = {
    packages: {
      "": { version: "1.0.0" },
      "node_modules/zod": { version: "4.0.0", integrity: "sha512-a" },
      "node_modules/fsevents": { version: "2.0.0", optional: true },
    },
  };

  it("is empty when all versions agree, whatever the project's own version", function () {
    const installed = { packages: { "node_modules/zod": { version: "4.0.0", integrity: "sha512-a" } } };

    expect(missingPackages(wanted, installed)).to.deep.equal([]);
  });

  it("names a package that is not installed", function () {
    expect(missingPackages(wanted, { packages: {} })).to.deep.equal(["node_modules/zod"]);
  });

  it("names a package of another version", function () {
    const installed = { packages: { "node_modules/zod": { version: "3.9.0", integrity: "sha512-a" } } };

    expect(missingPackages(wanted, installed)).to.deep.equal(["node_modules/zod"]);
  });

  it("names a package of the same version with other content", function () {
    const installed = { packages: { "node_modules/zod": { version: "4.0.0", integrity: "sha512-b" } } };

    expect(missingPackages(wanted, installed)).to.deep.equal(["node_modules/zod"]);
  });
});

describe("isInstallStale", function () {
  let root: string;

  beforeEach(function () {
    root = mkdtempSync(path.join(os.tmpdir(), "tm100-"));
    write("package-lock.json", JSON.stringify({ packages: { "node_modules/zod": { version: "4.0.0" } } }));
  });

  afterEach(function () {
    rmSync(root, { recursive: true });
  });

  it("is true in a fresh clone", function () {
    expect(isInstallStale(root)).to.equal(true);
  });

  it("is false when npm has finished with the same lock file", function () {
    write(
      "node_modules/.package-lock.json",
      JSON.stringify({ packages: { "node_modules/zod": { version: "4.0.0" } } }),
    );
    write(`${NATIVE_CHAIN}/package.json`, "{}");

    expect(isInstallStale(root)).to.equal(false);
  });

  it("is true when npm has left out the chain's native package", function () {
    write(
      "node_modules/.package-lock.json",
      JSON.stringify({ packages: { "node_modules/zod": { version: "4.0.0" } } }),
    );

    expect(isInstallStale(root)).to.equal(true);
  });

  function write(file: string, content: string): void {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), content);
  }
});

describe("digestOf", function () {
  let root: string;

  beforeEach(function () {
    root = mkdtempSync(path.join(os.tmpdir(), "tm100-"));
    mkdirSync(path.join(root, "contracts"));
    writeFileSync(path.join(root, "contracts", "A.sol"), "a");
    writeFileSync(path.join(root, "config.ts"), "config");
  });

  afterEach(function () {
    rmSync(root, { recursive: true });
  });

  it("stays the same while no file changes", function () {
    expect(digestOf(root, ["contracts", "config.ts"])).to.equal(digestOf(root, ["contracts", "config.ts"]));
  });

  it("changes with the content of a file", function () {
    const before = digestOf(root, ["contracts"]);

    writeFileSync(path.join(root, "contracts", "A.sol"), "b");

    expect(digestOf(root, ["contracts"])).to.not.equal(before);
  });

  it("changes when a file gets another name", function () {
    const before = digestOf(root, ["contracts"]);

    rmSync(path.join(root, "contracts", "A.sol"));
    writeFileSync(path.join(root, "contracts", "B.sol"), "a");

    expect(digestOf(root, ["contracts"])).to.not.equal(before);
  });

  it("takes a path that does not exist as empty", function () {
    expect(digestOf(root, ["contracts", "missing"])).to.equal(digestOf(root, ["contracts"]));
  });
});
