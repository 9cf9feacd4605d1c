// Turns seeds into the small synthetic series on which the reference values of this folder are computed.
import { randomStream } from "../../src/core/random.ts";

/** Everything that `reference.py` and `reference.R` are given. */
export type VectorInputs = {
  /** {1} Weekly simple returns of a strategy and of its benchmark. */
  readonly returns: readonly number[];
  readonly benchmark: readonly number[];
  /** {1} Log returns of two volatilities, in three samples. */
  readonly regimes: readonly (readonly number[])[];
  /** {1} A short series, for which every division can be tried. */
  readonly short: readonly number[];
  /** {1} Simple returns of trials, a list a trial. */
  readonly trials: readonly (readonly number[])[];
  /** A row a coin and date: date, coin, price, cap; `null` where the provider knew none. */
  readonly quotes: readonly (readonly [string, string, number | null, number | null])[];
};

/** {USD} and {1}: rounded, so that the file holds exactly what was computed on. */
function rounded(value: number): number {
  return Number(value.toPrecision(6));
}

/** Returns of two states that follow each other. */
function switching(seed: number, length: number): number[] {
  const { uniform, normal } = randomStream(seed);
  let isTurbulent = false;
  return Array.from({ length }, () => {
    if (uniform() < (isTurbulent ? 0.08 : 0.04)) isTurbulent = !isTurbulent;
    return rounded(isTurbulent ? -0.01 + 0.12 * normal() : 0.01 + 0.05 * normal());
  });
}

/** Twelve trials with a common part; one is out of the market for long, one always. */
function trials(): number[][] {
  const market = switching(31, 101);
  return Array.from({ length: 12 }, (_, trial) => {
    const { normal } = randomStream(100 + trial);
    return market.map((value, t) => {
      if (trial === 10 || (trial === 4 && t > 20 && t < 70)) return 0;
      return rounded(0.5 * value + 0.002 * (trial % 3) + 0.04 * normal());
    });
  });
}

const COINS = 8;
const DATES = 10;

/** Eight coins over ten weeks; the third has no price in the fifth week, the last no cap in the first three. */
function quotes(): VectorInputs["quotes"] {
  const { normal } = randomStream(77);
  const prices = Array.from({ length: COINS }, (_, coin) => 1000 / 3 ** coin);
  return Array.from({ length: DATES }, (_, week) => {
    const date = new Date(Date.UTC(2024, 0, 7 + 7 * week)).toISOString().slice(0, 10);
    return prices.map((price, coin): VectorInputs["quotes"][number] => {
      prices[coin] = rounded(price * Math.exp(0.1 * normal()));
      const isKnown = !(coin === 2 && week === 4);
      const hasCap = isKnown && !(coin === COINS - 1 && week < 3);
      const cap = rounded((prices[coin] ?? 0) * (coin + 1) * 1e6);
      return [date, `coin-${coin}`, isKnown ? (prices[coin] ?? 0) : null, hasCap ? cap : null];
    });
  }).flat();
}

/** The same on every machine. */
export function vectorInputs(): VectorInputs {
  const strategy = switching(11, 140);
  const { normal } = randomStream(12);
  return {
    returns: strategy.map((value) => rounded(Math.expm1(value))),
    benchmark: strategy.map((value) => rounded(Math.expm1(0.8 * value + 0.03 * normal()))),
    regimes: [switching(1, 160), switching(2, 260), switching(3, 400)],
    short: switching(5, 15),
    trials: trials(),
    quotes: quotes(),
  };
}
