// Turns one coin's observation into the reason that keeps it out, if there is one.
import { assertNever } from "../core/errors.ts";
import type { LabelKind } from "./labels.ts";
import type { CoinObservation } from "./observe.ts";
import type { UniverseParameters } from "./parameters.ts";

/** Why a coin is not in the index: by its label, by data, or by its rank. */
export type ExclusionReason =
  | LabelKind
  | "pegged"
  | "listed-too-short"
  | "supply-unknown"
  | "volume-unknown"
  | "volume-too-low"
  | "price-missing"
  | "price-too-small"
  | "below-entry-rank"
  | "below-stay-rank";

/** {USD/wholeTok} Below it a price of 18 decimals has fewer than four digits: it can neither be recorded nor traded. */
export const LEAST_PRICE = 1e-15;

/** A reason with the numbers behind it, in words for people. */
export type Exclusion = { readonly reason: ExclusionReason; readonly detail: string };

/**
 * The first rule that keeps a coin with a known market cap out, before any rank.
 *
 * @param isMember Whether the coin is in the index now: a member stays at a lower volume.
 */
export function exclusionOf(
  coin: CoinObservation,
  isMember: boolean,
  parameters: UniverseParameters,
): Exclusion | undefined {
  if (coin.label !== undefined) return { reason: coin.label.kind, detail: coin.label.why };
  const found = firstFailedRule(coin, isMember, parameters);
  return found === undefined ? undefined : { reason: found, detail: detailOf(found, coin, { parameters, isMember }) };
}

type DataRule =
  "pegged" | "listed-too-short" | "volume-unknown" | "volume-too-low" | "price-missing" | "price-too-small";

function firstFailedRule(
  coin: CoinObservation,
  isMember: boolean,
  parameters: UniverseParameters,
): DataRule | undefined {
  if (coin.isPegged) return "pegged";
  if (coin.listedDays < parameters.minListedDays) return "listed-too-short";
  if (coin.priceUsd === undefined) return "price-missing";
  if (coin.priceUsd < LEAST_PRICE) return "price-too-small";
  if (coin.volumeUsd === undefined) return "volume-unknown";
  if (coin.volumeUsd < volumeLimit(isMember, parameters)) return "volume-too-low";
  return undefined;
}

function detailOf(
  rule: DataRule,
  coin: CoinObservation,
  limits: { readonly parameters: UniverseParameters; readonly isMember: boolean },
): string {
  const { parameters, isMember } = limits;
  switch (rule) {
    case "pegged":
      return `closes stayed within ${parameters.pegBandUsd} of 1 USD for ${parameters.pegWindowDays} days`;
    case "listed-too-short":
      return `listed for ${coin.listedDays} of ${parameters.minListedDays} days`;
    case "price-missing":
      return `no price for ${parameters.capWindowDays} days`;
    case "price-too-small":
      return `price ${coin.priceUsd ?? 0} USD, needs ${LEAST_PRICE} USD`;
    case "volume-unknown":
      return `volume known on fewer than half of ${parameters.volumeWindowDays} days`;
    case "volume-too-low":
      return `median volume ${Math.round(coin.volumeUsd ?? 0)} USD, needs ${volumeLimit(isMember, parameters)} USD`;
    default:
      return assertNever(rule);
  }
}

function volumeLimit(isMember: boolean, parameters: UniverseParameters): number {
  return isMember ? parameters.stayVolumeUsd : parameters.enterVolumeUsd;
}
