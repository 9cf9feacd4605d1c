// Turns tables of the history store into an in-memory DuckDB database, and its answers into plain values.
import {
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBInstance,
  type DuckDBType,
  DATE,
  DOUBLE,
  INTEGER,
  TIMESTAMP,
  VARCHAR,
} from "@duckdb/node-api";
import { assertNever } from "../../../core/errors.ts";
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

/** How a value waits: a day as its number, text as that of a word, a time {s}. */
const STAGED: Readonly<Record<ColumnType, DuckDBType>> = {
  day: INTEGER,
  time: DOUBLE,
  text: INTEGER,
  number: DOUBLE,
  integer: INTEGER,
};
/** Stands for nothing in an INTEGER; in a DOUBLE, NaN does, which no file can state. */
const NOTHING = -2_147_483_648;

/** Takes values column by column. */
type ColumnAppender = {
  readonly columns: readonly (number | string)[][];
  /** Called after every column got its value. */
  readonly endRow: () => void;
  readonly close: () => void;
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

  /** The rows of an answer, a few thousand at a time; see {@link rows}. */
  async *batches(sql: string): AsyncGenerator<FieldValue[][], void, void> {
    const result = await this.#connection.stream(sql);
    for await (const rows of result.yieldRowsJs()) yield rows as FieldValue[][];
  }

  /** The rows of an answer: numbers, text, and null where nothing is known. Whole numbers must be cast to INTEGER. */
  async rows(sql: string): Promise<FieldValue[][]> {
    const result = await this.#connection.run(sql);
    return (await result.getRowsJS()) as FieldValue[][];
  }

  /**
   * Starts to fill a table made by {@link create}. Rows wait as plain numbers, columns beside each other: text goes into
   * the database once, as most of it repeats from row to row, and rows hold its number.
   */
  async writer(name: string, like: TableName): Promise<RowWriter> {
    const types = columnsOf(like).map(([, type]) => plain(type));
    const staged = { rows: `rows of ${name}`, words: `words of ${name}` };
    const columns = types.map((type, i) => `c${i} ${STAGED[type].toString()}`);
    await this.run(`CREATE TABLE ${quoted(staged.rows)} (${columns.join(", ")})`);
    await this.run(`CREATE TABLE ${quoted(staged.words)} (number INTEGER, word VARCHAR)`);
    const numbers = new Map<string, number>();
    const rows = await this.#appender(
      staged.rows,
      types.map((type) => STAGED[type]),
    );
    return {
      write: (values) => {
        types.forEach((type, i) => {
          rows.columns[i]?.push(stagedValue(values[i] ?? null, type, numbers));
        });
        rows.endRow();
      },
      close: async () => {
        rows.close();
        await this.#appendWords(staged.words, numbers);
        await this.run(`INSERT INTO ${quoted(name)} ${selectOf(types, staged)}`);
        await this.run(`DROP TABLE ${quoted(staged.rows)}; DROP TABLE ${quoted(staged.words)}`);
      },
    };
  }

  async #appendWords(table: string, numbers: ReadonlyMap<string, number>): Promise<void> {
    const words = await this.#appender(table, [INTEGER, VARCHAR]);
    for (const [word, number] of numbers) {
      words.columns[0]?.push(number);
      words.columns[1]?.push(word);
      words.endRow();
    }
    words.close();
  }

  /** Columns that go into a table whenever a chunk of rows is full. */
  async #appender(table: string, types: readonly DuckDBType[]): Promise<ColumnAppender> {
    const appender = await this.#connection.createAppender(table);
    const columns: (number | string)[][] = types.map(() => []);
    let [rows, chunk] = [0, DuckDBDataChunk.create(types, CHUNK)];
    const flush = (): void => {
      if (rows < CHUNK) chunk = DuckDBDataChunk.create(types, rows);
      for (const [i, values] of columns.entries()) {
        chunk.setColumnValues(i, values);
        values.length = 0;
      }
      appender.appendDataChunk(chunk);
      rows = 0;
    };
    return {
      columns,
      endRow: () => {
        if (++rows === CHUNK) flush();
      },
      close: () => {
        if (rows > 0) flush();
        appender.closeSync();
      },
    };
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

function stagedValue(value: FieldValue, type: ColumnType, numbers: Map<string, number>): number {
  if (typeof value === "string") return numberOf(numbers, value);
  return value ?? (STAGED[type] === DOUBLE ? Number.NaN : NOTHING);
}

function numberOf(numbers: Map<string, number>, word: string): number {
  let number = numbers.get(word);
  if (number === undefined) {
    number = numbers.size;
    numbers.set(word, number);
  }
  return number;
}

function selectOf(types: readonly ColumnType[], staged: { readonly rows: string; readonly words: string }): string {
  const columns = types.map((type, i) => stagedColumn(type, i));
  const joins = types.flatMap((type, i) =>
    type === "text" ? [`LEFT JOIN ${quoted(staged.words)} w${i} ON c${i} = w${i}.number`] : [],
  );
  return `SELECT ${columns.join(", ")} FROM ${quoted(staged.rows)} ${joins.join(" ")}`;
}

function stagedColumn(type: ColumnType, i: number): string {
  switch (type) {
    case "text":
      return `w${i}.word`;
    case "day":
      return `DATE '1970-01-01' + nullif(c${i}, ${NOTHING})`;
    case "integer":
      return `nullif(c${i}, ${NOTHING})`;
    case "time":
      return `CASE WHEN NOT isnan(c${i}) THEN make_timestamp(c${i}::BIGINT * 1000000) END`;
    case "number":
      return `CASE WHEN NOT isnan(c${i}) THEN c${i} END`;
    default:
      return assertNever(type);
  }
}
