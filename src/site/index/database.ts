// Turns one SQLite file into the index of a vault's log, made anew where it is of an earlier version.
import { existsSync, mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";

import type { Address } from "viem";

import { AppError } from "../../core/errors.ts";
import type { LedgerPlace } from "../../record/head.ts";
import { APPLICATION_ID, TABLES, VERSION } from "./tables.ts";

/** Whose log is indexed, and where it begins. */
export type IndexPlace = LedgerPlace & { readonly firstBlock: number };

/** The file cannot be the index of this vault. */
export class IndexUnusableError extends AppError {
  readonly code = "INDEX_UNUSABLE";
  readonly kind = "usage";
  readonly file: string;

  constructor(file: string, found: string, cause?: unknown) {
    super(
      `Expected the index of this vault's log at ${file}, found ${found}. Delete it (the chain has all of it), or ` +
        "name another file.",
      { cause },
    );
    this.file = file;
  }
}

/** {ms} A reader waits so long for a writer of another process. */
const PATIENCE = 5000;
/** Questions have few forms; a statement is prepared once. */
const MOST_STATEMENTS = 500;

/** One row, by column. */
export type Row = Readonly<Record<string, unknown>>;

/** SQL on one connection. */
export class Database {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  all(sql: string, ...values: readonly SQLInputValue[]): readonly Row[] {
    return this.#prepared(sql).all(...values);
  }

  /** The first row, if there is one. */
  one(sql: string, ...values: readonly SQLInputValue[]): Row | undefined {
    return this.#prepared(sql).get(...values);
  }

  run(sql: string, ...values: readonly SQLInputValue[]): void {
    this.#prepared(sql).run(...values);
  }

  /** Rows one after another, for answers that are longer than memory. */
  each(sql: string, ...values: readonly SQLInputValue[]): IterableIterator<Row> {
    return this.#database.prepare(sql).iterate(...values);
  }

  /** All of it or nothing. */
  atomically<Result>(work: () => Result): Result {
    this.#database.exec("begin immediate");
    try {
      const result = work();
      this.#database.exec("commit");
      return result;
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("rollback");
      throw error;
    }
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #prepared(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    if (this.#statements.size >= MOST_STATEMENTS) this.#statements.clear();
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

/**
 * Opens the index of a vault's log, and begins one where there is none.
 *
 * @param file `:memory:` for one that ends with the process.
 * @throws IndexUnusableError when the file is another vault's, another program's, damaged or closed to this process.
 */
export function openDatabase(file: string, place: IndexPlace): Database {
  try {
    if (file !== ":memory:") mkdirSync(path.dirname(file), { recursive: true });
    if (isOutdated(file)) for (const suffix of ["", "-wal", "-shm"]) rmSync(`${file}${suffix}`, { force: true });
    const database = new DatabaseSync(file, { timeout: PATIENCE });
    try {
      prepare(file, database, place);
      return new Database(database);
    } catch (error) {
      database.close();
      throw error;
    }
  } catch (error) {
    if (error instanceof IndexUnusableError) throw error;
    throw new IndexUnusableError(file, error instanceof Error ? error.message : String(error), error);
  }
}

/** True for an index whose tables are of an earlier or a later version: it is a copy, so that nothing is lost. */
function isOutdated(file: string): boolean {
  if (file === ":memory:" || !existsSync(file)) return false;
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const [id, version] = marksOf(database);
    return id === APPLICATION_ID && version !== VERSION;
  } finally {
    database.close();
  }
}

function prepare(file: string, database: DatabaseSync, { chainId, vault, firstBlock }: IndexPlace): void {
  // A lost end is read again from the chain: what matters is that the file stays whole.
  database.exec("pragma journal_mode = wal; pragma synchronous = normal; pragma cache_size = -65536");
  const tables = database.prepare("select count(*) as count from sqlite_schema").get()?.["count"];
  if (tables === 0) {
    database.exec(`begin immediate; ${TABLES} commit`);
    database
      .prepare("insert into place (id, chain, vault, first) values (1, ?, ?, ?)")
      .run(chainId, vault.toLowerCase(), firstBlock);
  }
  if (marksOf(database)[0] !== APPLICATION_ID) throw new IndexUnusableError(file, "a database of another program");
  const found = database.prepare("select chain, vault, first from place").get();
  const isOwn = found?.["chain"] === chainId && found["vault"] === vault.toLowerCase() && found["first"] === firstBlock;
  if (!isOwn) throw new IndexUnusableError(file, `that of vault ${String(found?.["vault"])}`);
  const state = database.prepare("pragma quick_check(1)").get()?.["quick_check"];
  if (state !== "ok") throw new IndexUnusableError(file, `a damaged file (${String(state)})`);
}

function marksOf(database: DatabaseSync): readonly unknown[] {
  return ["application_id", "user_version"].map((name) => database.prepare(`pragma ${name}`).get()?.[name]);
}

/** The place of a vault, as its own ledger writes it. */
export function placeOf(chainId: number, vault: Address, firstBlock: number): IndexPlace {
  return { chainId, vault: vault.toLowerCase() as Address, firstBlock };
}
