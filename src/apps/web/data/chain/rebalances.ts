// Turns the ledger's lines into rebalances and publications, newest first; gas is not in the ledger.
import { WAD, decimalString } from "../../../../core/units.ts";
import type { LedgerLine } from "../../../../record/lines.ts";
import { timeString, usdString } from "../../../../site/amounts.ts";
import { publicationOf } from "../../../../site/publication.ts";
import type { Answer } from "../api.ts";
import type { ChainRecord } from "./record.ts";

type Rebalance = Answer<"rebalances">["rebalances"][number];

/** Every rebalance. */
export function rebalancesFromChain({ lines }: ChainRecord): Answer<"rebalances"> {
  const starts = lines.filter(({ event }) => event === "RebalanceStarted");
  const rebalances = starts.map((start) => rebalanceOf(start, lines)).reverse();
  return { total: rebalances.length, rebalances, next: null };
}

function rebalanceOf(start: LedgerLine, lines: readonly LedgerLine[]): Rebalance {
  const { id } = start.args;
  const own = lines.filter(({ sequence, args }) => sequence >= start.sequence && args["id"] === id);
  const count = (event: LedgerLine["event"]): number => own.filter((line) => line.event === event).length;
  const finish = own.find(({ event }) => event === "RebalanceFinished");
  const close = own.find(({ event }) => event === "RebalanceClosed");
  const end = finish ?? close;
  return {
    id: Number(id),
    sequence: start.sequence,
    regime: String(start.args["regime"]),
    state: finish !== undefined ? "finished" : close !== undefined ? "closed" : "running",
    decisionHash: String(start.args["decisionHash"]),
    membershipRoot: String(start.args["membershipRoot"]),
    startedAt: timeString(start.time),
    endedAt: end === undefined ? null : timeString(end.time),
    startNavUsd: usdString(big(start.args["nav"])),
    ...endOf(finish),
    legs: count("LegExecuted"),
    skips: count("LegSkipped"),
    closedBecause: close === undefined ? null : String(close.args["reason"]),
    gas: null,
    gasEther: null,
    transactions: [
      ...new Set(own.filter(({ event }) => event !== "TargetPublished").map(({ transaction }) => transaction)),
    ],
  };
}

type End = Pick<Rebalance, "navUsd" | "supply" | "navPerShareUsd" | "twinLevel" | "costBps">;

function endOf(finish: LedgerLine | undefined): End {
  if (finish === undefined) return { navUsd: null, supply: null, navPerShareUsd: null, twinLevel: null, costBps: null };
  const [nav, supply] = [big(finish.args["nav"]), big(finish.args["supply"])];
  return {
    navUsd: usdString(nav),
    supply: decimalString(supply, 18),
    // D18{USD/wholeShare} = D18{USD} * {share/wholeShare} / {share}
    navPerShareUsd: usdString(supply === 0n ? WAD : (nav * WAD) / supply),
    twinLevel: usdString(big(finish.args["twinLevel"])),
    costBps: Number(finish.args["costBps"]),
  };
}

/** Every publication, without the server's replay. */
export function decisionsFromChain({ lines }: ChainRecord): Answer<"decisions"> {
  const published = lines.filter(({ event }) => event === "TargetPublished" || event === "LevelPublished");
  const decisions = published.map((line) => ({ ...publicationOf(line), isReplayed: null })).reverse();
  return { total: decisions.length, decisions, next: null };
}

function big(value: unknown): bigint {
  return BigInt(value as string);
}
