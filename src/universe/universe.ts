// Turns observations and the present members into the index's names, and a reason for each that is left out.
import { type Exclusion, type ExclusionReason, exclusionOf } from "./eligibility.ts";
import type { CoinObservation } from "./observe.ts";
import type { UniverseParameters } from "./parameters.ts";
import { byValueDescending, selectByBuffer, vacantId, withVacancies } from "./rank.ts";

/** Why a coin is in the index: it was, it ranks high enough to enter, or it fills a place that was left. */
export type InclusionReason = "stayed" | "entered" | "filled";

/** A coin of the index. */
export type UniverseMember = {
  readonly coinId: string;
  readonly symbol: string;
  /** Rank by average cap among eligible coins, from 1. */
  readonly rank: number;
  /** {USD} */
  readonly averageCapUsd: number;
  /** {USD} */
  readonly capUsd: number;
  /** {USD/wholeTok} */
  readonly priceUsd: number;
  /** {day} */
  readonly priceAgeDays: number;
  readonly inclusion: InclusionReason;
};

/** A coin that is large enough to matter and is not in the index. */
export type ExcludedCoin = {
  readonly coinId: string;
  readonly symbol: string;
  /** Rank by average cap among all coins, excluded ones included, from 1; `null` when the cap is not known. */
  readonly rank: number | null;
  readonly reason: ExclusionReason;
  readonly detail: string;
};

/** The index's names at a close. */
export type Universe = {
  /** Best rank first. */
  readonly members: readonly UniverseMember[];
  /** By rank down to the 150th of all coins, then former members whose market cap is not known any more. */
  readonly excluded: readonly ExcludedCoin[];
  /** Coins that pass every rule except rank. */
  readonly eligible: number;
  /** Places of the index that no coin with a price may take. */
  readonly vacant: number;
};

/** What a composition goes by besides the coins as they are. */
export type Standing = {
  /** Ids of the coins that are in the index now. */
  readonly members: ReadonlySet<string>;
  /** For each place whose coin has no price, how many coins with a market cap rank above it. Ascending. */
  readonly vacantAfter: readonly number[];
};

/** Exclusions are recorded down to this rank among all coins. */
const REPORTED_RANK = 150;

type Ranked = CoinObservation & { readonly averageCapUsd: number; readonly capUsd: number };
type Candidate = { readonly coin: Ranked; readonly rank: number; readonly exclusion: Exclusion | undefined };

/** Applies every rule of the universe. Vacant places count in every rank among eligible coins. */
export function composeUniverse(
  coins: readonly CoinObservation[],
  { members, vacantAfter }: Standing,
  parameters: UniverseParameters,
): Universe {
  const ranked = byValueDescending(coins.filter(hasCap), (coin) => coin.averageCapUsd);
  const candidates = ranked.map((coin, i): Candidate => {
    return { coin, rank: i + 1, exclusion: exclusionOf(coin, members.has(coin.coinId), parameters) };
  });
  const places = withVacancies(candidates, vacantAfter).filter(
    (candidate) => candidate === undefined || candidate.exclusion === undefined,
  );
  const ids = places.map((candidate, i) => candidate?.coin.coinId ?? vacantId(i));
  const chosen = new Set(selectByBuffer(ids, members, parameters));
  const inclusionOf = (coinId: string, rank: number): InclusionReason => {
    if (members.has(coinId)) return "stayed";
    return rank <= parameters.enterRank ? "entered" : "filled";
  };
  const included = places.flatMap((candidate, i) =>
    candidate !== undefined && chosen.has(candidate.coin.coinId)
      ? [memberOf(candidate.coin, i + 1, inclusionOf(candidate.coin.coinId, i + 1))]
      : [],
  );
  return {
    members: included,
    excluded: [
      ...excludedCoins(candidates, { eligibleIds: ids, chosen, members }, parameters),
      ...withoutCap(coins, members, parameters),
    ],
    eligible: places.filter((candidate) => candidate !== undefined).length,
    vacant: chosen.size - included.length,
  };
}

function hasCap(coin: CoinObservation): coin is Ranked {
  return coin.averageCapUsd !== undefined && coin.capUsd !== undefined;
}

function memberOf(coin: Ranked, rank: number, inclusion: InclusionReason): UniverseMember {
  const { coinId, symbol, averageCapUsd, capUsd, priceAgeDays } = coin;
  const priceUsd = coin.priceUsd ?? Number.NaN; // an eligible coin has a price
  return { coinId, symbol, rank, averageCapUsd, capUsd, priceUsd, priceAgeDays, inclusion };
}

type Selection = {
  /** With vacant places between them. */
  readonly eligibleIds: readonly string[];
  readonly chosen: ReadonlySet<string>;
  readonly members: ReadonlySet<string>;
};

function excludedCoins(
  candidates: readonly Candidate[],
  selection: Selection,
  parameters: UniverseParameters,
): ExcludedCoin[] {
  const rankOf = new Map(selection.eligibleIds.map((coinId, i) => [coinId, i + 1]));
  return candidates
    .filter(({ coin, rank }) => rank <= REPORTED_RANK && !selection.chosen.has(coin.coinId))
    .map(({ coin, rank, exclusion }) => {
      const byRank = (): Exclusion =>
        outranked(rankOf.get(coin.coinId) ?? 0, selection.members.has(coin.coinId), parameters);
      return { coinId: coin.coinId, symbol: coin.symbol, rank, ...(exclusion ?? byRank()) };
    });
}

function withoutCap(
  coins: readonly CoinObservation[],
  members: ReadonlySet<string>,
  parameters: UniverseParameters,
): ExcludedCoin[] {
  const detail = `market cap known on fewer than half of ${parameters.capWindowDays} days`;
  return coins
    .filter((coin) => members.has(coin.coinId) && !hasCap(coin))
    .map(({ coinId, symbol }) => ({ coinId, symbol, rank: null, reason: "supply-unknown", detail }));
}

function outranked(rank: number, isMember: boolean, parameters: UniverseParameters): Exclusion {
  if (isMember)
    return {
      reason: "below-stay-rank",
      detail: `rank ${rank} of eligible coins, stays down to ${parameters.leaveRank}`,
    };
  return { reason: "below-entry-rank", detail: `rank ${rank} of eligible coins, enters from ${parameters.enterRank}` };
}
