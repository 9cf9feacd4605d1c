// Turns the lines of a queue into what the coins of each claim were worth at the strikes behind them.
import { integerOf, textOf } from "./line-values.ts";
import type { LedgerLine } from "./lines.ts";
import { QUEUES, queueAfter } from "./queue.ts";
import { coinUnit, coinsInUsd, strikePrice } from "./strike-price.ts";

/** Coins with what they were worth when they were struck. */
export type StruckCoins = { readonly coins: bigint; readonly usd: bigint }; // {tok}, D18{USD}

/** By number of a claim's line, and of what each account has not claimed yet, by address in lower case. */
export type CoinClaims = {
  readonly claims: ReadonlyMap<number, bigint>; // D18{USD}
  readonly open: ReadonlyMap<string, StruckCoins>;
};

const NOTHING: StruckCoins = { coins: 0n, usd: 0n };

/**
 * The claims of a queue in dollars. A claim takes its part of all that was struck for the account and not claimed, at the
 * mean price of these strikes, rounded down; the last one takes the rest.
 *
 * @param lines From the first, all that name the queue, and the listing of the deposit coin.
 * @throws LedgerContradictionError when a line takes, strikes or claims what is not there.
 */
export function coinClaims(lines: readonly LedgerLine[], queue: keyof typeof QUEUES): CoinClaims {
  const names = QUEUES[queue];
  const perUnit = coinUnit(lines);
  const settled = Map.groupBy(queueAfter(lines, names).settlements, ({ sequence }) => sequence);
  const open = new Map<string, StruckCoins>();
  const claims = new Map<number, bigint>();
  for (const line of lines) {
    const price = line.event === names.struck ? strikePrice(line, perUnit) : 0n;
    for (const { account, given, received } of settled.get(line.sequence) ?? []) {
      const coins = queue === "deposits" ? given : received;
      const before = open.get(account) ?? NOTHING;
      open.set(account, { coins: before.coins + coins, usd: before.usd + coinsInUsd(coins, price, perUnit) });
    }
    if (line.event !== names.claimed) continue;
    const account = textOf(line.args, "controller");
    const { taken, rest } = split(open.get(account) ?? NOTHING, integerOf(line.args, "assets"));
    claims.set(line.sequence, taken);
    open.set(account, rest);
  }
  return { claims, open };
}

function split({ coins, usd }: StruckCoins, part: bigint): { readonly taken: bigint; readonly rest: StruckCoins } {
  // D18{USD} = D18{USD} * {tok} / {tok}
  const taken = coins === 0n ? 0n : (usd * part) / coins;
  return { taken, rest: { coins: coins - part, usd: usd - taken } };
}
