// Turns a signed transaction that is not mined into one that comes nearer to it: sent again, to more, or for more.
import { AppError } from "../core/errors.ts";
import { chainError } from "./errors.ts";
import { type Fees, capsOf, readFeeMarket, replacementFees } from "./fees.ts";
import { type Flight, isIdle, lineOf, newestOf, signedLine } from "./flight.ts";
import type { JournalLine } from "./journal.ts";
import { type Look, lookAt } from "./look.ts";
import { withMargin } from "./prepare.ts";
import type { Urgency } from "./send.ts";
import type { SendingContext } from "./sending-context.ts";
import { type Draft, type Signed, signDraft } from "./signing.ts";
import { type Submission, TransactionRefusedError, submit } from "./submit.ts";

/** The transaction is neither mined nor gone after a long time. */
export class StillPendingError extends AppError {
  readonly code = "STILL_PENDING";
  readonly kind = "chain";
  override readonly retryable = true;

  constructor(flight: Flight, blocks: number) {
    super(
      `Expected to ${flight.action}, but transaction ${newestOf(flight).hash} is not mined after ${blocks} blocks. ` +
        "It stays in the journal and is looked for again; raise the fee caps if fees stay high.",
    );
  }
}

/** What stands before the ways out forbids the send; its cause says why. */
export class NotAdmittedError extends AppError {
  readonly code = "NOT_ADMITTED";
  readonly kind = "chain";

  constructor({ action }: Flight, cause: AppError) {
    super(`Expected to ${action}, but this process may not send now: ${cause.message}`, { cause });
  }
}

/**
 * Sends a transaction for the first time. Nobody has it before that, so that what forbids it ends it.
 *
 * @throws NotAdmittedError or TransactionRefusedError, then dropped.
 */
export async function launch(context: SendingContext, flight: Flight, head: bigint): Promise<Flight> {
  try {
    await admit(context, flight);
  } catch (error) {
    const failure = chainError(flight.action, error);
    await drop(context, flight, failure);
    throw failure;
  }
  return offerAdmitted(context, flight, head);
}

/** Sends the newest version again. @throws NotAdmittedError; TransactionRefusedError, then dropped. */
async function offer(context: SendingContext, flight: Flight, head: bigint): Promise<Flight> {
  await admit(context, flight);
  return offerAdmitted(context, flight, head);
}

/** @throws NotAdmittedError when it is forbidden; what the node says when that cannot be found out. */
async function admit({ gate }: SendingContext, flight: Flight): Promise<void> {
  try {
    await gate?.check();
  } catch (error) {
    throw error instanceof AppError ? new NotAdmittedError(flight, error) : error;
  }
}

/** Keeps what came of it in the journal. @throws TransactionRefusedError, then dropped. */
async function offerAdmitted(context: SendingContext, flight: Flight, head: bigint): Promise<Flight> {
  let answer: Submission;
  try {
    answer = await submitNewest(context, flight);
  } catch (error) {
    if (error instanceof TransactionRefusedError) await drop(context, flight, error);
    throw error;
  }
  return offered(context, flight, { head, answer });
}

/** Closes the journal of a transaction that will not be sent again. Its nonce is the next transaction's. */
export async function drop({ journal }: SendingContext, flight: Flight, reason: AppError): Promise<void> {
  await journal.append(lineOf(flight, "dropped", { code: reason.code, reason: reason.message }));
}

/**
 * Sends again what no node knows, sends to everybody what the relay does not bring in, and offers more for what is
 * pending too long. A trade that an exit waits for, and what would be refused by now, is taken back: replaced by a version
 * that does nothing.
 *
 * @throws StillPendingError after `giveUpAfter` blocks.
 * @throws AppError, after it was dropped, when no node knows it and it would no longer pass.
 */
export async function keepMoving(context: SendingContext, start: Flight, { kind, head }: Look): Promise<Flight> {
  const { flight, urgency, isDue, isSlow } = dueFor(context, start, { kind, head });
  if (flight.urgency === "trade" && context.isPressed() && !isIdle(newestOf(flight))) {
    const takenBack = await takeBack(context, flight, { head, why: "an exit waits" });
    if (takenBack !== undefined) return takenBack;
  }
  if (!isDue && !isSlow) return flight;
  const refusal = await refusalOf(context, flight);
  if (refusal !== undefined) return endRefused(context, flight, { kind, head, refusal });
  const signed = isSlow ? await signForMore(context, flight, { urgency, draft: newestOf(flight).draft }) : undefined;
  if (signed !== undefined) return replace(context, flight, { signed, head });
  return isDue ? offer(context, flight, head) : flight;
}

/** What is due at this head: `isDue` to be sent again, or for the first time to everybody; `isSlow` to be offered for more. */
type Due = { readonly flight: Flight; readonly urgency: Urgency; readonly isDue: boolean; readonly isSlow: boolean };

/** @throws StillPendingError */
function dueFor(context: SendingContext, start: Flight, { kind, head }: Pick<Look, "kind" | "head">): Due {
  const { giveUpAfter, replaceAfter } = context.settings;
  const watchedFrom = start.watchedFrom ?? head;
  if (head - watchedFrom >= BigInt(giveUpAfter)) throw new StillPendingError(start, giveUpAfter);
  const urgency = context.isPressed() || isIdle(newestOf(start)) ? "exit" : start.urgency;
  const isNewlyPublic = !start.isPublic && isPublicNow(context, urgency, head - watchedFrom);
  const flight = { ...start, watchedFrom, isPublic: start.isPublic || isNewlyPublic };
  const isDue = isNewlyPublic || (kind === "absent" && isOfferDue(flight, head, context));
  return { flight, urgency, isDue, isSlow: head - flight.pricedAt >= BigInt(replaceAfter[urgency]) };
}

