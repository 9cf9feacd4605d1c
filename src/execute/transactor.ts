// Turns calls into receipts with one key: one transaction under way at a time, and every step in a journal.
import { type Address, type LocalAccount, type PublicClient, type TransactionReceipt, isAddressEqual } from "viem";

import { AppError } from "../core/errors.ts";
import { finalityOf, resolveDepthOf } from "./finality.ts";
import { type Flight, flightOf, newestOf, signedLine } from "./flight.ts";
import type { Journal } from "./journal.ts";
import { launch } from "./offer.ts";
import { type Errand, prepare } from "./prepare.ts";
import { type Call, type Carrier, TransactionFailedError, type Urgency } from "./send.ts";
import type { Gate, SendingContext } from "./sending-context.ts";
import type { SendingSettings } from "./sending-settings.ts";
import { signerOf } from "./signing.ts";
import { type Spending, spendingOf } from "./spending.ts";
import type { Outlet } from "./submit.ts";
import { NonceTakenError, TakenBackError, watch } from "./watch.ts";

/** Carries one call to its receipt: simulate, sign, journal, send, watch, replace. */
export interface Transactor extends Carrier {
  readonly address: Address;
  /**
   * Resolves at the `resolveDepth` of its urgency, since an exit may fall due long before finality. Finality is settled
   * by later calls of `run` and `recover`, which find again what a reorganization undid. What an earlier run left open
   * is settled first.
   *
   * @throws ContractRefusedError and others before anything is sent; classed by `classOf(error)`.
   */
  run(task: string, call: Call, urgency: Urgency): Promise<TransactionReceipt>;
  /**
   * Settles what is open in the journal: found on chain, sent again, or replaced, until each is in a block; and notes
   * which are final by now.
   */
  recover(): Promise<void>;
}

/** What a transactor is made of. */
export type TransactorParts = {
  /** Asks one node, or several by the transport of endpoints.ts; its own polling and caches are not used. */
  readonly client: PublicClient;
  readonly chainId: number;
  readonly account: LocalAccount;
  readonly journal: Journal;
  readonly settings: SendingSettings;
  /** Where transactions go first; to everybody when left out. */
  readonly relay?: Outlet;
  /** May forbid each send; nothing does when left out. */
  readonly gate?: Gate;
  /** Of the journal, shared by transactors that come one after the other; each reads it anew when left out. */
  readonly spending?: Spending;
  /** {ms} since 1970. */
  readonly clock: { now(): number };
  readonly pause: (ms: number) => Promise<void>;
};

/** The task's earlier transaction was still under way when it was called again, and has been mined since. */
export class TaskMovedOnError extends AppError {
  readonly code = "TASK_MOVED_ON";
  readonly kind = "chain";

  constructor(task: string) {
    super(
      `Expected nothing under way for '${task}', but an earlier transaction of it was, and has been mined meanwhile. ` +
        "Look at the present state and plan again.",
    );
  }
}

/** The journal holds an open transaction of another key. */
export class JournalOfOtherKeyError extends AppError {
  readonly code = "JOURNAL_OF_OTHER_KEY";
  readonly kind = "usage";

  constructor(found: Address, expected: Address) {
    super(
      `Expected open transactions of ${expected} in the journal, found one of ${found}. ` +
        "Start with that key once to settle it, or with another journal.",
    );
  }
}

/** A transactor; nothing is asked or sent before it is used. */
export function createTransactor(parts: TransactorParts): Transactor {
  const { client, settings, clock, journal } = parts;
  let waitingExits = 0;
  const spending = parts.spending ?? spendingOf(journal, settings);
  const context: SendingContext = {
    ...parts,
    relay: parts.relay,
    gate: parts.gate,
    finality: finalityOf(settings, parts.chainId),
    everybody: (raw) => client.sendRawTransaction({ serializedTransaction: raw }),
    now: () => clock.now(),
    roomOf: (purpose) => spending(purpose, clock.now()),
    isPressed: () => waitingExits > 0,
  };
  const inTurn = queue();
  return {
    address: parts.account.address,
    run: async (task, call, urgency) => {
      if (urgency === "exit") waitingExits += 1;
      let isWaiting = urgency === "exit";
      const arrive = (): void => {
        if (isWaiting) waitingExits -= 1;
        isWaiting = false;
      };
      try {
        return await inTurn(() => runNext(context, { task, call, urgency }, arrive));
      } finally {
        arrive();
      }
    },
    recover: () =>
      inTurn(async () => {
        await settle(context);
      }),
  };
}

/** Runs one after the other, whatever became of the one before. */
function queue(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
}

/** @param arrive Called when nothing of an earlier run is in the way any more. */
async function runNext(
  context: SendingContext,
  { task, call, urgency }: Errand,
  arrive: () => void,
): Promise<TransactionReceipt> {
  const moved = await settle(context);
  arrive();
  if (moved.has(task)) throw new TaskMovedOnError(task);
  await context.journal.append({ task, step: "planned", note: { action: call.action, urgency } });
  const { flight, head } = await prepare(context, { task, call, urgency });
  await context.journal.append(signedLine(flight, "signed"));
  const sent = await launch(context, flight, head);
  const receipt = await watch(context, sent, resolveDepthOf(context.settings, context.chainId, urgency));
  if (receipt.status !== "success") throw new TransactionFailedError(call.action, receipt);
  return receipt;
}

/** Settles all open nonces in their order. @returns The tasks of which a transaction came into a block by that. */
async function settle(context: SendingContext): Promise<ReadonlySet<string>> {
  const open = await context.journal.unfinished();
  const moved = new Set<string>();
  for (const entry of [...open].sort((a, b) => (a.nonce ?? 0) - (b.nonce ?? 0))) {
    const head = await context.client.getBlockNumber({ cacheTime: 0 });
    const flight = await flightOf(context.journal, entry, head);
    if (flight === undefined) continue;
    await requireOwn(context, flight);
    const receipt = await settled(context, flight);
    // Whoever planned did not know yet that it is in this block.
    if (receipt !== undefined && receipt.blockHash !== flight.mined?.blockHash) moved.add(flight.task);
  }
  return moved;
}

/** Its receipt; undefined when it was given up on the way, which the journal says too. */
async function settled(context: SendingContext, flight: Flight): Promise<TransactionReceipt | undefined> {
  try {
    return await watch(context, flight, 1);
  } catch (error) {
    if (error instanceof TakenBackError || error instanceof NonceTakenError) return undefined;
    const isOpen = (await context.journal.unfinished()).some(({ nonce }) => nonce === flight.nonce);
    if (isOpen || !(error instanceof AppError)) throw error;
    return undefined;
  }
}

async function requireOwn({ account }: SendingContext, flight: Flight): Promise<void> {
  const signer = await signerOf(newestOf(flight).raw);
  if (!isAddressEqual(signer, account.address)) throw new JournalOfOtherKeyError(signer, account.address);
}
