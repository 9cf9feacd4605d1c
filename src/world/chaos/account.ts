// Turns chain and journal after a round of chaos into what was done, and what must never be.
import { type Hex, parseEventLogs } from "viem";

import { indexVaultAbi } from "../../core/abi.ts";
import { diaryOf, keyJournalOf } from "../../keeper/journal-names.ts";
import { rebalanceTask } from "../../keeper/due.ts";
import type { KeeperStore } from "../../keeper/store/store.ts";
import type { ChaosStage } from "./stage.ts";

/** What a round did. */
export type Account = {
  /** Rebalances that ended on chain. */
  readonly finished: number;
  /** Transactions of the keeper's key on chain. */
  readonly transactions: number;
  readonly gas: number; // {gas} of them
  /** One sentence each; empty when all is as it must be. */
  readonly breaches: readonly string[];
};

/**
 * Reads chain and journal. A round may still be under way.
 *
 * @param foreign Transactions of the keeper's key that somebody else signed.
 */
export async function accountOf(
  stage: ChaosStage,
  store: KeeperStore,
  foreign: ReadonlySet<Hex> = new Set(),
): Promise<Account> {
  const { deployment, world, targetId, nonce } = stage;
  const { publicClient, accounts } = world.market.chain;
  const { address } = accounts.keeper;
  const range = { address: deployment.addresses.vault, fromBlock: BigInt(deployment.block) };
  const logs = parseEventLogs({ abi: indexVaultAbi, logs: await publicClient.getLogs(range) });
  const count = (name: string): number => logs.filter(({ eventName }) => eventName === name).length;
  const positions = logs.flatMap((log) => (log.eventName === "LegExecuted" ? [Number(log.args.position)] : []));
  const used = (await publicClient.getTransactionCount({ address })) - nonce - (await minedOf(stage, foreign));
  const ended = await endedOf(stage, store);
  const marks = await store.journal(diaryOf(deployment)).entries({ task: rebalanceTask(targetId) });
  const isToldDone = marks.some(({ step, note }) => step === "reconciled" && note?.["nothing"] === undefined);
  const finished = count("RebalanceFinished");
  const checks: readonly (readonly [boolean, string])[] = [
    [new Set(positions).size === positions.length, "a leg was executed twice"],
    [count("RebalanceStarted") <= 1 && finished <= 1, "a week was executed twice"],
    [!isToldDone || finished === 1, "the diary says done what the chain does not"],
    [ended.missing === 0, `${ended.missing} transactions that the journal has as final are not on chain`],
    [ended.nonces <= used, "the journal has more transactions than the chain"],
  ];
  return {
    ...{ finished, transactions: used, gas: ended.gas },
    breaches: checks.flatMap(([isFine, words]) => (isFine ? [] : [words])),
  };
}

/** What must hold besides once the round is over. */
export async function endBreachesOf(stage: ChaosStage, store: KeeperStore, account: Account): Promise<string[]> {
  const { finished, transactions } = account;
  const journal = store.journal(keyJournalOf(stage.deployment, stage.world.market.chain.accounts.keeper.address));
  const open = await journal.unfinished();
  const { nonces } = await endedOf(stage, store);
  const checks: readonly (readonly [boolean, string])[] = [
    [finished === 1, "the week was not finished"],
    [open.length === 0, `${open.length} transactions are open in the journal`],
    [nonces === transactions, `the chain has ${transactions} transactions and the journal ${nonces}`],
  ];
  return checks.flatMap(([isFine, words]) => (isFine ? [] : [words]));
}

/** How many of them are on chain. */
async function minedOf({ world }: ChaosStage, hashes: ReadonlySet<Hex>): Promise<number> {
  const { publicClient } = world.market.chain;
  const asked = [...hashes].map((hash) => publicClient.getTransactionReceipt({ hash }).catch(() => undefined));
  return (await Promise.all(asked)).filter((receipt) => receipt !== undefined).length;
}

/** What the key's journal says came to an end on chain, and how much of it the chain does not have. */
async function endedOf({ deployment, world }: ChaosStage, store: KeeperStore) {
  const { publicClient, accounts } = world.market.chain;
  const lines = await store.journal(keyJournalOf(deployment, accounts.keeper.address)).entries();
  const ended = lines.filter(({ step }) => step === "final" || step === "failed");
  let gas = 0;
  let missing = 0;
  for (const { hash } of ended) {
    const receipt =
      hash === undefined ? undefined : await publicClient.getTransactionReceipt({ hash }).catch(() => undefined);
    if (receipt === undefined) missing += 1;
    else gas += Number(receipt.gasUsed);
  }
  return { nonces: new Set(ended.map(({ nonce }) => nonce)).size, gas, missing };
}
