// Turns one SQLite file into the keeper's memory: crash-safe, and readable by other processes while it is written.
import { existsSync, linkSync, mkdirSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";

import type { Journal, JournalEntry, JournalLine } from "../../execute/journal.ts";
import { JournalDamagedError, JournalForeignError, JournalMissingError, JournalUnwritableError } from "./errors.ts";
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

/** "TM1J", by which the file is known. */
const APPLICATION_ID = 0x544d314a;
const VERSION = 1;
/** {ms} A writer waits so long for another. */
const PATIENCE = 5000;

const SCHEMA = `
  pragma application_id = ${APPLICATION_ID};
  pragma user_version = ${VERSION};
  create table entries (journal text not null, seq integer not null, at integer not null, task text not null,
    step text not null, nonce integer, hash text, raw text, note text, primary key (journal, seq)) strict;
  create index entries_task on entries (journal, task, seq);
  create index entries_nonce on entries (journal, nonce, seq);
  create table lease (id integer primary key check (id = 1), holder text not null, token integer not null,
    until integer not null) strict;
  create table pause (id integer primary key check (id = 1), since integer not null, reason text not null) strict;
`;

/** Whose clock the entries' times go by, and whose the lease; one for both when it is one. */
export type StoreClocks = { readonly clock: Clock; readonly leaseClock?: Clock };

/**
 * Opens the journal of a file, and begins one where there is none.
 *
 * @throws JournalForeignError, JournalDamagedError, JournalUnwritableError; the file stays as it is.
 */
export function openSqliteStore(file: string, clocks: StoreClocks): KeeperStore {
  if (isMissing(file)) create(file);
  return new SqliteStore(file, clocks, open(file, false));
}

/** Opens an existing journal to read it. @throws JournalMissingError and as {@link openSqliteStore}. */
export function readSqliteStore(file: string, clocks: StoreClocks): KeeperStore {
  if (isMissing(file)) throw new JournalMissingError(file);
  return new SqliteStore(file, clocks, open(file, true));
}

/** @throws JournalDamagedError when its log is there without it: a new file would take over what that says. */
function isMissing(file: string): boolean {
  if (existsSync(file)) return false;
  if (existsSync(`${file}-wal`)) throw new JournalDamagedError(file, "its log alone, without the file");
  return true;
}

/** A new file appears in one piece, with its tables: whoever finds a file without them knows that it is no journal. */
function create(file: string): void {
  const draft = `${file}.${process.pid}`;
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    rmSync(draft, { force: true }); // of a process with the same number that was killed here
    const database = new DatabaseSync(draft);
    try {
      database.exec(`pragma synchronous = full; ${SCHEMA}`);
    } finally {
      database.close();
    }
    linkSync(draft, file);
  } catch (error) {
    if (!existsSync(file)) throw failureOf(file, error);
  } finally {
    if (existsSync(draft)) rmSync(draft);
  }
}

/** It is looked at before it is opened to write: a writer that closes moves the log into the file, however damaged. */
function open(file: string, readOnly: boolean): DatabaseSync {
  if (statSync(file).size === 0) throw new JournalDamagedError(file, "a file without a single byte");
  const reader = connect(file, { readOnly: true }, (database) => {
    requireOwn(file, database);
    requireWhole(file, database);
  });
  if (readOnly) return reader;
  reader.close();
  return connect(file, { readOnly: false }, (database) => {
    database.exec("pragma journal_mode = wal; pragma synchronous = full");
  });
}

function connect(
  file: string,
  { readOnly }: { readonly readOnly: boolean },
  prepare: (database: DatabaseSync) => void,
): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { readOnly, timeout: PATIENCE });
    prepare(database);
    return database;
  } catch (error) {
    database?.close();
    throw failureOf(file, error);
  }
}

function requireOwn(file: string, database: DatabaseSync): void {
  const [id, version] = ["application_id", "user_version"].map(
    (name) => database.prepare(`pragma ${name}`).get()?.[name],
  );
  if (id !== APPLICATION_ID) throw new JournalForeignError(file, "a database of another program");
  if (version !== VERSION) throw new JournalForeignError(file, `a journal of version ${String(version)}`);
}

function requireWhole(file: string, database: DatabaseSync): void {
  const found = database.prepare("pragma quick_check(1)").get()?.["quick_check"];
  if (found !== "ok") throw new JournalDamagedError(file, String(found));
}

/** SQLite's result codes; the low byte is the class. */
const RESULT = { busy: 5, readOnly: 8, inputOutput: 10, corrupt: 11, full: 13, cannotOpen: 14, notADatabase: 26 };

function failureOf(file: string, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { errcode, code } = error as { readonly errcode?: number; readonly code?: string };
  if (errcode === undefined) {
    const isSystem = code !== undefined && /^E[A-Z]+$/.test(code);
    return isSystem ? new JournalUnwritableError(file, `the system answered ${code}`, error) : error;
  }
  switch (errcode & 0xff) {
    case RESULT.notADatabase:
      return new JournalForeignError(file, "a file that is no database", error);
    case RESULT.corrupt:
      return new JournalDamagedError(file, error.message, error);
    case RESULT.full:
      return new JournalUnwritableError(file, "the disk is full", error);
    case RESULT.readOnly:
    case RESULT.cannotOpen:
      return new JournalUnwritableError(file, "the file or its folder cannot be written", error);
    case RESULT.busy:
      return new JournalUnwritableError(file, `another process has been writing for ${PATIENCE / 1000} s`, error);
    case RESULT.inputOutput:
      return new JournalUnwritableError(file, "the disk refused a read or write", error);
    default:
      return error;
  }
}

