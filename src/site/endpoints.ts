// Names every view of the API: its path, what may be asked, and the schema of its answer. All are read with GET.
import { accountAnswerSchema } from "./answers/account.ts";
import { decisionSchema, decisionsSchema } from "./answers/decisions.ts";
import { healthSchema } from "./answers/health.ts";
import { holdingsSchema } from "./answers/holdings.ts";
import { investSchema } from "./answers/invest.ts";
import { ledgerSchema } from "./answers/ledger.ts";
import { nowSchema } from "./answers/now.ts";
import { backtestSchema, performanceSchema } from "./answers/performance.ts";
import { rulesSchema, siteSchema } from "./answers/rules.ts";
import { gaugesSchema } from "./answers/signal.ts";
import { legsSchema, rebalancesSchema, transactionSchema } from "./answers/transactions.ts";
import {
  accountPath,
  decisionsQuery,
  ledgerQuery,
  legFilter,
  legsQuery,
  noQuery,
  rebalancesQuery,
  transactionPath,
  weekPath,
} from "./queries.ts";

/** Views that answer with one JSON document. */
export const VIEWS = {
  site: { path: "/api/site", about: "chain, addresses and coins", query: noQuery, answer: siteSchema },
  now: { path: "/api/now", about: "fund, regime and levels now", query: noQuery, answer: nowSchema },
  gauges: { path: "/api/gauges", about: "every gauge over all weeks", query: noQuery, answer: gaugesSchema },
  holdings: { path: "/api/holdings", about: "what is held, what is left out", query: noQuery, answer: holdingsSchema },
  rebalances: { path: "/api/rebalances", about: "every rebalance", query: rebalancesQuery, answer: rebalancesSchema },
  legs: { path: "/api/legs", about: "every leg, filtered", query: legsQuery, answer: legsSchema },
  transaction: {
    path: "/api/transactions/:hash",
    about: "a transaction with the lines that it wrote",
    parameters: transactionPath,
    query: noQuery,
    answer: transactionSchema,
  },
  ledger: { path: "/api/ledger", about: "the ledger's lines as they are", query: ledgerQuery, answer: ledgerSchema },
  decisions: { path: "/api/decisions", about: "every decision", query: decisionsQuery, answer: decisionsSchema },
  decision: {
    path: "/api/decisions/:week",
    about: "the decision of a Monday, replayed",
    parameters: weekPath,
    query: noQuery,
    answer: decisionSchema,
  },
  performance: { path: "/api/performance", about: "what the fund did", query: noQuery, answer: performanceSchema },
  backtest: {
    path: "/api/backtest",
    about: "what a fund that follows the rules would have done; no money was moved",
    query: noQuery,
    answer: backtestSchema,
  },
  invest: { path: "/api/invest", about: "every condition of a deposit", query: noQuery, answer: investSchema },
  account: {
    path: "/api/account/:address",
    about: "where an account stands, and what it did",
    parameters: accountPath,
    query: noQuery,
    answer: accountAnswerSchema,
  },
  rules: { path: "/api/rules", about: "methodology, limits, roles, addresses", query: noQuery, answer: rulesSchema },
  health: { path: "/api/health", about: "whether all of this is current", query: noQuery, answer: healthSchema },
} as const;

/** Views that answer with a file. */
export const FILES = {
  holdings: { path: "/api/holdings.csv", about: "holdings", query: noQuery, type: "text/csv" },
  legs: { path: "/api/legs.csv", about: "legs, filtered", query: legFilter, type: "text/csv" },
  ledger: {
    path: "/api/ledger.jsonl",
    about: "the whole ledger as `log --out` writes it and `verify --log` proves it",
    query: noQuery,
    type: "application/jsonl",
  },
  account: {
    path: "/api/account/:address/history.csv",
    about: "what an account did, for its tax return",
    parameters: accountPath,
    query: noQuery,
    type: "text/csv",
  },
} as const;

/** The one file that is content-addressed: what a decision was taken from, by docs/snapshot.schema.json. */
export const SNAPSHOT = {
  path: "/api/decisions/:week/snapshot",
  about: "what a decision was taken from: canonical JSON from which anybody takes it again",
  parameters: weekPath,
  query: noQuery,
} as const;

/** Where server-sent events come from, and the description of all of this. */
export const EVENTS_PATH = "/api/events";
export const OPENAPI_PATH = "/api/openapi.json";

export type ViewName = keyof typeof VIEWS;
