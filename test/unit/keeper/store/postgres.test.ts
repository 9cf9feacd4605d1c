// Tests of src/keeper/store/postgres.ts: what is not there, is of another program, or breaks off.
import { expect } from "chai";

import { UsageError } from "../../../../src/core/errors.ts";
import { JournalForeignError, JournalUnwritableError } from "../../../../src/keeper/store/errors.ts";
import { openPostgresStore, placeOf } from "../../../../src/keeper/store/postgres.ts";
import { failureOf } from "../../../failure-of.ts";
import { dropSchema, ownSchema, postgresOrSkip, query } from "../../../postgres.ts";

const clock = { now: () => 1 };

describe("openPostgresStore", function () {
  let url: string;
  let schema: string;

  beforeEach(async function () {
    url = await postgresOrSkip(this);
    schema = ownSchema();
  });
  afterEach(async function () {
    await dropSchema(url, schema);
  });

  it("leaves a schema of another program alone", async function () {
    await query(url, `create schema ${schema}; create table ${schema}.orders (id integer)`);

    const failure = await failureOf(openPostgresStore({ url, schema, clock }));

    expect(failure).to.be.instanceOf(JournalForeignError);
    expect(failure.message).to.contain("the tables orders");
  });

  it("leaves a journal of another version alone", async function () {
    await (await openPostgresStore({ url, schema, clock })).close();
    await query(url, `update ${schema}.about set version = 2`);

    expect((await failureOf(openPostgresStore({ url, schema, clock }))).message).to.contain("version 2");
  });

  it("can be opened by several at once", async function () {
    const stores = await Promise.all(Array.from({ length: 4 }, () => openPostgresStore({ url, schema, clock })));

    const entries = await Promise.all(stores.map((store) => store.journal("a").append({ task: "t", step: "planned" })));

    expect(entries.map(({ seq }) => seq).sort()).to.deep.equal([1, 2, 3, 4]);
    await Promise.all(stores.map((store) => store.close()));
  });

  it("says that a line could not be kept when the tables are gone", async function () {
    const store = await openPostgresStore({ url, schema, clock });
    await dropSchema(url, schema);

    expect(await failureOf(store.journal("a").append({ task: "t", step: "planned" }))).to.be.instanceOf(
      JournalUnwritableError,
    );
    await store.close();
  });

  it("refuses a schema's name that would be SQL", async function () {
    expect(await failureOf(openPostgresStore({ url, schema: "a; drop table b", clock }))).to.be.instanceOf(UsageError);
  });
});

describe("a database that does not answer", function () {
  it("is named without its password, and worth another try", async function () {
    const url = "postgresql://keeper:secret@127.0.0.1:1/none"; // nothing listens on port 1

    const failure = await failureOf(openPostgresStore({ url, schema: "tm100", clock }));

    expect(failure).to.be.instanceOf(JournalUnwritableError);
    expect(failure.message).to.contain("127.0.0.1:1/none").and.not.contain("secret");
  });

  it("is shown without its password", function () {
    const place = placeOf({ url: "postgresql://keeper:secret@db.example:5433/funds", schema: "tm100" });

    expect(place).to.equal("postgresql://db.example:5433/funds schema tm100");
  });
});
