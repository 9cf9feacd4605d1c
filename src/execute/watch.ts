// Turns a transaction under way into its receipt: looked for, kept moving, and found again after a reorganization.
import type { TransactionReceipt } from "viem";

import { AppError, assertNever } from "../core/errors.ts";
import { ContractRefusedError, classOf } from "./errors.ts";
import { type Flight, lineOf, minedLine } from "./flight.ts";
import { type Look, lookAt } from "./look.ts";
import { StillPendingError, drop, keepMoving } from "./offer.ts";
import type { SendingContext } from "./sending-context.ts";
import { resolveDepthOf } from "./sending-settings.ts";

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

/** Looks that must say so in a row before a nonce counts as taken by somebody else: nodes lag behind each other. */
const TAKEN_LOOKS = 3;

/** A flight after a look; with a receipt when there is nothing more to wait for. */
type Progress = { readonly flight: Flight; readonly receipt?: TransactionReceipt };

type Step = { readonly flight: Flight; readonly look: Look; readonly depth: number };

/**
 * Watches until the transaction is `depth` blocks deep, its own counted, whichever version of it was mined.
 *
 * @throws NonceTakenError, StillPendingError, or the contract's refusal when it is not on its way and no longer passes.
 */
export async function watch(context: SendingContext, start: Flight, depth: number): Promise<TransactionReceipt> {
  let flight = start;
  let failures = 0;
  let taken = 0;
  for (;;) {
    try {
      const look = await lookAt(context.client, context.account.address, flight);
      taken = look.kind === "taken" ? taken + 1 : 0;
      if (taken >= TAKEN_LOOKS) throw new NonceTakenError(flight);
      const progress = await follow(context, { flight, look, depth });
      if (progress.receipt !== undefined) return progress.receipt;
      flight = progress.flight;
      failures = 0;
    } catch (error) {
      if (error instanceof NonceTakenError) await drop(context, flight, error);
      failures += 1;
      if (!isReadFailure(error) || failures >= context.settings.failedLooks) throw error;
    }
    await context.pause(context.settings.pollMs);
  }
}

/** True for what a later look may answer; what contracts and settings say is final. */
function isReadFailure(error: unknown): boolean {
  if (error instanceof ContractRefusedError || error instanceof StillPendingError) return false;
  return classOf(error) === "retry";
}

async function follow(context: SendingContext, { flight, look, depth }: Step): Promise<Progress> {
  switch (look.kind) {
    case "mined":
      return land(context, { flight, look, depth });
    case "taken":
      return { flight };
    case "pending":
    case "absent":
      return { flight: await keepMoving(context, await afterReorganization(context, flight), look) };
    default:
      return assertNever(look);
  }
}

type Landing = { readonly flight: Flight; readonly look: Extract<Look, { kind: "mined" }>; readonly depth: number };

/** Keeps where it was mined, and once it is deep enough how it ended. */
async function land(context: SendingContext, { flight, look, depth }: Landing): Promise<Progress> {
  const { journal, finality, settings, chainId, gate } = context;
  const { receipt } = look;
  const mined = { hash: receipt.transactionHash, blockHash: receipt.blockHash };
  const isKnown = flight.mined?.blockHash === mined.blockHash && flight.mined.hash === mined.hash;
  if (!isKnown) {
    await journal.append(minedLine(flight, receipt));
    await gate?.landed(receipt.blockNumber);
  }
  const landed = { ...flight, mined };
  const isFinal = look.depth >= BigInt(finality);
  if (isFinal) {
    const step = receipt.status === "success" ? "final" : "failed";
    await journal.append({ ...lineOf(landed, step), hash: receipt.transactionHash });
  }
  const enough = BigInt(context.isPressed() ? Math.min(depth, resolveDepthOf(settings, chainId, "exit")) : depth);
  return isFinal || look.depth >= enough ? { flight: landed, receipt } : { flight: landed };
}

/** What was in a block and is in none any more has to be sent again, unless a node still has it. */
async function afterReorganization({ journal }: SendingContext, flight: Flight): Promise<Flight> {
  if (flight.mined === undefined) return flight;
  const { mined, last, ...rest } = flight;
  const note = { reorganized: true, lostBlock: mined.blockHash, answer: last?.answer ?? "unknown" };
  await journal.append(lineOf(rest, "sent", note));
  return rest;
}
