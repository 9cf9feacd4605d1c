// Turns the state into whether the picture is whole and current.
import { timeString } from "../amounts.ts";
import type { HealthAnswer } from "../answers/health.ts";
import { endOf } from "../index/follow.ts";
import type { SiteState } from "../state.ts";

/** What is wrong, and how far everything was read. */
export function healthAnswer(state: SiteState): HealthAnswer {
  const { chain, market, reorgs } = state;
  const { block, sequence, head } = endOf(state.database, state.place);
  const indexState = indexStateOf(state, block);
  const troubles = [
    ...state.troubles,
    ...(indexState === "broken" ? ["The node's log does not give the vault's head."] : []),
    ...(market.failure === undefined ? [] : ["The market data cannot be read."]),
  ];
  return {
    ok: troubles.length === 0 && indexState !== "starting",
    troubles,
    chain: chain === undefined ? null : { block: chain.block, time: timeString(chain.time) },
    index: { block: Math.max(0, block), sequence, head, state: indexState, reorgs },
    market: { state: market.state, close: market.facts?.close ?? null },
  };
}

function indexStateOf({ isProven, chain }: SiteState, block: number): HealthAnswer["index"]["state"] {
  if (isProven === undefined) return "starting";
  if (!isProven) return "broken";
  return chain !== undefined && block < chain.block ? "behind" : "current";
}
