// Tests of src/market/sources/store.ts.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { simulateMarket } from "../../../../src/market/simulate.ts";
import { readDirectory } from "../../../../src/market/sources/directory.ts";
import {
  ForeignFilesError,
  ManifestMismatchError,
  storedFiles,
  verifyStore,
  writeStore,
} from "../../../../src/market/sources/store.ts";
import { isoDate } from "../../../../src/core/time.ts";
import { CMC_HEADER, type TemporaryFolder, temporaryFolder } from "../../../market-files.ts";

const SMALL = { seed: 3, coins: 12, from: isoDate("2023-01-01"), to: isoDate("2023-02-01") };

describe("writeStore", function () {
  let folder: TemporaryFolder;
  beforeEach(function () {
    folder = temporaryFolder();
  });
  afterEach(function () {
    folder.remove();
  });

  it("writes what reads back as the same numbers", function () {
    const [source] = simulateMarket(SMALL).providers;
    writeStore(join(folder.path, "data"), simulateMarket(SMALL));

    const [back] = readDirectory(join(folder.path, "data")).history.providers;

    expect(back?.coins).to.deep.equal(source?.coins);
  });

  it("keeps the closes of CoinMarketCap", function () {
    folder.write("c.csv", [CMC_HEADER, "2017-01-01,bitcoin,960,998,16000000000,147000000"]);
    const { history } = readDirectory(folder.path);
    writeStore(join(folder.path, "data"), history);

    expect(readDirectory(join(folder.path, "data")).history.providers).to.deep.equal(history.providers);
  });

  it("writes the same bytes twice", function () {
    const bytes = ["one", "two"].map((name) => {
      const directory = join(folder.path, name);
      writeStore(directory, simulateMarket(SMALL));
      return readdirSync(directory).map((file) => readFileSync(join(directory, file)).toString("hex"));
    });

    expect(bytes[0]).to.deep.equal(bytes[1]);
  });

  it("leaves a folder with other files as it is", function () {
    folder.write("notes.txt", ["mine"]);

    expect(() => writeStore(folder.path, simulateMarket(SMALL))).to.throw(ForeignFilesError);
    expect(readdirSync(folder.path)).to.deep.equal(["notes.txt"]);
  });

  it("leaves nothing beside the folder", function () {
    writeStore(join(folder.path, "data"), simulateMarket(SMALL));
    writeStore(join(folder.path, "data"), simulateMarket(SMALL));

    expect(readdirSync(folder.path)).to.deep.equal(["data"]);
  });
});

describe("verifyStore", function () {
  let folder: TemporaryFolder;
  beforeEach(function () {
    folder = temporaryFolder();
    folder.remove();
    writeStore(folder.path, simulateMarket(SMALL));
  });
  afterEach(function () {
    folder.remove();
  });

  it("accepts what was written", function () {
    expect(verifyStore(folder.path)?.files.map(({ file }) => join(folder.path, file))).to.deep.equal(
      storedFiles(folder.path),
    );
  });

  it("names a file that was changed", function () {
    folder.write("coins.csv", ["coin_id,is_stablecoin,is_wrapped_or_staked,is_rwa_or_commodity", "bitcoin,1,0,0"]);

    expect(() => verifyStore(folder.path)).to.throw(ManifestMismatchError, "coins.csv");
  });

  it("refuses a manifest that cannot be read", function () {
    folder.write("manifest.json", ["{"]);

    expect(() => verifyStore(folder.path)).to.throw(ManifestMismatchError);
  });

  it("has nothing to compare without a manifest", function () {
    const other = temporaryFolder();
    expect(verifyStore(other.path)).to.equal(undefined);
    other.remove();
  });
});
