// Turns a schema of a PostgreSQL database into the memory of any number of keepers.
import pg from "pg";

import { UsageError } from "../../core/errors.ts";
import type { Journal } from "../../execute/journal.ts";
import { JournalForeignError, JournalUnwritableError } from "./errors.ts";
import { COLUMNS, ENDS, entryOf, valuesOf } from "./row.ts";
import {
  CLOCK_SLACK,
  type Clock,
  type KeeperStore,
  type Lease,
  type LeaseTable,
  type Pause,
  type PauseSwitch,
} from "./store.ts";

/** Where the tables are, and whose clock the lease goes by. */
export type PostgresPlace = {
  /** `postgresql://user:password@host:port/database`. */
  readonly url: string;
  readonly schema: string;
  /** Of the entries' times. */
  readonly clock: Clock;
  /** Of the lease; the database's own when left out, which all keepers share. */
  readonly leaseClock?: Clock;
  /** {ms} A query may take so long; {@link PATIENCE} when left out. */
  readonly patience?: number;
};

const APPLICATION = "tm100-keeper";
const VERSION = 1;
/** Keepers that start at once make the tables one after the other. */
const MIGRATION_LOCK = 0x544d314a;
/** {ms} A line that has gone silent is told by nobody: whoever waits for it would wait for a quarter of an hour. */
const PATIENCE = 10_000;

const tables = (schema: string): string => `
  create schema if not exists ${schema};
  create table if not exists ${schema}.about (application text not null, version integer not null);
  create table if not exists ${schema}.entries (journal text not null, seq bigint not null, at bigint not null,
    task text not null, step text not null, nonce bigint, hash text, raw text, note text, primary key (journal, seq));
  create index if not exists entries_task on ${schema}.entries (journal, task, seq);
  create index if not exists entries_nonce on ${schema}.entries (journal, nonce, seq);
  create table if not exists ${schema}.lease (id integer primary key check (id = 1), holder text not null,
    token bigint not null, until bigint not null);
  create table if not exists ${schema}.pause (id integer primary key check (id = 1), since bigint not null,
    reason text not null);
  insert into ${schema}.about select '${APPLICATION}', ${VERSION} where not exists (select from ${schema}.about);
`;

/**
 * Opens the memory in a database, and makes its tables where there are none.
 *
 * @throws JournalForeignError when the schema holds something else; it stays as it is.
 * @throws JournalUnwritableError when the database cannot be reached or refuses.
 */
export async function openPostgresStore(place: PostgresPlace): Promise<KeeperStore> {
  if (!/^[a-z_][a-z0-9_]{0,50}$/.test(place.schema)) {
    throw new UsageError(`Expected a schema of small letters, digits and _, found '${place.schema}'.`);
  }
  const database = new Database(place);
  try {
    await database.transaction(async (client) => {
      await client.query("select pg_advisory_xact_lock($1)", [MIGRATION_LOCK]);
      await requireOwn(client, place.schema, database.place);
      await client.query(tables(place.schema));
    });
  } catch (error) {
    await database.close();
    throw error;
  }
  return storeOf(database, place);
}

/** The database's address without the password. */
export function placeOf({ url, schema }: Pick<PostgresPlace, "url" | "schema">): string {
  if (!URL.canParse(url)) throw new UsageError("Expected DATABASE_URL to be postgresql://user@host:port/database.");
  const { hostname, port, pathname } = new URL(url);
  return `postgresql://${hostname}${port === "" ? "" : `:${port}`}${pathname} schema ${schema}`;
}

async function requireOwn(client: pg.PoolClient, schema: string, place: string): Promise<void> {
  const found = await client.query<{ table_name: string }>(
    "select table_name from information_schema.tables where table_schema = $1",
    [schema],
  );
  const names = found.rows.map((row) => row.table_name);
  if (names.length === 0) return;
  if (!names.includes("about")) throw new JournalForeignError(place, `the tables ${names.sort().join(", ")}`);
  const about = await client.query<{ application: string; version: number }>(`select * from ${schema}.about`);
  const [row] = about.rows;
  if (row?.application !== APPLICATION) throw new JournalForeignError(place, "tables of another program");
  if (row.version !== VERSION) throw new JournalForeignError(place, `a journal of version ${row.version}`);
}

/** A connection that breaks fails its query. What it says of itself besides would end the process if nobody heard it. */
function ignore(): void {}

/** A pool of connections that names what fails. */
class Database {
  readonly place: string;
  readonly #pool: pg.Pool;

