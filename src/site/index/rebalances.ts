// Turns starts and ends in the index into rebalances with what they cost.
import type { SQLInputValue } from "node:sqlite";

import { isoDate, startOfDay } from "../../core/time.ts";
import { decimalString } from "../../core/units.ts";
import { navPerShare } from "../../execute/read-account.ts";
import type { LedgerLine } from "../../record/lines.ts";
import { timeString, usdString } from "../amounts.ts";
import type { RebalanceAnswer, RebalancesAnswer } from "../answers/transactions.ts";
import type { RebalancesQuery } from "../queries.ts";
import type { Database } from "./database.ts";
import { LINE_COLUMNS, lineOfRow } from "./lines.ts";

/** Decimals of ether, and of values in USD. */
const WEI_DECIMALS = 18;

/** A page of rebalances, newest first. */
export function rebalancesAnswer(database: Database, query: RebalancesQuery): RebalancesAnswer {
  const { limit, before, regime, from, to } = query;
  const conditions: readonly (readonly [sql: string, value: SQLInputValue | undefined])[] = [
    ["regime = ?", regime],
    ["time >= ?", from === undefined ? undefined : startOfDay(isoDate(from))],
    ["time < ?", to === undefined ? undefined : startOfDay(isoDate(to))],
  ];
  const asked = conditions.flatMap(([sql, value]) => (value === undefined ? [] : [{ sql, value }]));
  const where = ["true", ...asked.map(({ sql }) => sql)].join(" and ");
  const values = asked.map(({ value }) => value);
  const total = Number(database.one(`select count(*) as count from starts where ${where}`, ...values)?.["count"]);
  const found = database.all(
    `select sequence from starts where ${where} and sequence < ? order by sequence desc limit ?`,
    ...values,
    before ?? Number.MAX_SAFE_INTEGER,
    limit + 1,
  );
  const rebalances = found.slice(0, limit).map(({ sequence }) => rebalanceOf(database, Number(sequence)));
  return { total, rebalances, next: found.length > limit ? (rebalances.at(-1)?.sequence ?? null) : null };
}

/** A rebalance by the line that started it. */
function rebalanceOf(database: Database, sequence: number): RebalanceAnswer {
  const start = lineAt(database, sequence);
  const endsAt = database.one("select sequence from ends where start = ?", sequence)?.["sequence"];
  const end = typeof endsAt === "number" ? lineAt(database, endsAt) : undefined;
  const { args } = start;
  return {
    id: Number(args["id"]),
    sequence,
    regime: String(args["regime"]),
    decisionHash: String(args["decisionHash"]),
    membershipRoot: String(args["membershipRoot"]),
    startedAt: timeString(start.time),
    startNavUsd: usdString(BigInt(String(args["nav"]))),
    endedAt: end === undefined ? null : timeString(end.time),
    ...outcomeOf(end),
    ...countsOf(database, sequence),
    ...costOf(database, [start, ...(end === undefined ? [] : [end])]),
  };
}

type Outcome = Pick<
  RebalanceAnswer,
  "state" | "navUsd" | "supply" | "navPerShareUsd" | "twinLevel" | "costBps" | "closedBecause"
>;

function outcomeOf(end: LedgerLine | undefined): Outcome {
  const none = { navUsd: null, supply: null, navPerShareUsd: null, twinLevel: null, costBps: null };
  if (end === undefined) return { state: "running", ...none, closedBecause: null };
  const { args } = end;
  if (end.event === "RebalanceClosed") return { state: "closed", ...none, closedBecause: String(args["reason"]) };
  const [nav, supply, twin] = ["nav", "supply", "twinLevel"].map((name) => BigInt(String(args[name]))) as [
    bigint,
    bigint,
    bigint,
  ];
  return {
    state: "finished",
    navUsd: usdString(nav),
    supply: decimalString(supply, WEI_DECIMALS),
    navPerShareUsd: usdString(navPerShare({ nav, supply })),
    twinLevel: decimalString(twin, WEI_DECIMALS),
    costBps: Number(args["costBps"]),
    closedBecause: null,
  };
}

function countsOf(database: Database, start: number): Pick<RebalanceAnswer, "legs" | "skips"> {
  const found = database.one(
    "select coalesce(sum(executed), 0) as legs, count(*) as count from legs where start = ?",
    start,
  );
  const legs = Number(found?.["legs"] ?? 0);
  return { legs, skips: Number(found?.["count"] ?? 0) - legs };
}

/** Gas is known when the receipts of all its transactions have been read. */
function costOf(
  database: Database,
  lines: readonly LedgerLine[],
): Pick<RebalanceAnswer, "gas" | "gasEther" | "transactions"> {
  const [start] = lines;
  const ofLegs = database.all("select distinct hash from legs where start = ?", start?.sequence ?? 0);
  const hashes = new Set([...lines.map(({ transaction }) => transaction), ...ofLegs.map(({ hash }) => String(hash))]);
  const transactions = [...hashes];
  const receipts = transactions.map((hash) => database.one("select gas, price from receipts where hash = ?", hash));
  const known = receipts.flatMap((receipt) =>
    receipt === undefined ? [] : [{ gas: Number(receipt["gas"]), price: BigInt(String(receipt["price"])) }],
  );
  if (known.length < transactions.length) return { gas: null, gasEther: null, transactions };
  const wei = known.reduce((sum, { gas, price }) => sum + BigInt(gas) * price, 0n);
  const gas = known.reduce((sum, receipt) => sum + receipt.gas, 0);
  return { gas, gasEther: decimalString(wei, WEI_DECIMALS), transactions };
}

function lineAt(database: Database, sequence: number): LedgerLine {
  return lineOfRow(database.one(`select ${LINE_COLUMNS} from lines where sequence = ?`, sequence) ?? {});
}
