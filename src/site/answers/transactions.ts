// Describes the view "transactions": rebalances, their legs, and one transaction with the lines that it wrote.
import { z } from "zod";

import {
  address,
  basisPoints,
  block,
  coinId,
  count,
  decimal,
  hash,
  list,
  moment,
  regimeWord,
  symbol,
  text,
} from "./fields.ts";
import { lineSchema } from "./ledger.ts";

/** One rebalance, or an exit that anyone carried out. */
export const rebalanceSchema = z.strictObject({
  id: count,
  sequence: count.meta({ description: "line of the ledger with which it started" }),
  regime: regimeWord,
  state: z.enum(["running", "finished", "closed"]),
  decisionHash: hash,
  membershipRoot: hash,
  startedAt: moment,
  endedAt: moment.nullable(),
  startNavUsd: decimal,
  navUsd: decimal.nullable(),
  supply: decimal.nullable(),
  navPerShareUsd: decimal.nullable(),
  twinLevel: decimal.nullable(),
  costBps: basisPoints.nullable().meta({ description: "of NAV at the oracle's prices, without gas" }),
  legs: count,
  skips: count,
  closedBecause: text.nullable(),
  gas: count.nullable(),
  gasEther: decimal.nullable(),
  transactions: list(hash),
});

/** Answer of `/api/rebalances`; newest first. */
export const rebalancesSchema = z.strictObject({
  total: count,
  rebalances: list(rebalanceSchema),
  next: count.nullable().meta({ description: "`before` of the next page; null at the end" }),
});

/** One leg, executed or left out. */
export const legSchema = z.strictObject({
  sequence: count,
  time: moment,
  block,
  transaction: hash,
  rebalance: count.meta({ description: "id of its rebalance" }),
  regime: regimeWord,
  position: count,
  outcome: z.enum(["executed", "skipped"]),
  sell: symbol,
  sellCoinId: coinId,
  sellToken: address,
  buy: symbol,
  buyCoinId: coinId,
  buyToken: address,
  amount: decimal.nullable().meta({ description: "sold" }),
  received: decimal.nullable().meta({ description: "bought" }),
  fair: decimal.nullable().meta({ description: "bought at the oracle's prices" }),
  minimum: decimal.nullable(),
  price: decimal.nullable().meta({ description: "received a unit sold, 12 significant digits" }),
  fairPrice: decimal.nullable().meta({ description: "fair a unit sold, 12 significant digits" }),
  costBps: z
    .number()
    .nullable()
    .meta({ description: "of fair, below zero when it brought more", examples: [12.3] }),
  pool: address.nullable(),
  reason: text.nullable().meta({ description: "why it was left out" }),
});

/** Answer of `/api/legs`; newest first unless `order` says otherwise. */
export const legsSchema = z.strictObject({
  total: count.meta({ description: "that the filters let through" }),
  legs: list(legSchema),
  next: count.nullable().meta({ description: "`cursor` of the next page; null at the end" }),
});

/** Answer of `/api/transactions/{hash}`. */
export const transactionSchema = z.strictObject({
  hash,
  block,
  blockHash: hash,
  time: moment,
  from: address,
  to: address.nullable(),
  status: z.enum(["success", "reverted"]),
  gas: count,
  gasPriceGwei: decimal,
  gasEther: decimal,
  lines: list(lineSchema),
  words: list(text).meta({ description: "what happened, a sentence a line" }),
});

export type RebalanceAnswer = z.input<typeof rebalanceSchema>;
export type RebalancesAnswer = z.input<typeof rebalancesSchema>;
export type LegAnswer = z.input<typeof legSchema>;
export type LegsAnswer = z.input<typeof legsSchema>;
export type TransactionAnswer = z.input<typeof transactionSchema>;
