// Turns one week of a panel and the members before into the index's members and weights.
import { at } from "../core/statistics.ts";
import { PPM } from "../core/units.ts";
import { toPpm } from "../plan/targets.ts";
import { LEAST_PRICE } from "../universe/eligibility.ts";
import { selectByBuffer, withVacancies } from "../universe/rank.ts";
import { capWeights } from "../universe/weights.ts";
import type { Panel } from "./panel.ts";
import type { ResearchRules } from "./rules.ts";

/** What an index holds from the close of a week on. Best rank first. */
export type Composition = {
  readonly panel: Panel;
  /** Week of that panel. */
  readonly week: number;
  /** Numbers of the coins in the panel. */
  readonly coins: readonly number[];
  /** {1} They sum to 1 up to float error. */
  readonly weights: readonly number[];
};

/**
 * The composition that {@link composeUniverse} and `decide` give for the same week, without the reasons.
 *
 * @param members Numbers of the panel's coins that are in the index now.
 */
export function compose(
  at: { readonly panel: Panel; readonly week: number },
  members: ReadonlySet<number>,
  rules: ResearchRules,
): Composition {
  const { panel, week } = at;
  const places = placesOf(panel, week, { members, rules });
  const coins = selectByBuffer(places, members, rules.universe).filter((place) => place >= 0);
  return { panel, week, coins, weights: weightsOf(panel, week, { coins, rules }) };
}

type Membership = { readonly members: ReadonlySet<number>; readonly rules: ResearchRules };

/** Numbers of the eligible coins, from the largest average cap to the smallest; vacant places between them below 0. */
function placesOf(panel: Panel, week: number, { members, rules }: Membership): number[] {
  const { averageCap, volume } = panel.columns;
  const { stayVolumeUsd, enterVolumeUsd } = rules.universe;
  const vacantAfter = rules.holdsRanks ? (panel.vacancies[week]?.after ?? []) : [];
  const base = week * panel.coinIds.length;
  const isEligible = (coin: number): boolean =>
    at(volume, base + coin) >= (members.has(coin) ? stayVolumeUsd : enterVolumeUsd) &&
    isAdmitted(panel, base + coin, rules);
  const ranked: number[] = [];
  for (let coin = 0; coin < panel.coinIds.length; coin++) {
    if (!(at(averageCap, base + coin) > 0)) continue;
    // Vacant places stand between all coins with a cap.
    if (vacantAfter.length > 0 || isEligible(coin)) ranked.push(coin);
  }
  ranked.sort((a, b) => at(averageCap, base + b) - at(averageCap, base + a) || a - b);
  if (vacantAfter.length === 0) return ranked;
  return withVacancies(ranked, vacantAfter)
    .map((coin, i) => coin ?? -1 - i)
    .filter((coin) => coin < 0 || isEligible(coin));
}

/** Every rule but those of market cap and volume. @param i Place of coin and week in the panel's columns. */
function isAdmitted({ columns, coinIds, isFlagged }: Panel, i: number, rules: ResearchRules): boolean {
  if ((rules.leaveOut === "flags" ? isFlagged[i % coinIds.length] : columns.isLeftOut[i]) === 1) return false;
  if (at(columns.listedDays, i) < rules.universe.minListedDays) return false;
  if (rules.prices === "sunday" && columns.priceAge[i] !== 0) return false;
  return at(columns.price, i) >= LEAST_PRICE;
}

type Chosen = { readonly coins: readonly number[]; readonly rules: ResearchRules };

function weightsOf(panel: Panel, week: number, { coins, rules }: Chosen): number[] {
  const base = week * panel.coinIds.length;
  const column = rules.weights === "stated" ? panel.columns.cap : panel.columns.averageCap;
  const shares = capWeights(coins.map((coin) => at(column, base + coin)));
  return rules.weights === "stated" ? toPpm(shares).map((share) => share / PPM) : shares;
}
