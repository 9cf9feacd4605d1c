// Turns the log of a vault over years into what became of each week: executed, quiet, or left out; and what came twice.
import { parseEventLogs } from "viem";

import { indexVaultAbi } from "../../core/abi.ts";
import { type IsoDate, addDays, dateOfExit, mondayOfTarget, regularTargetId } from "../../core/time.ts";
import type { Fund } from "../../execute/contracts.ts";

/** What is on chain after years. */
export type YearsAccount = {
  readonly executed: number; // weeks whose target was finished
  readonly quiet: number; // weeks with a level
  readonly exits: number; // between two weekly decisions
  readonly transactions: number;
  readonly breaches: readonly string[];
};

/** {block} Asked for at once. */
const SPAN = 2000n;

type Found = {
  published: number[];
  levels: number[];
  started: number[];
  finished: number[];
  hashes: Map<number, string>;
};

/** Reads what was done. @param story The first Monday, how many weeks there were, and the hash that each target should have. */
export async function readYears(
  fund: Fund,
  {
    first,
    weeks,
    hashes,
  }: { readonly first: IsoDate; readonly weeks: number; readonly hashes: ReadonlyMap<number, string> },
): Promise<YearsAccount> {
  const { found, transactions } = await readLog(fund);
  const finished = new Set(found.finished);
  const levels = new Set(found.levels);
  const mondays = Array.from({ length: weeks }, (_, week) => addDays(first, 7 * week));
  const doneIn = (monday: IsoDate): boolean => [...finished].some((id) => mondayOfTarget(id) === monday);
  const idsIn = new Map(mondays.map((monday) => [monday, doneIn(monday)]));
  const quiet = mondays.filter((monday) => [...levels].some((id) => mondayOfTarget(id) === monday));
  const executed = mondays.filter((monday) => idsIn.get(monday) === true && !quiet.includes(monday));
  const missing = mondays.filter((monday) => !quiet.includes(monday) && !executed.includes(monday));
  const wrong = [...found.hashes].filter(([id, hash]) => hashes.has(id) && hashes.get(id) !== hash);
  return {
    ...{ executed: executed.length, quiet: quiet.length, transactions },
    exits: [...finished].filter((id) => dateOfExit(id) !== undefined).length,
    breaches: [
      ...missing.map((monday) => `the week of ${monday} was neither executed nor quiet`),
      ...twice("published", [...found.published, ...found.levels]),
      ...twice("started", found.started),
      ...twice("finished", found.finished),
      ...found.started.filter((id) => !finished.has(id)).map((id) => `rebalance ${id} was not finished`),
      ...wrong.map(([id]) => `target ${id} is not what the market said`),
    ],
  };
}

async function readLog({
  client,
  deployment,
}: Fund): Promise<{ readonly found: Found; readonly transactions: number }> {
  const found: Found = { published: [], levels: [], started: [], finished: [], hashes: new Map() };
  const hashes = new Set<string>();
  const head = await client.getBlockNumber();
  for (let fromBlock = BigInt(deployment.block); fromBlock <= head; fromBlock += SPAN) {
    const toBlock = fromBlock + SPAN - 1n < head ? fromBlock + SPAN - 1n : head;
    const logs = await client.getLogs({ address: deployment.addresses.vault, fromBlock, toBlock });
    for (const log of parseEventLogs({ abi: indexVaultAbi, logs })) {
      hashes.add(log.transactionHash);
      switch (log.eventName) {
        case "TargetPublished":
          found.published.push(Number(log.args.id));
          found.hashes.set(Number(log.args.id), log.args.decisionHash);
          break;
        case "LevelPublished":
          found.levels.push(regularTargetId(Number(log.args.week)));
          break;
        case "RebalanceStarted":
          found.started.push(Number(log.args.id));
          break;
        case "RebalanceFinished":
          found.finished.push(Number(log.args.id));
          break;
        default:
      }
    }
  }
  return { found, transactions: hashes.size };
}

function twice(what: string, ids: readonly number[]): string[] {
  return ids.filter((id, i) => ids.indexOf(id) !== i).map((id) => `target ${id} was ${what} twice`);
}
