// Turns a question about legs into the rows that answer it.
import type { SQLInputValue } from "node:sqlite";

import { isoDate, startOfDay } from "../../core/time.ts";
import { decimalString } from "../../core/units.ts";
import type { LedgerLine } from "../../record/lines.ts";
import { timeString } from "../amounts.ts";
import type { LegAnswer, LegsAnswer } from "../answers/transactions.ts";
import type { LegFilter, LegsQuery } from "../queries.ts";
import type { Database, Row } from "./database.ts";
import { LINE_COLUMNS, lineOfRow } from "./lines.ts";
import type { Token, TokenBook } from "./tokens.ts";

/** A condition and what stands in its places. */
type Condition = { readonly sql: string; readonly values: readonly SQLInputValue[] };

/** {1} Digits of a price. */
const DIGITS = 12;
/** Decimals with which a price is worked out. */
const PRICE_DECIMALS = 36;
const COLUMNS = `${LINE_COLUMNS}, legs.rebalance, legs.position, legs.executed, legs.sold, legs.bought, legs.regime`;

/** A page of legs, with how many the filter lets through. */
export function legsAnswer(database: Database, tokens: TokenBook, query: LegsQuery): LegsAnswer {
  const { limit, cursor, order, offset } = query;
  const filter = conditionOf(query, tokens);
  const isDescending = order === "newest";
  const direction = isDescending ? "desc" : "asc";
  const page = cursor === undefined ? [] : [cursor];
  const past = cursor === undefined ? "" : ` and legs.sequence ${isDescending ? "<" : ">"} ?`;
  const rows = database.all(
    // What is passed over is counted in the index alone; only rows of the page are looked up.
    `select ${COLUMNS} from
      (select sequence from legs where ${filter.sql}${past} order by sequence ${direction} limit ? offset ?) as page
      cross join legs on legs.sequence = page.sequence cross join lines on lines.sequence = page.sequence
      order by page.sequence ${direction}`,
    ...filter.values,
    ...page,
    limit + 1,
    offset,
  );
  const legs = rows.slice(0, limit).map((row) => legOfRow(row, tokens));
  return { total: countOf(database, filter), legs, next: rows.length > limit ? (legs.at(-1)?.sequence ?? null) : null };
}

/** All legs that a filter lets through, some at a time. */
export function* legPages(database: Database, tokens: TokenBook, filter: LegFilter): Generator<readonly LegAnswer[]> {
  let cursor: number | undefined;
  do {
    const { legs, next } = legsAnswer(database, tokens, { ...filter, cursor, limit: 1000, offset: 0 });
    yield legs;
    cursor = next ?? undefined;
  } while (cursor !== undefined);
}

/** Counts by filter, for as long as the ledger ends at one line: every page of a long list states the same. */
const COUNTS = new WeakMap<Database, { readonly head: unknown; readonly counts: Map<string, number> }>();
const MOST_COUNTS = 500;

function countOf(database: Database, { sql, values }: Condition): number {
  const head = database.one("select head from lines order by sequence desc limit 1")?.["head"];
  const known = COUNTS.get(database);
  const counts =
    known !== undefined && known.head === head && known.counts.size < MOST_COUNTS
      ? known.counts
      : new Map<string, number>();
  COUNTS.set(database, { head, counts });
  const key = JSON.stringify([sql, values]);
  const found = counts.get(key);
  if (found !== undefined) return found;
  const count = Number(database.one(`select count(*) as count from legs where ${sql}`, ...values)?.["count"] ?? 0);
  counts.set(key, count);
  return count;
}

function conditionOf(filter: LegFilter, tokens: TokenBook): Condition {
  const parts: Condition[] = [];
  const add = (sql: string, ...values: SQLInputValue[]): void => {
    parts.push({ sql, values });
  };
  const { rebalance, outcome, regime, transaction, from, to, coin, search } = filter;
  if (rebalance !== undefined) add("legs.rebalance = ?", rebalance);
  if (outcome !== undefined) add("legs.executed = ?", outcome === "executed" ? 1 : 0);
  if (regime !== undefined) add("legs.regime = ?", regime);
  if (transaction !== undefined) add("legs.hash = ?", transaction);
  if (from !== undefined) add("legs.time >= ?", startOfDay(isoDate(from)));
  if (to !== undefined) add("legs.time < ?", startOfDay(isoDate(to)));
  if (coin !== undefined) parts.push(withTokens(idsOf(tokens, (token) => isNamed(token, coin.toLowerCase()))));
  if (search !== undefined) parts.push(searched(search.toLowerCase(), tokens));
  return {
    sql: parts.length === 0 ? "true" : parts.map(({ sql }) => sql).join(" and "),
    values: parts.flatMap(({ values }) => values),
  };
}