  constructor(place: PostgresPlace) {
    const { patience = PATIENCE } = place;
    this.place = placeOf(place);
    this.#pool = new pg.Pool({
      connectionString: place.url,
      connectionTimeoutMillis: patience,
      query_timeout: patience,
      // A keeper that is paused, or cut off, in the middle of a write must not hold the others up: they write behind it.
      idle_in_transaction_session_timeout: patience / 2,
      // A commit is on disk when it is answered, whatever the server's default is.
      options: "-c synchronous_commit=on",
      max: 4,
    });
    // An idle connection that breaks is replaced with the next query, which tells of it if it cannot be.
    this.#pool.on("error", ignore);
  }

  async all<Row extends pg.QueryResultRow>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    return this.#named(async () => (await this.#pool.query<Row>(sql, [...values])).rows);
  }

  async transaction<Result>(work: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
    return this.#named(async () => {
      const client = await this.#pool.connect();
      client.on("error", ignore);
      try {
        await client.query("begin");
        const result = await work(client);
        await client.query("commit");
        client.off("error", ignore);
        client.release();
        return result;
      } catch (error) {
        client.release(true); // ended, and with it the transaction
        throw error;
      }
    });
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #named<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw this.#failureOf(error);
    }
  }

  #failureOf(error: unknown): unknown {
    if (!(error instanceof Error)) return error;
    const { code } = error as { readonly code?: string };
    const isUnreachable = code === undefined ? /timeout|terminat/i.test(error.message) : /^(E[A-Z]+|08|57)/.test(code);
    if (isUnreachable)
      return new JournalUnwritableError(this.place, `the database does not answer (${error.message})`, error);
    if (code?.startsWith("53") === true)
      return new JournalUnwritableError(this.place, "the database has no room left", error);
    if (error instanceof pg.DatabaseError) {
      return new JournalUnwritableError(this.place, `the database refused (${error.message})`, error);
    }
    return error;
  }
}

function storeOf(database: Database, { schema, clock, leaseClock }: PostgresPlace): KeeperStore {
  return {
    place: database.place,
    journal: (name) => journalOf(database, { schema, name, clock }),
    lease: leaseOf(database, schema, leaseClock),
    pause: pauseOf(database, schema),
    close: () => database.close(),
  };
}

function journalOf(
  database: Database,
  { schema, name, clock }: { readonly schema: string; readonly name: string; readonly clock: Clock },
): Journal {
  const entries = `${schema}.entries`;
  return {
    append: async (line) => {
      const sql = `insert into ${entries} (journal, ${COLUMNS})
        select $1, coalesce(max(seq), 0) + 1, $2, $3, $4, $5, $6, $7, $8 from ${entries} where journal = $1
        returning ${COLUMNS}`;
      const rows = await database.transaction(async (client) => {
        await client.query("select pg_advisory_xact_lock(hashtextextended($1, 0))", [`${schema}:${name}`]);
        return (await client.query(sql, [name, clock.now(), ...valuesOf(line)])).rows as unknown[];
      });
      return entryOf(rows[0]);
    },
    entries: async ({ task, after = 0, limit } = {}) => {
      const sql = `select ${COLUMNS} from ${entries}
        where journal = $1 and seq > $2 and ($3::text is null or task = $3) order by seq limit $4`;
      return (await database.all(sql, [name, after, task ?? null, limit ?? null])).map(entryOf);
    },
    unfinished: async () => {
      const sql = `select ${COLUMNS} from ${entries} as entry
        where journal = $1 and nonce is not null and step not in (${ENDS})
          and seq = (select max(seq) from ${entries} where journal = entry.journal and nonce = entry.nonce)
        order by seq`;
      return (await database.all(sql, [name])).map(entryOf);
    },
  };
}

type LeaseRow = { readonly holder: string; readonly token: string; readonly until: string };

function leaseOf(database: Database, schema: string, clock: Clock | undefined): LeaseTable {
  const now = "coalesce($1::bigint, (extract(epoch from clock_timestamp()) * 1000)::bigint)";
  const take = `insert into ${schema}.lease as lease (id, holder, token, until) values (1, $2, 1, ${now} + $3)
    on conflict (id) do update set holder = $2, until = excluded.until,
      token = case when lease.holder = $2 and lease.until > ${now} then lease.token else lease.token + 1 end
    where lease.holder = $2 or lease.until <= ${now} or lease.until > excluded.until + ${CLOCK_SLACK}
    returning holder, token, until`;
  const isHeld = `select 1 from ${schema}.lease where holder = $2 and token = $3 and until >= ${now} + $4`;
  const release = `update ${schema}.lease set until = 0 where holder = $1 and token = $2`;
  const time = (): number | null => clock?.now() ?? null;
  return {
    take: async (holder, duration) => rowToLease((await database.all<LeaseRow>(take, [time(), holder, duration]))[0]),
    isHeld: async ({ holder, token }, spare) =>
      (await database.all(isHeld, [time(), holder, token, spare])).length === 1,
    release: async ({ holder, token }) => {
      await database.all(release, [holder, token]);
    },
    current: async () =>
      rowToLease((await database.all<LeaseRow>(`select holder, token, until from ${schema}.lease`))[0]),
  };
}

function rowToLease(row: LeaseRow | undefined): Lease | undefined {
  return row === undefined ? undefined : { holder: row.holder, token: Number(row.token), until: Number(row.until) };
}

function pauseOf(database: Database, schema: string): PauseSwitch {
  const set = `insert into ${schema}.pause (id, since, reason) values (1, $1, $2)
    on conflict (id) do update set since = excluded.since, reason = excluded.reason`;
  return {
    read: async (): Promise<Pause | undefined> => {
      const [row] = await database.all<{ since: string; reason: string }>(`select since, reason from ${schema}.pause`);
      return row === undefined ? undefined : { since: Number(row.since), reason: row.reason };
    },
    set: async (pause) => {
      if (pause === undefined) await database.all(`delete from ${schema}.pause`);
      else await database.all(set, [pause.since, pause.reason]);
    },
  };
}
