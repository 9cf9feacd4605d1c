// Describes the view "invest": every condition of a deposit or a redemption, before anything is signed.
import { z } from "zod";

import { address, basisPoints, block, count, decimal, list, moment, regime, symbol } from "./fields.ts";
import { costsSchema } from "./fund.ts";

const moneySchema = z.strictObject({ symbol, token: address, decimals: count });

/** Answer of `/api/invest`. */
export const investSchema = z.strictObject({
  time: moment,
  block,
  regime,
  navUsd: decimal,
  unpriced: count,
  navPerShareUsd: decimal,
  coin: moneySchema,
  coinPriceUsd: decimal.nullable(),
  share: moneySchema,
  costs: costsSchema,
  expectedTradingBps: basisPoints.nullable().meta({
    description: "what the last rebalances cost on average; it is in the swing, not on top of it",
  }),
  cutoff: moment.meta({ description: "when this week's requests close" }),
  deposits: z.enum(["open", "paused", "full"]),
  depositsPausedUntil: moment.nullable(),
  atOnce: z.strictObject({
    isOpen: z
      .boolean()
      .meta({ description: "deposit and redeem in one transaction: the fund is wholly in stablecoins" }),
    gateway: address,
  }),
  inKind: list(z.strictObject({ index: count, symbol, token: address, decimals: count, amount: decimal })).meta({
    description: "what the fund holds; an exit in kind brings the share's part of each",
  }),
  supply: decimal,
});

export type InvestAnswer = z.input<typeof investSchema>;
