// Tests of src/keeper/shared-work.ts: each item once, and the same results for everybody.
import { expect } from "chai";

import { shareWork } from "../../../src/keeper/shared-work.ts";
import { failureOf } from "../../failure-of.ts";
import { dropSchema, ownSchema, postgresOrSkip } from "../../postgres.ts";

const ITEMS = ["a", "b", "c", "d", "e", "f", "g", "h"];
const EXPECTED = new Map(ITEMS.map((item) => [item, item.toUpperCase()]));

describe("shareWork", function () {
  let url: string;
  let schema: string;

  beforeEach(async function () {
    url = await postgresOrSkip(this);
    schema = ownSchema();
  });
  afterEach(() => dropSchema(url, schema));

  const share = (done: string[], batch = "study") => {
    const work = (item: string): string => {
      done.push(item);
      return item.toUpperCase();
    };
    return shareWork({ url, schema, batch, items: ITEMS, work }, () => {});
  };

  it("gives each of three machines all results, and does each item once", async function () {
    const done: string[][] = [[], [], []];

    const results = await Promise.all(done.map((own) => share(own)));

    for (const result of results) expect(result).to.deep.equal(EXPECTED);
    expect(done.flat().sort()).to.deep.equal(ITEMS);
  });

  it("gives a machine that comes later what is known, and does nothing again", async function () {
    await share([]);
    const done: string[] = [];

    expect(await share(done)).to.deep.equal(EXPECTED);
    expect(done).to.deep.equal([]);
  });

  it("keeps two studies apart", async function () {
    await share([]);
    const done: string[] = [];
    await share(done, "another study");

    expect(done.sort()).to.deep.equal(ITEMS);
  });

  it("does what another machine gave up on", async function () {
    const work = (): string => {
      throw new TypeError("out of memory");
    };
    const failure = await failureOf(shareWork({ url, schema, batch: "study", items: ITEMS, work }, () => {}));
    const done: string[] = [];

    expect(failure.message).to.equal("out of memory");
    expect(await share(done)).to.deep.equal(EXPECTED);
    expect(done.sort()).to.deep.equal(ITEMS);
  });
});
