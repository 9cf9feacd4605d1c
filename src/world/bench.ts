// Turns a stretch of the embedded market into figures: how fast a world starts, and what leaving the market costs.
import { DEFAULT_PARAMETERS } from "../config/schema.ts";
import { DEFAULT_SIMULATION, DEMO_WINDOW, simulateMarket } from "../market/simulate.ts";
import { depositNew, playWeeks } from "./play.ts";
import type { WeekRecord, World } from "./week.ts";

/** One measured figure, with its unit in words. */
export type Figure = { readonly what: string; readonly value: string };

/** {tok} A million USDC. */
const DEPOSIT = 10n ** 12n;

/** Plays the demo's window up to the first exit. */
export async function benchWorld(): Promise<Figure[]> {
  const script = {
    history: simulateMarket(DEFAULT_SIMULATION),
    range: DEMO_WINDOW,
    parameters: DEFAULT_PARAMETERS,
    steps: 3,
    between: async (world: World, weeksDone: number) => {
      if (weeksDone === 0) await depositNew(world, "alice", DEPOSIT);
    },
  };
  const figures: Figure[] = [];
  const start = performance.now();
  let opened: World | undefined;
  for await (const { world, week } of playWeeks(script)) {
    if (opened === undefined) figures.push(startFigure(world, performance.now() - start));
    opened = world;
    if (week !== undefined && week.legs > week.decision.index.length) figures.push(...weekFigures(week));
    if (week?.decision.regime === "bear") break;
  }
  await opened?.market.close();
  return figures;
}

function startFigure({ market }: World, milliseconds: number): Figure {
  return {
    what: `start with ${market.coins().length} tokens and the fund [s]`,
    value: (milliseconds / 1000).toFixed(1),
  };
}

function weekFigures(week: WeekRecord): Figure[] {
  const { date, regime } = week.decision;
  const rebalances = week.transactions.filter(({ kind }) => kind === "rebalance");
  const gas = rebalances.map((transaction) => transaction.gas.toLocaleString("en-US")).join(" + ");
  return [{ what: `${date} to ${regime}: ${week.legs} legs, gas by transaction`, value: gas }];
}
