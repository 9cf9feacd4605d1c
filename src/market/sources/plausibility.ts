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
    super(
      `${place.file}, line ${place.line}: columns seem to be exchanged: ${detail}. Put them in the order of the format.`,
    );
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

/** Watches the rows of one file. */
export type Plausibility = {
  /** Looks at one row. @throws SwappedColumnsError when its cap and price, or price and volume, seem exchanged. */
  readonly watch: (row: DailyRow, line: number) => void;
  /** Looks at the file as a whole. @throws SwappedColumnsError when most rows contradict their column names. */
  readonly finish: () => void;
};

/** A watch over one file before its first row. */
export function plausibility(file: string): Plausibility {
  const previous = new Map<string, DailyRow>();
  let [rows, smallSupply, volumeAboveCap] = [0, 0, 0];
  const watch = (row: DailyRow, line: number): void => {
    if (!(row.capUsd > 0)) return;
    const supply = row.capUsd / row.priceUsd; // {wholeTok} = {USD} / {USD/wholeTok}
    refuseTinySupply(row, supply, { file, line });
    refuseImpossibleMove(previous.get(row.coinId), row, { file, line });
    previous.set(row.coinId, row);
    rows++;
    if (supply < SMALL_SUPPLY) smallSupply++;
    if (row.volumeUsd > row.capUsd) volumeAboveCap++;
  };
  const finish = (): void => {
    const place = { file, line: 1 };
    if (smallSupply * 2 > rows) {
      const found = `market cap over price is under ${SMALL_SUPPLY} units in ${smallSupply} of ${rows} rows`;
      throw new SwappedColumnsError(place, found);
    }
    if (volumeAboveCap * 2 > rows) {
      throw new SwappedColumnsError(place, `volume is above market cap in ${volumeAboveCap} of ${rows} rows`);
    }
  };
  return { watch, finish };
}

function refuseTinySupply(row: DailyRow, supply: number, place: Place): void {
  if (supply >= LEAST_SUPPLY) return;
  const found = `a price of ${row.priceUsd} and a market cap of ${row.capUsd} imply ${supply} units in circulation`;
  throw new SwappedColumnsError(place, found);
}

function refuseImpossibleMove(before: DailyRow | undefined, row: DailyRow, place: Place): void {
  if (before === undefined || ratio(row.priceUsd, before.priceUsd) < PRICE_JUMP) return;
  if (ratio(row.capUsd, before.capUsd) >= STEADY_CAP) return;
  const price = `the price goes from ${before.priceUsd} to ${row.priceUsd}`;
  throw new SwappedColumnsError(place, `${price} while the market cap goes from ${before.capUsd} to ${row.capUsd}`);
}

function ratio(a: number, b: number): number {
  return a > b ? a / b : b / a;
}
