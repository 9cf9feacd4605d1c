// Turns a seed into the list of coins of the simulated market.
import { type RandomStream, randomStream } from "../core/random.ts";

/** What a simulated coin's price follows: the market, a currency, or another coin. */
type SimulatedKind =
  | { readonly kind: "market"; readonly beta: number; readonly noise: number }
  | { readonly kind: "stable" }
  | { readonly kind: "tracks"; readonly coinId: string };

/** One coin of the simulated market. */
export type SimulatedCoin = {
  readonly coinId: string;
  readonly symbol: string;
  readonly follows: SimulatedKind;
  /** {USD/wholeTok} On the market's first day. */
  readonly priceUsd: number;
  /** {USD} On the market's first day. */
  readonly capUsd: number;
  /** {1} Daily volume over market cap in a quiet market. */
  readonly turnover: number;
  /** {day} Day of the first row, from 0. */
  readonly listedOn: number;
  /** {day} The price collapses before this day and the rows end with it; `undefined` for a coin that lives on. */
  readonly diesOn: number | undefined;
  /** {day} Days without a row. */
  readonly gap: { readonly from: number; readonly days: number } | undefined;
};

type Fixed = readonly [coinId: string, symbol: string, priceUsd: number, capUsd: number, follows: SimulatedKind];

const LEADERS: readonly Fixed[] = [
  ["bitcoin", "BTC", 29_000, 540e9, { kind: "market", beta: 0.9, noise: 0.008 }],
  ["ethereum", "ETH", 1100, 190e9, { kind: "market", beta: 1.05, noise: 0.01 }],
  ["tether", "USDT", 1, 40e9, { kind: "stable" }],
  ["usd-coin", "USDC", 1, 20e9, { kind: "stable" }],
  ["dai", "DAI", 1, 5e9, { kind: "stable" }],
  ["wrapped-bitcoin", "WBTC", 29_000, 6e9, { kind: "tracks", coinId: "bitcoin" }],
  ["staked-ether", "STETH", 1100, 8e9, { kind: "tracks", coinId: "ethereum" }],
];

/** {USD} First cap of the k-th other coin is this over k to the power of {@link CAP_DECAY}. */
const TOP_CAP = 60e9;
const CAP_DECAY = 1.15;
/** Every so many-th other coin is listed late, dies, or has a gap. */
const LATE_EVERY = 9;
const DEAD_EVERY = 22;
const GAP_EVERY = 17;
/** {day} A coin lives at least so long. */
const SHORTEST_LIFE = 300;

/** `count` coins, largest first days' caps apart from the leaders; the same for the same arguments. */
export function simulatedCoins(seed: number, count: number, days: number): SimulatedCoin[] {
  const random = randomStream(seed);
  const leaders = LEADERS.map(([coinId, symbol, priceUsd, capUsd, follows]): SimulatedCoin => {
    return {
      coinId,
      symbol,
      priceUsd,
      capUsd,
      follows,
      turnover: 0.06,
      listedOn: 0,
      diesOn: undefined,
      gap: undefined,
    };
  });
  const taken = new Set(leaders.flatMap((coin) => [coin.coinId, coin.symbol]));
  const others = Array.from({ length: count - leaders.length }, (_, i) => otherCoin(i + 1, { random, taken, days }));
  return [...leaders, ...others];
}

type Making = { readonly random: RandomStream; readonly taken: Set<string>; readonly days: number };

function otherCoin(k: number, making: Making): SimulatedCoin {
  const { random, days } = making;
  const name = freshName(making);
  const listedOn = k % LATE_EVERY === 0 ? 1 + Math.floor(random.uniform() * days * 0.6) : 0;
  const diesOn =
    k % DEAD_EVERY === 0 ? Math.floor(listedOn + SHORTEST_LIFE + random.uniform() * days * 0.5) : undefined;
  const gapStart = Math.floor(random.uniform() * days);
  return {
    ...name,
    follows: { kind: "market", beta: 0.8 + 0.5 * random.uniform(), noise: 0.02 + 0.02 * random.uniform() },
    priceUsd: 10 ** (-3 + 5.5 * random.uniform()),
    capUsd: TOP_CAP / k ** CAP_DECAY,
    turnover: 0.04 + 0.08 * random.uniform(),
    listedOn,
    diesOn,
    gap: k % GAP_EVERY === 0 ? { from: gapStart, days: 1 + Math.floor(4 * random.uniform()) } : undefined,
  };
}

const ONSETS = ["b", "br", "c", "d", "f", "g", "k", "kr", "l", "m", "n", "p", "r", "s", "st", "t", "tr", "v", "z"];
const VOWELS = ["a", "e", "i", "o", "u"];
const CODAS = ["", "l", "n", "r", "x", "s"];

function freshName({ random, taken }: Making): { coinId: string; symbol: string } {
  const pick = (parts: readonly string[]): string => parts[Math.floor(random.uniform() * parts.length)] ?? "";
  const syllable = (): string => pick(ONSETS) + pick(VOWELS);
  for (;;) {
    const coinId = syllable() + syllable() + syllable() + pick(CODAS);
    const symbol = coinId.slice(0, 4).toUpperCase();
    if (taken.has(coinId) || taken.has(symbol)) continue;
    taken.add(coinId);
    taken.add(symbol);
    return { coinId, symbol };
  }
}
