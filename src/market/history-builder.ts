// Turns rows from one or several files of one provider into its history.
import { AppError } from "../core/errors.ts";
import { dateOfDay } from "../core/time.ts";
import type { CoinSeries, DailyRow, Provider, ProviderHistory } from "./history.ts";

/** Two sources of equal rank state different values for one coin and day, or for another row that has one key. */
export class ConflictingRowsError extends AppError {
  readonly code = "CONFLICTING_ROWS";
  readonly kind = "data";
  /** The coin and day, or the key. */
  readonly about: string;

  constructor(about: string) {
    super(
      `Two files state different values for ${about}. Expected one row for each: remove the wrong one, or the older file.`,
    );
    this.about = about;
  }
}

type Draft = { readonly rows: DailyRow[]; readonly ranks: number[] };

/** Collects rows. A row of a lower rank wins over one of a higher rank for the same coin and day. */
export type HistoryBuilder = { readonly provider: Provider; readonly drafts: Map<string, Draft> };

/** An empty collection for one provider. */
export function historyBuilder(provider: Provider): HistoryBuilder {
  return { provider, drafts: new Map() };
}

/** Adds one row to the collection, in any order. `rank` 0 is the main source. */
export function addRow(builder: HistoryBuilder, row: DailyRow, rank: number): void {
  let draft = builder.drafts.get(row.coinId);
  if (draft === undefined) {
    draft = { rows: [], ranks: [] };
    builder.drafts.set(row.coinId, draft);
  }
  draft.rows.push(row);
  draft.ranks.push(rank);
}

/**
 * The collected rows as columns.
 *
 * @returns `undefined` when no row was added.
 * @throws ConflictingRowsError when two rows of equal rank disagree.
 */
export function buildHistory(builder: HistoryBuilder): ProviderHistory | undefined {
  const coins = [...builder.drafts.values()].map(buildSeries);
  if (coins.length === 0) return undefined;
  coins.sort((a, b) => (a.coinId < b.coinId ? -1 : 1));
  return {
    provider: builder.provider,
    firstDay: Math.min(...coins.map((coin) => coin.firstDay)),
    lastDay: Math.max(...coins.map((coin) => coin.firstDay + coin.priceUsd.length - 1)),
    coins,
  };
}

function buildSeries(draft: Draft): CoinSeries {
  const { first, last, symbol, coinId } = extent(draft);
  const length = last - first + 1;
  const columns = {
    priceUsd: new Float64Array(length).fill(Number.NaN),
    capUsd: new Float64Array(length).fill(Number.NaN),
    volumeUsd: new Float64Array(length).fill(Number.NaN),
  };
  const rankOf = new Uint8Array(length).fill(255);
  draft.rows.forEach((row, i) => {
    const rank = draft.ranks[i] ?? 0;
    const at = row.day - first;
    const present = rankOf[at] ?? 255;
    if (present < rank) return;
    if (present === rank && !agrees(columns, at, row))
      throw new ConflictingRowsError(`${row.coinId} on ${dateOfDay(row.day)}`);
    columns.priceUsd[at] = row.priceUsd;
    columns.capUsd[at] = row.capUsd;
    columns.volumeUsd[at] = row.volumeUsd;
    rankOf[at] = rank;
  });
  return { coinId, symbol, firstDay: first, ...columns };
}

type Columns = Pick<CoinSeries, "priceUsd" | "capUsd" | "volumeUsd">;

function agrees(columns: Columns, at: number, row: DailyRow): boolean {
  return (
    Object.is(columns.priceUsd[at], row.priceUsd) &&
    Object.is(columns.capUsd[at], row.capUsd) &&
    Object.is(columns.volumeUsd[at], row.volumeUsd)
  );
}

// The symbol comes from the earliest row, so that later rows cannot change what is said about earlier days.
function extent(draft: Draft): { first: number; last: number; symbol: string; coinId: string } {
  let earliest = draft.rows[0] as DailyRow;
  let last = earliest.day;
  for (const row of draft.rows) {
    if (row.day < earliest.day) earliest = row;
    if (row.day > last) last = row.day;
  }
  return { first: earliest.day, last, symbol: earliest.symbol, coinId: earliest.coinId };
}
