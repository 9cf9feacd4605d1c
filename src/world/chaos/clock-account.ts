// Turns a vault's log and what the market said into what was done in the wrong week, twice, or by no decision at all.
import { type ContractEventName, type ParseEventLogsReturnType, parseEventLogs } from "viem";

import { indexVaultAbi } from "../../core/abi.ts";
import {
  type IsoDate,
  dateOf,
  dateOfExit,
  mondayOf,
  mondayOfTarget,
  regularTargetId,
  startOfDay,
} from "../../core/time.ts";
import { bearCheckHash } from "../../engine/bear-check.ts";
import { decisionHash } from "../../engine/decision.ts";
import { PUBLICATION } from "../../engine/target.ts";
import type { Fund } from "../../execute/contracts.ts";
import type { KeeperRules } from "../../keeper/rules.ts";
import type { Truth } from "./clock-stage.ts";

/** What is on chain after a round. */
export type ChainAccount = {
  /** Weeks with a target or a level. */
  readonly weeks: ReadonlySet<IsoDate>;
  readonly finished: number; // rebalances
  readonly transactions: number;
  readonly breaches: readonly string[];
};

/** Reads the vault's log from a block on. */
export async function readAccount(
  fund: Fund,
  fromBlock: bigint,
  judge: { truth: Truth; rules: KeeperRules },
): Promise<ChainAccount> {
  const { client, deployment } = fund;
  const raw = await client.getLogs({ address: deployment.addresses.vault, fromBlock });
  const times = new Map<bigint, number>();
  for (const block of new Set(raw.map(({ blockNumber }) => blockNumber))) {
    times.set(block, Number((await client.getBlock({ blockNumber: block })).timestamp));
  }
  const of = <One extends ContractEventName<typeof indexVaultAbi>>(eventName: One) => eventsOf(raw, eventName);
  const at = ({ blockNumber }: { readonly blockNumber: bigint }): number => times.get(blockNumber) ?? 0;

  const published = of("TargetPublished").map((log) => ({
    id: Number(log.args.id),
    hash: log.args.decisionHash,
    at: at(log),
  }));
  const levels = of("LevelPublished").map((log) => ({
    id: regularTargetId(Number(log.args.week)),
    hash: log.args.decisionHash,
    at: at(log),
  }));
  const said = [...published, ...levels];
  return {
    weeks: new Set(said.filter(({ id }) => dateOfExit(id) === undefined).map(({ id }) => mondayOfTarget(id))),
    finished: of("RebalanceFinished").length,
    transactions: new Set(raw.map(({ transactionHash }) => transactionHash)).size,
    breaches: [
      ...twice(
        "published",
        said.map(({ id }) => id),
      ),
      ...twice(
        "started",
        of("RebalanceStarted").map(({ args }) => Number(args.id)),
      ),
      ...twice(
        "finished",
        of("RebalanceFinished").map(({ args }) => Number(args.id)),
      ),
      ...published.flatMap((one) => wrongIn(one, judge)),
      ...levels.flatMap((one) => wrongIn(one, judge)),
    ],
  };
}

function eventsOf<One extends ContractEventName<typeof indexVaultAbi>>(
  logs: Parameters<typeof parseEventLogs>[0]["logs"],
  eventName: One,
): ParseEventLogsReturnType<typeof indexVaultAbi, One> {
  return parseEventLogs({ abi: indexVaultAbi, logs, eventName });
}

function twice(what: string, ids: readonly number[]): string[] {
  return ids.filter((id, i) => ids.indexOf(id) !== i).map((id) => `target ${id} was ${what} twice`);
}

type Said = { readonly id: number; readonly hash: string | undefined; readonly at: number /* {s} */ };

/** A week's target is of the week's decision, an exit of its day's check; each at its time. */
function wrongIn({ id, hash, at }: Said, { truth, rules }: { truth: Truth; rules: KeeperRules }): string[] {
  const monday = mondayOfTarget(id);
  const day = dateOfExit(id) ?? monday;
  const begin = startOfDay(day) + PUBLICATION - rules.clockTolerance;
  const end =
    day === monday ? begin + rules.catchUp + 2 * rules.clockTolerance : startOfDay(day) + 86_400 + rules.clockTolerance;
  const checks: readonly (readonly [boolean, string])[] = [
    [mondayOf(dateOf(at)) === monday, `published in the week of ${mondayOf(dateOf(at))}`],
    [begin <= at && at <= end, `published at ${new Date(at * 1000).toISOString()}`],
    [hash !== undefined && hashesOf(day, truth).includes(hash), "not what the market said"],
  ];
  return checks.flatMap(([isFine, words]) => (isFine ? [] : [`target or level ${id} of ${day}: ${words}`]));
}

/** A decision for the market is published as a level of the bear regime while the fund may not return. */
function hashesOf(day: IsoDate, { weeks, checks }: Truth): string[] {
  const [week, check] = [weeks.get(day), checks.get(day)];
  return [
    ...(week === undefined ? [] : [decisionHash(week), decisionHash({ ...week, regime: "bear" })]),
    ...(check === undefined ? [] : [bearCheckHash(check)]),
  ];
}
