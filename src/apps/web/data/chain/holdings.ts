// Turns what the vault's lens says into the view of the holdings, without what needs market data.
import { vaultLensAbi } from "../../../../core/abi.ts";
import { decimalString } from "../../../../core/units.ts";
import { timeString, usdString } from "../../../../site/amounts.ts";
import { BAND, pegOf } from "../../../../site/peg.ts";
import type { DeployedAsset } from "../../../../execute/deployment.ts";
import { fetchPegs } from "../../../../execute/read-portfolio.ts";
import type { LedgerLine } from "../../../../record/lines.ts";
import type { Answer } from "../api.ts";
import type { ChainRecord } from "./record.ts";

type Holding = Answer<"holdings">["holdings"][number];

const TRANSIT = 255;

/** Everything that is held, with the target in force and the last trade from the ledger. */
export async function holdingsFromChain(record: ChainRecord): Promise<Answer<"holdings">> {
  const { status, fund, lines } = record;
  const target = targetInForce(lines);
  const [held, pegs] = await Promise.all([readHeld(record), fetchPegs(fund, status.block)]);
  const byToken = new Map(fund.deployment.assets.map((asset) => [asset.token.toLowerCase(), asset]));
  const holdings = held.map((each, place): Holding => {
    const asset = byToken.get(each.token.toLowerCase());
    const isTransit = held.findIndex(({ token }) => token === each.token) < place;
    return {
      ...nameOf(asset, each.token, isTransit),
      ...worthOf(each, asset),
      ...tradeOf(each.token, asset, { lines, target }),
    };
  });
  return {
    time: timeString(status.time),
    block: Number(status.block),
    regime: status.regime,
    navUsd: usdString(status.nav),
    targetId: target?.id ?? null,
    holdings,
    leftOut: [],
    stablecoins: fund.deployment.assets
      .filter(({ isStable }) => isStable)
      .map((asset) => stablecoinOf(asset, pegs.get(asset.index) ?? 0n, holdings)),
    band: BAND,
  };
}

type Held = {
  readonly token: string;
  readonly amount: bigint;
  readonly price: bigint;
  readonly value: bigint;
  readonly weight: number;
};
type Asset = DeployedAsset | undefined;
type Target = { readonly id: number; readonly parts: ReadonlyMap<number, number> };

async function readHeld({ status, fund }: ChainRecord): Promise<Held[]> {
  const lens = { address: fund.deployment.addresses.lens, abi: vaultLensAbi } as const;
  const read = { ...lens, functionName: "holdings", blockNumber: status.block } as const;
  const [tokens, amounts, prices, values, weights] = await fund.client.readContract(read);
  return tokens.map((token, place) => {
    const [amount = 0n, price = 0n, value = 0n] = [amounts[place], prices[place], values[place]];
    return { token, amount, price, value, weight: Number(weights[place] ?? 0n) };
  });
}

/** Wrapped ether in transit stands after wrapped ether held. */
function nameOf(asset: Asset, token: string, isTransit: boolean) {
  const { index, coinId, symbol, decimals, isStable } = asset ?? {
    index: TRANSIT,
    coinId: token,
    symbol: token,
    decimals: 0,
    isStable: false,
  };
  return { index: isTransit ? TRANSIT : index, coinId, symbol, token, decimals, isStable };
}

function worthOf({ amount, price, value, weight }: Held, asset: Asset) {
  return {
    amount: decimalString(amount, asset?.decimals ?? 0),
    priceUsd: price === 0n ? null : usdString(price),
    valueUsd: usdString(value),
    weightPpm: weight,
  };
}

/** What needs market data is not known. */
function tradeOf(
  token: string,
  asset: Asset,
  ledger: { readonly lines: readonly LedgerLine[]; readonly target: Target | undefined },
) {
  const part = asset === undefined ? 0 : (ledger.target?.parts.get(asset.index) ?? 0);
  return {
    targetPpm: ledger.target === undefined ? null : part,
    ...{ rank: null, traderGrade: null, investorGrade: null, weekChange: null, poolDepthUsd: null },
    pool: asset?.pool ?? null,
    lastTrade: lastTradeOf(ledger.lines, token.toLowerCase()),
  };
}

function stablecoinOf(
  { index, coinId, symbol, token }: DeployedAsset,
  peg: bigint,
  holdings: readonly Holding[],
): Answer<"holdings">["stablecoins"][number] {
  const held = holdings.find((holding) => holding.index === index);
  const { amount, valueUsd, weightPpm } = held ?? { amount: "0", valueUsd: "0", weightPpm: 0 };
  return { index, coinId, symbol, token, ...pegOf(peg), amount, valueUsd, weightPpm };
}

function targetInForce(lines: readonly LedgerLine[]): Target | undefined {
  const started = lines.findLast(({ event }) => event === "RebalanceStarted")?.args["id"];
  const published = lines.findLast(({ event, args }) => event === "TargetPublished" && args["id"] === started);
  if (published === undefined) return undefined;
  const [assets, parts] = [
    published.args["assets"],
    published.args["partsPerMillion"],
  ] as readonly (readonly string[])[];
  return {
    id: Number(started),
    parts: new Map(assets?.map((asset, place) => [Number(asset), Number(parts?.[place] ?? 0)])),
  };
}

function lastTradeOf(lines: readonly LedgerLine[], token: string): Holding["lastTrade"] {
  const line = lines.findLast(
    ({ event, args }) => event === "LegExecuted" && (args["sold"] === token || args["bought"] === token),
  );
  if (line === undefined) return null;
  const { sequence, transaction, time, args } = line;
  return { sequence, transaction, time: timeString(time), side: args["sold"] === token ? "sold" : "bought" };
}
