// Turns one week of a panel and the members before into the index's members and weights.
import { at } from "../core/statistics.ts";
import { PPM } from "../core/units.ts";
import { toPpm } from "../plan/targets.ts";
import { LEAST_PRICE } from "../universe/eligibility.ts";
import { selectByBuffer } from "../universe/rank.ts";
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
  const coins = selectByBuffer(rankedCoins(panel, week, { members, rules }), members, rules.universe);
  return { panel, week, coins, weights: weightsOf(panel, week, { coins, rules }) };
}

type Membership = { readonly members: ReadonlySet<number>; readonly rules: ResearchRules };

/** Numbers of the eligible coins, from the largest average cap to the smallest; equal ones by id. */
function rankedCoins(panel: Panel, week: number, { members, rules }: Membership): number[] {
  const { averageCap, volume } = panel.columns;
  const { stayVolumeUsd, enterVolumeUsd } = rules.universe;
  const base = week * panel.coinIds.length;
  const end = base + panel.coinIds.length;
  const eligible: number[] = [];
  for (let i = base; i < end; i++) {
    if (!(at(averageCap, i) > 0)) continue;
    if (!(at(volume, i) >= (members.has(i - base) ? stayVolumeUsd : enterVolumeUsd))) continue;
    if (isAdmitted(panel, i, rules)) eligible.push(i - base);
  }
  return eligible.sort((a, b) => at(averageCap, base + b) - at(averageCap, base + a) || a - b);
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
