// Turns sizes of a fund into what its trades leave of the growth rate.
import type { CostModel } from "./costs.ts";
import { type Evaluation, type Setting, evaluateRegimes } from "./evaluate.ts";
import type { MarketPath } from "./market-path.ts";

/** A fund of a size. */
export type Capacity = { readonly nav_usd: number; readonly cagr: number; readonly max_drawdown: number };

/** {USD} */
const SIZES = [1e5, 1e6, 1e7, 1e8, 1e9] as const;

/** The costs of trading that the sizes are tried with: see docs/methodology.md, Costs. */
export const TRADED_COSTS: Omit<Extract<CostModel, { kind: "traded" }>, "navUsd"> = {
  kind: "traded",
  feeBps: 30,
  spreadBps: 20,
  impactBps: 600,
  gasUsd: 1,
};

/** The same decisions by funds of several sizes, each paying for what it trades, weekly trades included. */
export function capacityOf(path: MarketPath, { name, regimes }: Evaluation, setting: Setting): Capacity[] {
  return SIZES.map((navUsd) => {
    const costs = { ...TRADED_COSTS, navUsd };
    const { figures } = evaluateRegimes(path, regimes, { name, setting: { ...setting, costs } });
    return { nav_usd: navUsd, cagr: figures.cagr, max_drawdown: figures.max_drawdown };
  });
}
