// Turns the ledger's lines into legs, filtered as the server does, for when it is silent.
import { decimalString, toFloat } from "../../../../core/units.ts";
import type { LedgerLine } from "../../../../record/lines.ts";
import { timeString } from "../../../../site/amounts.ts";
import type { Answer } from "../api.ts";
import type { LegFilter } from "../leg-filter.ts";
import { type ChainRecord, type Way, readChain } from "./record.ts";

type Leg = Answer<"legs">["legs"][number];

/** All legs that the filter lets through, newest first, in one page. */
export async function legsFromChain(way: Way, filter: LegFilter): Promise<Answer<"legs">> {
  const record = await readChain(way);
  const regimes = new Map(
    record.lines
      .filter(({ event }) => event === "RebalanceStarted")
      .map(({ args }) => [args["id"], String(args["regime"])]),
  );
  const legs = record.lines
    .filter(({ event }) => event === "LegExecuted" || event === "LegSkipped")
    .map((line) => legOf(line, record, regimes.get(line.args["id"]) ?? "bear"))
    .filter((leg) => isWanted(leg, filter))
    .reverse();
  return { total: legs.length, legs, next: null };
}

function legOf(line: LedgerLine, { tokens }: ChainRecord, regime: string): Leg {
  const { args, event } = line;
  const [sellToken, buyToken] = [String(args["sold"]), String(args["bought"])];
  const unknown = (token: string) => ({ symbol: token, coinId: token, decimals: 0 });
  const [sell, buy] = [tokens.get(sellToken) ?? unknown(sellToken), tokens.get(buyToken) ?? unknown(buyToken)];
  return {
    sequence: line.sequence,
    time: timeString(line.time),
    block: line.block,
    transaction: line.transaction,
    rebalance: Number(args["id"]),
    regime,
    position: Number(args["position"]),
    outcome: event === "LegExecuted" ? "executed" : "skipped",
    ...{ sell: sell.symbol, sellCoinId: sell.coinId, sellToken },
    ...{ buy: buy.symbol, buyCoinId: buy.coinId, buyToken },
    ...resultOf(args, sell.decimals, buy.decimals),
    pool: args["pool"] === undefined ? null : String(args["pool"]),
    reason: args["reason"] === undefined ? null : String(args["reason"]),
  };
}

type Result = Pick<Leg, "amount" | "received" | "fair" | "minimum" | "price" | "fairPrice" | "costBps">;

const NOTHING: Result = {
  amount: null,
  received: null,
  fair: null,
  minimum: null,
  price: null,
  fairPrice: null,
  costBps: null,
};
/** Digits of a price. */
const DIGITS = 12;
const BPS = 10_000;

function resultOf(args: LedgerLine["args"], sold: number, bought: number): Result {
  if (args["amountSold"] === undefined) return NOTHING;
  const big = (name: string): bigint => BigInt(args[name] as string);
  const [amount, received, fair, minimum] = [big("amountSold"), big("amountBought"), big("fair"), big("minimum")];
  const float = { amount: toFloat(amount, sold), received: toFloat(received, bought), fair: toFloat(fair, bought) };
  const price = (value: number): string => decimalText(value / float.amount);
  return {
    amount: decimalString(amount, sold),
    received: decimalString(received, bought),
    fair: decimalString(fair, bought),
    minimum: decimalString(minimum, bought),
    price: price(float.received),
    fairPrice: price(float.fair),
    costBps: fair === 0n ? null : (1 - float.received / float.fair) * BPS,
  };
}

/** Plain digits for a price of any size. */
function decimalText(value: number): string {
  if (!Number.isFinite(value) || value === 0) return "0";
  const decimals = Math.max(0, Math.min(40, DIGITS - 1 - Math.floor(Math.log10(value))));
  return value.toFixed(decimals);
}

function isWanted(leg: Leg, filter: LegFilter): boolean {
  const { search, regime, outcome, from, to, coin, rebalance } = filter;
  const day = leg.time.slice(0, 10);
  const names = [leg.sell, leg.sellCoinId, leg.sellToken, leg.buy, leg.buyCoinId, leg.buyToken];
  return [
    regime === "" || leg.regime === regime,
    outcome === "" || leg.outcome === outcome,
    from === "" || day >= from,
    to === "" || day < to,
    rebalance === "" || leg.rebalance === Number(rebalance),
    coin === "" || names.some((name) => name.toLowerCase() === coin.toLowerCase()),
    search === "" ||
      [...names, leg.transaction, leg.reason ?? ""].some((name) =>
        name.toLowerCase().includes(search.trim().toLowerCase()),
      ),
  ].every(Boolean);
}
