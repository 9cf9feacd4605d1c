// Describes one account: where it stands, as `status --json` tells it, what it paid and got, and all that it did.
import { z } from "zod";

import { address, block, coinId, count, decimal, hash, list, moment, symbol, text } from "./fields.ts";

/** The account at a block. */
export const accountSchema = z.strictObject({
  address,
  shares: decimal,
  valueUsd: decimal,
  coins: decimal.meta({ description: "of the deposit coin, in the account" }),
  requests: list(
    z.strictObject({
      kind: z.enum(["deposit", "redemption"]),
      requestId: count,
      symbol,
      pending: decimal,
      claimable: decimal,
      closes: moment,
      struckAt: z.enum(["start", "finish"]),
    }),
  ),
  claimable: z.strictObject({ shares: decimal, coins: decimal }),
  inKind: list(z.strictObject({ coin: coinId, symbol, amount: decimal })),
});

/** Something that the account did or that was done to it. */
export const accountEventSchema = z.strictObject({
  sequence: count.nullable().meta({ description: "line of the ledger; null for a transfer of shares" }),
  time: moment,
  block,
  transaction: hash,
  event: text.meta({ examples: ["DepositClaimed"] }),
  words: text,
  coins: decimal.nullable().meta({ description: "of the deposit coin, out of the account below zero" }),
  shares: decimal.nullable().meta({ description: "out of the account below zero" }),
});

/** Answer of `/api/account/{address}`. */
export const accountAnswerSchema = z.strictObject({
  time: moment,
  block,
  navPerShareUsd: decimal,
  coin: symbol,
  account: accountSchema,
  position: z.strictObject({
    paid: decimal.meta({ description: "coins given for shares, or that wait to become some" }),
    received: decimal.meta({ description: "coins taken for shares" }),
    paidUsd: decimal.nullable().meta({
      description:
        "of `paid`: struck coins as their strike counted them, others as one would now; null without a price",
    }),
    receivedUsd: decimal.meta({ description: "of `received`, as the strikes counted the coins" }),
    outstanding: decimal.nullable().meta({
      description:
        "shares at today's value, coins to claim as their strike counted them, coins that wait as in `paidUsd`",
    }),
    gain: decimal.nullable().meta({
      description:
        "receivedUsd + outstanding - paidUsd, in USD; null when shares went another way, or a price is unknown",
    }),
    otherWays: z.boolean().meta({ description: "shares were transferred or redeemed in kind" }),
  }),
  history: list(accountEventSchema).meta({ description: "oldest first, 10,000 at most" }),
});

export type AccountAnswer = z.input<typeof accountSchema>;
export type AccountEvent = z.input<typeof accountEventSchema>;
export type PositionAnswer = z.input<typeof accountAnswerSchema>;
