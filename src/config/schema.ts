// Turns outside settings into the parameters of every stage, with the published methodology as defaults.
import { z } from "zod";
import { PPM } from "../core/units.ts";
import { visibleName } from "../core/visible-text.ts";
import { regimeSchema } from "../regime/parameters.ts";
import { universeSchema } from "../universe/parameters.ts";

const basketSchema = z
  .array(
    z.strictObject({
      coinId: visibleName,
      symbol: visibleName,
      /** {ppm} */
      weightPpm: z.int().min(0).max(PPM),
    }),
  )
  .min(1)
  .refine((coins) => coins.reduce((sum, coin) => sum + coin.weightPpm, 0) === PPM, {
    message: "expected weights that sum to 1000000",
  })
  .refine((coins) => new Set(coins.map((coin) => coin.coinId)).size === coins.length, {
    message: "expected each coin once",
  });

/** Schema of all parameters that a decision depends on. */
export const parametersSchema = z.strictObject({
  universe: universeSchema.prefault({}),
  regime: regimeSchema.prefault({}),
  /** What is held in a bear regime. */
  stableBasket: basketSchema.default([
    { coinId: "usd-coin", symbol: "USDC", weightPpm: 600_000 },
    { coinId: "tether", symbol: "USDT", weightPpm: 200_000 },
    { coinId: "dai", symbol: "DAI", weightPpm: 200_000 },
  ]),
});

/** Everything that a decision depends on besides the market. */
export type Parameters = z.infer<typeof parametersSchema>;

/** The published methodology. */
export const DEFAULT_PARAMETERS: Parameters = parametersSchema.parse({});
