// Turns checked lines of the ledger and transfers of shares into rows, and takes out what a fork left behind.
import type { Address, Hex } from "viem";

import type { LedgerLine, LineEvent, LineValue } from "../../record/lines.ts";
import type { Database } from "./database.ts";

/** A block that was read. */
export type SeenBlock = { readonly number: number; readonly hash: Hex; readonly time: number }; // {s}

/** Shares that changed hands. */
export type ShareTransfer = {
  readonly block: number;
  readonly position: number; // of the log in its block
  readonly sender: Address;
  readonly receiver: Address;
  readonly shares: bigint; // {share}
  readonly hash: Hex;
  readonly time: number; // {s}
};

/** What a range of blocks holds, up to its last block. */
export type Page = {
  readonly lines: readonly LedgerLine[];
  readonly transfers: readonly ShareTransfer[];
  /** Those that hold something, and the last of the range. */
  readonly blocks: readonly SeenBlock[];
};

/** The page was read twice: it goes on where the index does not end. */
export type Added = { readonly lines: readonly LedgerLine[] };

const PARTY_FIELDS = ["owner", "controller", "receiver", "recipient"] as const;
type Args = LedgerLine["args"];

/** Writes a page whole or not at all. Lines that are there already are left out. */
export function appendPage(database: Database, page: Page): Added {
  return database.atomically(() => {
    const last = Number(database.one("select max(sequence) as last from lines")?.["last"] ?? 0);
    const lines = page.lines.filter(({ sequence }) => sequence > last);
    for (const line of lines) appendLine(database, line);
    for (const transfer of page.transfers) appendTransfer(database, transfer);
    for (const { number, hash, time } of page.blocks) {
      database.run("insert or replace into blocks (number, hash, time) values (?, ?, ?)", number, hash, time);
    }
    thinBlocks(database);
    return { lines };
  });
}

/** Takes out everything after a block; everything at all when there is none. */
export function rollBack(database: Database, block: number): void {
  database.atomically(() => {
    const next = database.one("select min(sequence) as next from lines where block > ?", block)?.["next"];
    if (typeof next === "number") {
      for (const table of ["lines", "tokens", "starts", "ends", "legs", "parties"]) {
        database.run(`delete from ${table} where sequence >= ?`, next);
      }
    }
    for (const table of ["transfers", "receipts"]) database.run(`delete from ${table} where block > ?`, block);
    database.run("delete from blocks where number > ?", block);
  });
}

/** {block} Blocks this far behind the newest one stay only if they hold something. */
const KEPT_TIPS = 64;

/** Without this every tip ever looked at would stay. */
function thinBlocks(database: Database): void {
  database.run(
    `delete from blocks where number < (select max(number) from blocks) - ?
      and number not in (select block from lines) and number not in (select block from transfers)`,
    KEPT_TIPS,
  );
}

function appendLine(database: Database, line: LedgerLine): void {
  const { sequence, head, event, args, block, transaction, time } = line;
  database.run(
    "insert into lines (sequence, head, event, args, block, hash, time) values (?, ?, ?, ?, ?, ?, ?)",
    sequence,
    head,
    event,
    JSON.stringify(args),
    block,
    transaction,
    time,
  );
  APPENDERS[event]?.(database, line);
  for (const account of new Set(PARTY_FIELDS.flatMap((field) => textOf(args[field])))) {
    database.run("insert or ignore into parties (account, sequence) values (?, ?)", account, sequence);
  }
}

const APPENDERS: Readonly<Partial<Record<LineEvent, (database: Database, line: LedgerLine) => void>>> = {
  AssetListed: (database, { sequence, args }) => {
    const { token, asset, coinId, decimals } = args;
    database.run(
      "insert into tokens (sequence, token, asset, coin, decimals) values (?, ?, ?, ?, ?)",
      sequence,
      String(token),
      Number(asset),
      String(coinId),
      Number(decimals),
    );
  },
  RebalanceStarted: (database, { sequence, args, time }) => {
    database.run(
      "insert into starts (sequence, id, regime, time) values (?, ?, ?, ?)",
      sequence,
      Number(args["id"]),
      String(args["regime"]),
      time,
    );
  },
  LegExecuted: appendLeg,
  LegSkipped: appendLeg,
  RebalanceFinished: appendEnd,
  RebalanceClosed: appendEnd,
};

function appendLeg(database: Database, line: LedgerLine): void {
  const { sequence, event, args, transaction, time } = line;
  const start = database.one("select sequence, regime from starts order by sequence desc limit 1") as
    { readonly sequence: number; readonly regime: string } | undefined;
  database.run(
    `insert into legs (sequence, start, rebalance, position, executed, sold, bought, regime, reason, hash, time)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    sequence,
    start?.sequence ?? 0,
    Number(args["id"]),
    Number(args["position"]),
    event === "LegExecuted" ? 1 : 0,
    tokenId(database, args, "sold"),
    tokenId(database, args, "bought"),
    start?.regime ?? "",
    event === "LegSkipped" ? String(args["reason"]) : null,
    transaction,
    time,
  );
}

/** A closing concerns the rebalance before; a start is always ended before the next one begins. */
function appendEnd(database: Database, { sequence, args, time }: LedgerLine): void {
  const start = database.one(
    "select sequence from starts where id = ? order by sequence desc limit 1",
    Number(args["id"]),
  )?.["sequence"];
  if (typeof start !== "number") return;
  database.run("insert or replace into ends (start, sequence, time) values (?, ?, ?)", start, sequence, time);
}

/** Number of a token's row; zero for one that no line lists. */
function tokenId(database: Database, args: Args, side: "sold" | "bought"): number {
  const token = String(args[side]);
  const found = database.one("select id from tokens where token = ? order by sequence desc limit 1", token)?.["id"];
  return typeof found === "number" ? found : 0;
}

function appendTransfer(database: Database, transfer: ShareTransfer): void {
  const { block, position, sender, receiver, shares, hash, time } = transfer;
  database.run(
    `insert or ignore into transfers (block, position, sender, receiver, shares, hash, time)
      values (?, ?, ?, ?, ?, ?, ?)`,
    block,
    position,
    sender,
    receiver,
    String(shares),
    hash,
    time,
  );
}

function textOf(value: LineValue | undefined): string[] {
  return typeof value === "string" ? [value] : [];
}
