// Turns compositions into what it costs to enter or leave the market, and to stay in it for another week.
import { at } from "../core/statistics.ts";
import type { Composition } from "./compose.ts";
import type { MarketPath } from "./market-path.ts";

/** What trading costs: so much a switch, or by what is traded of each coin. */
export type CostModel =
  | { readonly kind: "flat"; /** {bps} Of the fund, a switch. */ readonly switchBps: number }
  | {
      readonly kind: "traded";
      /** {bps} Of what is traded. */
      readonly feeBps: number;
      /** {bps} Between bid and ask; half of it is paid. */
      readonly spreadBps: number;
      /** {bps} For trading a whole day's median volume; less by the square root of the share of it. */
      readonly impactBps: number;
      /** {USD} A leg. */
      readonly gasUsd: number;
      /** {USD} Size of the fund, the same in every week. */
      readonly navUsd: number;
    };

/** The baseline's costs. */
export const BASELINE_COSTS: CostModel = { kind: "flat", switchBps: 50 };

/** {1} Costs as shares of the fund: of a switch on a week's composition, and of going on from the week before to it. */
export type WeeklyCosts = { readonly ofSwitch: Float64Array; readonly ofStaying: Float64Array };

/** {1} Below both a weight is left as it is: see docs/methodology.md, trade bands. */
const BAND = 2e-4;
const RELATIVE_BAND = 0.2;
const BPS = 10_000;

/** The costs of every week under a model. */
export function weeklyCosts({ compositions, weekly }: MarketPath, model: CostModel): WeeklyCosts {
  const ofSwitch = new Float64Array(weekly.length);
  const ofStaying = new Float64Array(weekly.length);
  if (model.kind === "flat") return { ofSwitch: ofSwitch.fill(model.switchBps / BPS), ofStaying };
  let held = new Map<string, number>();
  compositions.forEach((composition, w) => {
    const target = weightsOf(composition);
    const drifted = drift(held, compositions[w - 1], composition);
    ofSwitch[w] = costOf(target, composition, model);
    const trades = tradesOf(drifted, target);
    ofStaying[w] = w === 0 ? 0 : costOf(trades, composition, model);
    held = new Map([...drifted, ...target].map(([id]) => [id, (drifted.get(id) ?? 0) + (trades.get(id) ?? 0)]));
  });
  return { ofSwitch, ofStaying };
}

type Traded = Extract<CostModel, { kind: "traded" }>;

function weightsOf({ panel, coins, weights }: Composition): Map<string, number> {
  return new Map(coins.map((coin, i) => [panel.coinIds[coin] ?? "", at(weights, i)]));
}

/** Weights of what was held after a week of prices. The seam between providers counts as no move. */
function drift(
  held: ReadonlyMap<string, number>,
  before: Composition | undefined,
  now: Composition,
): ReadonlyMap<string, number> {
  if (before?.panel !== now.panel) return held;
  const { panel } = now;
  const numbers = new Map(panel.coinIds.map((id, coin) => [id, coin]));
  const values = [...held].map(([id, weight]) => {
    const coin = numbers.get(id) ?? -1;
    const [start, end] = [before, now].map(({ week }) => at(panel.columns.close, week * panel.coinIds.length + coin));
    const relative = (end ?? Number.NaN) / (start ?? Number.NaN);
    return [id, weight * (Number.isFinite(relative) ? relative : 1)] as const;
  });
  const total = values.reduce((sum, [, value]) => sum + value, 0);
  return new Map(values.map(([id, value]) => [id, total === 0 ? 0 : value / total]));
}

/** What is bought (above zero) and sold (below) under the trade bands; entries and departures always. */
function tradesOf(held: ReadonlyMap<string, number>, target: ReadonlyMap<string, number>): Map<string, number> {
  const trades = new Map<string, number>();
  for (const id of new Set([...held.keys(), ...target.keys()])) {
    const [have, want] = [held.get(id) ?? 0, target.get(id) ?? 0];
    const isKept = have > 0 && want > 0 && Math.abs(have - want) <= Math.max(BAND, RELATIVE_BAND * want);
    if (!isKept && have !== want) trades.set(id, want - have);
  }
  return trades;
}

/** {1} Fee, half the spread, impact and gas of trades {1}, as a share of the fund. */
function costOf(trades: ReadonlyMap<string, number>, { panel, week }: Composition, model: Traded): number {
  const numbers = new Map(panel.coinIds.map((id, coin) => [id, coin]));
  let cost = 0;
  for (const [id, trade] of trades) {
    const size = Math.abs(trade);
    const volume = at(panel.columns.volume, week * panel.coinIds.length + (numbers.get(id) ?? -1)); // {USD}
    const share = volume > 0 ? (size * model.navUsd) / volume : 1; // {1} = {1} * {USD} / {USD}
    const bps = model.feeBps + model.spreadBps / 2 + model.impactBps * Math.sqrt(share);
    cost += (size * bps) / BPS + model.gasUsd / model.navUsd;
  }
  return cost;
}
