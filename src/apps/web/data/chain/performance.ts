// Turns the finishes in the ledger into the fund's performance, without bitcoin's price and without statistics.
import { WAD, decimalString } from "../../../../core/units.ts";
import { timeString, usdString } from "../../../../site/amounts.ts";
import type { LedgerLine } from "../../../../record/lines.ts";
import { booksAfter } from "../../../../record/rebuild.ts";
import type { Answer } from "../api.ts";
import type { ChainRecord } from "./record.ts";

type Performance = Answer<"performance">;
type Point = Performance["points"][number];

/** What the ledger alone gives. */
export function performanceFromChain({ lines }: ChainRecord): Performance {
  const points = pointsOf(lines);
  // D18{USD} = D18{USD} * {bps} / {bps}
  const lost = lines
    .filter(isFinish)
    .reduce((sum, { args }) => sum + (big(args["nav"]) * big(args["costBps"])) / 10_000n, 0n);
  return {
    since: points[0]?.time ?? null,
    points,
    ribbon: ribbonOf(lines),
    years: [],
    figures: {},
    definitions: {},
    costs: { tradingUsd: usdString(lost), feeShares: decimalString(booksAfter(lines).fees, 18), gas: 0, gasEther: "0" },
    roundTrips: tripsOf(lines),
  };
}

/** One a finished rebalance, oldest first. */
export function pointsOf(lines: readonly LedgerLine[]): Point[] {
  let highest = 0;
  return lines.filter(isFinish).map(({ time, args }) => {
    const [nav, supply] = [big(args["nav"]), big(args["supply"])];
    // D18{USD/wholeShare} = D18{USD} * {share/wholeShare} / {share}
    const price = supply === 0n ? WAD : (nav * WAD) / supply;
    const shown = Number.parseFloat(usdString(price));
    highest = Math.max(highest, shown);
    return {
      time: timeString(time),
      targetId: Number(args["id"]),
      regime: String(args["regime"]),
      navUsd: usdString(nav),
      supply: decimalString(supply, 18),
      navPerShareUsd: usdString(price),
      drawdown: shown / highest - 1,
      twinLevel: usdString(big(args["twinLevel"])),
      bitcoinUsd: null,
      costBps: Number(args["costBps"]),
    };
  });
}

function ribbonOf(lines: readonly LedgerLine[]): Performance["ribbon"] {
  const starts = lines.filter(({ event }) => event === "RebalanceStarted");
  const switches = starts.filter(({ args }, place) => starts[place - 1]?.args["regime"] !== args["regime"]);
  return switches.map(({ time, args }, place) => {
    const next = switches[place + 1]?.time;
    const to = next === undefined ? null : timeString(next);
    return { regime: String(args["regime"]), from: timeString(time), to, targetId: Number(args["id"]) };
  });
}

function tripsOf(lines: readonly LedgerLine[]): Performance["roundTrips"] {
  const startOf = (id: unknown): string => {
    const started = lines.find(({ event, args }) => event === "RebalanceStarted" && args["id"] === id);
    return timeString(started?.time ?? 0);
  };
  return lines
    .filter(({ event }) => event === "RoundTripCompleted")
    .map(({ args, time }) => {
      const text = (name: string): string => usdString(big(args[name]));
      const float = (name: string): number => Number.parseFloat(text(name));
      const share = float("entryNavPerShare") / float("exitNavPerShare");
      return {
        exitId: Number(args["exitId"]),
        entryId: Number(args["entryId"]),
        left: startOf(args["exitId"]),
        returned: timeString(time),
        exitNavPerShareUsd: text("exitNavPerShare"),
        entryNavPerShareUsd: text("entryNavPerShare"),
        exitTwinLevel: text("exitTwinLevel"),
        entryTwinLevel: text("entryTwinLevel"),
        saved: share / (float("entryTwinLevel") / float("exitTwinLevel")) - 1,
      };
    });
}

function isFinish({ event }: LedgerLine): boolean {
  return event === "RebalanceFinished";
}

function big(value: unknown): bigint {
  return BigInt(value as string);
}
