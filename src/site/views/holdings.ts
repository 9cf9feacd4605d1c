// Turns the state into the view "holdings".
import { decimalString } from "../../core/units.ts";
import type { DeployedAsset } from "../../execute/deployment.ts";
import type { PortfolioEntry } from "../../execute/read-portfolio.ts";
import { ETHER, TRANSIT } from "../../plan/holdings.ts";
import { timeString, usdString } from "../amounts.ts";
import type { HoldingAnswer, HoldingsAnswer } from "../answers/holdings.ts";
import type { Database } from "../index/database.ts";
import { targetInForce, weightsOf } from "../index/decisions.ts";
import type { MarketFacts } from "../market/facts.ts";
import { BAND, pegOf } from "../peg.ts";
import { depthUsd } from "../picture/slow-facts.ts";
import { type SiteState, pictureOf } from "../state.ts";

const NO_VEHICLE = { reason: "no-vehicle", detail: "not listed in the fund; its weight is spread over the others" };

/** What is held, what is aimed at, and what is left out. */
export function holdingsAnswer(state: SiteState): HoldingsAnswer {
  const { fund, portfolio } = pictureOf(state);
  const { database, market } = state;
  const target = targetInForce(database);
  const parts = new Map(target === undefined ? [] : weightsOf(target).map((one) => [one.asset, one.partsPerMillion]));
  const context: Context = { state, parts: target === undefined ? undefined : parts, ranks: ranksOf(market.facts) };
  const held = portfolio.map((entry) => holdingOf(entry, context));
  const indexes = new Set(portfolio.map(({ index }) => index));
  const aimed = [...parts.keys()]
    .filter((index) => !indexes.has(index))
    .map((index) => holdingOf(emptyOf(index, state), context));
  return {
    time: timeString(fund.time),
    block: Number(fund.block),
    regime: fund.regime,
    navUsd: usdString(fund.nav),
    targetId: target === undefined ? null : Number(target.args["id"]),
    holdings: [...held, ...aimed],
    leftOut: leftOutOf(state),
    stablecoins: stablecoinsOf(state),
    band: BAND,
  };
}

type Context = {
  readonly state: SiteState;
  /** {ppm} By index; undefined before the first target. */
  readonly parts: ReadonlyMap<number, number> | undefined;
  readonly ranks: ReadonlyMap<string, number>;
};

function emptyOf(index: number, { fund }: SiteState): PortfolioEntry {
  const token = assetOf(fund.deployment.assets, index)?.token ?? "0x0000000000000000000000000000000000000000";
  return { index, token, amount: 0n, price: 0n, value: 0n, weight: 0 };
}

function assetOf(assets: readonly DeployedAsset[], index: number): DeployedAsset | undefined {
  return assets.find((asset) => asset.index === (index === TRANSIT ? ETHER : index));
}

function holdingOf(entry: PortfolioEntry, { state, parts, ranks }: Context): HoldingAnswer {
  const { index, token, amount, price, value, weight } = entry;
  const { slow, market, database, tokens } = state;
  const identity = identityOf(entry, state);
  const row = tokens.byToken.get(token.toLowerCase())?.id;
  return {
    index,
    token,
    ...identity,
    amount: decimalString(amount, identity.decimals),
    priceUsd: price === 0n ? null : usdString(price),
    valueUsd: usdString(value),
    weightPpm: weight,
    targetPpm: parts === undefined ? null : (parts.get(index) ?? 0),
    rank: ranks.get(identity.coinId) ?? null,
    ...(market.facts?.coins.get(identity.coinId) ?? UNGRADED),
    poolDepthUsd: depthUsd(slow?.depths.get(index), price),
    lastTrade: row === undefined ? null : lastTradeOf(database, row),
  };
}

const UNGRADED = { traderGrade: null, investorGrade: null, weekChange: null };

type Identity = Pick<HoldingAnswer, "coinId" | "symbol" | "decimals" | "isStable" | "pool">;

/** By the deployment file; by the ledger's own line where the file is older than the listing. */
function identityOf({ index, token }: PortfolioEntry, { fund, tokens }: SiteState): Identity {
  const asset = assetOf(fund.deployment.assets, index);
  if (asset !== undefined) {
    const { coinId, symbol, decimals, isStable, pool } = asset;
    return { coinId, symbol, decimals, isStable, pool: pool ?? null };
  }
  const listed = tokens.byToken.get(token.toLowerCase());
  if (listed === undefined) return { coinId: "", symbol: "", decimals: 0, isStable: false, pool: null };
  const { coinId, symbol, decimals } = listed;
  return { coinId, symbol, decimals, isStable: false, pool: null };
}

function lastTradeOf(database: Database, token: number): HoldingAnswer["lastTrade"] {
  const row = database.one(
    `select * from (select sequence, time, hash, 'sold' as side from legs where sold = ?1 and executed = 1
        order by sequence desc limit 1)
      union all select * from (select sequence, time, hash, 'bought' as side from legs where bought = ?1 and executed = 1
        order by sequence desc limit 1) order by sequence desc limit 1`,
    token,
  ) as { readonly sequence: number; readonly time: number; readonly hash: string; readonly side: "sold" } | undefined;
  if (row === undefined) return null;
  return { sequence: row.sequence, time: timeString(row.time), transaction: row.hash, side: row.side };
}

function ranksOf(facts: MarketFacts | undefined): ReadonlyMap<string, number> {
  return new Map(facts?.signal.decision.index.map(({ coinId, rank }) => [coinId, rank]));
}

function leftOutOf({ market, fund }: SiteState): HoldingsAnswer["leftOut"] {
  const decision = market.facts?.signal.decision;
  if (decision === undefined) return [];
  const listed = new Set(fund.deployment.assets.map(({ coinId }) => coinId));
  const without = decision.index.filter(({ coinId }) => !listed.has(coinId));
  return [
    ...without.map(({ coinId, symbol, rank }) => ({ coinId, symbol, rank, ...NO_VEHICLE })),
    ...decision.excluded,
  ];
}

function stablecoinsOf(state: SiteState): HoldingsAnswer["stablecoins"] {
  const { portfolio, pegs } = pictureOf(state);
  return state.fund.deployment.assets
    .filter(({ isStable }) => isStable)
    .map(({ index, coinId, symbol, token, decimals }) => {
      const { amount, value, weight } = portfolio.find((entry) => entry.index === index) ?? emptyOf(index, state);
      return {
        index,
        coinId,
        symbol,
        token,
        ...pegOf(pegs.get(index) ?? 0n),
        amount: decimalString(amount, decimals),
        valueUsd: usdString(value),
        weightPpm: weight,
      };
    });
}
