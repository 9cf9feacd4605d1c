// A process of its own that holds the chain and the market of a fund, and does to them what its parent says.
import type { IsoDate } from "../../core/time.ts";
import { DAY, isoDate, startOfDay } from "../../core/time.ts";
import { tokenUnits, unixSeconds } from "../../core/units.ts";
import type { Deployment } from "../../execute/deployment.ts";
import type { CoinSpec } from "../coin.ts";
import { openFund } from "../fund.ts";
import { startMarket } from "../market.ts";
import { depositNew } from "../play.ts";
import type { World } from "../week.ts";

/** What the parent asks for; each is answered before the next. */
export type WorldOrder =
  | { readonly kind: "open"; readonly monday: IsoDate; readonly coins: readonly CoinSpec[] }
  | {
      readonly kind: "move";
      readonly at: number; // {s}
      readonly prices: readonly (readonly [string, number])[]; // {USD/wholeTok}
      readonly volumes: readonly (readonly [string, number])[]; // {USD/day}
    }
  | { readonly kind: "advance"; readonly at: number /* {s} */ }
  | { readonly kind: "deposit"; readonly dollars: number };

/** The answer; of `open`, where the fund is. */
export type WorldAnswer = { readonly rpc?: string; readonly deployment?: Deployment; readonly problem?: string };

let world: World | undefined;

async function obey(order: WorldOrder): Promise<WorldAnswer> {
  if (order.kind === "open") return open(order);
  if (world === undefined) throw new TypeError("the world is not open yet");
  const { market } = world;
  switch (order.kind) {
    case "move":
      await market.moveTo({
        ...{ prices: new Map(order.prices), volumes: new Map(order.volumes) },
        ...{ at: unixSeconds(order.at), steps: 1 },
      });
      return {};
    case "advance":
      await market.chain.advanceTo(unixSeconds(order.at));
      return {};
    case "deposit":
      await depositNew(world, "bob", tokenUnits(BigInt(order.dollars) * 10n ** 6n));
      return {};
  }
}

async function open({ monday, coins }: Extract<WorldOrder, { kind: "open" }>): Promise<WorldAnswer> {
  const market = await startMarket({ at: unixSeconds(startOfDay(isoDate(monday)) - 1.5 * DAY), coins });
  world = { market, fund: await openFund(market) };
  await depositNew(world, "alice", tokenUnits(10n ** 11n));
  const rich = 10n ** 24n; // {wei} a million ether: gas of ten years
  await market.chain.setBalance(market.chain.accounts.keeper.address, rich);
  return { rpc: await market.chain.serve(0), deployment: world.fund.deployment() };
}

if (process.argv[1] === import.meta.filename) {
  process.on("message", (order: WorldOrder) => {
    obey(order)
      .catch((error: unknown): WorldAnswer => ({ problem: error instanceof Error ? error.message : String(error) }))
      .then((answer) => process.send?.(answer))
      .catch(() => process.exit(1)); // nobody is left to tell
  });
  process.on("disconnect", () => process.exit(0)); // the one who asks is gone, and the chain's server would go on
}
