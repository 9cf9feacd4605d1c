// Turns a folder, or the address of one on a static host, into the snapshots that were published there, and back.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";

import { z } from "zod";

import { AppError, UsageError } from "../../core/errors.ts";
import type { IsoDate } from "../../core/time.ts";
import { anyPublishedSchema } from "../../engine/published-schema.ts";
import type { PublishedSnapshot } from "../../engine/published.ts";

/** Which file holds the snapshot of which decision. Nobody needs to trust it: a decision's hash is on chain. */
const entrySchema = z.strictObject({
  week: z.int(),
  date: z.string(),
  decisionHash: z.string(),
  digest: z.string().regex(/^[0-9a-f]{64}$/),
});
const indexSchema = z.strictObject({
  format: z.literal("tm100-snapshots/1"),
  snapshots: z.array(entrySchema),
  /** Of single days on which the market was left. */
  exits: z.array(entrySchema).default([]),
});

type SnapshotIndex = z.infer<typeof indexSchema>;

/** One row of the list. */
export type SnapshotEntry = z.infer<typeof entrySchema>;

/** {ms} For one file from a static host. */
const TIMEOUT = 30_000;
/** {byte} A snapshot of 3,000 coins has one megabyte. */
const LARGEST = 64 * 1024 * 1024;
const INDEX = "index.json";

/** No snapshot is where one was looked for. */
export class SnapshotMissingError extends AppError {
  readonly code = "SNAPSHOT_MISSING";
  readonly kind = "data";

  constructor(what: string, place: string, cause?: unknown) {
    super(
      `Expected ${what} at ${place}, found none that can be read. Publish it with \`decide --publish\` or ` +
        "`keeper run --snapshots`, or name another place.",
      { cause },
    );
  }
}

/** The folder's file of a snapshot. */
export function fileOf(digest: string): string {
  return `${digest}.json`;
}

/** The description of the files, which is published beside them. */
export function snapshotSchemaText(): string {
  return `${JSON.stringify(z.toJSONSchema(anyPublishedSchema, { io: "input" }), undefined, 2)}\n`;
}

/**
 * Adds a snapshot to a folder, which is made if there is none: its file, its row in the list, and the schema of both.
 * What is there already stays, so that a week may be published again on better data.
 *
 * @throws UsageError when the folder cannot be written.
 */
export function publishSnapshot(folder: string, published: PublishedSnapshot): void {
  const { digest, text, week, date, decisionHash, kind } = published;
  try {
    mkdirSync(folder, { recursive: true });
    const index = readIndexIn(folder);
    const list = kind === "week" ? "snapshots" : "exits";
    const known = index[list].filter((entry) => entry.digest !== digest);
    const rows = [...known, { week, date, decisionHash, digest }].sort((a, b) => a.date.localeCompare(b.date));
    replace(folder, fileOf(digest), text);
    replace(folder, "schema.json", snapshotSchemaText());
    replace(folder, INDEX, `${JSON.stringify({ ...index, [list]: rows }, undefined, 2)}\n`);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new UsageError(`Expected to write snapshots to ${folder}, but it is closed. Name another folder.`, { cause });
  }
}

/**
 * The rows of a place for a week, the newest last.
 *
 * @param place A folder, or the http address of one.
 * @throws SnapshotMissingError when there is no list, or no row of the week.
 */
export async function snapshotsOf(place: string, week: number): Promise<readonly SnapshotEntry[]> {
  const rows = (await weeklySnapshots(place)).filter((entry) => entry.week === week);
  if (rows.length === 0) throw new SnapshotMissingError(`a snapshot of week ${week}`, place);
  return rows;
}

/** All rows of weekly decisions. @throws SnapshotMissingError when there is no list. */
export async function weeklySnapshots(place: string): Promise<readonly SnapshotEntry[]> {
  return (await readIndex(place)).snapshots;
}

/** As {@link snapshotsOf}, of a day on which the market was left. */
export async function exitsOf(place: string, date: IsoDate): Promise<readonly SnapshotEntry[]> {
  const rows = (await readIndex(place)).exits.filter((entry) => entry.date === date);
  if (rows.length === 0) throw new SnapshotMissingError(`a snapshot of the exit of ${date}`, place);
  return rows;
}

/** A file's text as it was published. @throws SnapshotMissingError when it is not there. */
export async function readSnapshot(place: string, digest: string): Promise<string> {
  return await readText(place, fileOf(digest));
}

async function readIndex(place: string): Promise<SnapshotIndex> {
  return parseIndex(await readText(place, INDEX), place);
}

function readIndexIn(folder: string): SnapshotIndex {
  let text: string;
  try {
    text = readFileSync(path.join(folder, INDEX), "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT")
      return { format: "tm100-snapshots/1", snapshots: [], exits: [] };
    throw cause;
  }
  return parseIndex(text, folder);
}

function parseIndex(text: string, place: string): SnapshotIndex {
  try {
    return indexSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new SnapshotMissingError(`a list of snapshots (${INDEX})`, place, cause);
  }
}

async function readText(place: string, file: string): Promise<string> {
  try {
    if (!/^https?:\/\//.test(place)) return await readFile(path.join(place, file), "utf8");
    const url = new URL(file, place.endsWith("/") ? place : `${place}/`);
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT), redirect: "error" });
    if (!response.ok) throw new TypeError(`status ${response.status}`);
    return await textWithin(response, LARGEST);
  } catch (cause) {
    throw new SnapshotMissingError(file, place, cause);
  }
}

/** A body, unless it is larger than any snapshot. */
async function textWithin(response: Response, largest: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > largest) throw new RangeError(`more than ${largest} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function replace(folder: string, file: string, text: string): void {
  const whole = path.join(folder, file);
  writeFileSync(`${whole}.new`, text);
  renameSync(`${whole}.new`, whole);
}
