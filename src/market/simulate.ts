// Turns a seed into the daily history of a market that switches between bull and bear.
import { type RandomStream, randomStream } from "../core/random.ts";
import { type IsoDate, dayNumber, isoDate } from "../core/time.ts";
import type { CoinFlags, CoinSeries, History } from "./history.ts";
import { type SimulatedCoin, simulatedCoins } from "./simulated-coins.ts";

/** What a simulated market depends on. */
export type Simulation = {
  /** An integer of 32 bits. */
  readonly seed: number;
  /** Coins, leaders, stablecoins, wrapped and staked ones included. */
  readonly coins: number;
  readonly from: IsoDate;
  /** Day after the last row. */
  readonly to: IsoDate;
};

/** The embedded market of `--data simulated`. */
export const DEFAULT_SIMULATION: Simulation = {
  seed: 101,
  coins: 150,
  from: isoDate("2021-01-01"),
  to: isoDate("2025-01-01"),
};

/**
 * Twenty Mondays `[from, to)` of the default simulation over which the default methodology goes from bull (4 weeks)
 * through bear (11 weeks, a fall of 27 % and its recovery) to bull (5 weeks), with 100 names in the index throughout. It
 * was picked for showing both switches within a short time; it says nothing about how often they pay.
 */
export const DEMO_WINDOW: { readonly from: IsoDate; readonly to: IsoDate } = {
  from: isoDate("2023-01-09"),
  to: isoDate("2023-05-29"),
};

/** One state of the hidden Markov chain: {1/day} mean and {1/√day} deviation of the market's log return. */
type MarketState = { readonly mean: number; readonly deviation: number; readonly leave: number };

const BULL: MarketState = { mean: 0.0042, deviation: 0.022, leave: 1 / 100 };
const BEAR: MarketState = { mean: -0.0075, deviation: 0.032, leave: 1 / 45 };

/** {1/day} Pull of a coin's own path back to the market's, so that the order of coins stays recognizable. */
const REVERSION = 0.004;
/** {1} Log price that a dying coin loses on each of its last {@link DYING_DAYS}. */
const DYING_LOSS = 0.6;
const DYING_DAYS = 6;
/** {1} Deviation of a stablecoin from 1 USD, of a tracking coin from its coin, and of log volume. */
const PEG_NOISE = 0.0008;
const VOLUME_NOISE = 0.4;
/** {1} Growth of the turnover with the size of the day's move. */
const VOLUME_RESPONSE = 8;

/** The market's whole history. Pure: the same simulation gives the same bytes. */
export function simulateMarket(simulation: Simulation): History {
  const firstDay = dayNumber(simulation.from);
  const days = dayNumber(simulation.to) - firstDay;
  const roster = simulatedCoins(simulation.seed, simulation.coins, days);
  const market = marketReturns(randomStream(simulation.seed ^ 0x5eed), days);
  const paths = new Map<string, Float64Array>();
  const coins = roster.map((coin, i) => {
    const random = randomStream(Math.imul(simulation.seed + 1, 7919) + i);
    const path = pricePath(coin, { market, random, paths });
    paths.set(coin.coinId, path);
    return seriesOf(coin, path, { random, firstDay });
  });
  coins.sort((a, b) => (a.coinId < b.coinId ? -1 : 1));
  const flags = new Map(roster.map((coin) => [coin.coinId, flagsOf(coin)]));
  return {
    providers: [{ provider: "simulated", firstDay, lastDay: firstDay + days - 1, coins }],
    flags,
    references: [],
    lists: [],
  };
}

function marketReturns(random: RandomStream, days: number): Float64Array {
  let state = BULL;
  return Float64Array.from({ length: days }, () => {
    if (random.uniform() < state.leave) state = state === BULL ? BEAR : BULL;
    return state.mean + state.deviation * random.normal();
  });
}

type PathInputs = {
  readonly market: Float64Array;
  readonly random: RandomStream;
  readonly paths: ReadonlyMap<string, Float64Array>;
};

// {USD/wholeTok} One price a day of the whole market, also before the listing.
function pricePath(coin: SimulatedCoin, { market, random, paths }: PathInputs): Float64Array {
  const { follows } = coin;
  if (follows.kind === "stable") return market.map(() => 1 + PEG_NOISE * random.normal());
  if (follows.kind === "tracks") {
    const tracked = paths.get(follows.coinId) ?? market;
    return tracked.map((price) => price * (1 + PEG_NOISE * random.normal()));
  }
  let common = 0;
  let own = 0;
  return market.map((move, day) => {
    common += follows.beta * move;
    own = own * (1 - REVERSION) + follows.noise * random.normal();
    return coin.priceUsd * Math.exp(common + own - collapse(coin, day));
  });
}

function collapse(coin: SimulatedCoin, day: number): number {
  if (coin.diesOn === undefined) return 0;
  return DYING_LOSS * Math.max(0, Math.min(DYING_DAYS, day - (coin.diesOn - DYING_DAYS)));
}

function seriesOf(
  coin: SimulatedCoin,
  path: Float64Array,
  at: { readonly random: RandomStream; readonly firstDay: number },
): CoinSeries {
  const supply = coin.capUsd / coin.priceUsd; // {wholeTok} = {USD} / {USD/wholeTok}
  const prices = path.slice(coin.listedOn, coin.diesOn);
  const priceUsd = prices.map((price, i) =>
    inGap(coin, coin.listedOn + i, prices.length) ? Number.NaN : rounded(price, 8),
  );
  const volumeUsd = prices.map((price, i) => {
    const move = Math.abs(Math.log(price / (prices[i - 1] ?? price)));
    const busy = (1 + VOLUME_RESPONSE * move) * Math.exp(VOLUME_NOISE * at.random.normal());
    return Number.isNaN(priceUsd[i]) ? Number.NaN : rounded(price * supply * coin.turnover * busy, 6);
  });
  return {
    coinId: coin.coinId,
    symbol: coin.symbol,
    firstDay: at.firstDay + coin.listedOn,
    priceUsd,
    capUsd: priceUsd.map((price) => (Number.isNaN(price) ? Number.NaN : rounded(price * supply, 7))),
    volumeUsd,
  };
}

function inGap(coin: SimulatedCoin, day: number, length: number): boolean {
  if (coin.gap === undefined) return false;
  const isEdge = day === coin.listedOn || day === coin.listedOn + length - 1; // a series begins and ends with a row
  return !isEdge && day >= coin.gap.from && day < coin.gap.from + coin.gap.days;
}

function flagsOf(coin: SimulatedCoin): CoinFlags {
  return { stable: coin.follows.kind === "stable", wrapped: coin.follows.kind === "tracks", realWorld: false };
}

function rounded(value: number, digits: number): number {
  return Number(value.toPrecision(digits));
}
