// Turns the operator's limits on trading into checked parameters with defaults, beside those of the contracts.
import { z } from "zod";

import { type Bps, bps } from "../core/units.ts";

/**
 * {bps} The contracts' limit where nobody has set another: a leg must bring at least the fair output less this, and may
 * move its pool's price by no more. @see LegLimits.DEFAULT
 */
export const ORDINARY_LIMIT: Bps = bps(300);
/** {bps} The widest limit of an exit. @see LegLimits.EXIT */
const WIDEST_LIMIT = 1000;
/** {s} After which the limit of an exit doubles, and once more. @see LegLimits.EXIT_FIRST */
const [FIRST_DOUBLING, SECOND_DOUBLING] = [3600, 6 * 3600];

/**
 * The limit of a leg of an exit, in whose way a lowered limit does not stand. @see LegLimits.ofExit
 *
 * @param limit Of the asset.
 * @param elapsed {s} since the exit began.
 */
export function exitLimit(limit: Bps, elapsed: number): Bps {
  const doubled = elapsed >= SECOND_DOUBLING ? 4 : elapsed >= FIRST_DOUBLING ? 2 : 1;
  return bps(Math.min(Math.max(limit, ORDINARY_LIMIT) * doubled, WIDEST_LIMIT));
}

const BASIS_POINTS = z.int().min(0).max(10_000);

/**
 * Schema of {@link PlanLimits}. The limits on loss and move stand beside the contracts' ordinary one: where an asset has
 * another, or an exit has gone on for some time, they are narrower or wider in the same proportion.
 */
export const planLimitsSchema = z.object({
  /** {bps} A leg may bring this much less than expected. */
  slippage: BASIS_POINTS.default(50),
  /** {bps} A leg may lose this much against the oracle's prices; what is larger is split over time. */
  maxLegLoss: BASIS_POINTS.max(ORDINARY_LIMIT).default(250),
  /** {bps} A leg may move the price against itself by this much; what is larger is split over time. */
  maxMove: BASIS_POINTS.max(ORDINARY_LIMIT).default(280),
  /** {bps} A leg's size may cost this much of its value; what is larger is split over time. */
  maxImpact: BASIS_POINTS.max(ORDINARY_LIMIT).default(ORDINARY_LIMIT),
  /** {bps} A pool may stand this much worse than the oracle before a leg outside exits. The contract's limit is 200. */
  maxDrift: BASIS_POINTS.max(200).default(180),
  /** D18{USD} Orders below are dropped. */
  dust: z
    .bigint()
    .min(0n)
    .default(5n * 10n ** 18n),
  /** {gas} One transaction may use this much. */
  transactionGas: z.int().positive().default(15_000_000),
});

/** What a plan may do. */
export type PlanLimits = z.infer<typeof planLimitsSchema>;

/** Schema of {@link GasModel}; the defaults are a little above what the local chain measures. */
export const gasModelSchema = z.object({
  /** {wei} The price of a unit of gas. */
  price: z.bigint().min(0n),
  /** {gas} A transaction without legs. */
  base: z.int().min(0).default(600_000),
  /** {gas} Reading the price and balance of one asset. */
  perAsset: z.int().min(0).default(23_000),
  /** {gas} A leg that sells a holding, or turns ether and the deposit coin into each other. */
  perSale: z.int().min(0).default(112_000),
  /** {gas} A leg that buys more of a holding. */
  perPurchase: z.int().min(0).default(135_000),
  /** {gas} A leg that buys what was not held, and writes new slots. */
  perNewHolding: z.int().min(0).default(180_000),
  /** {gas} Each initialized tick that a leg crosses, as Uniswap's own routing counts it. */
  perTick: z.int().min(0).default(31_000),
});

/** What execution costs. */
export type GasModel = z.infer<typeof gasModelSchema>;
