// Turns what a decision was taken from into the file that visitors replay it from, small enough to be kept for years.
import { gunzipSync, gzipSync } from "node:zlib";

import { publishedSnapshot } from "../../engine/published.ts";
import type { DecisionStep } from "../../engine/run.ts";

/** A published snapshot, compressed. */
export type SnapshotFile = {
  /** sha-256 of the text, in hexadecimal: its name. */
  readonly digest: string;
  /** {byte} Of the text. */
  readonly size: number;
  readonly gzip: Uint8Array;
};

/** {byte} Of all snapshots together, compressed: some 250 weeks of 3,000 coins. */
const MOST_SIZE = 64 * 1024 * 1024;

/** The file of a decision. */
export function snapshotFile(step: DecisionStep): SnapshotFile {
  return fileOfText(publishedSnapshot(step));
}

/** A published text under its name. */
export function fileOfText({ digest, text }: { readonly digest: string; readonly text: string }): SnapshotFile {
  const bytes = Buffer.from(text);
  return { digest, size: bytes.length, gzip: gzipSync(bytes) };
}

/** The file's text, which is canonical JSON. */
export function textOfFile({ gzip }: Pick<SnapshotFile, "gzip">): Buffer {
  return gunzipSync(gzip);
}

/** The newest files that are together no larger than `most` {byte}. @param files By Monday, in ascending order. */
export function withinSize(
  files: ReadonlyMap<string, SnapshotFile>,
  most = MOST_SIZE,
): ReadonlyMap<string, SnapshotFile> {
  let size = 0;
  const kept = [...files].reverse().filter(([, { gzip }]) => (size += gzip.length) <= most);
  return new Map(kept.reverse());
}
