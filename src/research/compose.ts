// Turns one week of a panel and the members before into the index's members and weights.
import { at } from "../core/statistics.ts";
import { PPM } from "../core/units.ts";
import { toPpm } from "../plan/targets.ts";
import { LEAST_PRICE } from "../universe/eligibility.ts";
import { selectByBuffer, vacantId, withVacancies } from "../universe/rank.ts";
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
 * @param members Ids of the coins that are in the index now.
 */
export function compose(
  at: { readonly panel: Panel; readonly week: number },
  members: ReadonlySet<string>,
  rules: ResearchRules,
): Composition {
  const { panel, week } = at;
  const places = placesOf(panel, week, { members, rules });
  const ids = places.map((coin, i) => (coin === undefined ? vacantId(i) : (panel.coinIds[coin] ?? "")));
  const chosen = new Set(selectByBuffer(ids, members, rules.universe));
  const coins = places.flatMap((coin) => (coin !== undefined && chosen.has(panel.coinIds[coin] ?? "") ? [coin] : []));
  return { panel, week, coins, weights: weightsOf(panel, week, { coins, rules }) };
}

type Membership = { readonly members: ReadonlySet<string>; readonly rules: ResearchRules };

/** Numbers of the eligible coins, from the largest average cap to the smallest, with vacant places between them. */
function placesOf(panel: Panel, week: number, { members, rules }: Membership): (number | undefined)[] {
  const { averageCap } = panel.columns;
  const base = week * panel.coinIds.length;
  const known = panel.coinIds.map((_, coin) => coin).filter((coin) => at(averageCap, base + coin) > 0);
  known.sort((a, b) => at(averageCap, base + b) - at(averageCap, base + a) || a - b);
  const vacantAfter = rules.holdsRanks ? (panel.vacancies[week]?.after ?? []) : [];
  const isEligible = (coin: number): boolean => {
    if (!isAdmitted(panel, { coin, i: base + coin }, rules)) return false;
    const isMember = members.has(panel.coinIds[coin] ?? "");
    const { stayVolumeUsd, enterVolumeUsd } = rules.universe;
    return at(panel.columns.volume, base + coin) >= (isMember ? stayVolumeUsd : enterVolumeUsd);
  };
  return withVacancies(known, vacantAfter).filter((coin) => coin === undefined || isEligible(coin));
}

function isAdmitted(
  panel: Panel,
  { coin, i }: { readonly coin: number; readonly i: number },
  rules: ResearchRules,
): boolean {
  const { columns } = panel;
  if (!(at(columns.averageCap, i) > 0)) return false;
  if ((rules.leaveOut === "flags" ? panel.isFlagged[coin] : columns.isLeftOut[i]) === 1) return false;
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