/** Runs SQL on one connection and names what fails. */
class Statements {
  readonly #file: string;
  readonly #database: DatabaseSync;

  constructor(file: string, database: DatabaseSync) {
    this.#file = file;
    this.#database = database;
  }

  all(sql: string, values: readonly SQLInputValue[] = []): unknown[] {
    return this.#named(() => this.#database.prepare(sql).all(...values));
  }

  /** The rows of the last statement, in a transaction that no other writer can come into. */
  write(sql: string, values: readonly SQLInputValue[] = []): unknown[] {
    return this.#named(() => {
      this.#database.exec("begin immediate");
      try {
        const rows = this.#database.prepare(sql).all(...values);
        this.#database.exec("commit");
        return rows;
      } catch (error) {
        if (this.#database.isTransaction) this.#database.exec("rollback");
        throw error;
      }
    });
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #named<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      throw failureOf(this.#file, error);
    }
  }
}

class SqliteStore implements KeeperStore {
  readonly place: string;
  readonly lease: LeaseTable;
  readonly pause: PauseSwitch;
  readonly #statements: Statements;
  readonly #clock: Clock;

  constructor(file: string, { clock, leaseClock = clock }: StoreClocks, database: DatabaseSync) {
    this.place = file;
    this.#clock = clock;
    this.#statements = new Statements(file, database);
    this.lease = leaseOf(this.#statements, leaseClock);
    this.pause = pauseOf(this.#statements);
  }

  journal(name: string): Journal {
    const [statements, clock] = [this.#statements, this.#clock];
    return {
      append: (line) => settled(() => append(statements, { name, at: clock.now() }, line)),
      entries: (query = {}) =>
        settled(() => {
          const { task, after = 0, limit = -1 } = query;
          const sql = `select ${COLUMNS} from entries where journal = ? and seq > ? and (? is null or task = ?) order by seq limit ?`;
          return statements.all(sql, [name, after, task ?? null, task ?? null, limit]).map(entryOf);
        }),
      unfinished: () => settled(() => statements.all(UNFINISHED, [name]).map(entryOf)),
    };
  }

  close(): Promise<void> {
    return settled(() => {
      this.#statements.close();
    });
  }
}

const UNFINISHED = `
  select ${COLUMNS} from entries as entry where journal = ? and nonce is not null and step not in (${ENDS})
    and seq = (select max(seq) from entries where journal = entry.journal and nonce = entry.nonce) order by seq`;

function append(statements: Statements, to: { readonly name: string; readonly at: number }, line: JournalLine) {
  const sql = `insert into entries (journal, ${COLUMNS}) values
    (?1, (select coalesce(max(seq), 0) + 1 from entries where journal = ?1), ?2, ?3, ?4, ?5, ?6, ?7, ?8)
    returning ${COLUMNS}`;
  const [row] = statements.write(sql, [to.name, to.at, ...valuesOf(line)]);
  return entryOf(row) satisfies JournalEntry;
}

function leaseOf(statements: Statements, clock: Clock): LeaseTable {
  const take = `insert into lease (id, holder, token, until) values (1, ?1, 1, ?2)
    on conflict (id) do update set holder = ?1, until = ?2,
      token = case when lease.holder = ?1 and lease.until > ?3 then lease.token else lease.token + 1 end
    where lease.holder = ?1 or lease.until <= ?3 or lease.until > ?2 + ${CLOCK_SLACK} returning holder, token, until`;
  const isHeld = "select 1 from lease where holder = ? and token = ? and until >= ?";
  return {
    take: (holder, duration) =>
      settled(() => {
        const now = clock.now();
        return statements.write(take, [holder, now + duration, now])[0] as Lease | undefined;
      }),
    isHeld: ({ holder, token }, spare) =>
      settled(() => statements.all(isHeld, [holder, token, clock.now() + spare]).length === 1),
    release: ({ holder, token }) =>
      settled(() => {
        statements.write("update lease set until = 0 where holder = ? and token = ?", [holder, token]);
      }),
    current: () => settled(() => statements.all("select holder, token, until from lease")[0] as Lease | undefined),
  };
}

function pauseOf(statements: Statements): PauseSwitch {
  const set = "insert or replace into pause (id, since, reason) values (1, ?, ?)";
  return {
    read: () => settled(() => statements.all("select since, reason from pause")[0] as Pause | undefined),
    set: (pause) =>
      settled(() => {
        if (pause === undefined) statements.write("delete from pause");
        else statements.write(set, [pause.since, pause.reason]);
      }),
  };
}

/** The result of work that is done at once, as a promise; what it throws is its rejection. */
function settled<Result>(work: () => Result): Promise<Result> {
  return new Promise((resolve) => {
    resolve(work());
  });
}
