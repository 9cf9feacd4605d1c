// Turns a market that stands into one at other prices, its pools and feeds after them; and hands out its coins.
import { type Address, encodeFunctionData } from "viem";

import { OutOfRangeError } from "../core/errors.ts";
import { type TokenUnits, type UnixSeconds, unixSeconds } from "../core/units.ts";
import { type Coin, type CoinStates, stateOf } from "./coin.ts";
import { resizePositions } from "./liquidity.ts";
import { mapStates, movePools, partOfTheWay, reportPrices } from "./moves.ts";
import { ETHEREUM } from "./rules.ts";
import { type MovingSite, TOKEN_ABI, wrapEther } from "./site.ts";

/** {s} The window over which pools are averaged: ten minutes. */
export const TWAP_WINDOW = 600;
/** {s} Between the last move and the window: a step's transactions lie a second apart. */
const WINDOW_MARGIN = 60;

/** Where a market goes, and by when. */
export type MarketMove = {
  readonly prices: ReadonlyMap<string, number>; // {USD/wholeTok} by coin id; a coin left out keeps its price
  readonly volumes?: ReadonlyMap<string, number>; // {USD/day} by coin id; a coin left out keeps its volume
  /** When the move and the averaging window after it are over. */
  readonly at: UnixSeconds;
  /** Equal parts of the time since now in which the prices go their way; at least 1. */
  readonly steps: number;
  /** Coins whose feeds get no answer during this move. */
  readonly staleFeeds?: ReadonlySet<string>;
  /** When it began, if it was interrupted; now when left out. */
  readonly from?: UnixSeconds;
};

/** Moves a market. @returns Its states afterwards. @see Market.moveTo */
export async function moveMarket(site: MovingSite, states: CoinStates, move: MarketMove): Promise<CoinStates> {
  const { chain } = site;
  const start = move.from ?? (await chain.now());
  const lastMove = move.at - TWAP_WINDOW - WINDOW_MARGIN;
  if (!Number.isInteger(move.steps) || move.steps < 1) throw new OutOfRangeError("steps", move.steps, "1 or more");
  if (lastMove < start + move.steps * WINDOW_MARGIN) {
    const earliest = start + (move.steps + 1) * WINDOW_MARGIN + TWAP_WINDOW;
    throw new OutOfRangeError("time of the move's end", move.at, `${earliest} or later`);
  }
  for (const coinId of move.prices.keys()) stateOf(states, coinId);

  const before = withVolumes(states, move.volumes ?? new Map());
  let moved = before;
  for (let step = 1; step <= move.steps; step++) {
    moved = partOfTheWay(before, move.prices, step / move.steps);
    await chain.setNextBlockTime(unixSeconds(start + Math.floor(((lastMove - start) * step) / move.steps)));
    await reportPrices(site, moved, move.staleFeeds ?? new Set());
    await movePools(site, moved);
  }
  const resized = await resizePositions(site, moved);
  await chain.advanceTo(move.at);
  return resized;
}

function withVolumes(states: CoinStates, volumes: ReadonlyMap<string, number>): CoinStates {
  return mapStates(states, (state) => ({ ...state, volume: volumes.get(state.coin.coinId) ?? state.volume }));
}

/** Gives away new tokens of a coin. @see Market.give */
export async function give(
  site: MovingSite,
  coin: Coin,
  { to, amount }: { readonly to: Address; readonly amount: TokenUnits },
): Promise<void> {
  if (coin.coinId === ETHEREUM) {
    await wrapEther(site, to, amount);
    return;
  }
  const data = encodeFunctionData({ abi: TOKEN_ABI, functionName: "mint", args: [to, amount] });
  await site.chain.send(site.maker, { to: coin.token, data });
}
