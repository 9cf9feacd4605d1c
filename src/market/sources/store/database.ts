// Turns tables of the history store into an in-memory DuckDB database, and its answers into plain values.
import {
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBDateValue,
  DuckDBInstance,
  DuckDBTimestampValue,
  type DuckDBType,
  type DuckDBValue,
  DATE,
  DOUBLE,
  INTEGER,
  TIMESTAMP,
  VARCHAR,
} from "@duckdb/node-api";
import type { FieldValue } from "../csv-values.ts";
import { type ColumnType, type StoreColumn, type TableName, columnsOf } from "./tables.ts";

/** Rows that go into the database together. */
const CHUNK = 2048;

const TYPES: Readonly<Record<ColumnType, DuckDBType>> = {
  day: DATE,
  time: TIMESTAMP,
  text: VARCHAR,
  number: DOUBLE,
  integer: INTEGER,
};

/** Takes rows of one table, each in the order of its columns. */
export type RowWriter = {
  readonly write: (values: readonly FieldValue[]) => void;
  /** Writes what is left; the table is complete afterwards. */
  readonly close: () => Promise<void>;
};

/** A database in memory; nothing of it outlives the process. */
export class Database {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.#connection = connection;
  }

  static async open(): Promise<Database> {
    // Extensions would be fetched from the network; Parquet is built in.
    const instance = await DuckDBInstance.create(":memory:", { autoinstall_known_extensions: "false" });
    return new Database(instance, await instance.connect());
  }

  /** Makes an empty table with the columns of `like`. */
  async create(name: string, like: TableName): Promise<void> {
    const columns = columnsOf(like).map(([column, type]) => `${quoted(column)} ${sqlType(type)}`);
    await this.run(`CREATE TABLE ${quoted(name)} (${columns.join(", ")})`);
  }

  async run(sql: string): Promise<void> {
    await this.#connection.run(sql);
  }

  /** The columns of an answer: numbers, text, and null where nothing is known. Whole numbers must be cast to INTEGER. */
  async columns(sql: string): Promise<FieldValue[][]> {
    const result = await this.#connection.run(sql);
    return (await result.getColumnsJS()) as FieldValue[][];
  }

  /** The rows of an answer; see {@link columns}. */
  async rows(sql: string): Promise<FieldValue[][]> {
    const result = await this.#connection.run(sql);
    return (await result.getRowsJS()) as FieldValue[][];
  }

  /**
   * Starts to fill a table made by {@link create}. Text goes into the database once, and rows hold its number: most of
   * it repeats from row to row.
   */
  async writer(name: string, like: TableName): Promise<RowWriter> {
    const types = columnsOf(like).map(([, type]) => plain(type));
    const [rows, words] = [`rows of ${name}`, `words of ${name}`];
    const columns = types.map((type, i) => `c${i} ${type === "text" ? "INTEGER" : TYPES[type].toString()}`);
    await this.run(`CREATE TABLE ${quoted(rows)} (${columns.join(", ")})`);
    await this.run(`CREATE TABLE ${quoted(words)} (number INTEGER, word VARCHAR)`);
    const appender = await this.#connection.createAppender(rows);
    const numbers = new Map<string, number>();
    const rowTypes = types.map((type) => (type === "text" ? "integer" : type));
    const chunks = chunked((chunk) => {
      appender.appendDataChunk(chunkOf(chunk, rowTypes));
    });
    return {
      write: (values) => {
        chunks.add(values.map((value) => (typeof value === "string" ? numberOf(numbers, value) : value)));
      },
      close: async () => {
        chunks.end();
        appender.closeSync();
        await this.#appendWords(words, numbers);
        await this.run(`INSERT INTO ${quoted(name)} ${selectOf(types, { rows, words })}`);
        await this.run(`DROP TABLE ${quoted(rows)}; DROP TABLE ${quoted(words)}`);
      },
    };
  }

  async #appendWords(table: string, numbers: ReadonlyMap<string, number>): Promise<void> {
    const appender = await this.#connection.createAppender(table);
    const chunks = chunked((chunk) => {
      appender.appendDataChunk(chunkOf(chunk, ["integer", "text"]));
    });
    for (const [word, number] of numbers) chunks.add([number, word]);
    chunks.end();
    appender.closeSync();
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }
}

/** A name as SQL writes it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Text as SQL writes it. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function sqlType(type: StoreColumn[1]): string {
  return `${TYPES[plain(type)].toString()}${type.endsWith("?") ? "" : " NOT NULL"}`;
}

function plain(type: StoreColumn[1]): ColumnType {
  return type.replace("?", "") as ColumnType;
}

function chunkOf(rows: readonly Row[], types: readonly ColumnType[]): DuckDBDataChunk {
  const chunk = DuckDBDataChunk.create(
    types.map((type) => TYPES[type]),
    rows.length,
  );
  types.forEach((type, i) => {
    chunk.setColumnValues(
      i,
      rows.map((row) => toDuck(row[i] ?? null, type)),
    );
  });
  return chunk;
}

function toDuck(value: FieldValue, type: ColumnType): DuckDBValue {
  if (typeof value !== "number") return value;
  if (type === "day") return new DuckDBDateValue(value);
  return type === "time" ? new DuckDBTimestampValue(BigInt(value) * 1_000_000n) : value;
}

type Row = readonly FieldValue[];

function chunked(flush: (rows: readonly Row[]) => void): { add: (row: Row) => void; end: () => void } {
  let waiting: Row[] = [];
  const end = (): void => {
    if (waiting.length > 0) flush(waiting);
    waiting = [];
  };
  const add = (row: Row): void => {
    waiting.push(row);
    if (waiting.length === CHUNK) end();
  };
  return { add, end };
}

function numberOf(numbers: Map<string, number>, word: string): number {
  let number = numbers.get(word);
  if (number === undefined) {
    number = numbers.size;
    numbers.set(word, number);
  }
  return number;
}

function selectOf(
  types: readonly ColumnType[],
  { rows, words }: { readonly rows: string; readonly words: string },
): string {
  const columns = types.map((type, i) => (type === "text" ? `w${i}.word` : `c${i}`));
  const joins = types.flatMap((type, i) =>
    type === "text" ? [`LEFT JOIN ${quoted(words)} w${i} ON c${i} = w${i}.number`] : [],
  );
  return `SELECT ${columns.join(", ")} FROM ${quoted(rows)} ${joins.join(" ")}`;
}
