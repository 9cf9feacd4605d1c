// Turns a transaction under way into its receipt: looked for, kept moving, and found again after a reorganization.
import type { TransactionReceipt } from "viem";

import { AppError, assertNever } from "../core/errors.ts";
import { ContractRefusedError, classOf } from "./errors.ts";
import { isFinal, isUsedForGood, resolveDepthOf } from "./finality.ts";
import { type Flight, isTakenBackBy, lineOf, minedLine } from "./flight.ts";
import { type Look, lookAt } from "./look.ts";
import { StillPendingError, drop, keepMoving } from "./offer.ts";
import type { SendingContext } from "./sending-context.ts";

/** Another transaction of the same key used the nonce. */
export class NonceTakenError extends AppError {
  readonly code = "NONCE_TAKEN";
  readonly kind = "chain";

  constructor({ action, nonce }: Flight) {
    super(
      `Expected to ${action} with nonce ${nonce}, but another transaction of the same key used that nonce. ` +
        "Look at the present state and plan again; give each keeper a key of its own.",
    );
  }
}

/** The transaction was replaced by one that does nothing, and that one was mined. */
export class TakenBackError extends AppError {
  readonly code = "TAKEN_BACK";
  readonly kind = "chain";
  override readonly retryable = true;

  constructor({ action, nonce }: Flight) {
    super(
      `Expected to ${action}, but the transaction with nonce ${nonce} was taken back before it was mined: an exit waited ` +
        "for it, or the contracts would have refused it by then. Look at the present state and plan again.",
    );
  }
}

/** Something more urgent is due while the transaction is not mined. */
export class OvertakenError extends AppError {
  readonly code = "OVERTAKEN";
  readonly kind = "chain";
  override readonly retryable = true;

  constructor({ action }: Flight) {
    super(
      `Expected to ${action}, but the transaction is not mined yet and something more urgent is due. ` +
        "It stays in the journal and is settled later.",
    );
  }
}

/** Looks that must say so in a row before a nonce counts as taken by somebody else: nodes lag behind each other. */
const TAKEN_LOOKS = 3;

/** A flight after a look; with a receipt when there is nothing more to wait for. */
type Progress = { readonly flight: Flight; readonly receipt?: TransactionReceipt };

type Step = { readonly flight: Flight; readonly look: Look; readonly depth: number; readonly isNewHead: boolean };

/**
 * Watches until the transaction is `depth` blocks deep, its own counted, whichever version of it was mined.
 *
 * @throws NonceTakenError, StillPendingError, OvertakenError, TakenBackError, or the contract's refusal when it is not on
 *   its way and no longer passes.
 */
export async function watch(context: SendingContext, start: Flight, depth: number): Promise<TransactionReceipt> {
  let flight = start;
  let failures = 0;
  let taken = 0;
  let head: bigint | undefined;
  for (;;) {
    try {
      const look = await lookAt(context.client, context.account.address, flight);
      taken = look.kind === "taken" ? taken + 1 : 0;
      if (taken >= TAKEN_LOOKS) throw new NonceTakenError(flight);
      const progress = await follow(context, { flight, look, depth, isNewHead: look.head !== head });
      if (progress.receipt !== undefined) return effectOf(progress.flight, progress.receipt);
      ({ flight } = progress);
      ({ head } = look);
      failures = 0;
    } catch (error) {
      if (error instanceof NonceTakenError) await dropTaken(context, flight, error);
      failures += 1;
      if (!isReadFailure(error) || failures >= context.settings.failedLooks) throw error;
    }
    await context.pause(context.settings.pollMs);
  }
}

/**
 * Only once the other transaction is final: a reorganization may take it away, and then ours, which nodes may still have,
 * can be mined. Until then it stays in the journal and is looked for; that it is in no block any more is noted.
 */
async function dropTaken(context: SendingContext, flight: Flight, reason: NonceTakenError): Promise<void> {
  const { client, account, finality, journal } = context;
  const used = { address: account.address, nonce: flight.nonce };
  if (await isUsedForGood(client, finality, used)) await drop(context, flight, reason);
  else if (flight.mined !== undefined) await journal.append(lineOf(flight, "sent", { lostTo: "another transaction" }));
}

/** True for what a later look may answer; what contracts and settings say is final. */
function isReadFailure(error: unknown): boolean {
  const isAnswer = [ContractRefusedError, StillPendingError, OvertakenError].some((kind) => error instanceof kind);
  return !isAnswer && classOf(error) === "retry";
}

/** @throws TakenBackError when what was mined is the version that does nothing. */
function effectOf(flight: Flight, receipt: TransactionReceipt): TransactionReceipt {
  if (isTakenBackBy(flight, receipt)) throw new TakenBackError(flight);
  return receipt;
}

async function follow(context: SendingContext, { flight, look, depth, isNewHead }: Step): Promise<Progress> {
  switch (look.kind) {
    case "mined":
      return land(context, { flight, look, depth });
    case "taken":
      return { flight };
    case "pending":
    case "absent":
      if (isNewHead && (await isOvertaken(context, flight))) throw new OvertakenError(flight);
      return { flight: await keepMoving(context, await afterReorganization(context, flight), look) };
    default:
      return assertNever(look);
  }
}

/** What is an exit, or is about to be taken back for one, is watched to its end. */
async function isOvertaken({ gate, isPressed }: SendingContext, { task, urgency }: Flight): Promise<boolean> {
  if (urgency === "exit" || isPressed()) return false;
  return (await gate?.isOvertaken?.(task)) === true;
}

type Landing = { readonly flight: Flight; readonly look: Extract<Look, { kind: "mined" }>; readonly depth: number };

/** Keeps where it was mined, and once it is deep enough how it ended. */
async function land(context: SendingContext, { flight, look, depth }: Landing): Promise<Progress> {
  const { client, journal, finality, settings, chainId, gate } = context;
  const { receipt } = look;
  const mined = { hash: receipt.transactionHash, blockHash: receipt.blockHash };
  const isKnown = flight.mined?.blockHash === mined.blockHash && flight.mined.hash === mined.hash;
  if (!isKnown) {
    await journal.append(minedLine(flight, receipt));
    await gate?.landed(receipt.blockNumber);
  }
  const landed = { ...flight, mined };
  const isEnd = await isFinal(client, finality, look);
  if (isEnd) {
    const step = receipt.status === "success" ? "final" : "failed";
    await journal.append({ ...lineOf(landed, step), hash: receipt.transactionHash });
  }
  const enough = BigInt(context.isPressed() ? Math.min(depth, resolveDepthOf(settings, chainId, "exit")) : depth);
  return isEnd || look.depth >= enough ? { flight: landed, receipt } : { flight: landed };
}

/** What was in a block and is in none any more has to be sent again, unless a node still has it. */
async function afterReorganization({ journal }: SendingContext, flight: Flight): Promise<Flight> {
  if (flight.mined === undefined) return flight;
  const { mined, last, ...rest } = flight;
  const note = { reorganized: true, lostBlock: mined.blockHash, answer: last?.answer ?? "unknown" };
  await journal.append(lineOf(rest, "sent", note));
  return rest;
}
