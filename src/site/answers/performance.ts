// Describes the view "performance": what the fund did since its first finish, by its ledger, and the backtest apart.
import { z } from "zod";

import { basisPoints, count, day, decimal, figure, list, moment, regimeWord, text } from "./fields.ts";

const nullableFigure = figure.nullable();

/** Answer of `/api/performance`. Everything is of the ledger but bitcoin's price, which is of the market data. */
export const performanceSchema = z.strictObject({
  since: moment.nullable(),
  points: list(
    z.strictObject({
      time: moment,
      targetId: count,
      regime: regimeWord,
      navUsd: decimal,
      supply: decimal,
      navPerShareUsd: decimal,
      drawdown: figure.meta({ description: "of NAV per share below its highest so far", examples: [-0.05] }),
      twinLevel: decimal,
      bitcoinUsd: decimal.nullable().meta({ description: "at the close before" }),
      costBps: basisPoints,
    }),
  ).meta({ description: "one a finished rebalance, oldest first" }),
  ribbon: list(z.strictObject({ regime: regimeWord, from: moment, to: moment.nullable(), targetId: count })),
  years: list(
    z.strictObject({
      period: text.meta({ examples: ["2023"] }),
      total_return: figure,
      twin_return: nullableFigure,
      costBps: basisPoints.meta({ description: "of all rebalances of the year, added up" }),
      rebalances: count,
    }),
  ),
  figures: z.record(z.string(), nullableFigure).meta({ examples: [{ total_return: 0.12, max_drawdown: -0.2 }] }),
  definitions: z.record(z.string(), text).meta({ examples: [{ total_return: "W_N - 1" }] }),
  costs: z.strictObject({
    tradingUsd: decimal.meta({ description: "costBps of NAV, added up" }),
    feeShares: decimal.meta({ description: "minted for the management so far" }),
    gas: count,
    gasEther: decimal.meta({ description: "paid by the keeper, not by the fund" }),
  }),
  roundTrips: list(
    z.strictObject({
      exitId: count,
      entryId: count,
      left: moment,
      returned: moment,
      exitNavPerShareUsd: decimal,
      entryNavPerShareUsd: decimal,
      exitTwinLevel: decimal,
      entryTwinLevel: decimal,
      saved: figure.meta({ description: "growth of a share over that of the twin, less 1, costs included" }),
    }),
  ).meta({ description: "ways out of the market and back: what each was worth" }),
});

const measured = z.record(z.string(), z.union([z.string(), z.number(), z.null()]));

/** Answer of `/api/backtest`: no money was ever moved by it. The fields are those of `backtest --json`. */
export const backtestSchema = z.strictObject({
  isBacktest: z.literal(true),
  strategy: text,
  data: text,
  dataDigest: text,
  rules: text,
  from: day.nullable(),
  to: day.nullable(),
  costs: measured.meta({ examples: [{ kind: "flat", switchBps: 50 }] }),
  delayDays: count,
  cashRate: figure,
  trialsRun: count,
  figures: z.record(z.string(), nullableFigure).meta({ examples: [{ cagr: 0.33 }] }),
  intervals: z.record(z.string(), list(figure)).meta({ examples: [{ cagr: [0.1, 0.6] }] }),
  benchmarks: list(measured).meta({ examples: [[{ name: "hold", cagr: 0.18 }]] }),
  stresses: list(measured).meta({ examples: [[{ test: "delay_days", value: 1, cagr: 0.3 }]] }),
  placebo: z.record(z.string(), z.unknown()).meta({ examples: [{ paths: 1000 }] }),
  years: list(z.strictObject({ period: text, total_return: figure, index_return: figure })),
  roundTrips: list(
    z.strictObject({
      left: day,
      returned: day.nullable(),
      isDaily: z.boolean(),
      index_return: figure,
      saved: figure,
    }),
  ),
  weeks: list(
    z.strictObject({ date: day, return: nullableFigure, index_return: nullableFigure, position: nullableFigure }),
  ),
  notices: list(text),
  definitions: z.record(z.string(), text).meta({ examples: [{ cagr: "W_N^(a/N) - 1" }] }),
});

export type PerformanceAnswer = z.input<typeof performanceSchema>;
export type BacktestAnswer = z.input<typeof backtestSchema>;
