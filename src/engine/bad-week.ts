// Turns the data behind a decision into what is so wrong with them that nobody should act on it.
import { dayNumber } from "../core/time.ts";
import { AppError } from "../core/errors.ts";
import type { Parameters } from "../config/schema.ts";
import { type History, type ProviderHistory, valueOn } from "../market/history.ts";
import type { Decision } from "./decision.ts";

/** {1} Two sources of bitcoin's close may be so far apart. */
const MOST_APART = 0.02;
const REFERENCE_COIN = "bitcoin";

/** The week's data are bad, and the caller asked not to go on then. */
export class BadWeekError extends AppError {
  readonly code = "BAD_WEEK";
  readonly kind = "data";

  constructor(date: string, defects: readonly string[]) {
    super(
      `Expected sound data behind the decision of ${date}, found: ${defects.join("; ")}. Mend the data, then decide.`,
    );
  }
}

/**
 * What is wrong with the week's data, in words; empty for a sound week. Three defects count: the regime is held because
 * too much of the index had no price in the week; too much of it has none at the close itself, so that a source is late;
 * two sources state bitcoin's close more than 2 % apart.
 */
export function weekDefects(history: History, decision: Decision, parameters: Parameters): string[] {
  const limit = parameters.regime.maxMissingWeight;
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const late = lateWeight(history, decision);
  const apart = sourcesApart(history, decision);
  return [
    ...(decision.heldBy === "missing-prices"
      ? [`more than ${percent(limit)} of the index had no price in the week, the regime is held`]
      : []),
    ...(late > limit ? [`${percent(late)} of the index has no price at the close of ${decision.close}`] : []),
    ...(apart > MOST_APART ? [`two sources state ${REFERENCE_COIN} ${percent(apart)} apart on ${decision.close}`] : []),
  ];
}

/** {1} Share of the index without a price of the close itself. */
function lateWeight(history: History, { provider, close, index }: Decision): number {
  const day = dayNumber(close);
  const closes = closesOn(
    history.providers.find((candidate) => candidate.provider === provider),
    day,
  );
  const late = index.filter(({ coinId }) => !closes.has(coinId));
  return late.reduce((sum, { weightPpm }) => sum + weightPpm, 0) / 1_000_000;
}

/** {1} The highest over the lowest of the sources' closes of bitcoin, less 1; 0 for fewer than two. */
function sourcesApart({ providers }: History, { close }: Decision): number {
  const prices = providers.flatMap((provider) => closesOn(provider, dayNumber(close)).get(REFERENCE_COIN) ?? []);
  return prices.length < 2 ? 0 : Math.max(...prices) / Math.min(...prices) - 1;
}

function closesOn(provider: ProviderHistory | undefined, day: number): Map<string, number> {
  const known = (provider?.coins ?? []).map((coin) => [coin.coinId, valueOn(coin, "priceUsd", day)] as const);
  return new Map(known.filter(([, price]) => price > 0));
}
