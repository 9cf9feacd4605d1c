// Turns the closes of coins into those that only repeat the moves of a larger one, as wrapped and staked tokens do.
import { at } from "../core/statistics.ts";
import { type CoinSeries, valueOn } from "../market/history.ts";
import { median } from "./windows.ts";

/** {day} Daily moves that are compared; at least half of them must be known of both coins. */
const WINDOW_DAYS = 90;
/** {1} A shadow's move differs on most days by at most this share of the larger coin's median move. */
const LARGEST_DIFFERENCE = 0.25;
/** Coins this large are worth standing for. */
const LARGER_COINS = 30;

type Moves = {
  readonly coinId: string;
  /** {1} Log returns, the last day's first; NaN where unknown. */
  readonly daily: Float64Array;
  /** {1} Median of their sizes; NaN where fewer than half are known. */
  readonly median: number;
};

/**
 * The larger coin that each coin repeats, by coin id; no entry for a coin that repeats none. A label is not looked at.
 *
 * A coin repeats another when the difference of their daily log returns is, in the median of 90 days, at most a quarter
 * of the other's median move. A constant or slowly growing ratio of the prices, as interest makes it, changes nothing.
 *
 * @param coins From the largest market cap to the smallest. Of them the 30 largest that are not pegged can be repeated.
 * @param isPegged Whether the closes of the coin at the same place lie at 1 USD.
 */
export function shadowsAmong(
  coins: readonly CoinSeries[],
  isPegged: readonly boolean[],
  day: number,
): ReadonlyMap<string, string> {
  const moves = coins.map((coin) => movesOf(coin, day));
  const shadows = new Map<string, string>();
  moves.forEach((own, i) => {
    const larger = moves
      .slice(0, Math.min(i, LARGER_COINS))
      .find((candidate, place) => isPegged[place] !== true && repeats(own, candidate));
    if (larger !== undefined) shadows.set(own.coinId, larger.coinId);
  });
  return shadows;
}

function movesOf(coin: CoinSeries, day: number): Moves {
  const daily = Float64Array.from({ length: WINDOW_DAYS }, (_, age) =>
    Math.log(valueOn(coin, "priceUsd", day - age) / valueOn(coin, "priceUsd", day - age - 1)),
  );
  const known = [...daily].filter((move) => !Number.isNaN(move)).map(Math.abs);
  return { coinId: coin.coinId, daily, median: isEnough(known.length) ? median(known) : Number.NaN };
}

// At least half of the differences are small: their median is. Ends as soon as it cannot be.
function repeats(own: Moves, larger: Moves): boolean {
  const limit = LARGEST_DIFFERENCE * larger.median;
  if (!(limit > 0)) return false;
  let [near, far] = [0, 0];
  for (let age = 0; age < WINDOW_DAYS && 2 * far <= WINDOW_DAYS; age++) {
    const difference = Math.abs(at(own.daily, age) - at(larger.daily, age));
    if (difference <= limit) near++;
    else if (difference > limit) far++;
  }
  return isEnough(near + far) && near >= far;
}

function isEnough(days: number): boolean {
  return 2 * days >= WINDOW_DAYS;
}
