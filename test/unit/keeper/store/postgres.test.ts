// Tests of src/keeper/store/postgres.ts: what is not there, is of another program, or breaks off.
import { expect } from "chai";

import { UsageError } from "../../../../src/core/errors.ts";
import { JournalForeignError, JournalUnwritableError } from "../../../../src/keeper/store/errors.ts";
import { openPostgresStore, placeOf } from "../../../../src/keeper/store/postgres.ts";
import { failureOf } from "../../../failure-of.ts";
import { openTunnel } from "../../../../src/world/chaos/tunnel.ts";
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

describe("a line to the database that breaks or goes silent", function () {
  const PATIENCE = 1000; // {ms}
  const line = { task: "t", step: "planned" } as const;
  let url: string;
  let schema: string;

  beforeEach(async function () {
    url = await postgresOrSkip(this);
    schema = ownSchema();
  });
  afterEach(async function () {
    await dropSchema(url, schema);
  });

  /** A store behind a line of its own, and that line. */
  async function openBehind(onData?: Parameters<typeof openTunnel>[1]) {
    const { hostname: host, port } = new URL(url);
    const tunnel = await openTunnel({ host, port: Number(port) }, onData);
    const own = new URL(url);
    own.port = String(tunnel.port);
    const store = await openPostgresStore({ url: own.href, schema, clock, patience: PATIENCE });
    const close = async (): Promise<void> => {
      tunnel.cut();
      await store.close();
      await tunnel.close();
    };
    return { store, tunnel, close };
  }

  it("is told instead of waited for, and used again once it is whole", async function () {
    const { store, tunnel, close } = await openBehind();
    await store.journal("a").append(line);

    tunnel.mute();
    const failure = await failureOf(store.lease.take("left", 1000));
    tunnel.heal();

    expect(failure).to.be.instanceOf(JournalUnwritableError);
    expect(await store.journal("a").entries()).to.have.length(1);
    await close();
  });

  it("fails a write, and not the process, when it breaks in the middle of it", async function () {
    let breaks = true;
    const { store, tunnel, close } = await openBehind((text, line) => {
      if (breaks && text.includes("hashtextextended")) line.cut();
    });

    const failure = await failureOf(store.journal("a").append(line));
    breaks = false;
    tunnel.heal();

    expect(failure).to.be.instanceOf(JournalUnwritableError);
    expect((await store.journal("a").append(line)).seq).to.equal(1);
    await close();
  });

  it("fails a write, and not the process, when the answer comes too late", async function () {
    const { store, tunnel, close } = await openBehind((text, line) => {
      if (text.includes("hashtextextended")) line.mute();
    });

    const failure = await failureOf(store.journal("a").append(line));
    tunnel.heal();
    const entries = await store.journal("a").entries();

    expect(failure).to.be.instanceOf(JournalUnwritableError);
    expect(entries).to.deep.equal([]);
    await close();
  });

  it("does not hold up another keeper when it went silent in the middle of a write", async function () {
    const left = await openBehind((text, tunnel) => {
      if (text.includes("hashtextextended")) tunnel.mute(); // the lock of the journal is taken and not given back
    });
    const right = await openPostgresStore({ url, schema, clock, patience: PATIENCE });

    const failing = failureOf(left.store.journal("a").append(line));
    await new Promise((resolve) => setTimeout(resolve, PATIENCE / 5));
    const entry = await right.journal("a").append(line);

    expect(entry.seq).to.equal(1);
    expect(await failing).to.be.instanceOf(JournalUnwritableError);
    await right.close();
    await left.close();
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