function idsOf({ byId }: TokenBook, isWanted: (token: Token) => boolean): number[] {
  return [...byId.values()].filter(isWanted).map(({ id }) => id);
}

function isNamed({ token, coinId, symbol }: Token, name: string): boolean {
  return [token, coinId.toLowerCase(), symbol.toLowerCase()].includes(name);
}

/** Each side has an index of its own, which `or` would not use. */
function withTokens(ids: readonly number[]): Condition {
  const marks = ids.map(() => "?").join(", ");
  return {
    sql: `legs.sequence in (select sequence from legs where sold in (${marks})
      union select sequence from legs where bought in (${marks}))`,
    values: [...ids, ...ids],
  };
}

function searched(text: string, tokens: TokenBook): Condition {
  const byToken = withTokens(
    idsOf(tokens, ({ token, coinId, symbol }) =>
      [token, coinId.toLowerCase(), symbol.toLowerCase()].some((name) => name.includes(text)),
    ),
  );
  const pattern = `%${text.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
  const byReason = "select sequence from legs where reason is not null and reason like ? escape '\\'";
  const isHash = /^0x[0-9a-f]{1,64}$/.test(text);
  // A range of the index: hashes that begin so.
  const byHash = isHash ? " union select sequence from legs where hash >= ? and hash < ?" : "";
  return {
    sql: byToken.sql.replace(/\)$/, ` union ${byReason}${byHash})`),
    values: [...byToken.values, pattern, ...(isHash ? [text, `${text}g`] : [])],
  };
}

function legOfRow(row: Row, tokens: TokenBook): LegAnswer {
  const line = lineOfRow(row);
  const { rebalance, position, executed, sold, bought, regime } = row as {
    readonly rebalance: number;
    readonly position: number;
    readonly executed: number;
    readonly sold: number;
    readonly bought: number;
    readonly regime: string;
  };
  const [sell, buy] = [tokens.byId.get(sold) ?? UNLISTED, tokens.byId.get(bought) ?? UNLISTED];
  return {
    sequence: line.sequence,
    time: timeString(line.time),
    block: line.block,
    transaction: line.transaction,
    rebalance,
    regime,
    position,
    outcome: executed === 1 ? "executed" : "skipped",
    ...{ sell: sell.symbol, sellCoinId: sell.coinId, sellToken: String(line.args["sold"]) },
    ...{ buy: buy.symbol, buyCoinId: buy.coinId, buyToken: String(line.args["bought"]) },
    ...amountsOf(line, sell.decimals, buy.decimals),
  };
}

/** A token that no line lists: its amounts are shown raw. */
const UNLISTED: Omit<Token, "id" | "asset" | "token"> = { coinId: "", symbol: "", decimals: 0 };

type Amounts = Pick<
  LegAnswer,
  "amount" | "received" | "fair" | "minimum" | "price" | "fairPrice" | "costBps" | "pool" | "reason"
>;

function amountsOf({ event, args }: LedgerLine, sellDecimals: number, buyDecimals: number): Amounts {
  if (event === "LegSkipped") {
    const unknown = { amount: null, received: null, fair: null, minimum: null, price: null, fairPrice: null };
    return { ...unknown, costBps: null, pool: null, reason: String(args["reason"]) };
  }
  const [amount, received, fair, minimum] = ["amountSold", "amountBought", "fair", "minimum"].map((name) =>
    BigInt(String(args[name])),
  ) as [bigint, bigint, bigint, bigint];
  const priceOf = (output: bigint): string | null =>
    amount === 0n ? null : ratioText(output * 10n ** BigInt(sellDecimals), amount * 10n ** BigInt(buyDecimals));
  return {
    amount: decimalString(amount, sellDecimals),
    received: decimalString(received, buyDecimals),
    fair: decimalString(fair, buyDecimals),
    minimum: decimalString(minimum, buyDecimals),
    price: priceOf(received),
    fairPrice: fair === 0n ? null : priceOf(fair),
    // {bps/100} = ({tok} - {tok}) * 1,000,000 / {tok}
    costBps: fair === 0n ? null : Number(((fair - received) * 1_000_000n) / fair) / 100,
    pool: String(args["pool"]),
    reason: null,
  };
}

/** A quotient with {@link DIGITS} significant digits, cut off. */
function ratioText(numerator: bigint, denominator: bigint): string {
  const digits = String((numerator * 10n ** BigInt(PRICE_DECIMALS)) / denominator);
  const kept = BigInt(digits.slice(0, DIGITS).padEnd(digits.length, "0"));
  return decimalString(kept, PRICE_DECIMALS);
}
