// Turns the fund on chain, at one block, into the facts that the keeper's agenda goes by.
import { unixSeconds } from "../core/units.ts";
import { weekOf } from "../core/time.ts";
import { ABANDONED_EXIT, type Fund, contractsOf } from "../execute/contracts.ts";
import { readDueRequests } from "../execute/read-requests.ts";
import type { ChainFacts, PendingFacts, RunningFacts } from "./due.ts";

/** Where the targets of a fund stand: what changes hands when a keeper acts. */
export type Standing = {
  readonly lastId: number;
  readonly pendingId: number;
  readonly runningId: number;
  readonly position: number; // of the next leg
};

/** Reads the facts. */
export async function readFacts(fund: Fund): Promise<ChainFacts> {
  const { client, deployment } = fund;
  const { registry } = contractsOf(deployment);
  const { number: block, timestamp } = await client.getBlock();
  const time = unixSeconds(Number(timestamp));
  const at = { ...registry, blockNumber: block } as const;
  const [regime, lastId, root, targets] = await Promise.all([
    client.readContract({ ...at, functionName: "regime" }),
    client.readContract({ ...at, functionName: "lastId" }),
    client.readContract({ ...at, functionName: "rootOf", args: [BigInt(weekOf(time))] }),
    readTargets(fund, block),
  ]);
  const isIdle = regime === 0 && targets.running === undefined;
  const requests = isIdle ? await readDueRequests(client, deployment, { toBlock: block, at: time }) : undefined;
  return {
    ...{ block, time, regime: regimeOf(regime), lastId: Number(lastId), ...targets },
    isWeekPublished: BigInt(root) !== 0n,
    isRequestDue: requests !== undefined && (requests.deposits > 0n || requests.shares > 0n),
  };
}

/** Reads where the targets stand, at the newest block or another. */
export async function readStanding({ client, deployment }: Fund, block?: bigint): Promise<Standing> {
  const { registry } = contractsOf(deployment);
  const blockNumber = block ?? (await client.getBlockNumber({ cacheTime: 0 }));
  const [lastId, { pending, running }] = await Promise.all([
    client.readContract({ ...registry, functionName: "lastId", blockNumber }),
    readTargets({ client, deployment }, blockNumber),
  ]);
  return {
    ...{ lastId: Number(lastId), pendingId: pending?.id ?? 0 },
    ...{ runningId: running?.id ?? 0, position: running?.position ?? 0 },
  };
}

/** The standing that the facts were read at. */
export function standingOf({ lastId, pending, running }: ChainFacts): Standing {
  return { lastId, pendingId: pending?.id ?? 0, runningId: running?.id ?? 0, position: running?.position ?? 0 };
}

type Targets = { readonly pending: PendingFacts | undefined; readonly running: RunningFacts | undefined };

async function readTargets({ client, deployment }: Fund, blockNumber: bigint): Promise<Targets> {
  const { registry, rebalancer } = contractsOf(deployment);
  const [pending, running] = await Promise.all([
    client.readContract({ ...registry, functionName: "pending", blockNumber }),
    client.readContract({ ...rebalancer, functionName: "running", blockNumber }),
  ]);
  const { id, executableAt, validUntil } = pending;
  return {
    pending:
      id === 0n
        ? undefined
        : {
            ...{ id: Number(id), regime: regimeOf(pending.regime) },
            ...{ executableAt: Number(executableAt), validUntil: Number(validUntil) },
          },
    running:
      running.id === 0n || running.id === ABANDONED_EXIT
        ? undefined
        : {
            ...{ id: Number(running.id), regime: regimeOf(running.regime), deadline: Number(running.deadline) },
            ...{ position: running.position, skipped: running.skipped },
          },
  };
}

function regimeOf(regime: number): "bull" | "bear" {
  return regime === 1 ? "bull" : "bear";
}
