// Turns a source and a folder into what a pull brings, and answers into what was asked for them.
import { join } from "node:path";
import { dayNumber, isoDate } from "../../../../../src/core/time.ts";
import type { Patience } from "../../../../../src/market/sources/pull/attempt.ts";
import { type PullReport, pull } from "../../../../../src/market/sources/pull/pull.ts";
import type { MarketSource } from "../../../../../src/market/sources/pull/source.ts";
import type { FieldValue } from "../../../../../src/market/sources/csv-values.ts";
import { Draft } from "../../../../../src/market/sources/store/store.ts";
import type { TableName } from "../../../../../src/market/sources/store/tables.ts";
import { type AnswerServer } from "../../../../answer-server.ts";
import { type TemporaryFolder, temporaryFolder } from "../../../../market-files.ts";

/** Pauses too short to be felt. */
export const HASTY: Patience = { retries: 3, pause: 1, longestPause: 2 };

/** Days since 1970-01-01. */
export function day(text: string): number {
  return dayNumber(isoDate(text));
}

/** Seconds since 1970-01-01 of the start of a day. */
export function seconds(text: string): number {
  return day(text) * 86_400;
}

/** Pulls into a folder. */
export async function pullInto(directory: string, source: MarketSource): Promise<PullReport> {
  return await pull(source, directory, () => {});
}

/** Rows of a stored table; dates as text. */
export async function stored(directory: string, table: TableName, columns: string): Promise<FieldValue[][]> {
  const draft = await Draft.open(directory);
  try {
    return await draft.database.rows(`SELECT ${columns} FROM ${await draft.table(table)} ORDER BY ALL`);
  } finally {
    draft.close();
  }
}

/** Where the tests of a source pull to and from. */
export type PullPlaces = { folder: TemporaryFolder; store: string; server: AnswerServer | undefined };

/** For each test a new place for a store, and no server yet; both end with it. */
export function usePullPlaces(): PullPlaces {
  const places = {} as PullPlaces;
  beforeEach(function () {
    const folder = temporaryFolder();
    Object.assign(places, { folder, store: join(folder.path, "store"), server: undefined });
  });
  afterEach(async function () {
    places.folder.remove();
    await places.server?.close();
  });
  return places;
}
