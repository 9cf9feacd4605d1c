// Turns a table of the ledger into a Parquet file.
import {
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBInstance,
  type DuckDBType,
  type DuckDBValue,
  DuckDBTimestampSecondsValue,
  INTEGER,
  TIMESTAMP_S,
  VARCHAR,
} from "@duckdb/node-api";

import type { Cell } from "../../core/csv.ts";
import type { LedgerColumn, LedgerTable } from "../../record/table.ts";

/** Rows that go into the database together. */
const CHUNK = 2048;

const TYPES: Readonly<Record<LedgerColumn["type"], DuckDBType>> = {
  integer: INTEGER,
  time: TIMESTAMP_S,
  text: VARCHAR,
};

/** Writes the table; a file that is there is replaced. Times are UTC. */
export async function writeParquet(path: string, { columns, rows }: LedgerTable): Promise<void> {
  // Extensions would be fetched from the network; Parquet is built in.
  const instance = await DuckDBInstance.create(":memory:", { autoinstall_known_extensions: "false" });
  const connection = await instance.connect();
  try {
    const fields = columns.map(({ name, type }) => `${quoted(name)} ${TYPES[type].toString()}`);
    await connection.run(`CREATE TABLE lines (${fields.join(", ")})`);
    await append(connection, columns, rows);
    const target = `'${path.replaceAll("'", "''")}'`;
    await connection.run(
      `COPY (SELECT * FROM lines ORDER BY sequence) TO ${target} (FORMAT parquet, COMPRESSION zstd)`,
    );
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function append(
  connection: DuckDBConnection,
  columns: LedgerTable["columns"],
  rows: LedgerTable["rows"],
): Promise<void> {
  const appender = await connection.createAppender("lines");
  for (let first = 0; first < rows.length; first += CHUNK) {
    const part = rows.slice(first, first + CHUNK);
    const chunk = DuckDBDataChunk.create(
      columns.map(({ type }) => TYPES[type]),
      part.length,
    );
    columns.forEach(({ type }, i) => {
      chunk.setColumnValues(
        i,
        part.map((row) => valueOf(type, row[i] ?? null)),
      );
    });
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}

function valueOf(type: LedgerColumn["type"], cell: Cell): DuckDBValue {
  if (type === "time" && cell !== null) return new DuckDBTimestampSecondsValue(BigInt(cell));
  return cell;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
