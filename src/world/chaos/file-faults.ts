// What can happen to the file of a keeper's journal, done for real: bytes that are gone, no room, no right to write.
import { type SpawnOptions, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  openSync,
  closeSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import path from "node:path";

import type { RandomStream } from "../../core/random.ts";

/** A command, and how it is started. */
export type Start = {
  readonly command: readonly [string, ...string[]];
  readonly options: Pick<SpawnOptions, "uid" | "gid">;
};

/** One kind of misfortune. */
export type FileFault = {
  readonly name: string;
  /** What is hit: the file, its log beside it, or the place for both. */
  readonly part: "file" | "log" | "place";
  /** Bytes are gone: somebody has to rebuild the journal. Otherwise room or rights come back. */
  readonly isLoss: boolean;
  /** Does it, to the journal of a keeper that was killed. @returns How a keeper is started meanwhile. */
  readonly strike: (journal: string, start: Start, random: RandomStream) => Start;
  /** Takes it back. */
  readonly lift: (journal: string) => void;
  /** Why it cannot be done on this machine; undefined when it can. */
  readonly obstacle: () => string | undefined;
};

const NOBODY = 65_534;
const nothing = (): void => {};
const possible = (): undefined => undefined;

/** A loss of bytes. */
function loss(name: string, harm: (journal: string, random: RandomStream) => void): FileFault {
  const strike = (journal: string, start: Start, random: RandomStream): Start => {
    harm(journal, random);
    return start;
  };
  return {
    name,
    part: name.startsWith("log") ? "log" : "file",
    isLoss: true,
    strike,
    lift: nothing,
    obstacle: possible,
  };
}

/** Cuts a file to a part of its size. A part of 1 is all but the last byte. */
function cut(file: string, part: number): void {
  if (!existsSync(file)) return;
  const { size } = statSync(file);
  truncateSync(file, part === 1 ? Math.max(0, size - 1) : Math.floor(size * part));
}

function scribble(file: string, { uniform }: RandomStream): void {
  const { size } = statSync(file);
  const handle = openSync(file, "r+");
  writeSync(handle, Buffer.alloc(512, 0xa5), 0, 512, Math.floor(uniform() * Math.max(1, size - 512)));
  closeSync(handle);
}

const LOSSES: readonly FileFault[] = [
  loss("file empty", (journal) => {
    cut(journal, 0);
  }),
  loss("file cut in its header", (journal) => {
    truncateSync(journal, 100);
  }),
  loss("file cut after its first page", (journal) => {
    truncateSync(journal, 4096);
  }),
  loss("file cut anywhere", (journal, { uniform }) => {
    cut(journal, uniform());
  }),
  loss("file and log cut anywhere", (journal, { uniform }) => {
    cut(journal, uniform());
    cut(`${journal}-wal`, uniform());
  }),
  loss("file without its last byte", (journal) => {
    cut(journal, 1);
  }),
  loss("bytes overwritten, log gone", (journal, random) => {
    rmSync(`${journal}-wal`, { force: true });
    scribble(journal, random);
  }),
  loss("file of another kind", (journal) => {
    writeFileSync(journal, "a note that somebody saved under the wrong name\n".repeat(50));
  }),
  loss("file gone, log left", (journal) => {
    rmSync(journal);
  }),
  loss("log empty", (journal) => {
    cut(`${journal}-wal`, 0);
  }),
  loss("log cut anywhere", (journal, { uniform }) => {
    cut(`${journal}-wal`, uniform());
  }),
  loss("log without its last byte", (journal) => {
    cut(`${journal}-wal`, 1);
  }),
  loss("log overwritten somewhere", (journal, random) => {
    scribble(`${journal}-wal`, random);
  }),
  loss("log gone", (journal) => {
    rmSync(`${journal}-wal`, { force: true });
  }),
];

/** Mounts a small disk over the journal's folder for one process, with what is in it, and copies it back afterwards. */
const ON_SMALL_DISK = `
  set -e; room=$1; folder=$2; shift 2
  kept=$(mktemp -d); trap 'rm -rf "$kept"' EXIT
  cp -a "$folder/." "$kept/"
  used=$(du -sk "$kept" | cut -f1)
  mount -t tmpfs -o size=$((used + room))k tmpfs "$folder"
  cp -a "$kept/." "$folder/"
  code=0; "$@" || code=$?
  rm -rf "$kept"/* ; cp -a "$folder/." "$kept/"
  umount "$folder"; cp -a "$kept/." "$folder/"
  exit $code
`;
const UNSHARE = ["unshare", ...(process.getuid?.() === 0 ? [] : ["--map-root-user"]), "--mount"] as const;

const diskFull: FileFault = {
  name: "disk full",
  part: "place",
  isLoss: false,
  strike: (journal, { command, options }, { uniform }) => {
    const room = 4 * (1 + Math.floor(uniform() * 12)); // {KiB}
    const shell = ["sh", "-c", ON_SMALL_DISK, "sh", String(room), path.dirname(journal)];
    return { command: [...UNSHARE, ...shell, ...command], options };
  },
  lift: nothing,
  obstacle: () => {
    const [tool, ...words] = UNSHARE;
    const tried = spawnSync(tool, [...words, "sh", "-c", "mount -t tmpfs -o size=64k tmpfs /mnt"], { stdio: "ignore" });
    return tried.status === 0 ? undefined : "this user may not mount a small disk";
  },
};

const fileLimit: FileFault = {
  name: "no larger files allowed",
  part: "place",
  isLoss: false,
  strike: (journal, { command, options }, { uniform }) => {
    const size = statSync(`${journal}-wal`).size / 512 + 8 * Math.floor(uniform() * 12); // blocks of 512 bytes
    return { command: ["sh", "-c", 'ulimit -f "$0"; exec "$@"', String(Math.ceil(size)), ...command], options };
  },
  lift: nothing,
  obstacle: possible,
};

/** Root may write whatever the rights say, so that the keeper is somebody else. */
function unwritable(name: string, file: (journal: string) => string): FileFault {
  const isRoot = process.getuid?.() === 0;
  return {
    name,
    part: "place",
    isLoss: false,
    strike: (journal, { command }) => {
      chmodSync(path.dirname(path.dirname(journal)), 0o755);
      chmodSync(path.dirname(journal), 0o555);
      const [tool, ...words] = command;
      const named = words.map((word) => (word === journal ? file(journal) : word));
      return { command: [tool, ...named], options: isRoot ? { uid: NOBODY, gid: NOBODY } : {} };
    },
    lift: (journal) => {
      chmodSync(path.dirname(journal), 0o755);
    },
    obstacle: () => {
      if (!isRoot) return undefined;
      const options = { uid: NOBODY, gid: NOBODY, stdio: "ignore" } as const;
      const tried = spawnSync(process.execPath, ["--check", import.meta.filename], options);
      return tried.status === 0 ? undefined : "another user than root cannot read this checkout";
    },
  };
}

/** Every misfortune. */
export const FILE_FAULTS: readonly FileFault[] = [
  ...LOSSES,
  diskFull,
  fileLimit,
  unwritable("read-only folder with a journal", (journal) => journal),
  unwritable("read-only folder without a journal", (journal) => path.join(path.dirname(journal), "new.sqlite")),
];
