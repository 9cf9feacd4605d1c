// Turns the name of a view and what was asked into its answer, and the name of a file into its parts.
import type { z } from "zod";

import type { AccountEvent } from "../../site/answers/account.ts";
import type { HoldingAnswer } from "../../site/answers/holdings.ts";
import type { LegAnswer } from "../../site/answers/transactions.ts";
import type { FILES, VIEWS, ViewName } from "../../site/endpoints.ts";
import { legPages, legsAnswer } from "../../site/index/legs.ts";
import { ledgerAnswer, ledgerFile } from "../../site/index/lines.ts";
import { performanceAnswer } from "../../site/index/performance.ts";
import { rebalancesAnswer } from "../../site/index/rebalances.ts";
import { bitcoinBefore } from "../../site/market/facts.ts";
import type { LegFilter } from "../../site/queries.ts";
import { NotReadyError, type SiteState } from "../../site/state.ts";
import { accountAnswer, accountHistory } from "../../site/views/account.ts";
import { decisionAnswer, decisionsAnswer } from "../../site/views/decisions.ts";
import { healthAnswer } from "../../site/views/health.ts";
import { holdingsAnswer } from "../../site/views/holdings.ts";
import { investAnswer } from "../../site/views/invest.ts";
import { gaugesAnswer, nowAnswer } from "../../site/views/now.ts";
import { rulesAnswer, siteAnswer } from "../../site/views/rules.ts";
import { transactionAnswer } from "../../site/views/transaction.ts";
import { csvOf } from "./csv.ts";

type Query<Name extends ViewName> = z.output<(typeof VIEWS)[Name]["query"]>;
type Answer<Name extends ViewName> = z.input<(typeof VIEWS)[Name]["answer"]>;
/** The parts of a path that have names. */
export type PathValues = Readonly<Record<string, string>>;

type Maker<Name extends ViewName> = (
  state: SiteState,
  query: Query<Name>,
  path: PathValues,
) => Answer<Name> | Promise<Answer<Name>>;

/** Makes each view. */
export const MAKERS: { readonly [Name in ViewName]: Maker<Name> } = {
  site: siteAnswer,
  now: nowAnswer,
  gauges: gaugesAnswer,
  holdings: holdingsAnswer,
  rebalances: ({ database }, query) => rebalancesAnswer(database, query),
  legs: ({ database, tokens }, query) => legsAnswer(database, tokens, query),
  transaction: (state, _, { hash = "" }) => transactionAnswer(state, hash),
  ledger: ({ database, place }, query) => ledgerAnswer(database, place, query),
  decisions: decisionsAnswer,
  decision: (state, _, { week = "" }) => decisionAnswer(state, week),
  performance: ({ database, market }) =>
    performanceAnswer(database, (time) => (market.facts === undefined ? null : bitcoinBefore(market.facts, time))),
  backtest: ({ market }) => {
    if (market.facts === undefined) throw new NotReadyError("market data");
    return market.facts.backtest;
  },
  invest: investAnswer,
  account: (state, _, { address = "" }) => accountAnswer(state, address),
  rules: rulesAnswer,
  health: healthAnswer,
};

type FileName = keyof typeof FILES;
type FileMaker = (state: SiteState, query: unknown, path: PathValues) => Iterable<string>;

const LEG_FIELDS = [
  ...["sequence", "time", "rebalance", "regime", "position", "outcome", "sell", "sellCoinId", "sellToken"],
  ...["buy", "buyCoinId", "buyToken", "amount", "received", "fair", "minimum", "price", "fairPrice", "costBps"],
  ...["pool", "reason", "block", "transaction"],
] as readonly (keyof LegAnswer)[];
const HOLDING_FIELDS = [
  ...["index", "coinId", "symbol", "token", "amount", "priceUsd", "valueUsd", "weightPpm", "targetPpm", "rank"],
  ...["traderGrade", "investorGrade", "weekChange", "pool", "poolDepthUsd"],
] as readonly (keyof HoldingAnswer)[];
const HISTORY_FIELDS = [
  ...["time", "event", "coins", "shares", "words", "sequence", "block", "transaction"],
] as readonly (keyof AccountEvent)[];

/** Makes each file, in parts. */
export const FILE_MAKERS: { readonly [Name in FileName]: FileMaker } = {
  holdings: (state) => csvOf(HOLDING_FIELDS, [holdingsAnswer(state).holdings]),
  legs: ({ database, tokens }, query) => csvOf(LEG_FIELDS, legPages(database, tokens, query as LegFilter)),
  ledger: ({ database, place }) => ledgerFile(database, place),
  account: (state, _, { address = "" }) => csvOf(HISTORY_FIELDS, [accountHistory(state, address)]),
};
