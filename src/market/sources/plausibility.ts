// Turns the rows of one file into an alarm when columns seem to be exchanged.
import { AppError } from "../../core/errors.ts";
import type { DailyRow } from "../history.ts";
import type { Place } from "./csv-file.ts";

/** Columns stand in another order than the format says, by their names or by their contents. */
export class SwappedColumnsError extends AppError {
  readonly code = "SWAPPED_COLUMNS";
  readonly kind = "data";
  readonly place: Place;

  constructor(place: Place, detail: string) {
    super(`${place.file}, line ${place.line}: columns seem to be exchanged: ${detail}. Put them in the order of the format.`);
    this.place = place;
  }
}

/** {wholeTok} Every real series implies more than 0.09 units in circulation. */
const LEAST_SUPPLY = 0.01;
/** {1} A price that moves by this factor while the cap moves by less than {@link STEADY_CAP} is not a price. */
const PRICE_JUMP = 20_000;
/** {1} */
const STEADY_CAP = 10;
/** {wholeTok} Below this in most rows, the price column holds something else (in real files 0.1 to 0.8 % of rows). */
const SMALL_SUPPLY = 1000;

/** Counts over the rows of one file so far. */
export type Plausibility = {
  rows: number;
  smallSupply: number;
  volumeAboveCap: number;
  readonly previous: Map<string, DailyRow>;
};

/** Before the first row. */
export function plausibility(): Plausibility {
  return { rows: 0, smallSupply: 0, volumeAboveCap: 0, previous: new Map() };
}

/** Looks at one row. @throws SwappedColumnsError when its cap and price, or price and volume, seem exchanged. */
export function watchRow(state: Plausibility, row: DailyRow, place: Place): void {
  if (!(row.capUsd > 0)) return;
  const supply = row.capUsd / row.priceUsd; // {wholeTok} = {USD} / {USD/wholeTok}
  if (supply < LEAST_SUPPLY) {
    throw new SwappedColumnsError(place, `a price of ${row.priceUsd} and a market cap of ${row.capUsd} imply ${supply} units in circulation`);
  }
  const before = state.previous.get(row.coinId);
  if (before !== undefined && ratio(row.priceUsd, before.priceUsd) >= PRICE_JUMP && ratio(row.capUsd, before.capUsd) < STEADY_CAP) {
    throw new SwappedColumnsError(
      place,
      `the price goes from ${before.priceUsd} to ${row.priceUsd} while the market cap goes from ${before.capUsd} to ${row.capUsd}`,
    );
  }
  state.previous.set(row.coinId, row);
  state.rows++;
  if (supply < SMALL_SUPPLY) state.smallSupply++;
  if (row.volumeUsd > row.capUsd) state.volumeAboveCap++;
}

/** Looks at the file as a whole. @throws SwappedColumnsError when most rows contradict their column names. */
export function finishFile(state: Plausibility, file: string): void {
  const place = { file, line: 1 };
  if (state.smallSupply * 2 > state.rows) {
    throw new SwappedColumnsError(place, `market cap over price is under ${SMALL_SUPPLY} units in ${state.smallSupply} of ${state.rows} rows`);
  }
  if (state.volumeAboveCap * 2 > state.rows) {
    throw new SwappedColumnsError(place, `volume is above market cap in ${state.volumeAboveCap} of ${state.rows} rows`);
  }
}

function ratio(a: number, b: number): number {
  return a > b ? a / b : b / a;
}