function isPublicNow({ relay, settings }: SendingContext, urgency: Urgency, blocks: bigint): boolean {
  return relay !== undefined && settings.publicFor.includes(urgency) && blocks >= BigInt(settings.publicAfter);
}

/** A lost answer is asked for again with the next block; what was taken, when it has vanished for some blocks. */
function isOfferDue({ last }: Flight, head: bigint, { settings }: SendingContext): boolean {
  if (last === undefined) return true;
  return head - last.head >= (last.answer === "accepted" ? BigInt(settings.resendAfter) : 1n);
}

/** Why the newest version would be refused now. @throws What the node says when that cannot be found out. */
async function refusalOf(context: SendingContext, flight: Flight): Promise<AppError | undefined> {
  const { to, data, gas } = newestOf(flight).draft;
  try {
    await context.client.call({ account: context.account.address, to, data, gas });
    return undefined;
  } catch (error) {
    const failure = chainError(flight.action, error);
    if (isAnswer(failure)) return failure;
    throw failure;
  }
}

/** True when the contract answered, and not only the node. */
function isAnswer(failure: AppError): boolean {
  return failure.code === "CONTRACT_REFUSED" || failure.code === "ROLE_MISSING";
}

type Refused = { readonly kind: Look["kind"]; readonly head: bigint; readonly refusal: AppError };

/**
 * Drops what no node knows, if no later nonce waits for it; takes back everything else. What has come up since it was
 * looked for is left to the next look: the call may be refused because it was mined.
 *
 * @throws The refusal.
 */
async function endRefused(context: SendingContext, flight: Flight, { kind, head, refusal }: Refused): Promise<Flight> {
  const isFollowed = (await context.journal.unfinished()).some(({ nonce = 0 }) => nonce > flight.nonce);
  if (kind === "absent" && !isFollowed) {
    const { client, account } = context;
    if ((await lookAt(client, account.address, flight)).kind !== "absent") return flight;
    await drop(context, flight, refusal);
    throw refusal;
  }
  return (await takeBack(context, flight, { head, why: refusal.message })) ?? flight;
}

/**
 * The same nonce for a transfer of nothing to oneself, at an exit's caps, sent; undefined when caps or budget leave no
 * room.
 */
async function takeBack(
  context: SendingContext,
  flight: Flight,
  { head, why }: { readonly head: bigint; readonly why: string },
): Promise<Flight | undefined> {
  const { address } = context.account;
  const gas = withMargin(await context.client.estimateGas({ account: address, to: address }));
  const draft: Draft = { ...newestOf(flight).draft, to: address, data: "0x", gas };
  const signed = await signForMore(context, flight, { urgency: "exit", draft });
  return signed === undefined ? undefined : replace(context, flight, { signed, head, note: { takesBack: why } });
}

/** A draft for more than the newest version, signed; undefined when caps or budget leave no room. */
async function signForMore(
  context: SendingContext,
  flight: Flight,
  { urgency, draft }: { readonly urgency: Urgency; readonly draft: Draft },
): Promise<Signed | undefined> {
  const { client, account, settings, roomOf } = context;
  const market = await readFeeMarket(client, urgency);
  const room = await roomOf({ task: flight.task, urgency });
  const caps = capsOf(settings, urgency, { room: room.left, gas: draft.gas });
  const fees: Fees | undefined = replacementFees(draft.fees, market, caps);
  return fees === undefined ? undefined : signDraft(account, { ...draft, fees });
}

type Replacement = { readonly signed: Signed; readonly head: bigint; readonly note?: NonNullable<JournalLine["note"]> };

/** Sends a version that is signed. When nodes refuse it for good, the one before stays the newest. */
async function replace(context: SendingContext, flight: Flight, { signed, head, note }: Replacement): Promise<Flight> {
  const replaced: Flight = { ...flight, attempts: [...flight.attempts, signed], pricedAt: head };
  await context.journal.append(signedLine(replaced, "replaced", note));
  await admit(context, replaced);
  try {
    return await offered(context, replaced, { head, answer: await submitNewest(context, replaced) });
  } catch (error) {
    if (!(error instanceof TransactionRefusedError)) throw error;
    return { ...flight, pricedAt: head };
  }
}

/** After {@link admit}. */
async function submitNewest({ relay, everybody, gate }: SendingContext, flight: Flight): Promise<Submission> {
  const { raw, hash } = newestOf(flight);
  const outlet = relay === undefined || flight.isPublic ? everybody : relay;
  const answer = await submit(outlet, raw, flight.action);
  gate?.moved(hash);
  return answer;
}

async function offered(
  { journal, relay, settings }: SendingContext,
  flight: Flight,
  last: { readonly head: bigint; readonly answer: Submission },
): Promise<Flight> {
  const channel = relay === undefined || flight.isPublic ? "public" : "private";
  await journal.append(lineOf(flight, "sent", { channel, answer: last.answer, head: String(last.head) }));
  const isTooCheap = last.answer === "underpriced";
  return { ...flight, last, pricedAt: isTooCheap ? last.head - BigInt(settings.giveUpAfter) : flight.pricedAt };
}
