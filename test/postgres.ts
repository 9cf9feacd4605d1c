// Facts about the PostgreSQL of this machine: where it is, and a schema of one's own for each test.
import { randomBytes } from "node:crypto";
import type { Context } from "mocha";
import pg from "pg";

/** The test database; another one is named in TM100_TEST_DATABASE_URL. */
const URL_OF_TESTS = process.env["TM100_TEST_DATABASE_URL"] ?? "postgresql://postgres@127.0.0.1:5432/test";

/** Where PostgreSQL is; without one the calling test or suite is skipped, with a word, and fails where CI is set. */
export async function postgresOrSkip(context: Context): Promise<string> {
  const client = new pg.Client({ connectionString: URL_OF_TESTS, connectionTimeoutMillis: 5000 });
  try {
    await client.connect();
    return URL_OF_TESTS;
  } catch (cause) {
    if (process.env["CI"] === "true") throw new TypeError("expected PostgreSQL on this machine", { cause });
    process.stderr.write("skipped: no PostgreSQL on 127.0.0.1:5432; TM100_TEST_DATABASE_URL names another\n");
    return context.skip();
  } finally {
    await client.end();
  }
}

/** A schema that no other test uses. */
export function ownSchema(): string {
  return `tm100_test_${process.pid}_${randomBytes(4).toString("hex")}`;
}

/** Takes a test's schema out of the database again. */
export async function dropSchema(url: string, schema: string): Promise<void> {
  await query(url, `drop schema if exists ${schema} cascade`);
}

/** Runs SQL beside the store under test. */
export async function query(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
