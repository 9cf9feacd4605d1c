// Turns the operator's limits on trading into checked parameters with defaults.
import { z } from "zod";

/** {bps} The contracts' floor, where nobody has set another: a leg must bring at least the fair output less this. */
export const CONTRACT_FLOOR = 300;
/** {bps} The contracts' limit on how much a leg may move its pool's price: the same as the floor. */
const CONTRACT_MOVE = 300;

const BASIS_POINTS = z.int().min(0).max(10_000);

/** Schema of {@link PlanLimits}. */
export const planLimitsSchema = z.object({
  /** {bps} A leg may bring this much less than expected. */
  slippage: BASIS_POINTS.default(50),
  /** {bps} A leg may lose this much against the oracle's prices; larger ones are cut. Under the contract's floor. */
  maxLegLoss: BASIS_POINTS.max(CONTRACT_FLOOR).default(250),
  /** {bps} A leg may move the price against itself by this much; larger ones are cut. Under the contract's limit. */
  maxMove: BASIS_POINTS.max(CONTRACT_MOVE).default(280),
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
});

/** What execution costs. */
export type GasModel = z.infer<typeof gasModelSchema>;
